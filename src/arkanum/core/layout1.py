# SPDX-License-Identifier: MPL-2.0
"""Format 1 of all records: which field stands at which place of the payload.

Nothing here may change any more: records in this layout lie in practices. A new
layout is a new module beside this one.

A payload is an array of fixed length. Days and times are ISO 8601 text, moments
are MessagePack timestamps, ids 16 bytes, numbers with a point are decimal text.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, TypeVar
from uuid import UUID

from msgspec import Meta, Raw
from msgspec.msgpack import Decoder

from arkanum.core.entries import (
    Caution,
    Certainty,
    Content,
    Diagnosis,
    Entry,
    EntryKind,
    Finding,
    Foreign,
    History,
    Measure,
    Medication,
    Note,
    Side,
    Sign,
    Therapy,
    Vitals,
)
from arkanum.core.origins import Origin
from arkanum.core.patients import (
    Address,
    AddressKind,
    BirthDate,
    Insurance,
    InsuranceKind,
    Name,
    Patient,
    Phone,
    Sex,
)

Fields = tuple[object, ...]
EntryReader = Callable[[bytes | Raw], Entry]
PatientReader = Callable[[bytes | Raw], Patient]

_Shape = TypeVar("_Shape")

_Moment = Annotated[datetime, Meta(tz=True)]
_Origin = tuple[str, str, str, int, int]
_Entry = tuple[_Shape, date, time | None, UUID, _Moment, _Origin | None, str | None]

_Text = tuple[str]
_Diagnosis = tuple[str | None, str, Certainty, Side | None, bool]
_Medication = tuple[str, str, str, date | None, date | None, bool, str]
_Caution = tuple[str, bool]
_Vitals = tuple[tuple[Sign, Decimal, str], ...]
_Foreign = tuple[str, str, str, bool]

_DiagnosisEntry = _Entry[_Diagnosis]
_TextEntry = _Entry[_Text]
_MedicationEntry = _Entry[_Medication]
_CautionEntry = _Entry[_Caution]
_VitalsEntry = _Entry[_Vitals]
_ForeignEntry = _Entry[_Foreign]

_Name = tuple[str, str, str, str, str]
_Birth = tuple[int, int | None, int | None]
_Address = tuple[AddressKind, str, str, str, str, str, str]
_Phone = tuple[str, str]
_Insurance = tuple[InsuranceKind, str, str, str, str, date | None, date | None]
_Patient = tuple[
    str,
    _Name,
    _Birth | None,
    Sex,
    tuple[_Address, ...],
    tuple[_Phone, ...],
    tuple[str, ...],
    tuple[_Insurance, ...],
    str,
    date | None,
    UUID,
    _Moment,
    _Origin | None,
]


def entry_fields(entry: Entry) -> Fields:
    """Return the payload of an entry."""
    return (
        _content_fields(entry.content),
        entry.happened,
        entry.at,
        entry.by,
        entry.written,
        _origin_fields(entry.origin),
        entry.struck,
    )


def patient_fields(patient: Patient) -> Fields:
    """Return the payload of a patient."""
    return (
        patient.number,
        _name_fields(patient.name),
        _birth_fields(patient.birth),
        patient.sex,
        tuple(_address_fields(each) for each in patient.addresses),
        tuple((each.number, each.label) for each in patient.phones),
        patient.emails,
        tuple(_insurance_fields(each) for each in patient.insurance),
        patient.desk_note,
        patient.died_on,
        patient.by,
        patient.written,
        _origin_fields(patient.origin),
    )


def _origin_fields(origin: Origin | None) -> Fields | None:
    if origin is None:
        return None
    return (origin.source, origin.file, origin.record, *origin.lines)


def _content_fields(content: Content) -> Fields:
    match content:
        case Diagnosis():
            return (
                content.code,
                content.text,
                content.certainty,
                content.side,
                content.permanent,
            )
        case Medication():
            return (
                content.name,
                content.dose,
                content.reason,
                content.since,
                content.until,
                content.permanent,
                content.pzn,
            )
        case Vitals():
            return tuple((each.sign, each.value, each.unit) for each in content.measures)
        case Caution():
            return (content.text, content.allergy)
        case Foreign():
            return (content.label, content.field, content.text, content.columns)
    return (content.text,)


def _name_fields(name: Name) -> Fields:
    return (name.title, name.first, name.last, name.prefix, name.suffix)


def _birth_fields(birth: BirthDate | None) -> Fields | None:
    return None if birth is None else (birth.year, birth.month, birth.day)


def _address_fields(address: Address) -> Fields:
    return (
        address.kind,
        address.street,
        address.house_no,
        address.extra,
        address.postcode,
        address.town,
        address.country,
    )


def _insurance_fields(insurance: Insurance) -> Fields:
    return (
        insurance.kind,
        insurance.payer,
        insurance.ik,
        insurance.number,
        insurance.status,
        insurance.valid_from,
        insurance.valid_until,
    )


def _origin(fields: _Origin | None) -> Origin | None:
    if fields is None:
        return None
    source, file, record, first, last = fields
    return Origin(source=source, file=file, record=record, lines=(first, last))


def _entry_reader(decoder: Decoder[_Entry[_Shape]], build: Callable[[_Shape], Content]) -> EntryReader:
    """Return the function from payload to entry for one kind of content."""

    def read(payload: bytes | Raw) -> Entry:
        content, happened, at, by, written, origin, struck = decoder.decode(payload)
        return Entry(
            content=build(content),
            happened=happened,
            at=at,
            by=by,
            written=written,
            origin=_origin(origin),
            struck=struck,
        )

    return read


def _diagnosis(fields: _Diagnosis) -> Diagnosis:
    code, text, certainty, side, permanent = fields
    return Diagnosis(code=code, text=text, certainty=certainty, side=side, permanent=permanent)


def _medication(fields: _Medication) -> Medication:
    name, dose, reason, since, until, permanent, pzn = fields
    return Medication(
        name=name,
        dose=dose,
        reason=reason,
        since=since,
        until=until,
        permanent=permanent,
        pzn=pzn,
    )


def _caution(fields: _Caution) -> Caution:
    text, allergy = fields
    return Caution(text=text, allergy=allergy)


def _vitals(fields: _Vitals) -> Vitals:
    measures = (Measure(sign=sign, value=value, unit=unit) for sign, value, unit in fields)
    return Vitals(measures=tuple(measures))


def _foreign(fields: _Foreign) -> Foreign:
    label, field, text, columns = fields
    return Foreign(label=label, field=field, text=text, columns=columns)


READ_ENTRY: Mapping[EntryKind, EntryReader] = {
    EntryKind.DIAGNOSIS: _entry_reader(Decoder(_DiagnosisEntry), _diagnosis),
    EntryKind.FINDING: _entry_reader(Decoder(_TextEntry), lambda fields: Finding(text=fields[0])),
    EntryKind.THERAPY: _entry_reader(Decoder(_TextEntry), lambda fields: Therapy(text=fields[0])),
    EntryKind.HISTORY: _entry_reader(Decoder(_TextEntry), lambda fields: History(text=fields[0])),
    EntryKind.NOTE: _entry_reader(Decoder(_TextEntry), lambda fields: Note(text=fields[0])),
    EntryKind.MEDICATION: _entry_reader(Decoder(_MedicationEntry), _medication),
    EntryKind.CAUTION: _entry_reader(Decoder(_CautionEntry), _caution),
    EntryKind.VITALS: _entry_reader(Decoder(_VitalsEntry), _vitals),
    EntryKind.FOREIGN: _entry_reader(Decoder(_ForeignEntry), _foreign),
}
"""How to read an entry, by its kind."""


def _name(fields: _Name) -> Name:
    title, first, last, prefix, suffix = fields
    return Name(title=title, first=first, last=last, prefix=prefix, suffix=suffix)


def _birth(fields: _Birth | None) -> BirthDate | None:
    if fields is None:
        return None
    year, month, day = fields
    return BirthDate(year=year, month=month, day=day)


def _address(fields: _Address) -> Address:
    kind, street, house_no, extra, postcode, town, country = fields
    return Address(
        kind=kind,
        street=street,
        house_no=house_no,
        extra=extra,
        postcode=postcode,
        town=town,
        country=country,
    )


def _insurance(fields: _Insurance) -> Insurance:
    kind, payer, ik, number, status, valid_from, valid_until = fields
    return Insurance(
        kind=kind,
        payer=payer,
        ik=ik,
        number=number,
        status=status,
        valid_from=valid_from,
        valid_until=valid_until,
    )


_patient_decoder = Decoder(_Patient)


def read_patient(payload: bytes | Raw) -> Patient:
    """Return the patient of a payload."""
    fields = _patient_decoder.decode(payload)
    number, name, birth, sex, addresses, phones, emails, insurance = fields[:8]
    desk_note, died_on, by, written, origin = fields[8:]
    return Patient(
        number=number,
        name=_name(name),
        birth=_birth(birth),
        sex=sex,
        addresses=tuple(_address(each) for each in addresses),
        phones=tuple(Phone(number=phone, label=label) for phone, label in phones),
        emails=emails,
        insurance=tuple(_insurance(each) for each in insurance),
        desk_note=desk_note,
        died_on=died_on,
        by=by,
        written=written,
        origin=_origin(origin),
    )
