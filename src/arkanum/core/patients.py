# SPDX-License-Identifier: MPL-2.0
"""The patient: who someone is, where they live, who insures them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from arkanum.core.checkdigits import ik_is_valid, kvnr_is_valid
from arkanum.core.errors import ImpossibleValue
from arkanum.core.hints import Hint
from arkanum.core.origins import Origin, require_zone

EARLIEST_PLAUSIBLE_BIRTH = 1880
"""Nobody alive was born earlier; an older year is a slip of the finger."""

_LAST_MONTH = 12
_CENTURY = 100


class Sex(StrEnum):
    """Sex as the health card knows it (*Geschlecht*)."""

    M = "M"
    W = "W"
    D = "D"
    X = "X"


class AddressKind(StrEnum):
    """What an address is good for."""

    HOME = "home"
    POST = "post"
    OTHER = "other"


class InsuranceKind(StrEnum):
    """Who pays (*Kostenträgerart*)."""

    STATUTORY = "statutory"
    PRIVATE = "private"
    ACCIDENT = "accident"
    SELF_PAYER = "self_payer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's name in the parts that German health data keeps apart.

    Attributes:
        title: academic title (*Titel*), such as `Dr.`.
        first: first names (*Vorname*).
        last: last name without its prefix (*Nachname*).
        prefix: word before the last name (*Vorsatzwort*), such as `von`.
        suffix: addition to the name (*Namenszusatz*), such as `Freiherr`.
    """

    title: str = ""
    first: str
    last: str
    prefix: str = ""
    suffix: str = ""

    def full(self) -> str:
        """Return the name as it is spoken: `Dr. Ada Freiherrin von Lovelace`."""
        parts = (self.title, self.first, self.suffix, self.prefix, self.last)
        return " ".join(part for part in parts if part)

    def sorted(self) -> str:
        """Return the name as it stands in a list: `Lovelace, Ada Freiherrin von, Dr.`."""
        given = " ".join(part for part in (self.first, self.suffix, self.prefix) if part)
        return ", ".join(part for part in (self.last, given, self.title) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthDate:
    """A day of birth of which day, or day and month, may be unknown.

    Attributes:
        year: 1 to 9999.
        month: 1 to 12, or `None` when unknown.
        day: 1 to 31, or `None` when unknown; known only if the month is.

    Raises:
        ImpossibleValue: the calendar has no such day.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what the calendar does not have."""
        if not self._is_possible():
            raise ImpossibleValue("birth_date", "Dieses Geburtsdatum gibt es nicht.")

    def _is_possible(self) -> bool:
        if not date.min.year <= self.year <= date.max.year:
            return False
        if self.month is None:
            return self.day is None
        if not 1 <= self.month <= _LAST_MONTH:
            return False
        return self.day is None or 1 <= self.day <= monthrange(self.year, self.month)[1]

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the birth date that is fully known."""
        return cls(year=day.year, month=day.month, day=day.day)

    @property
    def earliest(self) -> date:
        """The first day that this birth date may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that this birth date may mean."""
        month = self.month or _LAST_MONTH
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def german(self) -> str:
        """Return it as `03.04.1965`, `04.1965` or `1965`."""
        parts = [f"{part:02}" for part in (self.day, self.month) if part is not None]
        return ".".join([*parts, f"{self.year:04}"])

    def age(self, today: date) -> int:
        """Return the age in completed years, at least 0.

        Args:
            today: the day for which the age is asked.

        Returns:
            Completed years; with day or month unknown the smallest possible
            number. Who was born on 29 February grows older on 1 March.

        Source: §§ 187 (2), 188 (2) BGB.
        """
        born = self.latest
        before_birthday = (today.month, today.day) < (born.month, born.day)
        return max(0, today.year - born.year - before_birthday)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (*Anschrift*).

    Attributes:
        country: sign of the country as on cars, `D` for Germany.
        extra: second line (*Anschriftenzusatz*), or the post-office box.
    """

    kind: AddressKind = AddressKind.HOME
    street: str = ""
    house_no: str = ""
    extra: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number as it was given, and what it is (`mobil`, `Tochter`)."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """One episode of being insured (*Versicherungsverhältnis*).

    Attributes:
        kind: who pays.
        payer: name of the insurer (*Kostenträger*).
        ik: the insurer's 9-digit institution code (*Institutionskennzeichen*).
        number: KVNR when statutory, otherwise number of the policy or case.
        status: member, family, pensioner as the insurer writes it.
        valid_from: first day, or `None` when unknown.
        valid_until: last day, or `None` when open.
    """

    kind: InsuranceKind
    payer: str = ""
    ik: str = ""
    number: str = ""
    status: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One version of a patient's master data (*Stammdaten*).

    Attributes:
        number: the practice's own number for this patient.
        desk_note: what the desk should know; no medical content.
        died_on: day of death, or `None`.
        by: id of the person who wrote this version.
        written: aware time at which this version was written.
        origin: where it came from when it was imported.

    Raises:
        ImpossibleValue: `written` has no time zone.
    """

    number: str
    name: Name
    birth: BirthDate | None = None
    sex: Sex
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    desk_note: str = ""
    died_on: date | None = None
    by: UUID
    written: datetime
    origin: Origin | None = None

    def __post_init__(self) -> None:
        """Refuse a time that could mean several moments."""
        require_zone(self.written)


_TYPED_BIRTH = re.compile(r"(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?(\d{4}|\d{2})")
_DIGITS_BIRTH = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")


def parse_birth(text: str, today: date) -> BirthDate:
    """Read a birth date as someone types it.

    Args:
        text: `3.4.1965`, `3.4.65`, `03041965`, `030465`, `4.1965`, `1965`;
            `00` stands for an unknown day or month.
        today: two-digit years mean the latest year that is not after it.

    Raises:
        ImpossibleValue: not a date, or none that the calendar has.
    """
    plain = text.strip()
    found = _TYPED_BIRTH.fullmatch(plain) or _DIGITS_BIRTH.fullmatch(plain)
    if found is None or len(plain) == len("65"):
        raise ImpossibleValue("birth_date", "Bitte ein Geburtsdatum wie 3.4.1965 eingeben.")
    day, month, year = found.groups()
    return BirthDate(year=_full_year(year, today), month=int(month or 0) or None, day=int(day or 0) or None)


def _full_year(digits: str, today: date) -> int:
    if len(digits) > len("65"):
        return int(digits)
    year = today.year - today.year % _CENTURY + int(digits)
    return year if year <= today.year else year - _CENTURY


def check(patient: Patient) -> tuple[Hint, ...]:
    """Return what looks wrong about a patient without being impossible.

    Real data is full of wrong check digits, so they warn and refuse nothing.
    """
    hints = [*_birth_hints(patient)]
    for insurance in patient.insurance:
        hints += _insurance_hints(insurance)
    return tuple(hints)


def _birth_hints(patient: Patient) -> list[Hint]:
    birth = patient.birth
    if birth is None:
        return [Hint("birth_missing", "Das Geburtsdatum fehlt.")]
    if birth.earliest > patient.written.date():
        return [Hint("birth_future", "Das Geburtsdatum liegt in der Zukunft.")]
    if birth.year < EARLIEST_PLAUSIBLE_BIRTH:
        return [Hint("birth_early", f"Das Geburtsjahr {birth.year} kann kaum stimmen.")]
    if patient.died_on is not None and patient.died_on < birth.earliest:
        return [Hint("died_before_birth", "Der Todestag liegt vor dem Geburtsdatum.")]
    return []


def _insurance_hints(insurance: Insurance) -> list[Hint]:
    hints = []
    statutory = insurance.kind is InsuranceKind.STATUTORY
    if statutory and insurance.number and not kvnr_is_valid(insurance.number):
        hints.append(Hint("kvnr", "Die Prüfziffer der Versichertennummer stimmt nicht. Bitte vergleichen."))
    if insurance.ik and not ik_is_valid(insurance.ik):
        hints.append(Hint("ik", "Die Prüfziffer der Kassennummer (IK) stimmt nicht."))
    if _is_backwards(insurance):
        hints.append(Hint("insurance_period", "Die Versicherung endet, bevor sie beginnt."))
    return hints


def _is_backwards(insurance: Insurance) -> bool:
    if insurance.valid_from is None or insurance.valid_until is None:
        return False
    return insurance.valid_until < insurance.valid_from
