# SPDX-License-Identifier: MPL-2.0
"""The brake: how many patients one person, and one device, may see within a time, and what happens then.

Two things are counted, each per person and per device: charts that were opened for the first time within a day, and
names that a search showed and nobody opened. Whoever opens the same chart again is not slowed down, so a person at
work never loses the patient in front of them. At 80 % of a limit the pass phrase is asked for, above it a second
person; a session that somebody else has taken over knows neither. Source: `design.md`, "The brake".
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from uuid import UUID

import msgspec

from arkanum.core.ids import new_id

TEN_MINUTES = 10 * 60
HOUR_SECONDS = 60 * 60
DAY_SECONDS = 24 * HOUR_SECONDS

STEP_UP_PERCENT = 80
"""At so much of a limit the person shows once more that it is them."""

AGREED_SECONDS = HOUR_SECONDS
"""So long a second person's agreement raises the limits."""

NAMES_AN_HOUR = 600
NAMES_A_DAY = 2_400
"""Different patients whose names were shown and who were not opened: a typist meets some thirty on the way to one."""

MOVED_A_DAY = 5_000
"""Patients who were here already and whom an import adds to; it needs a pass phrase within the hour."""

FRESH_PATIENTS = 90
"""So many patients whom an import has just taken in may come again in its next batch without being counted."""

FORGIVEN_NAMES = 60
"""So many names seen on the way to a chart are forgiven when the chart is opened."""

PRESSING = 5
"""Who asks so often past the question for the pass phrase is no person in front of a screen."""

UNKNOWN_IDS = 10
"""So many ids that no patient has, and somebody is counting through."""


class Kind(StrEnum):
    """What is counted."""

    CHARTS = "charts"
    NAMES = "names"
    MOVED = "moved"
    LISTS = "lists"


class Limits(msgspec.Struct, frozen=True, array_like=True):
    """How many different charts a person, and a device, may open."""

    ten_minutes: int = 30
    hour: int = 120
    day: int = 400


LOWEST = Limits(10, 40, 100)
HIGHEST = Limits(40, 150, 600)
"""What a practice may set. 80 % of the highest hour are the 120 patients of weakness W28."""

EXTRA = Limits(15, 60, 200)
"""What an agreement of a second person adds, once."""

CEILING = Limits(50, 200, 800)
"""Nobody gets past this, whatever was set and whoever agreed."""


class Stop(StrEnum):
    """Why the brake stopped somebody."""

    STEP_UP = "step_up"
    SECOND_PERSON = "second_person"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, and what they have shown so far (seconds of the guard's clock)."""

    person: UUID
    device: UUID
    began_at: float = 0.0
    proved_at: float | None = None
    agreed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Braked:
    """What the brake says instead of yes; `refusals` is how often it said so since it was last satisfied."""

    stop: Stop
    kind: Kind
    refusals: int


@dataclass(slots=True)
class Tally:
    """What one person or one device has seen of one kind: the first time within a day, oldest first."""

    seen: dict[UUID, float] = field(default_factory=dict)
    forgiven: dict[UUID, float] = field(default_factory=dict)

    def take(self, patient: UUID, at: float, *, forgiven: bool = False) -> None:
        """Note a patient, or that a noted one is forgiven."""
        if forgiven:
            self.seen.pop(patient, None)
            self.forgiven[patient] = at
        else:
            self.seen[patient] = at

    def knows(self, patient: UUID) -> bool:
        """Tell whether this patient is no news here."""
        return patient in self.seen or patient in self.forgiven

    def prune(self, until: float) -> None:
        """Forget what was seen before."""
        for seen in (self.seen, self.forgiven):
            while seen and seen[oldest := next(iter(seen))] < until:
                del seen[oldest]

    def within(self, since: float) -> int:
        """Return how many were seen since."""
        count = 0
        for at in reversed(self.seen.values()):
            if at < since:
                break
            count += 1
        return count


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """One count as it is kept: when, for which person or device, which patients of which kind, and whether forgiven."""

    at: float
    subject: UUID
    kind: Kind
    patients: tuple[UUID, ...]
    forgiven: bool = False


class Brake:
    """All tallies of one practice; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float], written: Callable[[Counted], None] = lambda _: None) -> None:
        """Begin with nothing seen.

        Args:
            clock: seconds since any fixed moment; it goes on while the guard is not there.
            written: keeps each count, so that a guard that starts again knows it.
        """
        self._clock = clock
        self._written = written
        self._lock = threading.Lock()
        self._tallies: dict[tuple[Kind, UUID], Tally] = {}
        self._demanded: dict[UUID, float] = {}
        self._refusals: dict[tuple[UUID, Stop], int] = {}
        self._unknown: dict[UUID, set[UUID]] = {}
        self._fresh: dict[UUID, dict[UUID, None]] = {}
        self.limits = Limits()

    def remember(self, counted: Iterable[Counted]) -> None:
        """Take in what an earlier guard counted, oldest first."""
        with self._lock:
            for one in counted:
                tally = self._tally(one.kind, one.subject)
                for patient in one.patients:
                    tally.take(patient, one.at, forgiven=one.forgiven)

    def take(self, asker: Asker, kind: Kind, patients: Sequence[UUID]) -> Braked | None:
        """Count patients who are about to be shown, or say why they are not.

        Counted before the keys are fetched and under one lock, so that a hundred questions at once count as a hundred.
        Ids that no patient has count like any other: whoever asks for them is counting through.
        """
        with self._lock:
            now = self._clock()
            new = {subject: self._new(kind, subject, patients, now) for subject in (asker.person, asker.device)}
            if not any(new.values()):
                return None
            stop = max((self._judge(asker, kind, subject, len(ids), now) for subject, ids in new.items()), key=_rank)
            if stop is not None:
                self._refusals[asker.person, stop] = refusals = self._refusals.get((asker.person, stop), 0) + 1
                return Braked(stop, kind, refusals)
            for subject, ids in new.items():
                self._count(kind, subject, ids, now)
            if kind is Kind.CHARTS:
                self._forgive(asker, new[asker.person], now)
            return None

    def took_in(self, person: UUID, patients: Iterable[UUID]) -> None:
        """Know whom an import of this person has just taken in: its last batch may come again after a crash."""
        with self._lock:
            fresh = self._fresh.setdefault(person, {})
            fresh.update(dict.fromkeys(patients))
            while len(fresh) > FRESH_PATIENTS:
                del fresh[next(iter(fresh))]

    def without_fresh(self, person: UUID, patients: Iterable[UUID]) -> list[UUID]:
        """Leave out those whom an import of this person has just taken in."""
        with self._lock:
            fresh = self._fresh.get(person, {})
            return [patient for patient in patients if patient not in fresh]

    def is_proved(self, asker: Asker, seconds: float) -> bool:
        """Tell whether the person has shown within so many seconds that it is them."""
        return asker.proved_at is not None and self._clock() - asker.proved_at < seconds

    def satisfied(self, person: UUID) -> None:
        """Begin to count refusals anew: the person has shown that it is them."""
        with self._lock:
            for stop in Stop:
                self._refusals.pop((person, stop), None)

    def unknown(self, person: UUID, patient: UUID) -> int:
        """Note an id that no patient has, and return how many it were since the last alarm; 0 begins anew."""
        with self._lock:
            ids = self._unknown.setdefault(person, set())
            ids.add(patient)
            if len(ids) < UNKNOWN_IDS:
                return len(ids)
            del self._unknown[person]
            return UNKNOWN_IDS

    def patients_within(self, subject: UUID, seconds: float, kind: Kind = Kind.CHARTS) -> int:
        """Return how many different patients a person or a device was shown within the last seconds."""
        with self._lock:
            return self._tally(kind, subject).within(self._clock() - seconds)

    def lists(self, person: UUID) -> int:
        """Return how many lists of many patients this person made within a day."""
        return self.patients_within(person, DAY_SECONDS, Kind.LISTS)

    def take_list(self, person: UUID) -> int:
        """Count one list, not whom it names, and return how many it were within a day."""
        with self._lock:
            now, tally = self._clock(), self._tally(Kind.LISTS, person)
            tally.prune(now - DAY_SECONDS)
            self._count(Kind.LISTS, person, [new_id()], now)
            return tally.within(now - DAY_SECONDS)

    def _tally(self, kind: Kind, subject: UUID) -> Tally:
        return self._tallies.setdefault((kind, subject), Tally())

    def _new(self, kind: Kind, subject: UUID, patients: Sequence[UUID], now: float) -> list[UUID]:
        """Return those whom this person or device has not seen yet; who opened a chart knows the name."""
        tallies = [self._tally(Kind.CHARTS, subject)]
        if kind is not Kind.CHARTS:
            tallies.append(self._tally(kind, subject))
        for tally in tallies:
            tally.prune(now - DAY_SECONDS)
        return [one for one in dict.fromkeys(patients) if not any(tally.knows(one) for tally in tallies)]

    def _judge(self, asker: Asker, kind: Kind, subject: UUID, more: int, now: float) -> Stop | None:
        if not more:
            return None
        tally, agreed = self._tally(kind, subject), _is_within(asker.agreed_at, AGREED_SECONDS, now)
        stop: Stop | None = None
        for seconds, most in windows(self.limits, kind, agreed=agreed):
            count = tally.within(now - seconds) + more
            if count > most:
                return Stop.SECOND_PERSON
            if count * 100 > most * STEP_UP_PERCENT and not _is_within(asker.proved_at, seconds, now):
                self._demanded[subject] = now
                stop = Stop.STEP_UP
        if stop is None and self._is_demanded(asker, subject, now):
            return Stop.STEP_UP
        return stop

    def _is_demanded(self, asker: Asker, subject: UUID, now: float) -> bool:
        """Tell whether a pass phrase that was asked for is still owed: waiting is no answer."""
        at = self._demanded.get(subject)
        if at is None or now - at > DAY_SECONDS:
            return False
        return at > max(asker.began_at, asker.proved_at or 0.0)

    def _count(self, kind: Kind, subject: UUID, ids: list[UUID], now: float, *, forgiven: bool = False) -> None:
        if not ids:
            return
        tally = self._tally(kind, subject)
        for patient in ids:
            tally.take(patient, now, forgiven=forgiven)
        self._written(Counted(now, subject, kind, tuple(ids), forgiven))

    def _forgive(self, asker: Asker, opened: list[UUID], now: float) -> None:
        """Forgive the names seen on the way to a chart that was really opened."""
        for subject in (asker.person, asker.device):
            seen = self._tally(Kind.NAMES, subject).seen
            if any(patient in seen for patient in opened):
                on_the_way = list(islice(reversed(seen), FORGIVEN_NAMES))
                self._count(Kind.NAMES, subject, on_the_way[::-1], now, forgiven=True)


def windows(limits: Limits, kind: Kind, *, agreed: bool) -> tuple[tuple[int, int], ...]:
    """Return each window's seconds and how many it allows."""
    factor = 2 if agreed else 1
    if kind is Kind.NAMES:
        return ((HOUR_SECONDS, NAMES_AN_HOUR * factor), (DAY_SECONDS, NAMES_A_DAY * factor))
    if kind is Kind.MOVED:
        return ((DAY_SECONDS, MOVED_A_DAY * factor),)
    spans = (TEN_MINUTES, HOUR_SECONDS, DAY_SECONDS)
    most = zip(_numbers(bounded(limits)), _numbers(EXTRA), _numbers(CEILING), strict=True)
    return tuple(
        (span, min(limit + extra if agreed else limit, ceiling))
        for span, (limit, extra, ceiling) in zip(spans, most, strict=True)
    )


def bounded(limits: Limits) -> Limits:
    """Return limits a practice may have: whatever was asked for, never below the lowest nor above the highest."""
    parts = zip(_numbers(limits), _numbers(LOWEST), _numbers(HIGHEST), strict=True)
    return Limits(*(max(low, min(wanted, high)) for wanted, low, high in parts))


def _numbers(limits: Limits) -> tuple[int, int, int]:
    return limits.ten_minutes, limits.hour, limits.day


def _is_within(at: float | None, seconds: float, now: float) -> bool:
    return at is not None and now - at < seconds


def _rank(stop: Stop | None) -> int:
    return 0 if stop is None else 1 if stop is Stop.STEP_UP else 2
