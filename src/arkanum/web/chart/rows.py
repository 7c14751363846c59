# SPDX-License-Identifier: MPL-2.0
"""Entries as rows of plain strings, grouped by day, so that the template has one lean loop and no decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from arkanum.charts.records import Line
from arkanum.core import (
    Caution,
    Certainty,
    Content,
    Diagnosis,
    Entry,
    EntryKind,
    Foreign,
    Measure,
    Medication,
    Sign,
    Vitals,
    kind_of,
    label,
)
from arkanum.core.vitals import german
from arkanum.web.german import day, weekday

BADGES: Mapping[EntryKind, str] = {
    EntryKind.DIAGNOSIS: "D",
    EntryKind.FINDING: "B",
    EntryKind.THERAPY: "T",
    EntryKind.HISTORY: "A",
    EntryKind.MEDICATION: "M",
    EntryKind.VITALS: "V",
    EntryKind.CAUTION: "C",
    EntryKind.NOTE: "N",
    EntryKind.FOREIGN: "Ü",
}
"""The letter of each kind, the same as on the command line; the order of the filter's buttons."""

SHORT_SIGNS: Mapping[Sign, str] = {
    Sign.PULSE: "Puls",
    Sign.TEMP: "Temp.",
    Sign.WEIGHT: "Gewicht",
    Sign.HEIGHT: "Größe",
    Sign.SPO2: "SpO₂",
    Sign.GLUCOSE: "BZ",
    Sign.RESP: "AF",
}


@dataclass(slots=True)
class Row:
    """One entry as it is shown.

    Attributes:
        record: id in the address of its own page.
        css: class of its kind, and `struck`.
        badge: the letter before it.
        lead: words that change the meaning and must not be overlooked (`Verdacht auf`).
        code: ICD-10 code.
        said: the text.
        table: the text has columns whose blanks matter.
        extra: what stands behind the text in grey.
        vitals: label, value and unit of each vital sign.
        margin: time of day, and who wrote it where that is not one and the same person all day.
        corrected: there are older versions.
    """

    record: UUID
    css: str
    badge: str
    lead: str
    code: str
    said: str
    table: bool
    extra: str
    vitals: Sequence[tuple[str, str, str]]
    margin: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Day:
    """All entries of one day; `author` is named once if one person wrote all of them."""

    title: str
    weekday: str
    author: str
    rows: list[Row]


def days_of(lines: Iterable[Line], names: Mapping[UUID, str]) -> list[Day]:
    """Return the entries by day, in the order in which they come.

    Args:
        lines: newest first.
        names: names of the people who wrote them.
    """
    return [_day(happened, list(group), names) for happened, group in groupby(lines, key=_happened)]


def _day(happened: date, lines: Sequence[Line], names: Mapping[UUID, str]) -> Day:
    authors = [author_of(line.entry, names) for line in lines]
    common = authors[0] if len(set(authors)) == 1 else ""
    rows = [row_of(line, "" if common else author) for line, author in zip(lines, authors, strict=True)]
    return Day(day(happened), weekday(happened), common, rows)


def row_of(line: Line, author: str) -> Row:
    """Return one entry as a row, with its author in the margin."""
    entry = line.entry
    content = entry.content
    lead, code, said, extra = parts_of(content)
    kind = kind_of(content)
    if entry.struck is not None:
        extra = f"gestrichen: {entry.struck}"
    at = entry.at.isoformat("minutes") if entry.at else ""
    return Row(
        record=line.record,
        css=f"k-{kind}" if entry.struck is None else f"k-{kind} struck",
        badge=BADGES[kind],
        lead=lead,
        code=code,
        said=said,
        table=isinstance(content, Foreign) and content.columns,
        extra=extra,
        vitals=vital_parts(content.measures) if isinstance(content, Vitals) else (),
        margin=f"{author} {at}".strip(),
        corrected=line.versions > 1,
    )


def parts_of(content: Content) -> tuple[str, str, str, str]:
    """Return lead, code, text and grey addition of a content."""
    match content:
        case Diagnosis():
            lead = "" if content.certainty is Certainty.G else label(content.certainty)
            marks = ["G"] if content.certainty is Certainty.G else []
            marks += [label(content.side)] if content.side else []
            marks += ["Dauerdiagnose"] if content.permanent else []
            return lead, content.code or "", content.text, " · ".join(marks)
        case Medication():
            return "", "", content.name, " · ".join(_medication_marks(content))
        case Caution():
            return "Allergie:" if content.allergy else "", "", content.text, ""
        case Vitals():
            return "", "", "", ""
        case Foreign():
            source = f"{content.label} ({content.field})" if content.label else f"Feld {content.field}"
            return "", "", content.text, source
        case _:
            return "", "", content.text, ""


def text_of(content: Content) -> str:
    """Return a content as one text, for comparing and for the list of versions."""
    if isinstance(content, Vitals):
        return ", ".join(" ".join(part) for part in vital_parts(content.measures))
    lead, code, said, extra = parts_of(content)
    return " ".join(part for part in (lead, code, said, f"({extra})" if extra else "") if part)


def vital_parts(measures: Iterable[Measure]) -> list[tuple[str, str, str]]:
    """Return label, value and unit of each sign; both blood pressures stand together."""
    values = {measure.sign: measure for measure in measures}
    parts = []
    systolic, diastolic = values.pop(Sign.RR_SYS, None), values.pop(Sign.RR_DIA, None)
    if systolic or diastolic:
        both = "/".join(german(each.value) if each else "–" for each in (systolic, diastolic))
        parts.append(("RR", both, "mmHg"))
    parts += [(SHORT_SIGNS[sign], german(measure.value), measure.unit) for sign, measure in values.items()]
    return parts


def author_of(entry: Entry, names: Mapping[UUID, str]) -> str:
    """Return who wrote an entry, and that it came from another program if it did."""
    name = names.get(entry.by, "")
    return f"{name} (aus {entry.origin.source})" if entry.origin else name


def _medication_marks(content: Medication) -> Iterable[str]:
    if content.dose:
        yield content.dose
    if content.reason:
        yield content.reason
    if content.since:
        yield f"seit {day(content.since)}"
    if content.until:
        yield f"bis {day(content.until)}"
    if content.permanent:
        yield "Dauermedikation"
    if content.pzn:
        yield f"PZN {content.pzn}"


def _happened(line: Line) -> date:
    return line.entry.happened
