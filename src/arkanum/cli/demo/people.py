# SPDX-License-Identifier: MPL-2.0
"""Invented patients, as many as wanted and the same for the same seed.

Nobody here exists: names are put together by chance, insurers are invented, and
telephone numbers have a zero where a subscriber's number never has one.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import TypeVar
from uuid import UUID

from arkanum.cli.demo import names, places
from arkanum.core.checkdigits import ik_is_valid, kvnr_is_valid
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

Thing = TypeVar("Thing")
Person = tuple[Name, Sex, BirthDate | None]

NOBODY = UUID(int=0)
"""Stands for the writer until someone of the practice takes the patients in."""

NASTY_AMONG_FIRST = 40
"""The difficult names stand among so many first patients, whatever the seed."""

_AGES = tuple(accumulate((8, 8, 11, 13, 12, 16, 15, 10, 6, 1)))
"""Patients by decade of age, in percent: a general practice sees the old more often."""

_TOWNS = tuple(accumulate(town[-1] for town in places.TOWNS))
_SURNAMES = tuple(accumulate(1 / (rank + 25) for rank in range(len(names.SURNAMES))))

_FROM_ELSEWHERE = 0.14
_COMMON_SURNAME = 0.62
_DOUBLE_SURNAME = 0.03
_TITLE = 0.02
_NOBLE = 0.008
_DIVERSE = 0.003
_BIRTH_UNKNOWN = 0.004
_DEAD = 0.25
_FEMALE = 0.53
_WITH_EMAIL = 0.3
_WITH_DESK_NOTE = 0.05
_WITH_LETTER = 0.1
_WITH_POST_ADDRESS = 0.02
_SELF_PAYER = 0.01
_PRIVATE = 0.11
_CHANGED_PAYER = 0.08
_HAD_ACCIDENT = 0.02
_YEARS_IF_UNKNOWN = 40
_LONGEST_KNOWN_DAYS = 2_500
_OLD_YEARS = 85
_PENSION_YEARS = 66
_CHILD_YEARS = 18


def people(count: int, seed: int, *, by: UUID = NOBODY, today: date | None = None) -> Iterator[Patient]:
    """Yield invented patients numbered from 1.

    Args:
        count: how many.
        seed: the same seed and day give the same people.
        by: who is to stand as the one who wrote them down.
        today: nobody is born later; they were written down in the years before.
            The clock of this machine when left out.
    """
    today = today or datetime.now(UTC).date()
    rng = random.Random(seed)  # noqa: S311 - repeatable people, no secrets
    nasty = _places_of_the_nasty(count, rng)
    for number in range(1, count + 1):
        known = nasty.get(number)
        person = names.NASTY[known] if known is not None else _person(rng, today)
        yield _patient(number, person, rng=rng, by=by, today=today)


def _places_of_the_nasty(count: int, rng: random.Random) -> dict[int, int]:
    """Return which of the first patients has which difficult name."""
    first = range(1, min(count, NASTY_AMONG_FIRST) + 1)
    return {number: index for index, number in enumerate(rng.sample(first, min(len(first), len(names.NASTY))))}


def _person(rng: random.Random, today: date) -> Person:
    """Return who somebody is."""
    birth = _birth(rng, today)
    shown = Sex.W if rng.random() < _FEMALE else Sex.M
    name = _name(rng, shown, birth.year)
    return name, Sex.D if rng.random() < _DIVERSE else shown, birth


def _birth(rng: random.Random, today: date) -> BirthDate:
    """Return a day of birth that fits the people of a practice."""
    decade = bisect(_AGES, rng.random() * _AGES[-1])
    day = today - timedelta(days=int((decade * 10 + rng.random() * 10) * 365.25))
    if rng.random() < _BIRTH_UNKNOWN:
        return BirthDate(year=day.year)
    return BirthDate(year=day.year, month=day.month, day=day.day)


def _name(rng: random.Random, sex: Sex, year: int) -> Name:
    """Return a name as people of that year and sex have it."""
    if rng.random() < _FROM_ELSEWHERE:
        first = _one(rng, names.FIRST_NAMES_FROM_ELSEWHERE[sex])
        return Name(first=first, last=_one(rng, names.SURNAMES_FROM_ELSEWHERE))
    cohort = next(choice for until, choice in names.FIRST_NAMES if year <= until)
    first, last = _one(rng, cohort[sex]), _surname(rng)
    if rng.random() < _DOUBLE_SURNAME:
        last = f"{last}-{_surname(rng)}"
    chance = rng.random()
    if chance < _NOBLE:
        return Name(first=first, last=last, prefix="von")
    if chance < _TITLE:
        return Name(first=first, last=last, title="Dr.")
    return Name(first=first, last=last)


def _surname(rng: random.Random) -> str:
    """Return a frequent surname, or one of the many that hardly anybody has."""
    chance = rng.random()
    if chance < _COMMON_SURNAME:
        return names.SURNAMES[bisect(_SURNAMES, rng.random() * _SURNAMES[-1])]
    return names.surname_by_composition(rng.random(), rng.random())


def _patient(number: int, person: Person, *, rng: random.Random, by: UUID, today: date) -> Patient:
    """Return everything the desk knows about somebody."""
    name, sex, birth = person
    postcode, town, dialling_code, _ = places.TOWNS[bisect(_TOWNS, rng.random() * _TOWNS[-1])]
    years = birth.age(today) if birth is not None else _YEARS_IF_UNKNOWN
    known_for_days = 1 + int(rng.random() * min(_LONGEST_KNOWN_DAYS, 1 + years * 365))
    written = datetime.combine(today - timedelta(days=known_for_days), _office_hour(rng), UTC)
    return Patient(
        number=str(number),
        name=name,
        birth=birth,
        sex=sex,
        addresses=_addresses(rng, postcode, town),
        phones=_phones(rng, dialling_code),
        emails=(f"patient{number}@example.org",) if rng.random() < _WITH_EMAIL else (),
        insurance=_insurance(rng, years, today),
        desk_note=_one(rng, places.DESK_NOTES) if rng.random() < _WITH_DESK_NOTE else "",
        died_on=_death(rng, years, today),
        by=by,
        written=written,
    )


def _death(rng: random.Random, years: int, today: date) -> date | None:
    """Return the day of death of some of the very old."""
    if years < _OLD_YEARS or rng.random() > _DEAD:
        return None
    return today - timedelta(days=int(rng.random() * 700))


def _office_hour(rng: random.Random) -> time:
    """Return a time at which a practice is open."""
    return time(8 + int(rng.random() * 10), int(rng.random() * 60))


def _addresses(rng: random.Random, postcode: str, town: str) -> tuple[Address, ...]:
    """Return where somebody lives, and for a few where the post goes."""
    house_no = str(1 + int(rng.random() ** 2 * 120))
    if rng.random() < _WITH_LETTER:
        house_no += "abcd"[int(rng.random() * 4)]
    home = Address(street=_one(rng, places.STREETS), house_no=house_no, postcode=postcode, town=town)
    if rng.random() > _WITH_POST_ADDRESS:
        return (home,)
    box = f"Postfach {1000 + int(rng.random() * 9000)}"
    return home, Address(kind=AddressKind.POST, extra=box, postcode=postcode, town=town)


def _phones(rng: random.Random, dialling_code: str) -> tuple[Phone, ...]:
    """Return one or two numbers that nobody owns: no subscriber's number begins with 0.

    Source: numbering plans of the Bundesnetzagentur; after the dialling code a 0 would
    be the sign for another place.
    """
    landline = Phone(number=f"{dialling_code} 0{_digits(rng, 5)}", label=_one(rng, places.PHONE_LABELS))
    mobile = Phone(number=f"{_one(rng, places.MOBILE_CODES)} 0{_digits(rng, 7)}", label="mobil")
    return ((landline,), (mobile,), (landline, mobile))[int(rng.random() * 3)]


def _insurance(rng: random.Random, years: int, today: date) -> tuple[Insurance, ...]:
    """Return who pays: now, sometimes before, sometimes for an accident besides."""
    chance = rng.random()
    if chance < _SELF_PAYER:
        return (Insurance(kind=InsuranceKind.SELF_PAYER),)
    since = today - timedelta(days=200 + int(rng.random() * 5_000))
    if chance < _PRIVATE:
        policy = f"{_digits(rng, 3)}/{_digits(rng, 6)}"
        return (
            Insurance(kind=InsuranceKind.PRIVATE, payer=_one(rng, places.PRIVATE), number=policy, valid_from=since),
        )
    kvnr = _kvnr(rng)
    episodes = [_statutory(rng, kvnr, years, since)]
    if rng.random() < _CHANGED_PAYER:
        before = _statutory(rng, kvnr, years, since - timedelta(days=2_000), until=since - timedelta(days=1))
        episodes.append(before)
    if rng.random() < _HAD_ACCIDENT:
        case = f"{today.year - 1}/{_digits(rng, 5)}"
        payer = _one(rng, places.ACCIDENT)
        episodes.append(Insurance(kind=InsuranceKind.ACCIDENT, payer=payer, ik=_IKS[payer], number=case))
    return tuple(episodes)


def _statutory(rng: random.Random, kvnr: str, years: int, since: date, until: date | None = None) -> Insurance:
    """Return one episode with a statutory insurer."""
    payer = _one(rng, places.STATUTORY)
    grown_up = "Rentner" if years >= _PENSION_YEARS else "Mitglied"
    return Insurance(
        kind=InsuranceKind.STATUTORY,
        payer=payer,
        ik=_IKS[payer],
        number=kvnr,
        status="Familienversichert" if years < _CHILD_YEARS else grown_up,
        valid_from=since,
        valid_until=until,
    )


def _kvnr(rng: random.Random) -> str:
    """Return an insurance number whose check digit is right."""
    start = chr(ord("A") + int(rng.random() * 26)) + _digits(rng, 8)
    return next(number for digit in range(10) if kvnr_is_valid(number := f"{start}{digit}"))


def _ik(serial: int) -> str:
    """Return an institution code whose check digit is right.

    Args:
        serial: two digits; the region 99 is given to nobody.
    """
    start = f"109900{serial:02}"
    return next(code for digit in range(10) if ik_is_valid(code := f"{start}{digit}"))


_IKS = {payer: _ik(serial) for serial, payer in enumerate((*places.STATUTORY, *places.ACCIDENT), 1)}


def _digits(rng: random.Random, count: int) -> str:
    """Return random digits."""
    return f"{int(rng.random() * 10**count):0{count}}"


def _one(rng: random.Random, things: Sequence[Thing]) -> Thing:
    """Return one of several; three times as fast as `Random.choice`."""
    return things[int(rng.random() * len(things))]
