# SPDX-License-Identifier: MPL-2.0
"""Entries of a chart: read, written, corrected. A correction is a new version; the old one stays (§ 630f BGB)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from arkanum.charts import chain
from arkanum.charts.chain import Damage
from arkanum.charts.errors import Conflict, NoSuchRecord, RecordDamaged
from arkanum.core.entries import Caution, Diagnosis, Entry, EntryKind, Medication, Sign, Vitals, kind_of
from arkanum.core.ids import RecordId, new_id
from arkanum.guard import Client, Grant, Ring
from arkanum.guard.log import now
from arkanum.storage.errors import VersionTaken


@dataclass(frozen=True, slots=True)
class Line:
    """The newest version of an entry, and how many there are."""

    record: RecordId
    version: int
    versions: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart as it is read: entries newest first, and whatever is damaged."""

    entries: tuple[Line, ...]
    damaged: tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What must always be in view."""

    permanent: tuple[Line, ...]
    medication: tuple[Line, ...]
    cautions: tuple[Line, ...]
    counts: dict[EntryKind, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """One vital sign over time, oldest first; values in the sign's unit."""

    sign: Sign
    unit: str
    points: tuple[tuple[date, time | None, Decimal], ...]


def read(grant: Grant) -> ChartView:
    """Return the whole chart of the grant's patient."""
    opened, damaged = chain.read(grant, Ring.TREATMENT)
    newest: dict[int, chain.Opened] = {}
    versions: dict[int, int] = {}
    for row in opened:
        # The number of the id, because it hashes several times as fast as the id.
        record = row.record.int
        versions[record] = versions.get(record, 0) + 1
        if record not in newest or newest[record].version < row.version:
            newest[record] = row
    lines = [
        Line(RecordId(row.record), row.version, versions[record], row.value)
        for record, row in newest.items()
        if isinstance(row.value, Entry)
    ]
    lines.sort(key=_newest_first, reverse=True)
    return ChartView(tuple(lines), tuple(damaged))


def history(grant: Grant, record: RecordId) -> tuple[Line, ...]:
    """Return every version of an entry, newest first.

    Raises:
        NoSuchRecord: the chart has no such entry.
        RecordDamaged: none of its versions opens.
    """
    lines, is_damaged = _versions(grant, record)
    if not lines:
        raise RecordDamaged if is_damaged else NoSuchRecord
    return lines


def write(client: Client, grant: Grant, entry: Entry) -> Line:
    """Write a new entry."""
    record = RecordId(new_id())
    stamped = _stamped(grant, entry)
    chain.append(grant, Ring.TREATMENT, [chain.Draft(record, 1, stamped)])
    client.filed(grant)
    return Line(record, 1, 1, stamped)


def correct(client: Client, grant: Grant, record: RecordId, base_version: int, entry: Entry) -> Line:
    """Write a new version of an entry.

    Args:
        client: the way to the guard.
        grant: a permit to write this chart.
        record: the entry.
        base_version: the version that was read before it was changed.
        entry: what it says now; origin is kept.

    Raises:
        Conflict: somebody saved another version meanwhile.
        NoSuchRecord: the chart has no such entry.
        RecordDamaged: a version of it does not open, so nobody knows what is being corrected.
    """
    current = _intact(grant, record)
    if current.version != base_version:
        raise Conflict(current)
    stamped = replace(_stamped(grant, entry), origin=current.entry.origin)
    try:
        chain.append(grant, Ring.TREATMENT, [chain.Draft(record, base_version + 1, stamped)])
    except VersionTaken as error:
        raise Conflict(_intact(grant, record)) from error
    client.filed(grant)
    return Line(record, base_version + 1, current.versions + 1, stamped)


def strike(client: Client, grant: Grant, record: RecordId, base_version: int, reason: str) -> Line:
    """Strike an entry out: it stays readable, with the reason.

    Raises:
        Conflict: somebody saved another version meanwhile.
        NoSuchRecord: the chart has no such entry.
        RecordDamaged: a version of it does not open.
    """
    current = _intact(grant, record)
    return correct(client, grant, record, base_version, replace(current.entry, struck=reason.strip() or "-"))


def summary(view: ChartView) -> Summary:
    """Return permanent diagnoses, current medication and cautions, and how many entries of each kind there are."""
    valid = [line for line in view.entries if line.entry.struck is None]
    today = now().date()
    return Summary(
        permanent=_first_of_each(
            line for line in valid if isinstance(c := line.entry.content, Diagnosis) and c.permanent
        ),
        medication=_first_of_each(
            line
            for line in valid
            if isinstance(c := line.entry.content, Medication) and c.permanent and (c.until is None or c.until >= today)
        ),
        cautions=_first_of_each(line for line in valid if isinstance(line.entry.content, Caution)),
        counts=dict(Counter(kind_of(line.entry.content) for line in view.entries)),
    )


def vitals(view: ChartView) -> tuple[Curve, ...]:
    """Return every measured sign over time."""
    points: dict[tuple[Sign, str], list[tuple[date, time | None, Decimal]]] = {}
    for line in reversed(view.entries):
        content = line.entry.content
        if isinstance(content, Vitals) and line.entry.struck is None:
            for measure in content.measures:
                point = (line.entry.happened, line.entry.at, measure.value)
                points.setdefault((measure.sign, measure.unit), []).append(point)
    return tuple(Curve(sign, unit, tuple(values)) for (sign, unit), values in points.items())


def _versions(grant: Grant, record: RecordId) -> tuple[tuple[Line, ...], bool]:
    """Return every version that opens, newest first, and whether there is one that does not."""
    opened, damaged = chain.read(grant, Ring.TREATMENT)
    rows = [row for row in opened if row.record == record]
    lines = [Line(record, row.version, len(rows), row.value) for row in rows if isinstance(row.value, Entry)]
    return tuple(sorted(lines, key=lambda line: -line.version)), any(row.record == record for row in damaged)


def _intact(grant: Grant, record: RecordId) -> Line:
    lines, is_damaged = _versions(grant, record)
    if is_damaged:
        raise RecordDamaged
    if not lines:
        raise NoSuchRecord
    return lines[0]


def _stamped(grant: Grant, entry: Entry) -> Entry:
    return replace(entry, by=grant.who.person, written=now())


def _newest_first(line: Line) -> tuple[date, time, object]:
    return (line.entry.happened, line.entry.at or time.min, line.entry.written)


def _first_of_each(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Keep the newest of equal contents, so that a diagnosis written twice stands once."""
    seen: dict[object, Line] = {}
    for line in lines:
        content = line.entry.content
        key = content.code or content.text if isinstance(content, Diagnosis) else content
        seen.setdefault(key, line)
    return tuple(seen.values())
