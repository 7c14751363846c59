# SPDX-License-Identifier: MPL-2.0
"""Roles, rings, leaving, restoring, paper codes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from arkanum.guard import Action, Ring, Role
from arkanum.guard.errors import (
    AlreadyThere,
    Damaged,
    NotFound,
    NotSignedIn,
    PassphraseTooWeak,
    PracticeSealed,
    Refused,
    SignInRefused,
    WrongCode,
)
from arkanum.guard.roles import (
    ENDS,
    RINGS_FOR_ACTION,
    RINGS_OF_ROLE,
    ROLES_AMONG_HOLDERS,
    ROLES_FOR_ACTION,
    actions_of,
    may,
    rings_allowed,
)
from arkanum.storage import people, practices, rings
from arkanum.storage.models import RingKey
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, Clock, found, in_process, new_patient

pytestmark = pytest.mark.postgresql


def generation(founded, ring=Ring.TREATMENT):
    return max(key.generation for key in rings.ring_keys(founded.ada.who.practice) if key.ring == ring)


def rings_of(colleague, person):
    return next(m.rings for m in colleague.client.staff(colleague.token).members if m.person == person)


# --- roles -----------------------------------------------------------------------------------------------------------


def test_every_action_is_bound_to_rings_or_to_roles():
    for action in Action:
        assert bool(RINGS_FOR_ACTION[action]) != (action in ROLES_FOR_ACTION)


def test_a_role_never_may_what_its_rings_do_not_open():
    for role in Role:
        for action in Action:
            needed = RINGS_FOR_ACTION[action]
            assert may(role, frozenset(), action) == (not needed and role in ROLES_FOR_ACTION[action])
            among = role in ROLES_AMONG_HOLDERS.get(action, frozenset(Role))
            assert not needed or may(role, frozenset(Ring), action) == (among and needed <= rings_allowed(role))


def test_the_administrator_has_no_ring_and_no_action_that_opens_one():
    assert RINGS_OF_ROLE[Role.ADMINISTRATOR] == frozenset()
    assert not any(RINGS_FOR_ACTION[action] for action in actions_of(Role.ADMINISTRATOR, frozenset(Ring)))


@pytest.mark.parametrize(
    ("role", "held"),
    [
        (Role.DOCTOR, frozenset(Ring)),
        (Role.LOCUM, frozenset(Ring) - {Ring.LOG}),
        (Role.ASSISTANT, {Ring.DESK, Ring.INBOX}),
        (Role.TRAINEE, {Ring.DESK}),
        (Role.BILLING, {Ring.DESK, Ring.BILLING}),
        (Role.ADMINISTRATOR, frozenset()),
        (Role.AUDITOR, {Ring.LOG}),
    ],
)
def test_a_new_person_gets_the_rings_of_their_role(founded, role, held):
    person = founded.add("Jo Petersen", "jo", role)

    assert person.who.rings == held
    assert person.sign_in().who.rings == held


def test_an_assistant_reads_charts_only_where_the_practice_says_so(founded, dora):
    founded.add("Cora Feddersen", "cora", Role.ASSISTANT)
    maja = founded.add("Maja Iversen", "maja", Role.ASSISTANT, with_treatment=True)

    assert maja.chart(dora).entries
    assert Ring.TREATMENT not in founded.add("Billa", "billa", Role.BILLING, with_treatment=True).who.rings


def test_the_desk_gets_no_chart(cora, dora):
    with pytest.raises(Refused):
        cora.grant(Action.READ_CHART, dora)
    grant = cora.grant(Action.READ_PATIENT, dora)
    with pytest.raises(Refused):
        grant.key(Ring.TREATMENT)


def test_a_refusal_is_written_down(founded, ada, cora, dora):
    with pytest.raises(Refused):
        cora.grant(Action.READ_CHART, dora)

    newest = founded.client.read_log(ada.token, person=cora.person).lines[0]
    assert (newest.what, newest.outcome) == ("read_chart", "refused")


def test_a_trainee_may_do_at_the_desk_what_is_about_patients_and_manages_nothing(founded, tilda, dora):
    assert tilda.who.actions == {
        Action.FIND_PATIENT,
        Action.READ_PATIENT,
        Action.WRITE_PATIENT,
        Action.NEW_PATIENT,
        Action.SEE_STAFF,
        Action.OWN_ACCOUNT,
    }
    assert tilda.who.actions < actions_of(Role.ASSISTANT, RINGS_OF_ROLE[Role.ASSISTANT])


def test_an_auditor_reads_the_log_and_finds_nobody(founded, rita, dora):
    assert rita.who.actions == {Action.READ_LOG, Action.SEE_STAFF, Action.OWN_ACCOUNT}
    assert any(line.patient == dora for line in rita.client.read_log(rita.token).lines)
    for ask in (lambda: rita.client.search(rita.token, "müll"), lambda: rita.client.cards(rita.token, [dora])):
        with pytest.raises(Refused):
            ask()


@pytest.mark.parametrize("role", sorted(ENDS))
def test_who_comes_for_a_time_has_a_last_day(founded, ada, cora, role):
    with pytest.raises(Refused):
        founded.client.add_person(ada.token, name="Jo Petersen", login="jo", role=role)
    with pytest.raises(Refused):
        founded.client.change_role(ada.token, cora.person, role=role)


def test_who_a_person_is_shows_what_they_may(founded, dan):
    assert dan.who.actions == {
        Action.SEE_STAFF,
        Action.MANAGE_STAFF,
        Action.MANAGE_DEVICES,
        Action.MANAGE_DOOR,
        Action.OWN_ACCOUNT,
    }


# --- adding and handing over -----------------------------------------------------------------------------------------


def test_the_same_login_name_twice_is_refused(founded, ada, cora):
    with pytest.raises(AlreadyThere):
        founded.client.add_person(ada.token, name="Another", login="CORA ", role=Role.ASSISTANT)


@pytest.mark.parametrize(("name", "login"), [("", "x"), ("x", ""), ("  ", "x"), ("x", " ")])
def test_a_person_without_a_name_is_refused(founded, ada, name, login):
    with pytest.raises(Refused):
        founded.client.add_person(ada.token, name=name, login=login, role=Role.LOCUM)


def test_an_administrator_adds_a_doctor_who_reads_nothing_until_a_doctor_hands_over(founded, ada, dan, dora):
    first = founded.client.add_person(dan.token, name="Greta Holm", login="greta", role=Role.DOCTOR)
    signed_in = founded.client.sign_in(device_secret=founded.device_secret, login="greta", passphrase=first)
    founded.client.change_passphrase(signed_in.token, old=first, new=SECOND_PASSPHRASE)
    greta = replace(dan, token=signed_in.token, who=signed_in.who, login="greta", passphrase=SECOND_PASSPHRASE)

    with pytest.raises(Refused):
        greta.grant(Action.READ_CHART, dora)
    with pytest.raises(Refused):
        founded.client.hand_over(dan.token, greta.person)

    founded.client.hand_over(ada.token, greta.person)
    assert greta.sign_in().chart(dora).entries


def test_nobody_hands_over_or_changes_or_leaves_themselves(founded, ada):
    for ask in (
        lambda: founded.client.hand_over(ada.token, ada.person),
        lambda: founded.client.change_role(ada.token, ada.person, role=Role.ADMINISTRATOR),
        lambda: founded.client.leave(ada.token, ada.person),
        lambda: founded.client.restore_access(ada.token, ada.person),
    ):
        with pytest.raises(Refused):
            ask()


def test_a_person_of_nobody_knows_where_is_not_found(founded, ada, dora):
    for ask in (founded.client.hand_over, founded.client.leave, founded.client.restore_access):
        with pytest.raises(NotFound):
            ask(ada.token, dora)


def test_the_desk_manages_nobody(founded, ada, ben, cora):
    with pytest.raises(Refused):
        founded.client.add_person(cora.token, name="X", login="x", role=Role.ASSISTANT)
    with pytest.raises(Refused):
        founded.client.leave(cora.token, ben.person)


# --- changing and leaving --------------------------------------------------------------------------------------------


def test_a_ring_that_a_role_loses_is_rotated(founded, ada, dora):
    maja = founded.add("Maja Iversen", "maja", Role.ASSISTANT, with_treatment=True)
    before = generation(founded)

    founded.client.change_role(ada.token, maja.person, role=Role.ASSISTANT)

    assert generation(founded) == before + 1
    assert maja.sign_in().who.rings == {Ring.DESK, Ring.INBOX}
    assert ada.chart(dora).entries


def test_a_ring_that_a_role_gains_comes_from_the_asker(founded, ada, cora, dora):
    founded.client.change_role(ada.token, cora.person, role=Role.LOCUM, until=date.today() + timedelta(days=3))  # noqa: DTZ011

    with pytest.raises(NotSignedIn):
        founded.client.who(cora.token)
    assert cora.sign_in().chart(dora).entries


def test_an_administrator_raises_nobody(founded, dan, cora):
    for role in (Role.DOCTOR, Role.LOCUM, Role.BILLING):
        with pytest.raises(Refused):
            founded.client.change_role(dan.token, cora.person, role=role)
    with pytest.raises(Refused):
        founded.client.change_role(dan.token, cora.person, role=Role.ASSISTANT, with_treatment=True)


def test_leaving_ends_access_at_once_and_rotates_every_ring(founded, ada, ben, dora):
    before = {ring: generation(founded, ring) for ring in Ring}

    founded.client.leave(ada.token, ben.person)

    with pytest.raises(NotSignedIn):
        founded.client.who(ben.token)
    with pytest.raises(SignInRefused):
        ben.sign_in()
    for ring in Ring:
        assert generation(founded, ring) == before[ring] + (ring in ben.who.rings)
    assert ada.chart(dora).entries
    assert ada.sign_in().chart(dora).entries
    assert founded.client.search(ada.token, "müll").hits


def test_who_left_is_seen_as_gone_and_cannot_be_changed_any_more(founded, ada, ben):
    founded.client.leave(ada.token, ben.person)

    assert next(m for m in founded.client.staff(ada.token).members if m.person == ben.person).left
    for ask in (founded.client.hand_over, founded.client.leave, founded.client.restore_access):
        with pytest.raises(Refused):
            ask(ada.token, ben.person)


def test_the_last_who_treats_cannot_be_sent_away_or_put_lower(founded, dan, ada):
    with pytest.raises(Refused):
        founded.client.leave(dan.token, ada.person)
    with pytest.raises(Refused):
        founded.client.change_role(dan.token, ada.person, role=Role.ADMINISTRATOR)


def test_what_an_administrator_cannot_rotate_waits_for_the_next_who_holds_it(founded, ada, ben, dan, dora):
    ada.sign_out()
    founded.client.seal(ben.token)
    before = generation(founded)
    dan = dan.sign_in()

    founded.client.leave(dan.token, ben.person)
    assert generation(founded) == before
    assert rings.rotation_due(ada.who.practice, Ring.TREATMENT)

    ada = ada.sign_in()
    assert generation(founded) == before + 1
    assert not rings.rotation_due(ada.who.practice, Ring.TREATMENT)
    assert ada.chart(dora).entries
    assert new_patient(ada, "Öttinger")
    assert ada.sign_in().chart(dora).entries


def test_the_only_open_session_may_be_the_one_who_is_sent_away(founded, ada, ben, dan, dora):
    ada.sign_out()
    dan = dan.sign_in()
    ben = ben.sign_in()
    before = generation(founded)

    founded.client.leave(dan.token, ben.person)

    assert founded.guard.opened == {}
    assert generation(founded) == before + 1
    assert ada.sign_in().chart(dora).entries


def test_who_left_finds_nothing_with_an_old_copy_of_their_shares(founded, ada, ben, dora):
    person = people.person(ada.who.practice, ben.person)
    shares = rings.shares_of(ada.who.practice, ben.person)
    keys, epochs = rings.ring_keys(ada.who.practice), rings.epochs(ada.who.practice)
    founded.client.leave(ada.token, ben.person)
    newest = founded.guard.opened[ada.who.practice].rings[Ring.TREATMENT].generation

    # Ben can write to the database now, and puts everything back that was his.
    people.save_person(person)
    held = {key.id for key in rings.ring_keys(ada.who.practice)}
    RingKey.objects.bulk_create(key for key in keys if key.id not in held)
    rings.insert_shares(shares)
    numbers = {(epoch.ring, epoch.number) for epoch in rings.epochs(ada.who.practice)}
    for epoch in epochs:
        if (epoch.ring, epoch.number) not in numbers:
            rings.insert_epoch(epoch)
    ben = ben.sign_in()

    assert ben.who.rings == frozenset()
    with pytest.raises(Refused):
        ben.grant(Action.READ_CHART, dora)
    assert founded.guard.opened[ada.who.practice].rings[Ring.TREATMENT].generation == newest
    assert any("alten Schlüssel" in alarm for alarm in founded.client.verify_log(ada.token).alarms)


def test_old_shares_put_back_before_anybody_comes_give_way_to_the_new_ones(founded, ada, ben, dora):
    person = people.person(ada.who.practice, ben.person)
    shares = rings.shares_of(ada.who.practice, ben.person)
    keys, epochs = rings.ring_keys(ada.who.practice), rings.epochs(ada.who.practice)
    founded.client.leave(ada.token, ben.person)
    ada.sign_out()
    people.save_person(person)
    held = {key.id for key in rings.ring_keys(ada.who.practice)}
    RingKey.objects.bulk_create(key for key in keys if key.id not in held)
    rings.insert_shares(shares)
    for epoch in epochs:
        if epoch.number == 1 and epoch.ring != Ring.LOG:
            rings.insert_epoch(epoch)

    ben = ben.sign_in()
    with pytest.raises(Damaged):
        ben.grant(Action.READ_CHART, dora)

    ada = ada.sign_in()
    assert ada.chart(dora).entries


def test_a_slipped_in_key_gets_no_ring_and_the_leaving_still_counts(founded, ada, ben, cora, dora):
    from arkanum.vault import PrivateKey

    before = generation(founded, Ring.DESK)
    row = people.person(ada.who.practice, cora.person)
    good, row.public_key = row.public_key, PrivateKey.new().public.to_bytes()
    people.save_person(row)

    founded.client.leave(ada.token, ben.person)

    assert generation(founded, Ring.DESK) == before
    assert rings.rotation_due(ada.who.practice, Ring.DESK)
    assert any("fremd" in alarm for alarm in founded.client.verify_log(ada.token).alarms)

    row.public_key = good
    people.save_person(row)
    ada.sign_in()
    assert generation(founded, Ring.DESK) == before + 1


def test_a_slipped_in_recovery_key_gets_no_ring(founded, ada, ben):
    from arkanum.vault import PrivateKey

    before = generation(founded)
    row = practices.get(ada.who.practice)
    row.recovery_public_key = PrivateKey.new().public.to_bytes()
    row.save()

    founded.client.leave(ada.token, ben.person)

    assert generation(founded) == before
    assert any("fremd" in alarm for alarm in founded.client.verify_log(ada.token).alarms)


# --- ways back -------------------------------------------------------------------------------------------------------


def test_a_colleague_restores_access_and_nothing_is_lost(founded, ada, ben, dora):
    first = founded.client.restore_access(ada.token, ben.person)

    with pytest.raises(NotSignedIn):
        founded.client.who(ben.token)
    with pytest.raises(SignInRefused):
        ben.sign_in()
    again = founded.client.sign_in(device_secret=ben.device_secret, login="ben", passphrase=first)
    assert again.who.must_change
    founded.client.change_passphrase(again.token, old=first, new=PASSPHRASE)
    assert replace(ben, token=again.token).chart(dora).entries


def test_who_holds_less_restores_nobody_who_holds_more(founded, dan, ada, cora):
    for person in (ada.person, cora.person):
        with pytest.raises(Refused):
            founded.client.restore_access(dan.token, person)


def test_restoring_gives_back_what_was_held_and_not_what_somebody_wished_for(founded, ada, dan):
    first = founded.client.add_person(dan.token, name="Greta Holm", login="greta", role=Role.DOCTOR)
    greta = founded.client.sign_in(device_secret=founded.device_secret, login="greta", passphrase=first)

    first = founded.client.restore_access(ada.token, greta.who.person)

    again = founded.client.sign_in(device_secret=founded.device_secret, login="greta", passphrase=first)
    assert again.who.rings == frozenset()


@pytest.mark.parametrize("pair", list(permutations(range(3), 2)))
def test_any_two_paper_codes_open_the_practice_again(founded, ada, dora, pair):
    ada.sign_out()

    again = founded.client.recover_by_paper(
        first=founded.paper_codes[pair[0]],
        second=founded.paper_codes[pair[1]].lower().replace("-", " "),
        login="ada",
        passphrase=SECOND_PASSPHRASE,
        device_name="neu",
    )

    assert again.who.rings == frozenset(Ring)
    assert replace(ada, token=again.token).chart(dora).entries
    assert founded.client.sign_in(device_secret=again.device_secret, login="ada", passphrase=SECOND_PASSPHRASE)
    with pytest.raises(SignInRefused):
        ada.sign_in()


def recover(founded, first, second, login="ada", passphrase=SECOND_PASSPHRASE):
    return founded.client.recover_by_paper(
        first=first, second=second, login=login, passphrase=passphrase, device_name="neu"
    )


def test_one_paper_code_or_a_wrong_one_or_an_unknown_name_opens_nothing(founded, ada):
    first, second, _ = founded.paper_codes
    foreign = founded.paper_codes[0][:-1] + ("A" if founded.paper_codes[0][-1] != "A" else "B")

    for one, other, login in ((first, first, "ada"), (foreign, second, "ada"), ("", "", "ada"), (first, second, "eve")):
        with pytest.raises(WrongCode):
            recover(founded, one, other, login)


def test_paper_does_not_bring_back_who_has_left(founded, ada, ben):
    founded.client.leave(ada.token, ben.person)

    with pytest.raises(WrongCode):
        recover(founded, *founded.paper_codes[:2], login="ben")


def test_an_easy_pass_phrase_on_paper_is_refused_and_leaves_the_practice_sealed(founded, ada):
    ada.sign_out()

    with pytest.raises(PassphraseTooWeak):
        recover(founded, *founded.paper_codes[:2], passphrase="Behandlung")

    assert founded.guard.opened == {}
    assert founded.client.state().sealed


def test_wrong_paper_codes_neither_fill_the_log_nor_lock_anybody_out(own_rows):
    clock = Clock()
    guard = in_process(own_rows, clock=clock.now)
    practice = found(guard)
    from arkanum.vault import new_codes

    foreign = [code.expose() for code in new_codes()]
    before = guard.logs[practice.ada.who.practice].end[0]
    for _ in range(20):
        with pytest.raises(WrongCode):
            recover(practice, *foreign[:2])
    assert guard.logs[practice.ada.who.practice].end[0] == before + 1

    clock.go(61)
    with pytest.raises(WrongCode):
        recover(practice, *foreign[:2])
    assert guard.logs[practice.ada.who.practice].end[0] == before + 2
    assert recover(practice, *practice.paper_codes[:2])
    guard.close()


def test_the_codes_work_after_rings_were_rotated(founded, ada, ben, dora):
    founded.client.leave(ada.token, ben.person)
    ada.sign_out()

    again = recover(founded, *founded.paper_codes[1:])

    assert replace(ada, token=again.token).chart(dora).entries


# --- damaged rows of people ------------------------------------------------------------------------------------------


def test_one_persons_damaged_row_keeps_nobody_else_out(founded, ada, ben, cora, dora):
    row, other = people.person(ada.who.practice, cora.person), people.person(ada.who.practice, ben.person)
    row.body = other.body
    people.save_person(row)
    founded.guard.opened[ada.who.practice].names = None

    ada = ada.sign_in()

    assert ada.chart(dora).entries
    assert "(beschädigt)" in [member.name for member in founded.client.staff(ada.token).members]
    assert "(beschädigt)" in ada.grant(Action.READ_CHART, dora).colleagues.values()
    with pytest.raises(Damaged):
        cora.sign_in()


def test_lowered_open_columns_make_no_pass_phrase_cheaper(founded, ada):
    row = practices.get(ada.who.practice)
    row.argon2_memory_kib, row.argon2_passes = 8, 1
    row.save()
    founded.client.change_passphrase(ada.token, old=PASSPHRASE, new=SECOND_PASSPHRASE)

    from arkanum.guard.people import cost_of

    assert cost_of(founded.guard.opened[ada.who.practice].site, ada.who.practice).memory_kib == 64
    assert ada.sign_in(passphrase=SECOND_PASSPHRASE)


def test_impossible_open_columns_stop_no_sign_in(founded, ada, emil):
    row = practices.get(ada.who.practice)
    row.argon2_lanes = 0
    row.save()

    assert ada.sign_in()
    with pytest.raises(SignInRefused):
        emil.client.sign_in(device_secret=emil.device_secret, login="ada", passphrase="x")


def test_a_sealed_practice_tells_nobody_anything(founded, ada):
    ada.sign_out()

    with pytest.raises(PracticeSealed):
        founded.client.staff(ada.token)
