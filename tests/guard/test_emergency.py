# SPDX-License-Identifier: MPL-2.0
"""Break glass: one chart, half an hour, a reason, and an alarm before any key."""

import pytest

from arkanum.charts import patients, records
from arkanum.guard import Action, Ring, Role, escrow
from arkanum.guard.emergency import LASTS_SECONDS
from arkanum.guard.errors import (
    EmergencyOnly,
    LogBroken,
    NobodyHolds,
    NotFound,
    ReasonMissing,
    Refused,
)
from arkanum.guard.house import ALARM
from arkanum.storage import rings
from arkanum.storage.models import Wall
from tests.cast import Clock, found, in_process, master_data, new_patient, note
from tests.guard.test_walls import COMMUNITY, build

pytestmark = pytest.mark.postgresql

WHY = "Patientin bewusstlos, Allergien unklar"


def break_glass(colleague, patient, reason=WHY):
    colleague.client.break_glass(colleague.token, patient, reason=reason)


@pytest.fixture
def greta(founded):
    return founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)


@pytest.fixture
def walled(ada, dora):
    """Dora, behind a wall through which others come in an emergency."""
    ada.client.put_behind(ada.token, dora, build(ada, emergency=True))
    return dora


def test_an_assistant_reads_and_writes_one_chart_in_an_emergency(ada, cora, dora):
    other = new_patient(ada, "Vogel")
    with pytest.raises(EmergencyOnly):
        cora.grant(Action.READ_CHART, dora)

    break_glass(cora, dora)

    assert cora.chart(dora).entries
    assert cora.write(dora, "Adrenalin gegeben")
    for action in (Action.READ_CHART, Action.WRITE_CHART):
        with pytest.raises(EmergencyOnly):
            cora.grant(action, other)
    for action in (Action.WALL_PATIENT, Action.IMPORT_RECORDS):
        with pytest.raises(Refused):
            cora.grant(action, dora)
    assert "bewusstlos" not in str(ada.client.verify_log(ada.token).alarms)


def test_the_alarm_stands_in_the_log_before_any_key_with_the_reason(ada, cora, dora):
    break_glass(cora, dora)
    cora.chart(dora)

    lines = ada.client.read_log(ada.token, patient=dora, person=cora.person).lines
    assert [(line.what, line.outcome) for line in reversed(lines)] == [("break_glass", ALARM), ("read_chart", "ok")]
    assert lines[-1].detail == WHY
    assert any("Notfallzugriff" in alarm for alarm in ada.client.verify_log(ada.token).alarms)


def test_without_a_log_line_no_glass_is_broken(founded, cora, dora, monkeypatch):
    def full(*_, **__):
        raise LogBroken

    with monkeypatch.context() as disk:
        disk.setattr(founded.guard.logs[cora.who.practice], "append", full)
        with pytest.raises(LogBroken):
            break_glass(cora, dora)

    with pytest.raises(EmergencyOnly):
        cora.grant(Action.READ_CHART, dora)


def test_it_lasts_half_an_hour(own_rows):
    clock = Clock()
    founded = found(in_process(own_rows, clock=clock.now))
    cora, dora = founded.add("Cora Feddersen", "cora", Role.ASSISTANT), new_patient(founded.ada)
    break_glass(cora, dora)

    clock.go(LASTS_SECONDS - 1)
    assert cora.grant(Action.READ_CHART, dora).has(Ring.TREATMENT)
    assert dora in founded.client.who(cora.token).emergencies
    clock.go(2)
    with pytest.raises(EmergencyOnly):
        cora.grant(Action.READ_CHART, dora)
    assert founded.client.who(cora.token).emergencies == {}
    founded.guard.close()


def test_it_ends_with_the_session(cora, dora):
    break_glass(cora, dora)

    with pytest.raises(EmergencyOnly):
        cora.sign_in().grant(Action.READ_CHART, dora)


@pytest.mark.parametrize("reason", ["", "   ", "Notfall", "a b", "xxxxxxxxxxxxxxxxx"])
def test_a_reason_is_a_few_words(cora, dora, reason):
    with pytest.raises(ReasonMissing):
        break_glass(cora, dora, reason)
    with pytest.raises(EmergencyOnly):
        cora.grant(Action.READ_CHART, dora)


def test_a_long_reason_is_cut(ada, cora, dora):
    break_glass(cora, dora, "nicht ansprechbar " * 50)

    assert len(ada.client.read_log(ada.token, person=cora.person).lines[0].detail) == 200


def test_only_those_who_work_with_patients_break_the_glass(founded, ada, dan, tilda, rita, dora):
    bea = founded.add("Bea Behrens", "bea", Role.BILLING)

    for other in (dan, tilda, rita, bea):
        with pytest.raises(Refused):
            break_glass(other, dora)
        with pytest.raises(Refused) as refusal:
            other.grant(Action.READ_CHART, dora)
        assert type(refusal.value) is Refused


def test_a_patient_of_nowhere_is_not_found(cora):
    with pytest.raises(NotFound):
        break_glass(cora, cora.person)


def test_it_counts_as_a_release(founded, cora, dora):
    break_glass(cora, dora)

    assert founded.guard.opened[cora.who.practice].brake.patients_within(cora.person, 60) == 1


def test_a_chart_that_nobody_has_opened_yet_is_made(cora):
    patient = patients.new(cora.client, cora.token, master_data("Vogel"))

    break_glass(cora, patient)

    assert records.write(cora.client, cora.grant(Action.WRITE_CHART, patient), note("Erstversorgung"))


def test_without_anybody_who_treats_there_is_no_key(founded, ada, cora, dora):
    ada.sign_out()
    cora = cora.sign_in()

    with pytest.raises(NobodyHolds):
        break_glass(cora, dora)
    with pytest.raises(EmergencyOnly):
        cora.grant(Action.READ_CHART, dora)
    told = ada.client.read_log(ada.sign_in().token, person=cora.person).lines
    assert ("break_glass", "nobody_holds") in {(line.what, line.outcome) for line in told}


# --- through a wall --------------------------------------------------------------------------------------------------


def test_the_locum_on_call_comes_through_while_the_therapist_is_away(ada, ben, walled):
    with pytest.raises(EmergencyOnly):
        ben.grant(Action.READ_CHART, walled)
    ada.sign_out()

    break_glass(ben, walled)

    assert ben.chart(walled).entries
    assert ben.write(walled, "Krise, Einweisung")
    assert len(ada.sign_in().chart(walled).entries) == 2


def test_nobody_comes_through_a_wall_whose_members_let_nobody_in(ada, ben, cora, dora):
    ada.client.put_behind(ada.token, dora, build(ada))

    for other in (ben, cora):
        with pytest.raises(Refused) as refusal:
            break_glass(other, dora)
        assert type(refusal.value) is Refused
        with pytest.raises(Refused) as refusal:
            other.grant(Action.READ_CHART, dora)
        assert refusal.type in {Refused, EmergencyOnly}


def test_the_way_in_outlives_every_rotation(ada, ben, greta, walled):
    wall = Wall.objects.get().ring
    ada.client.join_wall(ada.token, wall=wall, person=greta.person)

    ada.client.leave_wall(ada.token, wall=wall, person=greta.person)
    ada.client.leave(ada.token, greta.person)
    ada.sign_out()

    assert max(key.generation for key in rings.ring_keys(ben.who.practice) if key.ring == wall) == 2
    assert max(key.generation for key in rings.ring_keys(ben.who.practice) if key.ring == Ring.TREATMENT) == 2
    break_glass(ben, walled)
    assert ben.chart(walled).entries


def test_the_treatment_ring_alone_opens_the_escrow_and_no_other_ring_does(founded, ada, walled):
    practice, row = founded.guard.opened[ada.who.practice], Wall.objects.get()
    opened = {ring: escrow.withdraw(keys, row) for ring, keys in practice.rings.items()}

    assert {ring for ring, keys in opened.items() if keys is not None} == {Ring.TREATMENT}


def test_where_members_let_nobody_in_nothing_opens_the_escrow(founded, ada, dora):
    build(ada)
    practice, row = founded.guard.opened[ada.who.practice], Wall.objects.get()

    assert all(escrow.withdraw(keys, row) is None for keys in practice.rings.values())


def test_a_doctor_of_the_same_rooms_comes_through_as_well(ada, greta):
    build(ada, "Praxis Lovelace", COMMUNITY, emergency=True)
    patient = new_patient(ada, "Sommer")

    break_glass(greta, patient)

    assert greta.grant(Action.READ_CHART, patient).has(Ring.DESK)
