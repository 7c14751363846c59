# SPDX-License-Identifier: MPL-2.0
"""Rows of charts and records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, UUIDField

from arkanum.storage.errors import VersionTaken
from arkanum.storage.models import Chart, Record
from arkanum.vault import Sealed

ROWS_AT_ONCE = 2000
"""How many rows one statement touches, so that a large practice never lies in memory whole."""


def charts_of(practice: UUID, patient: UUID) -> dict[str, Chart]:
    """Return the charts of one patient by ring."""
    return {row.ring: row for row in Chart.objects.filter(practice_id=practice, patient_id=patient)}


def charts_of_many(practice: UUID, patients: Sequence[UUID]) -> dict[UUID, dict[str, Chart]]:
    """Return the charts of several patients, by patient and ring."""
    found: dict[UUID, dict[str, Chart]] = {patient: {} for patient in patients}
    for row in Chart.objects.filter(practice_id=practice, patient_id__in=patients):
        found[row.patient_id][row.ring] = row
    return found


def insert_charts(rows: Iterable[Chart]) -> None:
    """Store new charts; one that somebody else made first stays as it is."""
    Chart.objects.bulk_create(rows, ignore_conflicts=True)


def charts_in_ring(practice: UUID, ring: str) -> Iterator[list[Chart]]:
    """Yield, in batches, all charts whose keys are wrapped under a ring: its own ones, or those behind a wall."""
    own = Chart.objects.filter(practice_id=practice)
    own = own.filter(wall=ring) if ring.startswith("wall:") else own.filter(ring=ring, wall="")
    rows = own.only("id", "patient_id", "ring", "wall", "key").order_by("id")
    last: UUID | None = None
    while batch := list((rows if last is None else rows.filter(id__gt=last))[:ROWS_AT_ONCE]):
        yield batch
        last = batch[-1].id


def save_keys(rows: Iterable[Chart]) -> None:
    """Store newly wrapped keys.

    One prepared statement for all rows: a bulk update of Django's puts thousands of cases into one statement, and
    60,000 charts took minutes instead of a second.
    """
    with connection.cursor() as cursor:
        ids = UUIDField()
        values = [(row.key.to_storage(), ids.get_db_prep_value(row.id, connection)) for row in rows]
        cursor.executemany("UPDATE storage_chart SET key = %s WHERE id = %s", values)


def chart(practice: UUID, patient: UUID, ring: str) -> Chart | None:
    """Return one patient's chart under one ring."""
    return Chart.objects.filter(practice_id=practice, patient_id=patient, ring=ring).first()


def records_of(chart_id: UUID) -> list[tuple[int, UUID, int, int, Sealed]]:
    """Return number, record, version, log line and body of every record, in the order they were written."""
    fields = ("number", "record_id", "version", "log_no", "body")
    return list(Record.objects.filter(chart_id=chart_id).order_by("number").values_list(*fields))


def append(chart_row: Chart, records: Sequence[Record], head: Sealed) -> None:
    """Append records to a chart whose length is still the one the caller saw.

    Must run inside the caller's transaction, which ends with the error it raises.

    Raises:
        VersionTaken: somebody else appended first; nothing was written.
    """
    after = chart_row.length + len(records)
    unchanged = Chart.objects.filter(pk=chart_row.pk, length=chart_row.length)
    if not unchanged.update(length=after, head=head):
        raise VersionTaken
    try:
        # No savepoint of its own: the error leaves the caller's transaction too, so nothing is written after it.
        with transaction.atomic(savepoint=False):
            Record.objects.bulk_create(records)
    except IntegrityError as error:
        raise VersionTaken from error


def append_many(charts: Sequence[Chart], records: Sequence[Record]) -> None:
    """Append to many charts at once for a job; each chart carries its new length and head."""
    Chart.objects.bulk_update(charts, ["length", "head"], batch_size=200)
    Record.objects.bulk_create(records, batch_size=ROWS_AT_ONCE)


def patients_changed_since(practice: UUID, ring: str, sequence: int) -> Iterator[list[UUID]]:
    """Yield, in batches, the patients with a record in this ring after a change number."""
    # The records first, by the index of their sequence: joined, SQLite walks over every chart of the practice.
    changed = Record.objects.filter(sequence__gt=sequence).values("chart_id")
    charts_in_question = Chart.objects.filter(id__in=changed, practice_id=practice, ring=ring)
    ids = list(charts_in_question.values_list("patient_id", flat=True))
    for start in range(0, len(ids), ROWS_AT_ONCE):
        yield ids[start : start + ROWS_AT_ONCE]


def newest_records(practice: UUID, ring: str, patients: Sequence[UUID]) -> dict[UUID, tuple[Chart, Record]]:
    """Return the newest version of each patient's master data, which is the record that has the patient's id."""
    rows = Record.objects.select_related("chart").filter(
        chart__practice_id=practice,
        chart__ring=ring,
        chart__patient_id__in=patients,
        record_id=F("chart__patient_id"),
    )
    return {row.chart.patient_id: (row.chart, row) for row in rows.order_by("number")}


def rows_by_log_number(practice: UUID) -> dict[int, int]:
    """Return how many records stand under each log line."""
    rows = Record.objects.filter(chart__practice_id=practice).order_by("log_no")
    return dict(rows.values_list("log_no").annotate(count=Count("id")).iterator(ROWS_AT_ONCE))


def log_numbers_of(practice: UUID, patient: UUID) -> frozenset[int]:
    """Return the log lines under which one patient's records were written."""
    rows = Record.objects.filter(chart__practice_id=practice, chart__patient_id=patient)
    return frozenset(rows.values_list("log_no", flat=True))


def all_patients(practice: UUID, ring: str) -> Iterator[UUID]:
    """Yield the ids of all patients that have a chart under a ring."""
    rows = Chart.objects.filter(practice_id=practice, ring=ring, length__gt=0).order_by("id")
    return rows.values_list("patient_id", flat=True).iterator(ROWS_AT_ONCE)


def begun(practice: UUID, patients: Sequence[UUID], ring: str) -> frozenset[UUID]:
    """Return those of the patients whose chart under a ring holds a record already."""
    rows = Chart.objects.filter(practice_id=practice, ring=ring, patient_id__in=patients, length__gt=0)
    return frozenset(rows.values_list("patient_id", flat=True))
