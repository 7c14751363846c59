# SPDX-License-Identifier: MPL-2.0
"""The account of an import: every line of the file, exactly once.

Nothing is lost unreported. A line was understood, kept as text without being
understood, was part of the file's own structure, told of the sender, was empty,
or was damaged (and its text kept all the same).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from arkanum.exchange.formats import xdt

LISTED_LIMIT = 10_000
"""Most damaged lines that are listed one by one; all are counted."""

HOMELESS_SIZE_LIMIT = 4 << 20
"""Most characters of lines about no patient that a report keeps; practices have a few dozen such lines."""


class Fate(StrEnum):
    """What became of a line."""

    UNDERSTOOD = "understood"
    KEPT = "kept"
    STRUCTURE = "structure"
    SENDER = "sender"
    EMPTY = "empty"
    DAMAGED = "damaged"
    HOMELESS = "homeless"


class FieldCount(msgspec.Struct, frozen=True):
    """How often a field occurred.

    Attributes:
        id: field id.
        name: German name.
        count: number of lines.
    """

    id: str
    name: str
    count: int


class DamagedLine(msgspec.Struct, frozen=True):
    """A line that could not be read by the rules.

    Attributes:
        line: number in the file, counted from 1.
        reason: German sentence without content.
    """

    line: int
    reason: str


class HomelessLine(msgspec.Struct, frozen=True):
    """A line with content that belongs to no patient; its content is kept here.

    Attributes:
        line: number in the file, counted from 1.
        field: field id, or empty.
        text: its content.
    """

    line: int
    field: str
    text: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file.

    Attributes:
        format: version of this description.
        dialect: dialect that was read.
        lines: physical lines of the file.
        fields: fields that were read, blank and damaged lines too; the fates add up to it.
        fates: fields by what became of them.
        understood: understood fields by id.
        kept: fields kept without being understood, by id.
        damaged: damaged lines; at most `LISTED_LIMIT` are listed.
        homeless: lines with content that belong to no patient, up to `HOMELESS_SIZE_LIMIT`.
        charsets: fields by the charset that was decided.
        flaws: what was wrong with lines and records, by German sentence.
        patients: patients in the file.
        entries: chart entries made from the file.
        entries_new: entries that were not known yet; filled in by the import.
        entries_known: entries that were there already; filled in by the import.
    """

    format: int = 1
    dialect: str
    lines: int
    fields: int
    fates: dict[str, int]
    understood: tuple[FieldCount, ...]
    kept: tuple[FieldCount, ...]
    damaged: tuple[DamagedLine, ...]
    homeless: tuple[HomelessLine, ...]
    charsets: dict[str, int]
    flaws: dict[str, int]
    patients: int
    entries: int
    entries_new: int = 0
    entries_known: int = 0

    def with_result(self, *, new: int, known: int) -> "ImportReport":
        """Return the report of the finished import."""
        return msgspec.structs.replace(self, entries_new=new, entries_known=known)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    def text(self) -> str:
        """Return the report as German text, one statement a line."""
        return "\n".join(_lines_of(self))


class Ledger:
    """Books what becomes of each line while a file is read."""

    def __init__(self, dialect: str) -> None:
        self.patients = 0
        self.entries = 0
        self._dialect = dialect
        self._fates: Counter[Fate] = Counter()
        self._by_id: dict[Fate, Counter[str]] = {Fate.UNDERSTOOD: Counter(), Fate.KEPT: Counter()}
        self._damaged: list[DamagedLine] = []
        self._homeless: list[HomelessLine] = []
        self._charsets: Counter[str] = Counter()
        self._flaws: Counter[str] = Counter()
        self._lines = 0
        self._room = HOMELESS_SIZE_LIMIT

    def book(self, fields: Iterable[xdt.Field], fate: Fate) -> None:
        """Book fields under what became of them; damage is booked as damage whatever it became.

        Each field of a file must be booked once and only once.
        """
        for field in fields:
            self._book(field, fate)

    def note(self, record: xdt.Record) -> None:
        """Note what is wrong with a record as a whole."""
        self._flaws.update(_sentence(flaw) for flaw in record.flaws)

    def report(self) -> ImportReport:
        """Return the account so far."""
        return ImportReport(
            dialect=self._dialect,
            lines=self._lines,
            fields=self._fates.total(),
            fates={fate.value: count for fate, count in sorted(self._fates.items())},
            understood=_counts(self._by_id[Fate.UNDERSTOOD]),
            kept=_counts(self._by_id[Fate.KEPT]),
            damaged=tuple(sorted(self._damaged, key=lambda one: one.line)),
            homeless=tuple(self._homeless),
            charsets=dict(sorted(self._charsets.items())),
            flaws=dict(self._flaws.most_common()),
            patients=self.patients,
            entries=self.entries,
        )

    def _book(self, field: xdt.Field, fate: Fate) -> None:
        self._lines = max(self._lines, field.last_line)
        self._charsets[field.charset] += not field.is_blank
        self._flaws.update(_sentence(flaw) for flaw in field.flaws)
        if fate is Fate.HOMELESS and self._room > 0:
            self._room -= len(field.text) + 1
            self._homeless.append(HomelessLine(field.line, field.id, field.text))
        if field.is_damaged and fate is not Fate.EMPTY:
            self._fates[Fate.DAMAGED] += 1
            if len(self._damaged) < LISTED_LIMIT:
                reasons = " ".join(flaw.text for flaw in field.flaws if flaw.damages)
                self._damaged.append(DamagedLine(field.line, reasons))
            return
        self._fates[fate] += 1
        if fate in self._by_id:
            self._by_id[fate][field.id] += 1


def _sentence(flaw: xdt.Flaw) -> str:
    """Return the sentence of a flaw without its numbers, so that equal flaws add up."""
    return xdt.Flaw(flaw.code, "...").text if flaw.detail else flaw.text


def _counts(counter: Counter[str]) -> tuple[FieldCount, ...]:
    return tuple(
        FieldCount(field_id, xdt.name_of_field(field_id), count) for field_id, count in sorted(counter.items())
    )


_FATES = {
    Fate.UNDERSTOOD: "verstanden",
    Fate.KEPT: "als Text behalten, nicht verstanden",
    Fate.STRUCTURE: "Aufbau der Datei",
    Fate.SENDER: "Angaben über den Absender",
    Fate.EMPTY: "leer",
    Fate.DAMAGED: "beschädigt (Text behalten)",
    Fate.HOMELESS: "ohne Patient (in diesem Bericht behalten)",
}


def _lines_of(report: ImportReport) -> Iterator[str]:
    yield f"Bericht über die Übernahme ({report.dialect})"
    yield f"Zeilen: {report.lines}, Felder: {report.fields}"
    for fate, count in report.fates.items():
        yield f"  {_FATES[Fate(fate)]}: {count}"
    yield f"Patienten: {report.patients}, Einträge: {report.entries}"
    if report.entries_new or report.entries_known:
        yield f"  neu: {report.entries_new}, schon vorhanden: {report.entries_known}"
    yield from _field_lines("Verstandene Felder", report.understood)
    yield from _field_lines("Behaltene, nicht verstandene Felder", report.kept)
    if report.damaged:
        yield "Beschädigte Zeilen:"
        yield from (f"  Zeile {one.line}: {one.reason}" for one in report.damaged)
        rest = report.fates.get(Fate.DAMAGED, 0) - len(report.damaged)
        if rest > 0:
            yield f"  ... und {rest} weitere"
    if report.homeless:
        yield "Zeilen ohne Patient:"
        yield from (f"  Zeile {one.line}: {one.field} {one.text}" for one in report.homeless)
        rest = report.fates.get(Fate.HOMELESS, 0) - len(report.homeless)
        if rest > 0:
            yield f"  ... und {rest} weitere"
    if report.flaws:
        yield "Auffälligkeiten:"
        yield from (f"  {count} mal: {text}" for text, count in report.flaws.items())


def _field_lines(title: str, counts: tuple[FieldCount, ...]) -> Iterator[str]:
    if counts:
        yield f"{title}:"
        yield from (f"  {one.id} {one.name}: {one.count}" for one in counts)
