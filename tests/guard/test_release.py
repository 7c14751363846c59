# SPDX-License-Identifier: MPL-2.0
"""Permits, keys, what is filed, and the counting of releases."""

from uuid import uuid4

import pytest

from arkanum.charts import patients, records
from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.guard import Action, Ring, release
from arkanum.guard import protocol as p
from arkanum.guard.errors import AlreadyThere, Damaged, GuardAway, NotFound, PracticeSealed, Refused
from arkanum.guard.founding import new_founding_code
from arkanum.guard.release import LARGEST_BATCH
from arkanum.guard.rings import unwrap_chart_key
from arkanum.guard.sessions import OPEN_WRITES
from arkanum.storage import charts, rings
from arkanum.storage.models import Chart, Epoch
from arkanum.vault import Tampered
from tests.cast import at_the_same_time, found, master_data, new_patient, note

pytestmark = pytest.mark.postgresql


def test_a_permit_carries_the_keys_of_one_patient_and_of_this_actions_rings(founded, ada, dora):
    grant = ada.grant(Action.READ_PATIENT, dora)

    assert grant.has(Ring.DESK)
    assert not grant.has(Ring.TREATMENT)
    with pytest.raises(Refused):
        grant.key(Ring.TREATMENT)
    assert grant.require_patient() == dora
    assert str(grant.key(Ring.DESK).expose()) not in repr(grant)


def test_a_permit_without_a_patient_carries_no_key(ada):
    grant = ada.grant(Action.READ_CHART)

    assert not any(grant.has(ring) for ring in Ring)
    with pytest.raises(Refused):
        grant.require_patient()


def test_two_patients_have_different_keys(ada, dora):
    other = new_patient(ada, "Meier")

    first, second = (ada.grant(Action.READ_CHART, patient) for patient in (dora, other))

    for ring in (Ring.DESK, Ring.TREATMENT):
        assert first.key(ring) != second.key(ring)


def test_each_permit_has_a_log_line_of_its_own(ada, dora):
    assert ada.grant(Action.READ_CHART, dora).log_no < ada.grant(Action.READ_CHART, dora).log_no


def test_whoever_says_new_patient_reads_no_old_one(founded, ada, dora):
    with pytest.raises(AlreadyThere):
        ada.grant(Action.NEW_PATIENT, dora)

    assert founded.client.read_log(ada.token).lines[1].outcome == "refused"


def test_a_wrapped_key_moved_to_another_patient_is_damage(founded, ada, dora):
    other = new_patient(ada, "Meier")
    foreign = charts.chart(ada.who.practice, other, Ring.DESK)
    Chart.objects.filter(patient_id=dora, ring=Ring.DESK).update(key=foreign.key)

    with pytest.raises(Damaged):
        ada.grant(Action.READ_PATIENT, dora)
    assert founded.client.read_log(ada.token, patient=dora).lines[1].outcome == "damaged"


def test_a_wrapped_key_moved_to_another_ring_is_damage(ada, dora):
    treatment = charts.chart(ada.who.practice, dora, Ring.TREATMENT)
    Chart.objects.filter(patient_id=dora, ring=Ring.DESK).update(key=treatment.key)

    with pytest.raises(Damaged):
        ada.grant(Action.READ_PATIENT, dora)


def test_a_chart_row_that_is_gone_opens_another_empty_one_only_for_who_holds_the_ring(ada, cora, dora):
    Chart.objects.filter(patient_id=new_patient(ada, "Meier"), ring=Ring.TREATMENT).delete()

    assert ada.chart(dora).entries


# --- filed -----------------------------------------------------------------------------------------------------------


def test_only_who_was_allowed_to_write_says_that_it_is_written(founded, ada, ben, dora):
    read, write = ada.grant(Action.READ_CHART, dora), ada.grant(Action.WRITE_CHART, dora)
    foreign = ben.grant(Action.WRITE_CHART, dora)
    client = founded.client

    client.filed(write)
    client.filed(write, patients=[dora])
    for token, log_no, about in (
        (ada.token, read.log_no, ()),
        (ada.token, foreign.log_no, ()),
        (ada.token, 10**9, ()),
        (ada.token, write.log_no, (uuid4(),)),
        (ben.token, write.log_no, ()),
    ):
        with pytest.raises(Refused):
            client.ask(p.Filed(token=token, log_no=log_no, patients=about, rows=1), p.Done)


def test_what_is_remembered_of_writes_is_bounded(founded, ada):
    session = founded.guard.sessions.get(ada.token)
    for number in range(OPEN_WRITES + 10):
        session.may_write(number, [])

    assert len(session.writes) == OPEN_WRITES
    assert 0 not in session.writes


# --- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_is_for_moving_in_and_bounded(founded, ada):
    with pytest.raises(NotFound):
        founded.client.permit_batch(ada.token, Action.READ_CHART, patients=[uuid4()])
    with pytest.raises(NotFound):
        founded.client.permit_batch(ada.token, Action.IMPORT_RECORDS, patients=[new_id()] * (LARGEST_BATCH + 1))


def test_the_largest_batch_fits_into_a_question(founded, ada):
    moves = [Move(PatientId(new_id()), master_data(f"M{number}"), ()) for number in range(3)]
    assert move_in(founded.client, ada.token, moves).patients == 3
    assert move_in(founded.client, ada.token, ()).patients == 0
    assert len(founded.client.permit_batch(ada.token, Action.IMPORT_RECORDS, patients=[new_id() for _ in range(500)]))


def test_the_desk_moves_nothing_in(founded, cora):
    with pytest.raises(Refused):
        founded.client.permit_batch(cora.token, Action.IMPORT_RECORDS, patients=[new_id()])


def test_a_patient_of_another_practice_is_not_found(founded, guard, ada, dora):
    new_founding_code(guard)
    harbour = found(guard, name="Praxis am Hafen").ada

    for action in (Action.READ_CHART, Action.WRITE_CHART, Action.READ_PATIENT, Action.WRITE_PATIENT):
        with pytest.raises(NotFound):
            harbour.grant(action, dora)
    assert founded.client.search(harbour.token, "müll").hits == ()
    assert founded.client.cards(harbour.token, [dora]) == ()


# --- rotation beside writing -----------------------------------------------------------------------------------------


def test_charts_made_while_a_ring_is_rotated_are_not_lost(founded, ada):
    made = []
    practice = founded.guard.opened[ada.who.practice]

    def keep_coming():
        made.extend(new_patient(ada, f"Neu{number}") for number in range(12))

    def keep_rotating():
        for _ in range(4):
            with founded.guard.lock:
                founded.guard.rotate(practice, frozenset({Ring.DESK, Ring.TREATMENT}))

    at_the_same_time(keep_coming, keep_rotating)

    for patient in made:
        assert patients.read(ada.grant(Action.READ_PATIENT, patient)).patient
        assert records.write(founded.client, ada.grant(Action.WRITE_CHART, patient), note("x"))
    again = ada.sign_in()
    for patient in made:
        assert again.chart(patient).entries


def test_a_key_read_before_a_rotation_is_read_again(founded, ada, dora, monkeypatch):
    practice = founded.guard.opened[ada.who.practice]
    real, rotated = release.unwrap_chart_key, []

    def rotate_first(epochs, chart):
        if not rotated:
            rotated.append(True)
            founded.guard.rotate(practice, frozenset({Ring.DESK, Ring.TREATMENT}))
            epochs = practice.rings[Ring(chart.ring)].epochs
        return real(epochs, chart)

    monkeypatch.setattr(release, "unwrap_chart_key", rotate_first)

    assert ada.chart(dora).entries


def test_nothing_is_wrapped_under_an_epoch_that_another_server_destroyed(founded, ada):
    Epoch.objects.filter(ring=Ring.DESK).delete()

    with pytest.raises(PracticeSealed):
        ada.grant(Action.NEW_PATIENT, new_id())
    assert not Chart.objects.exists()


def test_a_destroyed_epoch_opens_nothing(founded, ada, dora):
    chart = charts.chart(ada.who.practice, dora, Ring.DESK)
    with pytest.raises(Tampered):
        unwrap_chart_key({}, chart)


def test_a_ring_whose_epoch_is_gone_is_not_held(founded, ada):
    Epoch.objects.filter(ring=Ring.BILLING).delete()

    assert ada.sign_in().who.rings == frozenset(Ring) - {Ring.BILLING}
    assert rings.ring_keys(ada.who.practice)


def test_an_answer_of_another_kind_is_no_answer(founded, ada):
    with pytest.raises(GuardAway):
        founded.client.ask(p.AskWho(token=ada.token), p.State)


def test_a_ring_closed_meanwhile_releases_nothing(founded, ada, dora):
    founded.guard.opened[ada.who.practice].rings.pop(Ring.TREATMENT)

    with pytest.raises(PracticeSealed):
        ada.grant(Action.READ_CHART, dora)
