# SPDX-License-Identifier: MPL-2.0
"""The brake at work in the guard: pass phrase, second person, restart, imports and alarms."""

from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest

from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.guard import Action
from arkanum.guard.errors import NotFound, PracticeSealed, SecondPerson, SignInRefused, StepUp
from arkanum.guard.house import ALARM
from tests.cast import Clock, in_process, master_data, restarted
from tests.guard.brakes import lines, opened, practice_of, taken_in

pytestmark = pytest.mark.postgresql


@pytest.fixture
def patients(ada):
    return taken_in(ada, 70)


def test_the_pass_phrase_lets_a_person_go_on_where_they_were(ada, patients):
    assert opened(ada, patients) == (24, StepUp)

    ada.client.prove(ada.token, passphrase=ada.passphrase)

    assert opened(ada, patients[24:]) == (6, SecondPerson)


def test_a_wrong_pass_phrase_changes_nothing(ada, patients):
    opened(ada, patients)
    with pytest.raises(SignInRefused):
        ada.client.prove(ada.token, passphrase="etwas anderes")

    assert opened(ada, patients[24:]) == (0, StepUp)


def test_the_open_chart_can_be_written_while_the_brake_holds(ada, patients):
    assert opened(ada, patients) == (24, StepUp)

    ada.write(patients[3], "weiter im Text")

    assert len(ada.chart(patients[3]).entries) == 1


def test_a_colleague_agrees_at_the_same_device(ada, ben, patients):
    opened(ada, patients)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])

    ada.client.vouch(ada.token, login="ben", passphrase=ben.passphrase)

    assert opened(ada, patients[30:]) == (15, SecondPerson)
    assert [line.detail for line in lines(ada, "second_person")] == [f"{ada.person} {ben.person}"]


def test_a_colleague_agrees_at_their_own_screen(ada, ben, patients):
    opened(ada, patients)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])
    (wish,) = ben.client.wishes(ben.token).wishes
    assert wish.name == "Dr. Ada Lovelace"

    ben.client.agree(ben.token, wish.wish, passphrase=ben.passphrase)

    assert opened(ada, patients[30:])[0] == 15
    assert ada.client.wishes(ada.token).wishes == ()


def test_nobody_agrees_with_themselves(ada, ben, patients):
    opened(ada, patients)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])
    second = ada.sign_in()
    (wish,) = ben.client.wishes(ben.token).wishes

    with pytest.raises(SignInRefused):
        ada.client.vouch(ada.token, login="ada", passphrase=ada.passphrase)
    with pytest.raises(NotFound):
        second.client.agree(second.token, wish.wish, passphrase=ada.passphrase)
    assert opened(ada, patients[30:]) == (0, SecondPerson)


def test_only_who_may_treat_agrees(ada, cora, dan, patients):
    for colleague in (cora, dan):
        with pytest.raises(SignInRefused):
            ada.client.vouch(ada.token, login=colleague.login, passphrase=colleague.passphrase)


def test_an_agreement_needs_the_colleagues_pass_phrase(ada, ben, patients):
    opened(ada, patients)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])
    (wish,) = ben.client.wishes(ben.token).wishes

    with pytest.raises(SignInRefused):
        ben.client.agree(ben.token, wish.wish, passphrase=ada.passphrase)
    with pytest.raises(SignInRefused):
        ada.client.vouch(ada.token, login="niemand", passphrase=ben.passphrase)


def test_the_guard_counts_on_after_a_restart(founded, ada, patients):
    opened(ada, patients)

    again = restarted(founded).ada.sign_in()

    assert opened(again, patients[24:]) == (0, StepUp)


def test_the_guard_counts_on_after_everybody_signed_out(founded, ada, patients):
    opened(ada, patients)
    ada.sign_out()
    with pytest.raises(PracticeSealed):
        opened(ada, patients)

    assert opened(ada.sign_in(), patients[24:]) == (0, StepUp)


def test_a_damaged_count_is_an_alarm_and_keeps_nobody_out(founded, ada, patients):
    opened(ada, patients[:3])
    path = founded.guard.brake_path(ada.who.practice)
    founded.guard.close()
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)

    again = restarted(replace(founded, guard=in_process(founded.folder))).ada.sign_in()

    assert [line.outcome for line in lines(again, "brake_damaged")] == [ALARM]
    assert opened(again, patients[:3]) == (3, None)


def test_what_was_counted_lies_sealed(founded, ada, patients):
    opened(ada, patients[:3])

    raw = founded.guard.brake_path(ada.who.practice).read_bytes()

    for known in (ada.person, *patients[:3]):
        assert known.bytes not in raw
        assert str(known).encode() not in raw


def test_the_day_is_forgotten_by_the_practices_clock(own_rows, client, founded, ada, patients):
    clock = Clock()
    founded.guard.clock = clock.now
    opened(ada, patients)
    clock.go(25 * 60 * 60)

    assert opened(ada, patients[24:])[0] == 24


def test_asking_on_past_the_brake_is_an_alarm(ada, patients):
    opened(ada, patients)

    for patient in patients[24:60]:
        opened(ada, [patient])

    assert [line.outcome for line in lines(ada, "brake")] == ["step_up"]
    assert [line.outcome for line in lines(ada, "brake_pressed")] == [ALARM]


def test_the_limit_is_an_alarm(ada, patients):
    opened(ada, patients)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])

    assert [line.outcome for line in lines(ada, "brake_limit")] == [ALARM]


def test_asking_for_ids_that_nobody_has_is_an_alarm_and_counts(ada, patients):
    for _ in range(24):
        with pytest.raises(NotFound):
            ada.grant(Action.READ_CHART, uuid4())

    assert len(lines(ada, "unknown_ids")) == 2
    assert opened(ada, patients) == (0, StepUp)


def test_who_is_braked_does_not_learn_which_ids_there_are(ada, patients):
    opened(ada, patients)

    for one in (patients[40], uuid4()):
        with pytest.raises(StepUp):
            ada.grant(Action.READ_CHART, one)


def test_an_import_of_new_patients_never_meets_the_brake(ada):
    for _ in range(3):
        assert len(taken_in(ada, 100)) == 100


def test_a_batch_that_comes_again_after_a_crash_is_not_braked(ada):
    moves = [Move(PatientId(new_id()), master_data(f"Muster{number}"), ()) for number in range(100)]
    move_in(ada.client, ada.token, moves)

    assert move_in(ada.client, ada.token, moves).patients == 0


def test_an_import_into_many_charts_that_are_here_needs_the_pass_phrase(founded, ada, patients):
    ben = founded.add("Dr. Berta Brandt", "berta", ada.who.role)
    with pytest.raises(StepUp):
        ben.client.permit_batch(ben.token, Action.IMPORT_RECORDS, patients=patients)

    ben.client.prove(ben.token, passphrase=ben.passphrase)

    assert len(ben.client.permit_batch(ben.token, Action.IMPORT_RECORDS, patients=patients)) == 70


def test_a_thousand_sessions_that_end_leave_no_wish_behind(ada, ben, patients):
    opened(ada, patients)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])
    ada.sign_out()

    assert ben.client.wishes(ben.token).wishes == ()


def test_many_at_the_same_moment_do_not_slip_past(ada, patients):
    from tests.cast import at_the_same_time

    got = []

    def ask(patient):
        with suppress(StepUp, SecondPerson):
            got.append(ada.grant(Action.READ_PATIENT, patient))

    at_the_same_time(*(lambda one=one: ask(one) for one in patients[:40]))

    assert len(got) == 24
    assert practice_of(ada).brake.patients_within(ada.person, 600) == 24


def test_a_job_begun_after_the_pass_phrase_may_add_to_many_charts(founded, ada, patients):
    berta = founded.add("Dr. Berta Brandt", "berta", ada.who.role)
    with pytest.raises(StepUp):
        berta.client.require_proof(berta.token)
    berta.client.prove(berta.token, passphrase=berta.passphrase)
    berta.client.require_proof(berta.token)

    job = berta.client.begin_job(berta.token)

    assert len(berta.client.permit_batch(job, Action.IMPORT_RECORDS, patients=patients)) == 70
