# SPDX-License-Identifier: MPL-2.0
"""Invented charts: a believable year in a general practice, or as long as wanted."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeVar
from uuid import UUID

from arkanum.cli.demo.cases import CASES, CAUTIONS, CONDITIONS, NOTES, Case, Condition, Measured
from arkanum.core.catalogue import Catalogue
from arkanum.core.entries import (
    Caution,
    Certainty,
    Content,
    Diagnosis,
    Entry,
    Finding,
    History,
    Measure,
    Medication,
    Note,
    Side,
    Sign,
    Therapy,
    Vitals,
)
from arkanum.core.patients import Patient, Sex
from arkanum.core.vitals import UNITS

Thing = TypeVar("Thing")

FEWEST = 12
MOST = 60
"""Entries of one year."""

_DAYS_OF_YEAR = 365
_DAYS_BETWEEN_VISITS = 18
_FEWEST_AT_A_VISIT = 2
_GROWN_UP = 18
_CHOICE = re.compile(r"\{([^{}]*)\}")
_SUSPECTED = 0.08
_WITH_CAUTION = 0.3
_WITH_NOTE = 0.35
_CHECK_INSTEAD_OF_CASE = 0.55
_WITH_HISTORY = 0.85
_WITH_THERAPY = 0.9


def history(patient: Patient, rng: random.Random, today: date, doctors: Sequence[UUID]) -> list[Entry]:
    """Return a year of entries, oldest first.

    Args:
        patient: whose age and sex decide what happens.
        rng: the same state gives the same chart.
        today: the last possible day.
        doctors: who may have written; at least one.

    Returns:
        12 to 60 entries.
    """
    first, last = _span(patient, today, days=_DAYS_OF_YEAR)
    course = _Course.of(patient, rng, last, doctors)
    visits = 4 + int(rng.random() * 5) + 2 * len(course.conditions)
    days = sorted(_workday(last - timedelta(days=int(rng.random() * (last - first).days))) for _ in range(visits))
    beginning = course.beginning(first)
    later = [entry for day in days for entry in course.visit(max(day, first))]
    while len(beginning) + len(later) < FEWEST:
        later += course.visit(last)
    return _in_order([*beginning, *later[-(MOST - len(beginning)) :]])


def long_history(
    patient: Patient, rng: random.Random, today: date, doctors: Sequence[UUID], entries: int
) -> list[Entry]:
    """Return exactly so many entries, oldest first, over as many years as it takes.

    Args:
        patient: whose age and sex decide what happens.
        rng: the same state gives the same chart.
        today: the last possible day.
        doctors: who may have written; at least one.
        entries: how many.
    """
    visits = entries // _FEWEST_AT_A_VISIT + 1
    first, last = _span(patient, today, days=visits * _DAYS_BETWEEN_VISITS)
    course = _Course.of(patient, rng, last, doctors)
    known_for = (last - first).days
    days = [first + timedelta(days=known_for * visit // visits) for visit in range(1, visits + 1)]
    later = [entry for day in days for entry in course.visit(max(_workday(day), first))]
    beginning = course.beginning(later[-entries].happened)[:entries]
    return _in_order([*beginning, *later[len(later) - entries + len(beginning) :]])


def _span(patient: Patient, today: date, *, days: int) -> tuple[date, date]:
    """Return the first and last day on which something can have been written about somebody."""
    last = min(today, patient.died_on or today)
    first = last - timedelta(days=days)
    return (max(first, min(patient.birth.latest, last)) if patient.birth is not None else first), last


def _workday(day: date) -> date:
    """Return the day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _in_order(entries: list[Entry]) -> list[Entry]:
    """Return the entries in the order in which they were written."""
    return sorted(entries, key=lambda entry: (entry.happened, entry.written))


@dataclass(slots=True)
class _Course:
    """Somebody's illnesses and what the scales say, as they go on from visit to visit."""

    patient: Patient
    rng: random.Random
    doctors: Sequence[UUID]
    years: int
    conditions: list[Condition]
    height_cm: int
    weight_kg: float
    pressure: float = 128.0
    sugar: float = 95.0
    cases: list[Case] = field(default_factory=list)

    @classmethod
    def of(cls, patient: Patient, rng: random.Random, today: date, doctors: Sequence[UUID]) -> "_Course":
        """Return the course of somebody of this age and sex."""
        years = patient.birth.age(today) if patient.birth is not None else 40
        height = _height(rng, patient.sex, years)
        course = cls(
            patient=patient,
            rng=rng,
            doctors=doctors,
            years=years,
            conditions=[one for one in CONDITIONS if _has(one, patient.sex, years, rng.random())],
            height_cm=height,
            weight_kg=(height / 100) ** 2 * (16 + min(years, 18) * 0.3 + rng.random() * 8),
            cases=[one for one in CASES if _fits(one, patient.sex, years)],
        )
        codes = {condition.code for condition in course.conditions}
        course.pressure = 152.0 if "I10.90" in codes else 112.0 + min(years, 80) * 0.2
        course.sugar = 178.0 if "E11.90" in codes else 92.0
        return course

    def beginning(self, day: date) -> list[Entry]:
        """Return what stays in view: permanent diagnoses, medication, cautions."""
        contents: list[Content] = []
        for condition in self.conditions:
            side = _one(self.rng, list(Side)) if condition.sided else None
            contents.append(_diagnosis(condition.code, side=side, permanent=True))
            name, dose = _one(self.rng, condition.medicines)
            since = day - timedelta(days=int(self.rng.random() * 2_000))
            contents.append(Medication(name=name, dose=dose, reason=condition.reason, since=since, permanent=True))
        if self.rng.random() < _WITH_CAUTION:
            text, allergy = _one(self.rng, CAUTIONS)
            contents.append(Caution(text=text, allergy=allergy))
        return self._written(_workday(day), contents)

    def visit(self, day: date) -> list[Entry]:
        """Return what is written at one visit: for something new, or to check what stays."""
        rng = self.rng
        if self.conditions and rng.random() < _CHECK_INSTEAD_OF_CASE:
            contents = self._check(_one(rng, self.conditions))
        else:
            contents = self._new(_one(rng, self.cases), day)
        if rng.random() < _WITH_NOTE:
            contents.append(Note(text=_said(rng, _one(rng, NOTES))))
        return self._written(day, contents)

    def _check(self, condition: Condition) -> list[Content]:
        """Return what is written when an illness that stays is looked after."""
        self.pressure += (132.0 - self.pressure) * 0.2
        self.sugar += (128.0 - self.sugar) * 0.15 if condition.code == "E11.90" else 0.0
        contents: list[Content] = []
        if condition.measured:
            contents.append(self._vitals(condition.measured, fever=False))
        contents.append(Finding(text=_said(self.rng, condition.finding)))
        contents.append(Therapy(text=_said(self.rng, condition.therapy)))
        return contents

    def _new(self, case: Case, day: date) -> list[Content]:
        """Return what is written when somebody comes for something new."""
        rng = self.rng
        contents: list[Content] = []
        if rng.random() < _WITH_HISTORY:
            contents.append(History(text=_said(rng, case.history)))
        if case.measured:
            contents.append(self._vitals(case.measured, fever=rng.random() < 0.5))  # noqa: PLR2004 - every second
        contents.append(Finding(text=_said(rng, case.finding)))
        certainty = Certainty.V if rng.random() < _SUSPECTED else Certainty.G
        side = _one(rng, (Side.R, Side.L)) if case.sided else None
        contents.append(_diagnosis(case.code, side=side, certainty=certainty))
        if case.medicine is not None:
            name, dose, days = case.medicine
            contents.append(Medication(name=name, dose=dose, since=day, until=day + timedelta(days=days)))
        if rng.random() < _WITH_THERAPY:
            contents.append(Therapy(text=_said(rng, case.therapy)))
        return contents

    def _vitals(self, measured: tuple[Measured, ...], *, fever: bool) -> Vitals:
        """Return what was measured, each sign once."""
        measures: dict[Sign, Measure] = {}
        for group in measured:
            for sign, value in self._values(group, fever=fever):
                measures[sign] = Measure(sign=sign, value=value, unit=UNITS[sign])
        return Vitals(measures=tuple(measures.values()))

    def _values(self, group: Measured, *, fever: bool) -> Iterator[tuple[Sign, Decimal]]:
        """Yield the numbers of one group, a little different each time."""
        rng = self.rng
        match group:
            case Measured.FEVER:
                yield Sign.TEMP, _number(38.3 if fever else 36.8, 0.6, rng, places=1)
            case Measured.CIRCULATION:
                yield Sign.RR_SYS, _number(self.pressure, 8, rng)
                yield Sign.RR_DIA, _number(self.pressure * 0.6, 5, rng)
                yield Sign.PULSE, _number(74 if self.years >= _GROWN_UP else 96, 10, rng)
            case Measured.BREATH:
                yield Sign.SPO2, min(Decimal(99), _number(96.5, 2, rng))
                yield Sign.RESP, _number(16 if self.years >= _GROWN_UP else 24, 3, rng)
            case Measured.SUGAR:
                yield Sign.GLUCOSE, _number(self.sugar, 15, rng)
            case Measured.WEIGHT:
                self.weight_kg *= 0.995 + rng.random() * 0.008
                yield Sign.WEIGHT, _number(self.weight_kg, 0.5, rng, places=1)
                yield Sign.HEIGHT, Decimal(self.height_cm)

    def _written(self, day: date, contents: Sequence[Content]) -> list[Entry]:
        """Return the entries of one visit, a minute or two apart."""
        by = _one(self.rng, self.doctors)
        at = datetime.combine(day, time(7 + int(self.rng.random() * 9), int(self.rng.random() * 60)), UTC)
        entries = []
        for content in contents:
            entries.append(Entry(content=content, happened=day, by=by, written=at))
            at += timedelta(seconds=30 + int(self.rng.random() * 120))
        return entries


def _has(condition: Condition, sex: Sex, years: int, chance: float) -> bool:
    """Tell whether somebody has an illness that stays."""
    right_sex = condition.sex is None or condition.sex == sex
    return right_sex and years >= condition.from_age and chance < condition.share


def _fits(case: Case, sex: Sex, years: int) -> bool:
    """Tell whether somebody of this age and sex may come for this."""
    youngest, oldest = case.ages
    return youngest <= years <= oldest and (case.sex is None or case.sex == sex)


def _height(rng: random.Random, sex: Sex, years: int) -> int:
    """Return a height in centimetres."""
    if years < _GROWN_UP:
        return int(62 + years * 6.2 + rng.random() * 12)
    return int((165 if sex == Sex.W else 177) + (rng.random() + rng.random() - 1) * 14)


def _number(middle: float, spread: float, rng: random.Random, places: int = 0) -> Decimal:
    """Return a measured number around a middle, as the device shows it."""
    return Decimal(f"{middle + (rng.random() - 0.5) * 2 * spread:.{places}f}")


def _diagnosis(
    code: str, *, side: Side | None, certainty: Certainty = Certainty.G, permanent: bool = False
) -> Diagnosis:
    """Return a diagnosis in the catalogue's words."""
    return Diagnosis(code=code, text=_text_of(code), certainty=certainty, side=side, permanent=permanent)


@cache
def _text_of(code: str) -> str:
    """Return the catalogue's text of a code that it surely has."""
    known = _catalogue().by_code(code)
    if known is None:
        raise LookupError(f"{code} is not in the catalogue")
    return known.text


@cache
def _catalogue() -> Catalogue:
    """Return the catalogue that ships with the product."""
    return Catalogue.load()


def _said(rng: random.Random, text: str) -> str:
    """Return a text with each `{a|b}` decided."""
    return _CHOICE.sub(lambda found: _one(rng, found[1].split("|")), text)


def _one(rng: random.Random, things: Sequence[Thing]) -> Thing:
    """Return one of several."""
    return things[int(rng.random() * len(things))]
