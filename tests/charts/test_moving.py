# SPDX-License-Identifier: MPL-2.0
"""Moving in: everything arrives once, however often it comes."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connections

from arkanum.charts import chain, patients
from arkanum.charts.errors import PatientTwice
from arkanum.charts.moving import Move, Moved, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.core.origins import Origin
from arkanum.guard import Action
from arkanum.guard.errors import Refused
from arkanum.storage.models import Chart, Record
from tests.cast import master_data, note

pytestmark = pytest.mark.postgresql


def imported(text, fingerprint=None):
    return replace(
        note(text), origin=Origin(source="BDT", file="0" * 32, record=fingerprint or f"f {text}", lines=(1, 2))
    )


def arriving(*texts, last="Neumann"):
    entries = tuple(imported(text, f"f {last} {text}") for text in texts)
    return Move(PatientId(new_id()), master_data(last, number=f"nr {last}"), entries)


def move(colleague, *moves):
    return move_in(colleague.client, colleague.token, moves)


def texts(colleague, patient):
    view = colleague.chart(patient)
    assert view.damaged == ()
    return sorted(line.entry.content.text for line in view.entries)


def test_an_empty_batch_asks_for_nothing(ada):
    lines = len(ada.client.read_log(ada.token).lines)

    assert move(ada) == Moved(0, 0, 0)

    assert not Chart.objects.exists()
    assert len(ada.client.read_log(ada.token).lines) == lines + 1  # the one for looking


def test_new_patients_arrive_with_their_entries_and_are_found(ada):
    neumann, okoro = arriving("eins", "zwei"), arriving(last="Okoro")

    assert move(ada, neumann, okoro) == Moved(2, 2, 0)

    assert texts(ada, neumann.patient_id) == ["eins", "zwei"]
    assert texts(ada, okoro.patient_id) == []
    for last in ("Neumann", "Okoro"):
        assert [hit.card.number for hit in ada.client.search(ada.token, last).hits] == [f"nr {last}"]


def test_master_data_say_who_moved_them_in_and_entries_who_wrote_them(ada):
    before = datetime.now(UTC)
    author, written = UUID(int=7), datetime(1999, 5, 1, tzinfo=UTC)
    patient = arriving()
    patient = replace(patient, entries=(replace(imported("alt"), by=author, written=written),))

    move(ada, patient)

    file = patients.read(ada.grant(Action.READ_PATIENT, patient.patient_id))
    assert (file.version, file.patient.by) == (1, ada.person)
    assert file.patient.written >= before
    (line,) = ada.chart(patient.patient_id).entries
    assert (line.entry.by, line.entry.written, line.entry.origin.source) == (author, written, "BDT")


def test_a_known_patient_keeps_their_master_data_and_gets_what_is_new(ada, dora):
    assert move(ada, Move(dora, None, (imported("alt"),))) == Moved(0, 1, 0)
    assert move(ada, Move(dora, None, (imported("alt"), imported("neu")))) == Moved(0, 1, 1)

    assert texts(ada, dora) == ["Zustand nach Sturz", "alt", "neu"]
    assert [file.version for file in patients.versions(ada.grant(Action.READ_PATIENT, dora))] == [1]


def test_the_same_batch_after_a_crash_writes_nothing_twice(ada):
    batch = [arriving("eins", "zwei"), arriving("drei", last="Okoro")]
    move(ada, *batch)
    rows = Record.objects.count()

    assert move(ada, *batch) == Moved(0, 0, 3)

    assert Record.objects.count() == rows
    assert texts(ada, batch[0].patient_id) == ["eins", "zwei"]


def test_a_crash_in_the_middle_of_a_batch_leaves_nothing_of_it(ada, monkeypatch):
    batch = [arriving("eins"), arriving("zwei", last="Okoro")]

    def power_cut(*_args, **_options):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Record.objects, "bulk_create", power_cut)
        with pytest.raises(SystemExit):
            move(ada, *batch)

    assert not Record.objects.exists()
    assert not Chart.objects.filter(length__gt=0).exists()
    assert move(ada, *batch) == Moved(2, 2, 0)
    assert texts(ada, batch[0].patient_id) == ["eins"]


def test_a_second_batch_goes_on_where_the_first_one_ended(ada):
    first = arriving("eins")
    move(ada, first)

    assert move(ada, replace(first, entries=(imported("zwei"),)), arriving("drei", last="Okoro")) == Moved(1, 2, 0)

    assert texts(ada, first.patient_id) == ["eins", "zwei"]
    assert ada.client.verify_log(ada.token).alarms == ()


def test_the_same_fingerprint_twice_in_a_batch_arrives_once(ada):
    patient = replace(arriving(), entries=(imported("eins", "f"), imported("eins", "f"), imported("eins", "g")))

    assert move(ada, patient) == Moved(1, 2, 1)


def test_what_has_no_origin_is_never_taken_for_known(ada):
    patient = replace(arriving(), entries=(note("eins"), note("eins")))

    assert move(ada, patient) == Moved(1, 2, 0)


def test_a_struck_entry_does_not_come_back(ada, dora):
    move(ada, Move(dora, None, (imported("falsch"),)))
    line = next(line for line in ada.chart(dora).entries if line.entry.origin)
    grant = ada.grant(Action.WRITE_CHART, dora)
    struck = replace(line.entry, struck="gehört Erna")
    chain.append(grant, "treatment", [chain.Draft(line.record, 2, struck)])

    assert move(ada, Move(dora, None, (imported("falsch"),))) == Moved(0, 0, 1)


def test_a_patient_twice_in_a_batch_is_refused_before_one_of_them_is_lost(ada, dora):
    with pytest.raises(PatientTwice):
        move(ada, Move(dora, None, (imported("eins"),)), Move(dora, None, (imported("zwei"),)))

    assert texts(ada, dora) == ["Zustand nach Sturz"]


def test_two_imports_of_one_file_at_the_same_moment_write_it_once(ada, ben):
    batch = [arriving(*(f"{number}" for number in range(20)), last=f"Neu {last}") for last in range(5)]
    ready, outcomes = threading.Barrier(2), []

    def run(colleague):
        try:
            ready.wait(10)
            outcomes.append(move(colleague, *batch))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(who,)) for who in (ada, ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(outcomes, key=lambda moved: moved.known) == [Moved(5, 100, 0), Moved(0, 0, 100)]
    for one in batch:
        assert len(texts(ada, one.patient_id)) == 20


def test_the_desk_moves_nothing_in(cora):
    with pytest.raises(Refused):
        move(cora, arriving("eins"))

    assert not Record.objects.exists()
