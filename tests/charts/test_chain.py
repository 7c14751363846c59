# SPDX-License-Identifier: MPL-2.0
"""The chain of a chart: what somebody without the key removes, adds, swaps or replays is shown, and never skipped."""

import threading
from dataclasses import replace

import pytest
from django.db import connections

from arkanum.charts import chain, patients, records
from arkanum.charts.chain import Draft
from arkanum.charts.errors import Conflict, NoSuchRecord, RecordDamaged
from arkanum.charts.moving import Move, move_in
from arkanum.core import codec
from arkanum.core.ids import PatientId, new_id
from arkanum.core.origins import Origin
from arkanum.core.patients import Name
from arkanum.guard import Action, Ring
from arkanum.guard.errors import NotFound, Refused
from arkanum.guard.places import record_place
from arkanum.storage import charts
from arkanum.storage.errors import VersionTaken
from arkanum.storage.models import Chart, Record
from arkanum.vault import Key, Tampered, seal
from tests.cast import master_data, new_patient, note

pytestmark = pytest.mark.postgresql


@pytest.fixture
def chart(ada, dora):
    """Dora's chart with three entries."""
    ada.write(dora, "zwei")
    ada.write(dora, "drei")
    return charts.chart(ada.who.practice, dora, Ring.TREATMENT)


def rows(chart):
    return list(Record.objects.filter(chart=chart).order_by("number"))


def shown(ada, dora):
    view = ada.chart(dora)
    return [line.entry.content.text for line in view.entries], [damage.reason for damage in view.damaged]


def test_an_untouched_chart_is_whole(ada, dora, chart):
    texts, damage = shown(ada, dora)

    assert sorted(texts) == ["Zustand nach Sturz", "drei", "zwei"]
    assert damage == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_row_is_shown(ada, dora, chart, number):
    Record.objects.filter(chart=chart, number=number).delete()

    texts, damage = shown(ada, dora)
    assert len(texts) == 2
    assert len(damage) == 1


def test_a_last_row_removed_together_with_the_length_is_shown(ada, dora, chart):
    Record.objects.filter(chart=chart, number=3).delete()
    Chart.objects.filter(pk=chart.pk).update(length=2)

    assert shown(ada, dora)[1]


def test_two_swapped_rows_are_shown(ada, dora, chart):
    first, second, _ = rows(chart)
    for row, number in ((first, 90), (second, 1), (first, 2)):
        Record.objects.filter(pk=row.pk).update(number=number)

    assert shown(ada, dora)[1]


def test_two_swapped_bodies_do_not_open(ada, dora, chart):
    first, second, third = rows(chart)
    Record.objects.filter(pk=first.pk).update(body=second.body)
    Record.objects.filter(pk=second.pk).update(body=first.body)

    texts, damage = shown(ada, dora)
    assert len(texts) == 1
    assert len(damage) == 3
    assert {d.record for d in ada.chart(dora).damaged} == {None, first.record_id, second.record_id}
    assert third.record_id not in {d.record for d in ada.chart(dora).damaged}


def test_a_row_of_another_patient_does_not_open(ada, dora, chart):
    other = new_patient(ada, "Meier")
    ada.write(other, "fremder Befund")
    foreign = rows(charts.chart(ada.who.practice, other, Ring.TREATMENT))[0]
    Record.objects.filter(pk=foreign.pk).update(chart=chart, number=4)

    texts, damage = shown(ada, dora)
    assert "fremder Befund" not in texts
    assert len(damage) == 2
    assert shown(ada, other)[1]


def test_a_row_of_the_other_ring_does_not_open(ada, dora, chart):
    desk = rows(charts.chart(ada.who.practice, dora, Ring.DESK))[0]
    Record.objects.filter(pk=rows(chart)[0].pk).update(body=desk.body)

    assert len(shown(ada, dora)[1]) == 2


def test_an_added_row_under_a_foreign_key_does_not_open(ada, dora, chart):
    record = new_id()
    body = seal(Key.new(), record_place(chart.id, record, 1), codec.encode(note("erfunden")))
    Record.objects.create(
        id=new_id(), chart=chart, number=4, record_id=record, version=1, log_no=1, sequence=1, body=body
    )

    texts, damage = shown(ada, dora)
    assert "erfunden" not in texts
    assert len(damage) == 2


def test_a_correction_that_was_taken_back_is_shown(ada, dora, chart):
    line = ada.write(dora, "falsch")
    grant = ada.grant(Action.WRITE_CHART, dora)
    before = charts.chart(ada.who.practice, dora, Ring.TREATMENT)
    records.correct(ada.client, grant, line.record, 1, note("richtig"))

    Record.objects.filter(record_id=line.record, version=2).delete()
    assert shown(ada, dora)[1]

    # With the old head and the old length put back the chart looks whole: that is a rollback of one chart, and it is
    # the log that tells of it.
    Chart.objects.filter(pk=before.pk).update(head=before.head, length=before.length)
    assert any("entfernt" in alarm for alarm in ada.client.verify_log(ada.token).alarms)


def test_a_changed_line_number_or_version_is_shown(ada, dora, chart):
    Record.objects.filter(chart=chart, number=1).update(log_no=4711)
    assert shown(ada, dora)[1]

    Record.objects.filter(chart=chart, number=2).update(version=7)
    assert len(shown(ada, dora)[1]) == 2


def test_a_head_of_another_chart_does_not_open(ada, dora, chart):
    other = charts.chart(ada.who.practice, new_patient(ada, "Meier"), Ring.DESK)
    Chart.objects.filter(pk=chart.pk).update(head=other.head)

    assert shown(ada, dora)[1]
    with pytest.raises(Tampered):
        ada.write(dora, "darauf wird nicht gebaut")


def test_a_record_of_a_kind_nobody_knows_is_shown_as_damage(ada, dora, chart):
    key = ada.grant(Action.READ_CHART, dora).key(Ring.TREATMENT)
    row = rows(chart)[0]
    Record.objects.filter(pk=row.pk).update(
        body=seal(key, record_place(chart.id, row.record_id, 1), b"\x93\xa1x\x01\x90")
    )

    assert len(shown(ada, dora)[1]) == 2


def test_a_chart_that_does_not_exist_is_empty_and_takes_nothing(ada, cora, dora):
    grant = ada.grant(Action.READ_CHART, dora)
    Chart.objects.filter(patient_id=dora, ring=Ring.TREATMENT).update(ring="weg")

    assert chain.read(grant, Ring.TREATMENT) == ([], [])
    with pytest.raises(NotFound):
        chain.append(grant, Ring.TREATMENT, [Draft(new_id(), 1, note("x"))])


# --- versions and conflicts ------------------------------------------------------------------------------------------


def test_a_correction_keeps_the_original_with_who_and_when(ada, ben, dora):
    line = ada.write(dora, "Verdacht auf Borreliose")

    records.correct(ben.client, ben.grant(Action.WRITE_CHART, dora), line.record, 1, note("Erysipel"))

    newest, original = records.history(ada.grant(Action.READ_CHART, dora), line.record)
    assert (original.entry.content.text, original.entry.by) == ("Verdacht auf Borreliose", ada.person)
    assert (newest.entry.content.text, newest.entry.by, newest.version) == ("Erysipel", ben.person, 2)
    assert original.entry.written <= newest.entry.written
    assert [one.versions for one in ada.chart(dora).entries if one.record == line.record] == [2]


def test_the_second_to_correct_sees_what_changed_and_overwrites_nothing(ada, ben, dora):
    line = ada.write(dora, "eins")
    records.correct(ada.client, ada.grant(Action.WRITE_CHART, dora), line.record, 1, note("zwei"))

    with pytest.raises(Conflict) as conflict:
        records.correct(ben.client, ben.grant(Action.WRITE_CHART, dora), line.record, 1, note("auch zwei"))

    assert conflict.value.current.entry.content.text == "zwei"
    assert str(conflict.value) == ""
    assert len(records.history(ada.grant(Action.READ_CHART, dora), line.record)) == 2


def test_whoever_loses_the_race_itself_gets_the_same_conflict(ada, dora, monkeypatch):
    line = ada.write(dora, "eins")
    grant = ada.grant(Action.WRITE_CHART, dora)
    intact, raced = records._intact, []

    def slowly(grant, record):
        found = intact(grant, record)
        if not raced:
            raced.append(True)
            records.correct(ada.client, ada.grant(Action.WRITE_CHART, dora), record, 1, note("schneller"))
        return found

    monkeypatch.setattr(records, "_intact", slowly)
    with pytest.raises(Conflict) as conflict:
        records.correct(ada.client, grant, line.record, 1, note("zu spät"))
    assert conflict.value.current.entry.content.text == "schneller"


def test_a_record_that_is_not_there_is_not_corrected(ada, dora):
    with pytest.raises(NoSuchRecord):
        records.correct(ada.client, ada.grant(Action.WRITE_CHART, dora), new_id(), 1, note("x"))


def test_an_entry_struck_out_stays_readable_with_its_reason(ada, dora):
    line = ada.write(dora, "beim falschen Patienten")

    records.strike(ada.client, ada.grant(Action.WRITE_CHART, dora), line.record, 1, "  falscher Patient ")

    struck = next(one for one in ada.chart(dora).entries if one.record == line.record)
    assert (struck.entry.struck, struck.entry.content.text) == ("falscher Patient", "beim falschen Patienten")
    records.strike(ada.client, ada.grant(Action.WRITE_CHART, dora), line.record, 2, " ")
    assert records.history(ada.grant(Action.READ_CHART, dora), line.record)[0].entry.struck == "-"


def test_two_who_write_at_once_both_find_their_entries(ada, ben, dora):
    failures = []

    def write(colleague, name):
        try:
            for number in range(8):
                colleague.write(dora, f"{name} {number}")
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(who, name)) for who, name in ((ada, "ada"), (ben, "ben"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    texts, damage = shown(ada, dora)
    assert failures == []
    assert damage == []
    assert len(texts) == 17
    assert ada.client.verify_log(ada.token).alarms == ()


def test_two_who_correct_the_same_version_at_once_have_one_winner(ada, ben, dora):
    line = ada.write(dora, "eins")
    outcomes = []
    ready = threading.Barrier(2)

    def correct(colleague):
        try:
            grant = colleague.grant(Action.WRITE_CHART, dora)
            ready.wait(10)
            records.correct(colleague.client, grant, line.record, 1, note(colleague.login))
            outcomes.append("written")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=correct, args=(who,)) for who in (ada, ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict", "written"]
    assert shown(ada, dora)[1] == []


# --- master data -----------------------------------------------------------------------------------------------------


def test_master_data_have_versions_too(ada, cora, dora):
    grant = cora.grant(Action.WRITE_PATIENT, dora)
    file = patients.read(grant)
    married = replace(file.patient, name=Name(first="Dora", last="Müller-Öztürk"))

    patients.write(cora.client, grant, married, file.version)

    newest, original = patients.versions(ada.grant(Action.READ_PATIENT, dora))
    assert (newest.version, newest.patient.name.last, newest.patient.by) == (2, "Müller-Öztürk", cora.person)
    assert (original.version, original.patient.name.last, original.patient.by) == (1, "Müller", ada.person)
    assert ada.client.search(ada.token, "öztürk").hits


def test_the_second_to_save_master_data_sees_what_changed(ada, cora, dora):
    grant = ada.grant(Action.WRITE_PATIENT, dora)
    file = patients.read(grant)
    patients.write(ada.client, grant, replace(file.patient, desk_note="eins"), 1)

    with pytest.raises(Conflict) as conflict:
        patients.write(cora.client, cora.grant(Action.WRITE_PATIENT, dora), replace(file.patient, desk_note="zwei"), 1)
    assert conflict.value.current.patient.desk_note == "eins"


def test_whoever_loses_the_race_for_master_data_gets_the_same_conflict(ada, dora, monkeypatch):
    grant = ada.grant(Action.WRITE_PATIENT, dora)
    file = patients.read(grant)

    def taken(*_):
        monkeypatch.undo()
        patients.write(
            ada.client, ada.grant(Action.WRITE_PATIENT, dora), replace(file.patient, desk_note="schneller"), 1
        )
        raise VersionTaken

    monkeypatch.setattr(chain, "append", taken)
    with pytest.raises(Conflict) as conflict:
        patients.write(ada.client, grant, file.patient, 1)
    assert conflict.value.current.patient.desk_note == "schneller"


def test_damaged_master_data_are_not_shown_as_if_they_were_whole(ada, dora):
    Record.objects.filter(record_id=dora).update(log_no=4711)

    with pytest.raises(RecordDamaged):
        patients.read(ada.grant(Action.READ_PATIENT, dora))


def test_a_desk_chart_without_master_data_is_no_patient(ada):
    patient = new_id()
    grant = ada.grant(Action.NEW_PATIENT, patient)

    with pytest.raises(NoSuchRecord):
        patients.read(grant)


def test_a_patient_gets_a_number_or_keeps_their_own(ada):
    given = patients.new(ada.client, ada.token, master_data())
    own = patients.new(ada.client, ada.token, master_data(number="4711"))

    assert len(patients.read(ada.grant(Action.READ_PATIENT, given)).patient.number) == 6
    assert patients.read(ada.grant(Action.READ_PATIENT, own)).patient.number == "4711"


def test_who_wrote_it_is_who_is_signed_in_whatever_the_caller_says(ada, ben, dora):
    forged = replace(note("x"), by=ben.person)

    line = records.write(ada.client, ada.grant(Action.WRITE_CHART, dora), forged)

    assert line.entry.by == ada.person


def test_the_desk_writes_no_chart(cora, dora):
    with pytest.raises(Refused):
        records.write(cora.client, cora.grant(Action.WRITE_PATIENT, dora), note("x"))


# --- moving in -------------------------------------------------------------------------------------------------------


def test_what_is_moved_in_twice_stands_once(ada):
    patient = PatientId(new_id())
    entry = replace(note("Anamnese"), origin=Origin(source="BDT", file="0" * 32, record="f1", lines=(1, 2)))
    own = note("ohne Herkunft")

    first = move_in(ada.client, ada.token, [Move(patient, master_data(), (entry, entry, own))])
    again = move_in(ada.client, ada.token, [Move(patient, None, (entry,))])

    assert (first.patients, first.entries, first.known) == (1, 2, 1)
    assert (again.patients, again.entries, again.known) == (0, 0, 1)
    assert len(ada.chart(patient).entries) == 2
    assert ada.client.verify_log(ada.token).alarms == ()
