# SPDX-License-Identifier: MPL-2.0
"""The log as columns of small numbers, so that a million lines take some 40 MB and any filter a few hundredths."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from arkanum.core.unusual import Mark
from arkanum.guard.log import Event
from arkanum.guard.protocol import LogQuery
from arkanum.vault import Key

NOBODY = 0
"""Number of "no person", "no device", "no patient"."""

MARK_BITS = {mark: 1 << at for at, mark in enumerate(Mark)}


class Numbers:
    """Small numbers for ids and words that come again and again."""

    def __init__(self) -> None:
        """Begin with nothing but nobody."""
        self._number: dict[object, int] = {None: NOBODY}
        self._thing: list[object] = [None]

    def of(self, thing: object) -> int:
        """Return the number of a thing, a new one where it has none."""
        number = self._number.get(thing)
        if number is None:
            number = self._number[thing] = len(self._thing)
            self._thing.append(thing)
        return number

    def known(self, thing: object) -> int:
        """Return the number of a thing, -1 where no line has it."""
        return self._number.get(thing, -1)

    def thing(self, number: int) -> object:
        """Return what has this number."""
        return self._thing[number]


@dataclass(slots=True)
class Vocabulary:
    """The numbers that all parts of an index share."""

    people: Numbers = field(default_factory=Numbers)
    devices: Numbers = field(default_factory=Numbers)
    patients: Numbers = field(default_factory=Numbers)
    words: Numbers = field(default_factory=Numbers)


class Columns:
    """A run of lines, oldest first."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Begin empty."""
        self._words = vocabulary
        self.no, self.at, self.offset = array("Q"), array("q"), array("Q")
        self.what, self.outcome, self.marks = array("H"), array("H"), array("H")
        self.person, self.device, self.patient = array("I"), array("I"), array("I")
        self.segments: list[tuple[int, UUID, Key]] = []

    def __len__(self) -> int:
        """Return how many lines stand here."""
        return len(self.no)

    def add(self, no: int, offset: int, event: Event) -> None:
        """Take a line in, without any mark."""
        words = self._words
        self.no.append(no)
        self.offset.append(offset)
        self.at.append(millis(event.at))
        self.what.append(words.words.of(event.what))
        self.outcome.append(words.words.of(event.outcome))
        self.person.append(words.people.of(event.person))
        self.device.append(words.devices.of(event.device))
        self.patient.append(words.patients.of(event.patient))
        self.marks.append(0)

    def drop(self, count: int) -> None:
        """Forget the oldest lines."""
        for column in (self.no, self.at, self.offset, self.what, self.outcome, self.marks):
            del column[:count]
        for ids in (self.person, self.device, self.patient):
            del ids[:count]

    def place_of(self, no: int) -> int | None:
        """Return where the line with this number stands."""
        at = bisect_left(self.no, no)
        return at if at < len(self.no) and self.no[at] == no else None

    def segment_of(self, no: int) -> tuple[UUID, Key]:
        """Return id and key of the segment that a line belongs to."""
        at = bisect_right(self.segments, no, key=lambda segment: segment[0])
        _, segment, key = self.segments[at - 1]
        return segment, key

    def matching(self, wanted: LogQuery, also: AbstractSet[int], related: dict[int, frozenset[int]]) -> Sequence[int]:
        """Return the places of the lines that are asked for, oldest first.

        Args:
            wanted: what is asked for.
            also: numbers of lines about the patient that do not name them (many were moved in under one line).
            related: for each patient with a name that somebody of the team has, the people to whom that matters.
        """
        found = self._about(wanted.patient, also)
        words = self._words
        for column, number in (
            (self.person, None if wanted.person is None else words.people.known(wanted.person)),
            (self.device, None if wanted.device is None else words.devices.known(wanted.device)),
            (self.what, None if wanted.what is None else words.words.known(wanted.what)),
            (self.outcome, None if wanted.outcome is None else words.words.known(wanted.outcome)),
        ):
            if number is not None:
                found = _equal(column, number, found)
        if wanted.since is not None or wanted.until is not None:
            # The clock of a server goes back now and then, so the moments need not be in order.
            since = -(1 << 62) if wanted.since is None else millis(wanted.since)
            until = 1 << 62 if wanted.until is None else millis(wanted.until)
            at = self.at
            found = [place for place in _all(at, found) if since <= at[place] < until]
        return self._unusual(found, related) if wanted.unusual else _all(self.no, found)

    def _about(self, patient: UUID | None, also: AbstractSet[int]) -> Sequence[int] | None:
        if patient is None:
            return None
        number, column = self._words.patients.known(patient), self.patient
        if not also:
            return _equal(column, number, None)
        moved, no, what = self._words.words.known("import_records"), self.no, self.what
        return [
            place
            for place, other in enumerate(column)
            if other == number or (what[place] == moved and no[place] in also)
        ]

    def _unusual(self, found: Sequence[int] | None, related: dict[int, frozenset[int]]) -> Sequence[int]:
        marks, patient, person = self.marks, self.patient, self.person
        places = _all(marks, found)
        if not related:
            return [place for place in places if marks[place]]
        return [
            place
            for place in places
            if marks[place] or (patient[place] in related and person[place] in related[patient[place]])
        ]


def _equal(column: array[int], number: int, found: Sequence[int] | None) -> Sequence[int]:
    if found is None:
        return [place for place, other in enumerate(column) if other == number]
    return [place for place in found if column[place] == number]


def _all(column: Sequence[object], found: Sequence[int] | None) -> Sequence[int]:
    return range(len(column)) if found is None else found


def millis(moment: datetime) -> int:
    """Return a moment in milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def moment_of(at: int) -> datetime:
    """Return the aware moment of so many milliseconds since 1970."""
    return datetime.fromtimestamp(at / 1000, UTC)


def bits_of(marks: Sequence[Mark]) -> int:
    """Return marks as one number."""
    return sum(MARK_BITS[mark] for mark in marks)


def marks_of(bits: int) -> list[Mark]:
    """Return the marks in a number."""
    return [mark for mark, bit in MARK_BITS.items() if bits & bit]
