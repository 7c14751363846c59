# SPDX-License-Identifier: MPL-2.0
"""Passkeys open instead of device and pass phrase, and nothing else does in their place."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from arkanum.guard import Role
from arkanum.guard.challenges import CHALLENGE_SECONDS, Challenges
from arkanum.guard.errors import AlreadyThere, NotFound, NotSignedIn, PracticeSealed, Refused, SignInRefused, WrongCode
from arkanum.storage import people, unlocks
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, Clock, restarted
from tests.guard.authenticator import HOST, ORIGIN, Authenticator, add, come_in

pytestmark = pytest.mark.postgresql

NEW_PASSPHRASE = SECOND_PASSPHRASE + " wolke"


@pytest.fixture
def adas(ada):
    """Ada's passkey."""
    authenticator = Authenticator()
    add(ada, authenticator)
    return authenticator


def refused(client, authenticator, **changes):
    with pytest.raises(SignInRefused):
        come_in(client, authenticator, **changes)


def test_a_passkey_opens_a_sealed_practice_without_pass_phrase_and_device(founded, ada, adas, dora):
    again = restarted(founded)

    signed_in = come_in(again.client, adas)

    assert signed_in.who.person == ada.person
    assert signed_in.who.rings == ada.who.rings
    assert replace(ada, client=again.client, token=signed_in.token).chart(dora).entries
    again.guard.close()


def test_a_passkey_is_listed_renamed_and_removed(founded, ada, adas):
    (line,) = ada.client.own_keys(ada.token).passkeys
    ada.client.rename_passkey(ada.token, line.passkey, name="USB-Stick")
    renamed = ada.client.own_keys(ada.token).passkeys
    ada.client.remove_passkey(ada.token, line.passkey)

    assert (line.name, line.host) == ("Schlüsselbund", HOST)
    assert [one.name for one in renamed] == ["USB-Stick"]
    assert ada.client.own_keys(ada.token).passkeys == ()
    refused(founded.client, adas)


def test_a_removed_passkey_ends_the_sessions_that_stand_on_it(founded, ada, adas):
    there = come_in(founded.client, adas)
    (line,) = ada.client.own_keys(ada.token).passkeys

    ada.client.remove_passkey(ada.token, line.passkey)

    with pytest.raises(NotSignedIn):
        founded.client.who(there.token)
    assert founded.client.who(ada.token)


def test_another_site_secret_is_told_to_the_passkeys_that_stay(founded, ada, adas):
    lost = Authenticator()
    add(ada, lost, name="verloren")
    (line,) = (one for one in ada.client.own_keys(ada.token).passkeys if one.name == "verloren")
    site = founded.guard.opened[ada.who.practice].site

    ada.client.remove_passkey(ada.token, line.passkey)

    assert founded.guard.opened[ada.who.practice].site != site
    assert come_in(founded.client, adas).who.person == ada.person
    refused(founded.client, lost)


def test_a_passkey_goes_over_to_a_new_pass_phrase(founded, ada, adas):
    ada.client.change_passphrase(ada.token, old=PASSPHRASE, new=NEW_PASSPHRASE)

    assert come_in(founded.client, adas).who.rings == ada.who.rings
    assert not ada.client.own_keys(ada.token).keys_lost


def test_restored_access_removes_passkeys_and_says_so(founded, ada, cora):
    authenticator = Authenticator()
    add(cora, authenticator)

    first = ada.client.restore_access(ada.token, cora.person)
    refused(founded.client, authenticator)
    signed_in = founded.client.sign_in(device_secret=founded.device_secret, login="cora", passphrase=first)
    founded.client.change_passphrase(signed_in.token, old=first, new=NEW_PASSPHRASE)

    told = founded.client.own_keys(signed_in.token)
    assert (told.passkeys, told.keys_lost) == ((), True)


def test_paper_codes_remove_passkeys_too(founded, ada, adas):
    one, two, _ = founded.paper_codes
    founded.client.recover_by_paper(first=one, second=two, login="ada", passphrase=NEW_PASSPHRASE, device_name="Neu")

    refused(founded.client, adas)


def test_an_old_row_put_back_does_not_open_an_old_key(founded, ada, adas):
    (old,) = unlocks.passkeys(ada.person)
    ada.client.change_passphrase(ada.token, old=PASSPHRASE, new=NEW_PASSPHRASE)

    unlocks.save_passkey(old)

    refused(founded.client, adas)


def test_who_leaves_leaves_no_passkey(founded, ada, cora):
    authenticator = Authenticator()
    add(cora, authenticator)

    ada.client.leave(ada.token, cora.person)

    assert unlocks.passkeys(cora.person) == ()
    refused(founded.client, authenticator)


def test_a_colleague_removes_the_passkeys_of_somebody_else(founded, ada, cora, dan):
    authenticator = Authenticator()
    add(cora, authenticator)
    with pytest.raises(Refused):
        cora.client.remove_passkeys_of(cora.token, ada.person)

    dan.client.remove_passkeys_of(dan.token, cora.person)

    refused(founded.client, authenticator)
    assert cora.sign_in()
    with pytest.raises(NotFound):
        dan.client.remove_passkeys_of(dan.token, uuid4())


def test_nobody_renames_or_removes_anothers_passkey_by_its_id(ada, cora, adas):
    (line,) = ada.client.own_keys(ada.token).passkeys

    with pytest.raises(NotFound):
        cora.client.rename_passkey(cora.token, line.passkey, name="meiner")
    with pytest.raises(NotFound):
        cora.client.remove_passkey(cora.token, line.passkey)


def test_losing_a_passkey_loses_nothing(founded, ada, adas, dora):
    assert ada.sign_in().chart(dora).entries


# --- what is checked -------------------------------------------------------------------------------------------------


def test_adding_asks_for_the_pass_phrase(ada):
    with pytest.raises(SignInRefused):
        ada.client.begin_passkey(ada.token, passphrase="falsch", host=HOST, origin=ORIGIN)


@pytest.mark.parametrize(
    "bent",
    [
        {"host": "evil.example"},
        {"origin": "http://localhost:9000"},
        {"origin": "https://localhost:8000"},
        {"flags": 1},
        {"flags": 4},
        {"flags": 0},
    ],
)
def test_what_an_authenticator_says_from_elsewhere_or_without_its_person_is_refused(founded, ada, adas, bent):
    refused(founded.client, adas.but(**bent))
    with pytest.raises(SignInRefused):
        add(ada, Authenticator(**bent))


@pytest.mark.parametrize(
    "changes",
    [
        {"prf": bytes(32)},
        {"prf": b""},
        {"prf": bytes(31)},
        {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
        {"signature": b""},
        {"authenticator_data": b""},
        {"authenticator_data": bytes(37)},
        {"credential": bytes(32)},
        {"credential": b""},
    ],
)
def test_a_changed_byte_anywhere_is_refused_alike(founded, adas, changes):
    refused(founded.client, adas, **changes)


def test_another_authenticators_signature_or_secret_alone_opens_nothing(founded, adas):
    thief = Authenticator()

    refused(founded.client, adas.but(key=thief.key))
    refused(founded.client, adas.but(secret=thief.secret))


def test_a_challenge_is_good_once(founded, adas):
    challenge = founded.client.challenge(host=HOST, origin=ORIGIN)
    signed = adas.sign(challenge)
    founded.client.sign_in_by_passkey(signed)

    with pytest.raises(WrongCode):
        founded.client.sign_in_by_passkey(signed)


@pytest.mark.parametrize("client_data", [b"", b"{}", b"[]", b"\xff", b'{"challenge":1}', b"x" * 20_000])
def test_crooked_client_data_is_no_challenge(founded, adas, client_data):
    with pytest.raises(WrongCode):
        come_in(founded.client, adas, client_data=client_data)


def test_a_challenge_for_adding_is_none_for_coming_in_and_the_other_way_round(founded, ada, cora, adas):
    begun = ada.client.begin_passkey(ada.token, passphrase=PASSPHRASE, host=HOST, origin=ORIGIN)
    challenge = founded.client.challenge(host=HOST, origin=ORIGIN)
    new = Authenticator()

    with pytest.raises(WrongCode):
        founded.client.sign_in_by_passkey(adas.sign(replace_challenge(challenge, begun.challenge)))
    with pytest.raises(WrongCode):
        ada.client.add_passkey(ada.token, name="x", prf=bytes(32), **new.make(challenge.challenge))
    begun = ada.client.begin_passkey(ada.token, passphrase=PASSPHRASE, host=HOST, origin=ORIGIN)
    with pytest.raises(WrongCode):
        cora.client.add_passkey(cora.token, name="x", prf=bytes(32), **new.make(begun.challenge))


def replace_challenge(challenge, raw):
    return type(challenge)(challenge=raw, salt=challenge.salt)


def test_a_challenge_waits_three_minutes():
    clock = Clock()
    challenges = Challenges(clock)
    early, late = challenges.make(HOST, ORIGIN), challenges.make(HOST, ORIGIN)

    assert challenges.take(early) is not None
    clock.go(CHALLENGE_SECONDS + 1)
    assert challenges.take(late) is None


def test_many_challenges_do_not_fill_the_memory():
    challenges = Challenges()
    first = challenges.make(HOST, ORIGIN)
    for _ in range(600):
        challenges.make(HOST, ORIGIN)

    assert challenges.take(first) is None


def test_a_counter_that_goes_back_is_a_copy_and_an_alarm(founded, ada, adas):
    copy = adas.but()
    come_in(founded.client, adas)
    come_in(founded.client, adas)

    refused(founded.client, copy)

    assert any("Kopie" in text for text in ada.client.verify_log(ada.token).alarms)


def test_an_authenticator_without_a_counter_may_come_again(founded, ada):
    authenticator = Authenticator(counts=False)
    add(ada, authenticator)

    assert come_in(founded.client, authenticator)
    assert come_in(founded.client, authenticator)


def test_the_same_passkey_is_not_kept_twice(ada, adas):
    with pytest.raises(AlreadyThere):
        add(ada, adas)


def test_a_private_key_is_never_sent_to_a_pair_that_somebody_planted(founded, ada, adas, cora):
    planted = Authenticator()
    add(cora, planted)
    (row,), (other,) = unlocks.passkeys(ada.person), unlocks.passkeys(cora.person)
    row.vouch = other.vouch
    unlocks.save_passkey(row)

    ada.client.change_passphrase(ada.token, old=PASSPHRASE, new=NEW_PASSPHRASE)

    told = ada.client.own_keys(ada.token)
    assert (told.passkeys, told.keys_lost) == ((), True)


def test_refusals_cannot_fill_the_log(founded, ada, adas):
    log = founded.guard.logs[ada.who.practice]
    before = log.end[0]
    for _ in range(20):
        refused(founded.client, Authenticator())

    assert log.end[0] - before <= 1


# --- where they sit --------------------------------------------------------------------------------------------------


def test_at_a_workplace_the_session_is_the_workplaces(founded, ada, adas):
    at_desk = come_in(founded.client, adas, device_secret=founded.device_secret)

    assert at_desk.who.device == ada.who.device


def test_on_loopback_without_a_device_the_passkey_stands_for_it(founded, ada, adas):
    (line,) = ada.client.own_keys(ada.token).passkeys

    assert come_in(founded.client, adas).who.device == line.passkey


def test_on_the_network_the_certificate_says_which_device_it_is(founded, ada, adas):
    channel = founded.device_secret[:16]
    signed_in = come_in(founded.client, adas, channel=channel)

    assert signed_in.who.device == UUID(bytes=channel)
    assert founded.client.who(signed_in.token + channel)
    with pytest.raises(NotSignedIn):
        founded.client.who(signed_in.token)
    refused(founded.client, adas, channel=uuid4().bytes)


def test_a_passkey_lets_a_locked_workplace_go_on(founded, ada, adas):
    ada.client.rest(ada.token)

    back = come_in(founded.client, adas, device_secret=founded.device_secret, leaves=ada.token)

    assert len(founded.client.own_sessions(back.token)) == 1


def test_who_must_choose_a_pass_phrase_first_has_no_passkey(founded, ada):
    first = founded.client.add_person(ada.token, name="Eva", login="eva", role=Role.ASSISTANT)
    eva = founded.client.sign_in(device_secret=founded.device_secret, login="eva", passphrase=first)

    begun = founded.client.begin_passkey(eva.token, passphrase=first, host=HOST, origin=ORIGIN)
    authenticator = Authenticator()
    founded.client.add_passkey(
        eva.token, name="x", prf=authenticator.prf(begun.salt), **authenticator.make(begun.challenge)
    )

    refused(founded.client, authenticator)


def test_whoever_left_in_that_moment_does_not_get_in(founded, ada, cora):
    authenticator = Authenticator()
    add(cora, authenticator)
    row = people.person(ada.who.practice, cora.person)
    row.left = True
    people.save_person(row)

    refused(founded.client, authenticator)


def test_a_passkey_alone_keeps_nothing_open(founded, ada, adas):
    only = come_in(founded.client, adas)
    ada.sign_out()
    founded.client.sign_out(only.token)

    with pytest.raises(PracticeSealed):
        founded.client.who(only.token)
