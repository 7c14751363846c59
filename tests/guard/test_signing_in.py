# SPDX-License-Identifier: MPL-2.0
"""Sign-in, throttle, idle end, sealing."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from arkanum.guard import Action, Client, Ring, Role
from arkanum.guard.codes import from_link
from arkanum.guard.direct import DirectTransport
from arkanum.guard.errors import (
    Damaged,
    NotSignedIn,
    PassphraseTooWeak,
    PracticeSealed,
    Refused,
    SignInRefused,
    Throttled,
)
from arkanum.guard.house import held_by
from arkanum.guard.sessions import IDLE_SECONDS, Sessions
from arkanum.storage import people
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, Clock, Founded, at_the_same_time, found, in_process, restarted

pytestmark = pytest.mark.postgresql


def refused(practice: Founded, login: str = "ada", passphrase: str = "falsch", device: bytes | None = None) -> None:
    with pytest.raises(SignInRefused):
        practice.client.sign_in(device_secret=device or practice.device_secret, login=login, passphrase=passphrase)


def test_device_and_pass_phrase_open_a_session(founded, ada):
    again = ada.sign_in()

    assert again.who.person == ada.person
    assert again.who.rings == frozenset(Ring)
    assert again.token != ada.token


def test_case_and_blanks_of_the_login_name_do_not_matter(founded):
    assert founded.client.sign_in(device_secret=founded.device_secret, login=" ADA ", passphrase=PASSPHRASE)


@pytest.mark.parametrize("device", [b"", b"x", bytes(48), bytes(47), bytes(49)])
def test_an_unknown_device_is_refused_like_a_wrong_pass_phrase(founded, device):
    refused(founded, passphrase=PASSPHRASE, device=device or b"\0")


def test_a_device_with_a_wrong_secret_is_refused(founded):
    refused(founded, passphrase=PASSPHRASE, device=founded.device_secret[:-1] + b"\0")


def test_five_wrong_pass_phrases_are_free_and_the_sixth_try_waits(timed, clock):
    for _ in range(5):
        refused(timed)

    with pytest.raises(Throttled) as wait:
        timed.ada.sign_in()
    assert 0 < wait.value.seconds <= 31

    clock.go(31)
    assert timed.ada.sign_in()


def test_the_waiting_time_doubles_to_a_quarter_of_an_hour_and_no_further(timed, clock):
    waits = []
    for _ in range(14):
        try:
            refused(timed)
        except AssertionError:
            raise
        except Throttled as throttled:
            waits.append(throttled.seconds)
            clock.go(throttled.seconds)

    assert waits[:4] == [30, 60, 120, 240] or waits[:4] == [31, 61, 121, 241]
    assert max(waits) <= 15 * 60 + 1


def test_a_right_pass_phrase_forgives_the_wrong_ones(timed):
    for _ in range(4):
        refused(timed)
    timed.ada.sign_in()

    for _ in range(4):
        refused(timed)


def test_failures_of_last_week_slow_nobody_down(timed, clock):
    for _ in range(5):
        refused(timed)

    clock.go(60 * 60 * 24 * 2)
    refused(timed)
    refused(timed)


def test_several_devices_give_no_more_tries_at_one_name(timed):
    link = timed.client.invite_device(timed.ada.token, name="Tablet")
    second = timed.client.redeem_link(link)
    for device in (timed.device_secret, second, timed.device_secret, second, second):
        refused(timed, device=device)

    with pytest.raises(Throttled):
        timed.client.sign_in(device_secret=second, login="ada", passphrase=PASSPHRASE)


def test_ones_own_pass_phrase_gives_no_more_tries_at_a_colleagues(timed):
    cora = timed.add("Cora Feddersen", "cora", Role.ASSISTANT)
    for _ in range(4):
        refused(timed, login="ada")
    cora.sign_in()
    refused(timed, login="ada")

    with pytest.raises(Throttled):
        timed.client.sign_in(device_secret=timed.device_secret, login="ada", passphrase=PASSPHRASE)


def test_a_hundred_tries_at_the_same_moment_are_no_way_around(own_rows):
    guard = in_process(own_rows)
    practice = found(guard)
    outcomes = []

    def guess(number):
        try:
            practice.client.sign_in(device_secret=practice.device_secret, login="ada", passphrase=f"versuch {number}")
        except (SignInRefused, Throttled) as error:
            outcomes.append(type(error))

    at_the_same_time(*(partial(guess, number) for number in range(30)))
    guard.close()

    assert len(outcomes) == 30
    assert outcomes.count(SignInRefused) <= 5


def test_strangers_cannot_fill_the_log(timed):
    log = timed.guard.logs[timed.ada.who.practice]
    before = log.end[0]
    for number in range(50):
        with pytest.raises((SignInRefused, Throttled)):
            timed.client.sign_in(device_secret=number.to_bytes(48, "big"), login="ada", passphrase="x")

    assert log.end[0] - before <= 5


def test_a_session_that_rests_too_long_has_ended(timed, clock):
    clock.go(IDLE_SECONDS + 1)

    with pytest.raises(NotSignedIn):
        timed.client.who(timed.ada.token)
    timed.guard.keep_house()
    assert timed.client.state().sealed
    assert timed.guard.opened == {}


def test_the_last_one_who_treats_takes_everybody_with_them(founded, ada, cora):
    assert founded.client.who(cora.token)

    ada.sign_out()

    with pytest.raises(PracticeSealed):
        founded.client.who(cora.token)
    assert founded.guard.opened == {}


def test_the_desk_alone_may_open_and_close(founded, ada, cora):
    ada.sign_out()
    cora = cora.sign_in()

    assert founded.client.search(cora.token, "müll").hits == ()
    cora.sign_out()
    assert founded.client.state().sealed


def test_rings_that_nobody_holds_any_more_are_closed(founded, ada, ben):
    assert Ring.LOG in founded.guard.opened[ada.who.practice].rings

    ada.sign_out()

    assert founded.guard.opened[ben.who.practice].rings.keys() == ben.who.rings


def test_names_are_closed_when_nobody_of_the_desk_is_left(founded, ada, cora, dora):
    dan = founded.add("Dan Olsen", "dan", Role.ADMINISTRATOR)
    ada.sign_out()
    dan, cora = dan.sign_in(), cora.sign_in()
    cora.sign_out()

    practice = founded.guard.opened[dan.who.practice]
    assert practice.rings == {}
    with pytest.raises(PracticeSealed):
        practice.directory.names()


def test_sealing_ends_every_session_at_once(founded, ada, ben, cora):
    founded.client.seal(ben.token)

    for token in (ada.token, ben.token, cora.token):
        with pytest.raises(PracticeSealed):
            founded.client.who(token)


def test_the_guard_says_when_nothing_is_open_any_more(own_rows):
    sealed = []
    guard = in_process(own_rows, on_sealed=lambda: sealed.append(True))
    practice = found(guard)

    practice.ada.sign_out()

    assert sealed == [True]
    guard.close()


def test_signing_out_twice_is_no_error(founded, ada):
    ada.sign_out()
    ada.sign_out()


def test_a_token_that_was_never_given_is_refused(founded):
    with pytest.raises(NotSignedIn):
        founded.client.who(bytes(32))
    with pytest.raises(NotSignedIn):
        founded.client.who(b"")


def test_a_first_pass_phrase_allows_nothing_but_to_change_it(founded, ada, dora):
    first = founded.client.add_person(ada.token, name="Cora", login="cora", role=Role.ASSISTANT)
    cora = founded.client.sign_in(device_secret=founded.device_secret, login="cora", passphrase=first)

    assert cora.who.must_change
    assert cora.who.actions == {Action.OWN_ACCOUNT}
    for action in set(Action) - {Action.OWN_ACCOUNT}:
        with pytest.raises(Refused):
            founded.client.permit(cora.token, action, patient=dora)
    with pytest.raises(Refused):
        founded.client.search(cora.token, "m")


def test_a_changed_pass_phrase_ends_the_other_sessions_and_the_old_one(founded, ada, dora):
    other = ada.sign_in()

    founded.client.change_passphrase(ada.token, old=PASSPHRASE, new=SECOND_PASSPHRASE)

    with pytest.raises(NotSignedIn):
        founded.client.who(other.token)
    with pytest.raises(SignInRefused):
        ada.sign_in()
    assert ada.sign_in(passphrase=SECOND_PASSPHRASE).chart(dora).entries


def test_a_changed_pass_phrase_changes_the_key_pair_too(founded, ada, dora):
    row = people.person(ada.who.practice, ada.person)

    founded.client.change_passphrase(ada.token, old=PASSPHRASE, new=SECOND_PASSPHRASE)

    # Who has an old backup, the old pass phrase and a device gets the old private key: it is of no more use.
    changed = people.person(ada.who.practice, ada.person)
    assert bytes(changed.public_key) != bytes(row.public_key)
    changed.salt, changed.private_key = row.salt, row.private_key
    people.save_person(changed)
    with pytest.raises(Damaged):
        ada.sign_in()


def test_the_old_pass_phrase_is_asked_for_and_cannot_be_guessed_there(timed):
    client, token = timed.client, timed.ada.token
    for _ in range(5):
        with pytest.raises(SignInRefused):
            client.change_passphrase(token, old="falsch", new=SECOND_PASSPHRASE)

    with pytest.raises(Throttled):
        client.change_passphrase(token, old=PASSPHRASE, new=SECOND_PASSPHRASE)


@pytest.mark.parametrize("new", [PASSPHRASE, "Behandlung", "Praxis am Markt 2024", "ada lovelace ada lovelace"])
def test_the_same_or_an_easy_pass_phrase_is_refused(founded, ada, new):
    with pytest.raises(PassphraseTooWeak) as weak:
        founded.client.change_passphrase(ada.token, old=PASSPHRASE, new=new)

    assert weak.value.reasons
    assert ada.sign_in()


def test_a_locum_is_out_when_their_last_day_is_over(timed, clock):
    today = clock.now().astimezone().date()
    ben = timed.add("Ben Thorsen", "ben", Role.LOCUM, until=today)
    assert timed.client.who(ben.token)

    clock.go(60 * 60 * 24)
    timed.ada.client.who(timed.ada.sign_in().token)

    with pytest.raises(NotSignedIn):
        timed.client.who(ben.token)
    with pytest.raises(SignInRefused):
        ben.sign_in()


def test_a_locums_last_day_also_ends_sessions_that_ask_nothing(timed, clock):
    ben = timed.add("Ben Thorsen", "ben", Role.LOCUM, until=clock.now().astimezone().date())
    clock.go(60 * 60 * 24)
    timed.ada.sign_in()

    timed.guard.keep_house()

    assert ben.person not in {session.person for session in timed.guard.sessions.all()}


def test_a_locum_who_is_over_loses_the_rings_at_the_next_sign_in(timed, clock):
    ben = timed.add("Ben Thorsen", "ben", Role.LOCUM, until=clock.now().astimezone().date())
    before = timed.guard.opened[ben.who.practice].rings[Ring.TREATMENT].generation
    clock.go(60 * 60 * 24)

    ada = timed.ada.sign_in()

    members = {member.person: member for member in timed.client.staff(ada.token).members}
    assert members[ben.person].rings == frozenset()
    assert timed.guard.opened[ben.who.practice].rings[Ring.TREATMENT].generation == before + 1


def test_nobody_is_retired_who_is_the_last_to_treat(timed, clock):
    greta = timed.add("Greta Holm", "greta", Role.DOCTOR, until=clock.now().astimezone().date())
    cora = timed.add("Cora Feddersen", "cora", Role.ASSISTANT)
    timed.client.leave(greta.token, timed.ada.person)
    clock.go(60 * 60 * 24)

    cora = cora.sign_in()

    assert Ring.TREATMENT in held_by(cora.who.practice, greta.person)


def test_a_removed_device_ends_its_sessions_and_lets_nobody_in(founded, ada):
    link = founded.client.invite_device(ada.token, name="Tablet")
    tablet = replace(ada, device_secret=founded.client.redeem_link(link)).sign_in()
    device = tablet.who.device

    founded.client.remove_device(ada.token, device)

    with pytest.raises(NotSignedIn):
        founded.client.who(tablet.token)
    with pytest.raises(SignInRefused):
        tablet.sign_in()


def test_whoever_is_let_go_while_their_pass_phrase_is_stretched_does_not_get_in(founded, ada, ben, monkeypatch):
    from arkanum.guard import signing_in

    begin = signing_in._begin

    def leave_first(*arguments):
        founded.client.leave(ada.token, ben.person)
        return begin(*arguments)

    monkeypatch.setattr(signing_in, "_begin", leave_first)
    with pytest.raises(SignInRefused):
        ben.sign_in()


def test_a_device_removed_meanwhile_does_not_get_in_either(founded, ada, monkeypatch):
    from arkanum.guard import signing_in

    link = founded.client.invite_device(ada.token, name="Tablet")
    secret = founded.client.redeem_link(link)
    tablet = next(line.device for line in founded.client.devices(ada.token).devices if line.name == "Tablet")
    begin = signing_in._begin

    def remove_first(*arguments):
        founded.client.remove_device(ada.token, tablet)
        return begin(*arguments)

    monkeypatch.setattr(signing_in, "_begin", remove_first)
    with pytest.raises(SignInRefused):
        replace(ada, device_secret=secret).sign_in()


def test_after_a_restart_nobody_is_signed_in(founded, ada, dora):
    again = restarted(founded)

    assert again.client.state().founded
    assert again.client.state().sealed
    with pytest.raises(PracticeSealed):
        again.client.who(ada.token)
    assert again.ada.sign_in().chart(dora).entries
    again.guard.close()


def test_a_practice_that_fails_to_open_does_not_stay_open(founded, ada, monkeypatch):
    ada.sign_out()

    def full(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(founded.guard.sessions, "begin", full)
    with pytest.raises(RuntimeError):
        ada.sign_in()

    assert founded.guard.opened == {}


def test_coming_and_going_at_the_same_moment_leaves_nothing_open(own_rows):
    guard = in_process(own_rows)
    practice = found(guard)
    practice.ada.sign_out()

    def come_and_go():
        client = Client(DirectTransport(guard))
        with suppress(Throttled):
            for _ in range(6):
                made = client.sign_in(device_secret=practice.device_secret, login="ada", passphrase=PASSPHRASE)
                with suppress(PracticeSealed, NotSignedIn):
                    client.search(made.token, "m")
                client.sign_out(made.token)

    at_the_same_time(*[come_and_go] * 4)

    assert guard.opened == {}
    assert guard.sessions.all() == ()
    guard.close()


def test_a_link_that_is_garbage_is_nothing():
    assert from_link("ä") == b""
    assert from_link("") == b""


def test_the_day_that_ends_is_the_practices(timed):
    assert not timed.guard.is_over(None)
    assert not timed.guard.is_over(date.today() + timedelta(days=400))  # noqa: DTZ011


def test_a_locum_who_is_still_working_at_midnight_is_out(own_rows):
    clock = Clock(began=datetime.now().astimezone().replace(hour=23, minute=58))
    guard = in_process(own_rows, clock=clock.now, sessions=Sessions(clock))
    practice = found(guard)
    ben = practice.add("Ben Thorsen", "ben", Role.LOCUM, until=clock.began.date())

    clock.go(4 * 60)

    with pytest.raises(NotSignedIn):
        ben.client.search(ben.token, "m")
    assert practice.client.who(practice.ada.token)
    guard.close()
