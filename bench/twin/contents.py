# SPDX-License-Identifier: MPL-2.0
"""Core values from plain columns, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID

import msgspec

from arkanum.charts.records import Line
from arkanum.core.entries import (
    Caution,
    Certainty,
    Content,
    Diagnosis,
    Entry,
    EntryKind,
    Finding,
    History,
    Measure,
    Medication,
    Note,
    Side,
    Therapy,
    Vitals,
    kind_of,
)
from arkanum.core.ids import RecordId
from arkanum.core.patients import Address, BirthDate, Insurance, Name, Patient, Phone, Sex
from bench.twin import models

_ADDRESSES = msgspec.json.Decoder(tuple[Address, ...])
_PHONES = msgspec.json.Decoder(tuple[Phone, ...])
_EMAILS = msgspec.json.Decoder(tuple[str, ...])
_INSURANCE = msgspec.json.Decoder(tuple[Insurance, ...])
_MEASURES = msgspec.json.Decoder(tuple[Measure, ...])
_TEXTS: dict[EntryKind, Callable[..., Content]] = {
    EntryKind.FINDING: Finding,
    EntryKind.THERAPY: Therapy,
    EntryKind.HISTORY: History,
    EntryKind.NOTE: Note,
}


def patient_row(patient_id: UUID, patient: Patient, position: int) -> models.Patient:
    """Return the row of a patient who has this position in the alphabetical order."""
    name, birth = patient.name, patient.birth
    return models.Patient(
        id=patient_id,
        number=patient.number,
        title=name.title,
        first=name.first,
        last=name.last,
        prefix=name.prefix,
        suffix=name.suffix,
        birth_year=birth.year if birth else None,
        birth_month=birth.month if birth else None,
        birth_day=birth.day if birth else None,
        sex=patient.sex.value,
        addresses=msgspec.json.encode(patient.addresses),
        phones=msgspec.json.encode(patient.phones),
        emails=msgspec.json.encode(patient.emails),
        insurance=msgspec.json.encode(patient.insurance),
        desk_note=patient.desk_note,
        died_on=patient.died_on,
        by=patient.by,
        written=patient.written,
        sorted=position,
    )


def patient_of(row: models.Patient) -> Patient:
    """Return the patient of a row."""
    return Patient(
        number=row.number,
        name=Name(title=row.title, first=row.first, last=row.last, prefix=row.prefix, suffix=row.suffix),
        birth=birth_of(row),
        sex=Sex(row.sex),
        addresses=_ADDRESSES.decode(row.addresses),
        phones=_PHONES.decode(row.phones),
        emails=_EMAILS.decode(row.emails),
        insurance=_INSURANCE.decode(row.insurance),
        desk_note=row.desk_note,
        died_on=row.died_on,
        by=row.by,
        written=row.written,
    )


def birth_of(row: models.Patient) -> BirthDate | None:
    """Return when somebody was born."""
    if row.birth_year is None:
        return None
    return BirthDate(year=row.birth_year, month=row.birth_month, day=row.birth_day)


def entry_row(entry_id: UUID, patient_id: UUID, entry: Entry) -> models.Entry:
    """Return the row of an entry."""
    return models.Entry(
        id=entry_id,
        patient_id=patient_id,
        kind=kind_of(entry.content).value,
        happened=entry.happened,
        at=entry.at,
        by=entry.by,
        written=entry.written,
        struck=entry.struck,
        **_columns(entry.content),
    )


Stored = tuple[
    UUID, int, date, time | None, UUID, datetime, str | None,
    str, str, str | None, str, str | None, bool, str, str, date | None, date | None, str, bool, bytes,
]  # fmt: skip
"""A row as `COLUMNS` are read."""

COLUMNS = (
    "id", "versions", "happened", "at", "by", "written", "struck",
    "kind", "text", "code", "certainty", "side", "permanent", "dose", "reason", "since", "until", "pzn", "allergy",
    "measures",
)  # fmt: skip
"""What `line_of` takes, in its order."""


def line_of(row: Stored) -> Line:
    """Return the line of a row."""
    entry_id, versions, happened, at, by, written, struck = row[:7]
    entry = Entry(content=_content(row), happened=happened, at=at, by=by, written=written, struck=struck)
    return Line(RecordId(entry_id), versions, versions, entry)


def _columns(content: Content) -> dict[str, object]:
    match content:
        case Diagnosis():
            return {
                "text": content.text,
                "code": content.code,
                "certainty": content.certainty.value,
                "side": content.side.value if content.side else None,
                "permanent": content.permanent,
            }
        case Medication():
            return {
                "text": content.name,
                "dose": content.dose,
                "reason": content.reason,
                "since": content.since,
                "until": content.until,
                "permanent": content.permanent,
                "pzn": content.pzn,
            }
        case Vitals():
            return {"measures": msgspec.json.encode(content.measures)}
        case Caution():
            return {"text": content.text, "allergy": content.allergy}
    return {"text": content.text}


def _content(row: Stored) -> Content:
    kind, text, code, certainty, side, permanent, dose, reason, since, until, pzn, allergy, measures = row[7:]
    match kind:
        case EntryKind.DIAGNOSIS:
            known_side = Side(side) if side else None
            return Diagnosis(code=code, text=text, certainty=Certainty(certainty), side=known_side, permanent=permanent)
        case EntryKind.MEDICATION:
            return Medication(
                name=text, dose=dose, reason=reason, since=since, until=until, permanent=permanent, pzn=pzn
            )
        case EntryKind.CAUTION:
            return Caution(text=text, allergy=allergy)
        case EntryKind.VITALS:
            return Vitals(measures=_MEASURES.decode(measures))
    return _TEXTS[EntryKind(kind)](text=text)
