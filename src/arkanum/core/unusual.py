# SPDX-License-Identifier: MPL-2.0
"""Which accesses somebody should look at twice: whose name or street it is, when, and how many at once.

A mark is a hint and no reproach: a doctor may treat her neighbour, and nights on call are worked. The rules know the
log's lines alone, in their order, and say why in German. Nothing here knows a key or who may see the marks.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from arkanum.core.names import fold

NIGHT_BEGINS, NIGHT_ENDS = 22, 6
"""Hours of the practice's own time. Source: § 2 (3) ArbZG has night from 23 to 6; practices are dark by 22."""

LEARNT_DAYS = 20
"""So many days with work must have been seen before an hour can be called unusual for this practice."""

USUAL_DAYS = 3
"""On so many days somebody worked in this hour of this weekday: then it is one of the practice's hours."""

MANY_PATIENTS = 25
RUSH = timedelta(minutes=10)
"""Whoever opens so many different patients in so short a time reads a list and treats nobody."""

COMMON_SHARE = 500
COMMON_LEAST = 5
"""A last name is too common to mean anything when more than one in 500 patients has it, and more than five."""

NEAR_NUMBERS = 10
"""In one street whoever lives up to so many house numbers away is a neighbour: five houses on one side."""

SHORT_STREET = 10
"""A street with so few patients is a short one: all who live in it are neighbours, whatever their house numbers."""

MOST_NEIGHBOURS = 40
"""Where more patients than that live as near, only those still nearer are neighbours: a street of high-rise blocks."""

T = TypeVar("T")

_POSTCODE = re.compile(r"(?:\bD-)?\b([0-9]{5})\b")
_NUMBER = re.compile(r"[0-9]{1,4}")
_STREET_AND_NUMBER = re.compile(r"(.*\S)[\s.]+([0-9]{1,4})\s?[a-zA-Z]?(?:\s?[-/+].*)?")

_TITLES = frozenset(
    {"dr", "prof", "pd", "priv", "doz", "med", "dent", "vet", "rer", "nat", "phil", "habil", "dipl", "mag"}
) | frozenset({"von", "van", "de", "zu", "der", "den"})


class Mark(StrEnum):
    """Why an access stands out."""

    OWN_NAME = "own_name"
    SAME_LAST_NAME = "same_last_name"
    COLLEAGUE = "colleague"
    NEIGHBOUR = "neighbour"
    RELATION = "relation"
    CANARY = "canary"
    NIGHT = "night"
    MANY = "many"
    REFUSED = "refused"
    BREAK_GLASS = "break_glass"
    ALARM = "alarm"


REASONS = {
    Mark.OWN_NAME: "Eigener Name: heißt wie die zugreifende Person.",
    Mark.SAME_LAST_NAME: "Gleicher Nachname wie die zugreifende Person, und kein häufiger.",
    Mark.COLLEAGUE: "Kollegin oder Kollege: heißt wie jemand aus dem Team.",
    Mark.NEIGHBOUR: "Nachbarschaft: wohnt in derselben Straße wie die zugreifende Person, nicht weit von ihr.",
    Mark.RELATION: "Möglicher persönlicher Bezug: ein gleicher Name oder dieselbe Straße.",
    Mark.CANARY: "Köder: diesen Patienten gibt es nicht, niemand hat hier etwas zu suchen.",
    Mark.NIGHT: "Außerhalb der üblichen Zeiten der Praxis.",
    Mark.MANY: f"Mehr als {MANY_PATIENTS} verschiedene Patienten in zehn Minuten.",
    Mark.REFUSED: "Abgewiesener Versuch.",
    Mark.BREAK_GLASS: "Notzugriff über die eigene Rolle hinaus.",
    Mark.ALARM: "Alarm.",
}
"""What a mark means, for whoever reads the log."""

ABOUT_NAMES = frozenset({Mark.OWN_NAME, Mark.SAME_LAST_NAME, Mark.COLLEAGUE, Mark.NEIGHBOUR})
"""Marks that tell of a patient's name or address: for those who may see names. Others are told `RELATION`."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name taken apart far enough to compare it."""

    last: str
    firsts: frozenset[str]

    @classmethod
    def of_staff(cls, name: str) -> PersonName:
        """Take apart how a colleague is written: titles and words of nobility do not count."""
        words = [word for word in (fold(part) for part in name.split()) if word and word not in _TITLES]
        return cls(words[-1] if words else "", frozenset(words[:-1]))

    @classmethod
    def of_patient(cls, last: str, first: str) -> PersonName:
        """Take apart a patient's name."""
        return cls(fold(last), frozenset(fold(first).split()))

    def is_same(self, other: PersonName) -> bool:
        """Tell whether both can be one person: the last name, and one of the first names."""
        return bool(self.last) and self.last == other.last and bool(self.firsts & other.firsts)


def relations(reader: PersonName, colleagues: Iterable[PersonName], patient: PersonName, *, common: bool) -> list[Mark]:
    """Return what a patient's name has to do with the reader and the team.

    Args:
        reader: who looked.
        colleagues: everybody else of the practice.
        patient: whom they looked at.
        common: whether many patients have this last name.
    """
    if reader.is_same(patient):
        return [Mark.OWN_NAME]
    found = [Mark.SAME_LAST_NAME] if reader.last and reader.last == patient.last and not common else []
    if any(colleague.is_same(patient) for colleague in colleagues):
        found.append(Mark.COLLEAGUE)
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives, as far as it takes to tell neighbours.

    Attributes:
        street: postcode and street in one spelling: `50667 hauptstrasse` for Hauptstr., Haupt-Straße and Hauptstrasse.
        number: the house number without its letter, the first of several; 0 where it is unknown.
    """

    street: str
    number: int = 0

    @classmethod
    def of(cls, street: str, house_no: str, postcode: str) -> Home | None:
        """Return the home of an address, `None` where street or postcode is missing.

        Args:
            street: with the house number where `house_no` is empty.
            house_no: as it was written.
            postcode: likewise.
        """
        if not house_no.strip() and (both := _STREET_AND_NUMBER.fullmatch(street.strip())):
            street, house_no = both[1], both[2]
        words = [word + "asse" if word.endswith("str") else word for word in fold(street).split()]
        place = fold(postcode).replace(" ", "")
        if not words or not place:
            return None
        first = _NUMBER.search(house_no)
        return cls(f"{place} {''.join(words)}", int(first[0]) if first else 0)

    @classmethod
    def read(cls, text: str) -> Home | None:
        """Return the home that somebody wrote in one line (`Ahornweg 12, 50667 Köln`), `None` where that is none."""
        postcode = _POSTCODE.search(text)
        if postcode is None:
            return None
        before = text[: postcode.start()].split(",", maxsplit=1)[0].strip()
        return cls.of(before or text[postcode.end() :].rsplit(",", maxsplit=1)[-1], "", postcode[1])


def neighbours(number: int, street: Mapping[T, int]) -> frozenset[T]:
    """Return who of a street lives next to somebody; only those of the same street and postcode are asked about.

    In a street with at most `SHORT_STREET` patients everybody is a neighbour. In a longer one those are whose house
    number is known and at most `NEAR_NUMBERS` away; and where those are more than `MOST_NEIGHBOURS`, the widest
    distance counts within which there are no more, but whoever lives in the very house always does. So a village of
    one long street is not marked as a whole.

    Args:
        number: the house number of the one; 0 where it is unknown.
        street: the house numbers of all patients of that street.
    """
    if len(street) <= SHORT_STREET:
        return frozenset(street)
    if not number:
        return frozenset()
    away = {one: abs(other - number) for one, other in street.items() if other}
    for reach in range(NEAR_NUMBERS, 0, -1):
        near = frozenset(one for one, distance in away.items() if distance <= reach)
        if len(near) <= MOST_NEIGHBOURS:
            return near
    return frozenset(one for one, distance in away.items() if distance == 0)


def is_common(having_it: int, patients: int) -> bool:
    """Tell whether a last name is too common to mean anything."""
    return having_it > COMMON_LEAST and having_it * COMMON_SHARE > patients


class Hours:
    """Learns in which hours of the week a practice works, from the accesses in the order they came."""

    def __init__(self) -> None:
        """Begin without having seen a day."""
        self._days = 0
        self._last_day: date | None = None
        self._seen = [0] * (7 * 24)
        self._last = [date.min] * (7 * 24)

    def is_unusual(self, at: datetime) -> bool:
        """Tell whether an access is at night or in an hour in which the practice does not work; then learn it.

        Args:
            at: in the practice's own time.
        """
        day, place = at.date(), at.weekday() * 24 + at.hour
        night = at.hour >= NIGHT_BEGINS or at.hour < NIGHT_ENDS
        unusual = night or (self._days >= LEARNT_DAYS and self._seen[place] < USUAL_DAYS)
        if day != self._last_day:
            self._last_day = day
            self._days += 1
        if day != self._last[place]:
            self._last[place] = day
            self._seen[place] += 1
        return unusual


class Rush:
    """Notices who opens many different patients in a short time."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._opened: dict[int, deque[tuple[datetime, int]]] = {}

    def is_many(self, person: int, patient: int, at: datetime) -> bool:
        """Take one access, and tell whether it is one too many.

        Args:
            person: who, as any number.
            patient: whom, as any number.
            at: when; of each person in order.
        """
        opened = self._opened.setdefault(person, deque(maxlen=MANY_PATIENTS + 1))
        while opened and at - opened[0][0] > RUSH:
            opened.popleft()
        if all(other != patient for _, other in opened):
            opened.append((at, patient))
        return len(opened) > MANY_PATIENTS
