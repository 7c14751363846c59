# SPDX-License-Identifier: MPL-2.0
"""Master data between a form and a patient: what was typed is kept as it is until all of it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from arkanum.core import (
    Address,
    AddressKind,
    BirthDate,
    ImpossibleValue,
    Insurance,
    InsuranceKind,
    Name,
    Patient,
    Phone,
    Sex,
    parse_birth,
)

Row = dict[str, str]
Choice = TypeVar("Choice", bound=StrEnum)

LONGEST = 4000
"""Characters of one field; a longer one is cut before it is looked at."""

MOST_ROWS = 30
"""Addresses, phones, or insurances of one patient."""

PLAIN = ("number", "title", "first", "prefix", "last", "suffix", "birth", "sex", "desk_note", "died_on")
LISTS: Mapping[str, tuple[str, ...]] = {
    "address": ("kind", "street", "house_no", "extra", "postcode", "town", "country"),
    "phone": ("number", "label"),
    "email": ("address",),
    "insurance": ("kind", "payer", "ik", "number", "status", "valid_from", "valid_until"),
}
FIELDS = {
    **dict.fromkeys((*PLAIN, "base"), LONGEST),
    **{f"{name}-N-{part}": LONGEST for name, parts in LISTS.items() for part in parts},
}
"""Every field that the form sends, with the most letters of each; `-N-` stands for the number of the line."""

_LIST_FIELD = re.compile(r"(address|phone|email|insurance)-(\d{1,4})-([a-z_]+)")
_PRESET = {"kind", "country"}


@dataclass(slots=True)
class PatientForm:
    """What stands in the form, and what is wrong with it, by field name."""

    plain: Row
    lists: dict[str, list[Row]]
    errors: dict[str, str] = field(default_factory=dict)


def blank() -> PatientForm:
    """Return the form for a new patient: one empty line of everything."""
    plain = dict.fromkeys(PLAIN, "")
    return PatientForm(plain, {name: [_blank_row(name)] for name in LISTS})


def of_patient(patient: Patient) -> PatientForm:
    """Return the form that shows a patient."""
    name = patient.name
    plain = {
        "number": patient.number,
        "title": name.title,
        "first": name.first,
        "prefix": name.prefix,
        "last": name.last,
        "suffix": name.suffix,
        "birth": patient.birth.german() if patient.birth else "",
        "sex": patient.sex.value,
        "desk_note": patient.desk_note,
        "died_on": _iso(patient.died_on),
    }
    lists = {
        "address": [_strings(LISTS["address"], address) for address in patient.addresses],
        "phone": [_strings(LISTS["phone"], phone) for phone in patient.phones],
        "email": [{"address": email} for email in patient.emails],
        "insurance": [_strings(LISTS["insurance"], insurance) for insurance in patient.insurance],
    }
    return PatientForm(plain, {name: rows or [_blank_row(name)] for name, rows in lists.items()})


def typed(post: Mapping[str, str]) -> PatientForm:
    """Return the form as it was sent."""
    plain = {name: post.get(name, "")[:LONGEST].strip() for name in PLAIN}
    numbered: dict[str, dict[int, Row]] = {name: {} for name in LISTS}
    for key in post:
        found = _LIST_FIELD.fullmatch(key)
        if found and found[3] in LISTS[found[1]]:
            row = numbered[found[1]].setdefault(int(found[2]), _blank_row(found[1]))
            row[found[3]] = post[key][:LONGEST].strip()
    lists = {name: [rows[number] for number in sorted(rows)][:MOST_ROWS] for name, rows in numbered.items()}
    return PatientForm(plain, {name: rows or [_blank_row(name)] for name, rows in lists.items()})


def read(form: PatientForm, by: UUID, today: date) -> Patient | None:
    """Return the patient that the form says; without one, `form.errors` tells why.

    Args:
        form: as it was typed.
        by: the person who typed it.
        today: two-digit years mean the latest year that is not after it.
    """
    plain = form.plain
    form.errors = {}
    for name in ("first", "last"):
        if not plain[name]:
            form.errors[name] = _("Bitte ausfüllen.")
    if plain["sex"] not in set(Sex):
        # Nothing is chosen beforehand: a tired person would leave it as it is.
        form.errors["sex"] = _("Bitte wählen.")
    birth = _birth(form, today)
    sex = _choice(Sex, plain["sex"], Sex.X)
    died_on = _day(form, "died_on", plain["died_on"])
    insurance = tuple(_insurances(form))
    if form.errors:
        return None
    return Patient(
        number=plain["number"],
        name=Name(
            title=plain["title"],
            first=plain["first"],
            last=plain["last"],
            prefix=plain["prefix"],
            suffix=plain["suffix"],
        ),
        birth=birth,
        sex=sex,
        addresses=tuple(_addresses(form.lists["address"])),
        phones=tuple(Phone(number=row["number"], label=row["label"]) for row in form.lists["phone"] if row["number"]),
        emails=tuple(row["address"] for row in form.lists["email"] if row["address"]),
        insurance=insurance,
        desk_note=plain["desk_note"],
        died_on=died_on,
        by=by,
        written=datetime.now(UTC),
    )


def _addresses(rows: Sequence[Row]) -> Iterable[Address]:
    for row in rows:
        if _is_filled(row):
            yield Address(
                kind=_choice(AddressKind, row["kind"], AddressKind.HOME),
                street=row["street"],
                house_no=row["house_no"],
                extra=row["extra"],
                postcode=row["postcode"],
                town=row["town"],
                country=row["country"] or "D",
            )


def _insurances(form: PatientForm) -> Iterable[Insurance]:
    for number, row in enumerate(form.lists["insurance"]):
        if _is_filled(row) or row["kind"] == InsuranceKind.SELF_PAYER:
            yield Insurance(
                kind=_choice(InsuranceKind, row["kind"], InsuranceKind.STATUTORY),
                payer=row["payer"],
                ik=row["ik"].replace(" ", ""),
                number=row["number"].replace(" ", "").upper(),
                status=row["status"],
                valid_from=_day(form, f"insurance-{number}-valid_from", row["valid_from"]),
                valid_until=_day(form, f"insurance-{number}-valid_until", row["valid_until"]),
            )


def _birth(form: PatientForm, today: date) -> BirthDate | None:
    if not form.plain["birth"]:
        return None
    try:
        return parse_birth(form.plain["birth"], today)
    except ImpossibleValue as error:
        form.errors["birth"] = error.german
        return None


def _day(form: PatientForm, name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        form.errors[name] = _("Dieses Datum gibt es nicht.")
        return None


def _choice(kind: type[Choice], text: str, otherwise: Choice) -> Choice:
    try:
        return kind(text)
    except ValueError:
        return otherwise


def _is_filled(row: Row) -> bool:
    return any(value for name, value in row.items() if name not in _PRESET)


def _blank_row(name: str) -> Row:
    row = dict.fromkeys(LISTS[name], "")
    if name == "address":
        row |= {"kind": AddressKind.HOME.value, "country": "D"}
    if name == "insurance":
        row["kind"] = InsuranceKind.STATUTORY.value
    return row


def _strings(names: Iterable[str], value: Address | Phone | Insurance) -> Row:
    parts = ((name, getattr(value, name)) for name in names)
    return {name: _iso(part) if isinstance(part, date) else str(part or "") for name, part in parts}


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""
