# SPDX-License-Identifier: MPL-2.0
"""Rows: read by their practice, written once, numbered without gaps that a reader could fall into."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.db.models import ProtectedError

from arkanum.core.ids import new_id
from arkanum.storage import charts, jobs, pages, people, practices, rings
from arkanum.storage.errors import Missing, VersionTaken
from arkanum.storage.models import Chart, ImportJob, Record
from arkanum.vault import Key, Place, seal

pytestmark = pytest.mark.postgresql


def sealed(text=b"x"):
    return seal(Key.new(), Place("t", "c", new_id()), text)


@pytest.fixture
def practice(founded):
    return founded.ada.who.practice


@pytest.fixture
def chart(practice):
    row = Chart(id=new_id(), practice_id=practice, patient_id=new_id(), ring="desk", key=sealed(), head=sealed())
    charts.insert_charts([row])
    return row


def record(chart, number, version=1, record_id=None):
    return Record(
        id=new_id(),
        chart_id=chart.id,
        number=number,
        record_id=record_id or new_id(),
        version=version,
        log_no=1,
        sequence=1,
        body=sealed(),
    )


def append(chart, *records):
    with transaction.atomic():
        charts.append(chart, records, sealed())


def test_the_sequence_rises_only_inside_the_change_it_counts(practice):
    with pytest.raises(transaction.TransactionManagementError):
        practices.next_sequence(practice)
    with transaction.atomic():
        first = practices.next_sequence(practice)
        assert practices.next_sequence(practice, 5) == first + 5
    assert practices.get(practice).sequence == first + 5


def test_whatever_another_practice_asks_for_is_missing(practice, founded):
    foreign = new_id()

    for ask in (
        lambda: practices.get(foreign),
        lambda: people.person(foreign, founded.ada.person),
        lambda: people.remove_device(foreign, founded.ada.who.device),
        lambda: jobs.job(foreign, new_id()),
        lambda: rings.hold_epoch(practice, "desk", 99),
    ):
        with transaction.atomic(), pytest.raises(Missing):
            ask()
    assert people.people(foreign) == ()
    assert people.devices(foreign) == ()
    assert rings.ring_keys(foreign) == ()


def test_records_come_back_in_the_order_they_were_written(chart):
    rows = [record(chart, number) for number in (1, 2, 3)]
    append(chart, *rows)

    assert [row[0] for row in charts.records_of(chart.id)] == [1, 2, 3]
    assert charts.chart(chart.practice_id, chart.patient_id, "desk").length == 3


def test_whoever_appends_to_a_chart_that_grew_meanwhile_writes_nothing(chart):
    stale = charts.chart(chart.practice_id, chart.patient_id, "desk")
    append(chart, record(chart, 1))

    with pytest.raises(VersionTaken):
        append(stale, record(chart, 1))
    assert len(charts.records_of(chart.id)) == 1


def test_the_same_version_twice_is_taken_and_nothing_of_it_stays(chart):
    first = record(chart, 1)
    append(chart, first)
    fresh = charts.chart(chart.practice_id, chart.patient_id, "desk")

    with pytest.raises(VersionTaken):
        append(fresh, record(chart, 2), record(chart, 3, record_id=first.record_id))

    assert len(charts.records_of(chart.id)) == 1
    assert charts.chart(chart.practice_id, chart.patient_id, "desk").length == 1


def test_a_chart_that_another_made_first_stays_as_it_is(chart):
    again = Chart(
        id=new_id(),
        practice_id=chart.practice_id,
        patient_id=chart.patient_id,
        ring="desk",
        key=sealed(),
        head=sealed(),
    )
    charts.insert_charts([again])

    assert charts.chart(chart.practice_id, chart.patient_id, "desk").id == chart.id


def test_a_chart_with_records_cannot_be_deleted(chart):
    append(chart, record(chart, 1))

    with pytest.raises(ProtectedError):
        Chart.objects.all().delete()


def test_charts_of_a_ring_come_in_batches_and_each_once(practice, monkeypatch):
    monkeypatch.setattr(charts, "ROWS_AT_ONCE", 3)
    made = [
        Chart(id=new_id(), practice_id=practice, patient_id=new_id(), ring="desk", key=sealed(), head=sealed())
        for _ in range(8)
    ]
    charts.insert_charts(made)

    batches = list(charts.charts_in_ring(practice, "desk"))

    assert [len(batch) for batch in batches] == [3, 3, 2]
    assert {row.id for batch in batches for row in batch} == {row.id for row in made}
    assert list(charts.charts_in_ring(practice, "billing")) == []


def test_patients_changed_since_come_in_batches(practice, chart, monkeypatch):
    monkeypatch.setattr(charts, "ROWS_AT_ONCE", 1)
    append(chart, record(chart, 1))

    assert list(charts.patients_changed_since(practice, "desk", 0)) == [[chart.patient_id]]
    assert list(charts.patients_changed_since(practice, "desk", 1)) == []
    assert list(charts.all_patients(practice, "desk")) == [chart.patient_id]


def test_a_reader_who_has_seen_a_number_has_seen_every_lower_one(practice):
    """Two writers at once: whoever sees the higher number committed sees the lower one too."""
    seen, started, go_on = [], threading.Event(), threading.Event()

    def slow_writer():
        with transaction.atomic():
            seen.append(practices.next_sequence(practice))
            started.set()
            go_on.wait(10)
        connections.close_all()

    def fast_writer():
        with transaction.atomic():
            seen.append(practices.next_sequence(practice))
        connections.close_all()

    slow, fast = threading.Thread(target=slow_writer), threading.Thread(target=fast_writer)
    slow.start()
    assert started.wait(10)
    fast.start()
    fast.join(0.3)
    assert len(seen) == 1
    go_on.set()
    slow.join(10)
    fast.join(10)

    assert seen == [seen[0], seen[0] + 1]


def test_throttles_are_remembered_forgiven_and_forgotten(practice):
    moment = datetime.now(UTC)
    people.set_throttle(b"a" * 32, 1, moment)
    people.set_throttle(b"a" * 32, 2, moment)
    people.set_throttle(b"b" * 32, 1, moment - timedelta(days=3))

    assert people.throttles([b"a" * 32, b"c" * 32]) == {b"a" * 32: (2, moment)}
    people.forget_old_throttles(moment - timedelta(days=1))
    assert people.throttles([b"b" * 32]) == {}
    people.forget_throttles([b"a" * 32])
    assert people.throttles([b"a" * 32]) == {}


def test_jobs_are_kept_newest_first_and_change_their_plan_and_progress(practice):
    row = ImportJob(
        id=new_id(),
        practice_id=practice,
        started_on=datetime.now(UTC).date(),
        body=sealed(),
        progress=sealed(),
        file_bytes=7,
    )
    jobs.insert(row)
    body, progress = sealed(), sealed()
    jobs.save_body(row.id, 1, body)
    jobs.save_progress(row.id, progress)

    assert [job.id for job in jobs.jobs(practice)] == [row.id]
    assert (jobs.job(practice, row.id).body, jobs.job(practice, row.id).progress) == (body, progress)
    with pytest.raises(VersionTaken):
        jobs.save_body(row.id, 1, sealed())
    assert jobs.job(practice, row.id).body == body


def test_forgetting_the_pages_forgets_this_practices_alone(practice):
    pages.drop(new_id())
    pages.drop(practice)
    assert pages.pages(practice) == ()


def test_rotation_is_due_only_where_it_was_said(practice):
    assert not rings.rotation_due(practice, "desk")
    rings.mark_rotation_due(practice, ["desk"])
    assert rings.rotation_due(practice, "desk")
    assert not rings.rotation_due(practice, "log")
    assert not rings.rotation_due(new_id(), "desk")
