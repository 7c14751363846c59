# SPDX-License-Identifier: MPL-2.0
"""The chain of a chart: rows in the order they were written, and a sealed head over all of them.

Each row's ciphertext opens only at its place. That alone would not show that a row is missing, so the chart also
keeps a head: a hash over every row, sealed under the chart's key. Who removes, adds, swaps or replaces a row without
the key leaves a head that no longer fits (§ 630f BGB: the original must stay).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from arkanum.core import codec
from arkanum.core.entries import Entry
from arkanum.core.errors import CoreError
from arkanum.core.ids import new_id
from arkanum.core.patients import Patient
from arkanum.guard import Grant, Ring
from arkanum.guard.errors import NotFound
from arkanum.guard.places import EMPTY_CHART, head_place, record_place
from arkanum.storage import charts as rows
from arkanum.storage import practices
from arkanum.storage.models import Chart, Record
from arkanum.vault import Key, Sealed, Tampered, VaultError, seal, unseal

Stored = tuple[int, UUID, int, int, Sealed]
"""Number, record, version, log line, body: a row as storage gives it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version about to be written."""

    record: UUID
    version: int
    value: Patient | Entry


class Opened(NamedTuple):
    """A row that opened. Not a dataclass, because a chart has hundreds and each would cost five times as much."""

    number: int
    record: UUID
    version: int
    value: Patient | Entry


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the chart that is not as it was written. Shown, never skipped."""

    record: UUID | None
    number: int
    reason: str


def read(grant: Grant, ring: Ring) -> tuple[list[Opened], list[Damage]]:
    """Open every row of a patient's chart under a ring, in the order they were written.

    Returns:
        What opened, and what is damaged: rows that do not open, and a chain that does not fit its head.
    """
    key = grant.key(ring)
    chart = rows.chart(grant.who.practice, grant.require_patient(), ring)
    if chart is None:
        return [], []
    stored = rows.records_of(chart.id)
    damaged = _check_head(key, chart, stored)
    if damaged and _has_grown(chart):
        # Somebody wrote between the two queries: the rows fit a head that was not there yet. A chart only grows.
        return read(grant, ring)
    opened: list[Opened] = []
    for number, record, version, _, body in stored:
        try:
            value = codec.decode(unseal(key, record_place(chart.id, record, version), body))
        except (VaultError, CoreError):
            damaged.append(Damage(record, number, "Dieser Eintrag wurde außerhalb von Arkanum verändert."))
        else:
            opened.append(Opened(number, record, version, value))
    return opened, damaged


def append(grant: Grant, ring: Ring, drafts: Sequence[Draft]) -> None:
    """Write versions at the end of a patient's chart; all of them or none.

    Raises:
        VersionTaken: somebody wrote one of these versions first.
        Tampered: the chart's head does not open, so nothing may be built on it.
        NotFound: the chart does not exist.
    """
    with transaction.atomic():
        sequence = practices.next_sequence(grant.who.practice)
        # Read after the sequence row is locked: from here to the commit nobody else writes in this practice.
        chart = rows.chart(grant.who.practice, grant.require_patient(), ring)
        if chart is None:
            raise NotFound
        records, head = _sealed(grant, ring, chart, drafts, sequence)
        rows.append(chart, records, head)


def append_many(grants: dict[UUID, Grant], drafts: dict[UUID, dict[Ring, list[Draft]]], practice: UUID) -> None:
    """Write to many charts in one transaction, for a job that moves records in.

    Args:
        grants: one grant a patient.
        drafts: what to write, by patient and ring.
        practice: whose charts they are.
    """
    with transaction.atomic():
        sequence = practices.next_sequence(practice)
        charts = rows.charts_of_many(practice, list(drafts))
        changed: list[Chart] = []
        records: list[Record] = []
        for patient, by_ring in drafts.items():
            for ring, new in by_ring.items():
                chart = charts[patient][ring]
                more, head = _sealed(grants[patient], ring, chart, new, sequence)
                chart.length, chart.head = chart.length + len(more), head
                changed.append(chart)
                records.extend(more)
        rows.append_many(changed, records)


def _sealed(
    grant: Grant, ring: Ring, chart: Chart, drafts: Sequence[Draft], sequence: int
) -> tuple[list[Record], Sealed]:
    key = grant.key(ring)
    digest = _head(key, chart)
    records = []
    for number, draft in enumerate(drafts, start=chart.length + 1):
        place = record_place(chart.id, draft.record, draft.version)
        body = seal(key, place, codec.encode(draft.value))
        digest = _link(digest, (number, draft.record, draft.version, grant.log_no, body))
        records.append(
            Record(
                id=new_id(),
                chart_id=chart.id,
                number=number,
                record_id=draft.record,
                version=draft.version,
                log_no=grant.log_no,
                sequence=sequence,
                body=body,
            )
        )
    return records, seal(key, head_place(chart.id, chart.length + len(records)), digest)


def _check_head(key: Key, chart: Chart, stored: Iterable[Stored]) -> list[Damage]:
    digest = EMPTY_CHART
    for row in stored:
        digest = _link(digest, row)
    damage = [Damage(None, chart.length, "In dieser Akte fehlen Einträge, oder es wurden welche ausgetauscht.")]
    try:
        return [] if digest == _head(key, chart) else damage
    except Tampered:
        return damage


def _has_grown(chart: Chart) -> bool:
    now = rows.chart(chart.practice_id, chart.patient_id, chart.ring)
    return now is not None and now.length > chart.length


def _head(key: Key, chart: Chart) -> bytes:
    return unseal(key, head_place(chart.id, chart.length), chart.head)


def _link(before: bytes, row: Stored) -> bytes:
    number, record, version, log_no, body = row
    place = b"".join((number.to_bytes(8), record.bytes, version.to_bytes(8), log_no.to_bytes(8)))
    return sha256(before + place + body.to_storage()).digest()
