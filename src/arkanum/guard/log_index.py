# SPDX-License-Identifier: MPL-2.0
"""The index over the log, in the guard's memory and nowhere else, as long as somebody who may read the log is here.

Two runs of lines: *new* ones since this process began, read on each question up to the last line written, so that an
alarm is seen at once; and *old* ones, read in the background when the log ring is opened. While a line is taken in, its
place in the chain is checked and its body opened; the first damage is remembered and shown, and reading goes on behind
it, because one flipped bit must not hide what came later.
"""

from __future__ import annotations

import os
import re
import threading
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from arkanum.core.unusual import Hours, Mark, Rush
from arkanum.guard.alarms import ALARM
from arkanum.guard.errors import PracticeSealed
from arkanum.guard.log import Event, Log
from arkanum.guard.log_chain import START, LogDamaged, RawLine, link, parse
from arkanum.guard.log_columns import MARK_BITS, NOBODY, Columns, Vocabulary, bits_of, moment_of
from arkanum.guard.log_open import Opener, RingKeys, open_body
from arkanum.guard.protocol import LogQuery

MOST_LINES = 3_000_000
"""So many of the newest lines are kept; older ones stay in the file, where `arkanum log verify` reads them."""

DROP_AT_ONCE = 100_000
BREATHE_EVERY = 500
BREATH_SECONDS = 0.002
"""After so many lines the reader lets others work for so long: names must be found while it reads."""

UNREADABLE = "Die Datei des Protokolls fehlt oder lässt sich nicht lesen."
QUARTER_MILLIS = 15 * 60 * 1000

DEEDS = {Mark.BREAK_GLASS: {"break_glass"}, Mark.CANARY: {"canary"}}
REFUSALS = {"refused", "not_found", "throttled"}

_WHOLE = re.compile(rb"([0-9]{1,15}) ([SL]) ([A-Za-z0-9+/=]+) ([0-9a-f]{64})\n")


Related = dict[int, dict[int, frozenset[Mark]]]
"""By number of a patient and number of a person: what the one's name has to do with the other."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm, or what somebody said to one, with the number of its line."""

    no: int
    event: Event


@dataclass(slots=True)
class Damage:
    """The first line that does not hold, and why, in German."""

    line: int
    reason: str


@dataclass(slots=True)
class Run:
    """A run of lines that is being read: how far, and what it chains to."""

    columns: Columns
    opener: Opener
    offset: int
    no: int
    before: str
    until: int
    """Number of the line before which this run ends; 0 while it goes on."""
    alarms: list[Told] = field(default_factory=list)
    answers: list[Told] = field(default_factory=list)
    sheets: list[Told] = field(default_factory=list)
    damage: Damage | None = None


class LogIndex:
    """One practice's log while its ring is open. `spawn` runs the reading of old lines in a thread of its own."""

    def __init__(self, log: Log, practice: UUID, keys: RingKeys, spawn: Callable[[Callable[[], None]], None]) -> None:
        """Begin with nothing read; `read_old` begins to read.

        Args:
            log: the practice's log.
            practice: whose log it is.
            keys: returns the private keys of the log ring, newest first; they change when the ring is rotated.
            spawn: runs the reading of old lines.
        """
        self.vocabulary = Vocabulary()
        self._log, self._practice = log, practice
        self._lock = threading.RLock()
        self._closed = False
        self._marker = Marker()
        self._spawn = spawn
        begun = log.begun
        self.old = Run(Columns(self.vocabulary), Opener(practice, keys), 0, 0, START, begun.no)
        self.new = Run(Columns(self.vocabulary), Opener(practice, keys), begun.offset, begun.no, begun.before, 0)
        self._file = os.open(log.path, os.O_RDONLY)
        self.relations: tuple[float, Related] = (0.0, {})
        """What names of patients have to do with the team, and until when that is believed."""

    def begin(self) -> None:
        """Read the old lines in the background."""
        self._spawn(self._read_old)

    def close(self) -> None:
        """Forget everything; a reader in the background stops at its next line."""
        with self._lock:
            if not self._closed:
                self._closed = True
                os.close(self._file)

    @property
    def left(self) -> int:
        """How many old lines are not read yet."""
        return max(0, self.old.until - self.old.no)

    @property
    def runs(self) -> tuple[Run, Run]:
        """The new lines and the old ones."""
        return self.new, self.old

    @property
    def damage(self) -> Damage | None:
        """The first damage that was found."""
        return self.old.damage or self.new.damage

    def catch_up(self) -> None:
        """Read the lines that were written since the last question.

        Raises:
            PracticeSealed: nobody who may read the log is here any more.
        """
        with self._lock:
            if self._closed:
                raise PracticeSealed
            end = self._log.end[0]
            if self.new.no >= end:
                return
            try:
                for no, offset, event in self._lines(self.new, end):
                    self._take(self.new, no, offset, event)
            except OSError:
                self.new.damage = self.new.damage or Damage(self.new.no + 1, UNREADABLE)
                return
            if self.new.no < end:
                self.new.damage = self.new.damage or Damage(self.new.no + 1, "Die letzten Zeilen fehlen.")

    def find(
        self, wanted: LogQuery, also: AbstractSet[int] = frozenset(), related: Related | None = None
    ) -> list[tuple[Run, Sequence[int]]]:
        """Return the runs, newest first, each with the places of the lines that are asked for, oldest first."""
        who = {patient: frozenset(people) for patient, people in (related or {}).items()}
        with self._lock:
            return [(run, run.columns.matching(wanted, also, who)) for run in self.runs]

    def event(self, run: Run, place: int) -> Event:
        """Read one line from the file again; whoever changed it since is noticed.

        Raises:
            LogDamaged: it is not there any more as it was.
        """
        no = run.columns.no[place]
        whole = _WHOLE.fullmatch(_line_at(self._file, run.columns.offset[place]))
        if whole is None or int(whole[1]) != no:
            raise LogDamaged(no, "Die Zeile steht nicht mehr an ihrem Platz.")
        segment, key = run.columns.segment_of(no)
        return open_body(self._practice, segment, key, RawLine(no, "L", _body(whole[3], no), whole[4].decode()))

    def digest_of(self, no: int) -> str | None:
        """Return the hash of a line as it stands in the file now, `None` where the index does not have it."""
        for run in self.runs:
            place = run.columns.place_of(no)
            if place is not None:
                whole = _WHOLE.fullmatch(_line_at(self._file, run.columns.offset[place]))
                return None if whole is None else whole[4].decode()
        return None

    # --- reading -----------------------------------------------------------------------------------------------------

    def _read_old(self) -> None:
        run = self.old
        with suppress(PracticeSealed, OSError):
            for count, (no, offset, event) in enumerate(self._lines(run, run.until)):
                with self._lock:
                    self._take(run, no, offset, event)
                if count % BREATHE_EVERY == 0:
                    time.sleep(BREATH_SECONDS)
        with self._lock:
            if run.no < run.until:
                run.damage = run.damage or Damage(run.no + 1, UNREADABLE)
                run.no = run.until
            self._mark_new_again()

    def _take(self, run: Run, no: int, offset: int, event: Event) -> None:
        if event.what == "filed" and event.outcome == "ok":
            return  # says only that the rows of an earlier line are there
        ready = run is self.old or not self.left
        run.columns.add(no, offset, event)
        run.columns.marks[-1] = self._marker.bits(run.columns, event, learn=ready)
        if event.outcome == ALARM:
            run.alarms.append(Told(no, event))
        elif event.what == "acknowledge_alarm":
            run.answers.append(Told(no, event))
        elif event.what == "print_head":
            run.sheets.append(Told(no, event))
        if len(run.columns) > MOST_LINES:
            run.columns.drop(DROP_AT_ONCE)

    def _mark_new_again(self) -> None:
        """Mark what was written while the old lines were read, now that the practice's hours are known."""
        columns = self.new.columns
        for place in range(len(columns)):
            columns.marks[place] = self._marker.again(columns, place)

    def _lines(self, run: Run, until: int) -> Iterator[tuple[int, int, Event]]:
        if run.no >= until:
            return
        with self._log.path.open("rb", buffering=1 << 18) as file:
            file.seek(run.offset)
            for raw in file:
                if self._closed:
                    raise PracticeSealed
                offset, run.offset = run.offset, run.offset + len(raw)
                line = _follow(run, raw)
                event = None if line is None else _open(run, line)
                if line is not None and event is not None:
                    yield line.no, offset, event
                if run.no >= until:
                    return


class KeepsIndex(Protocol):
    """A practice that has an index over its log while somebody is here who may read it."""

    log_index: LogIndex | None


def current(practice: KeepsIndex) -> LogIndex:
    """Return the index over the log, up to its last line.

    Raises:
        PracticeSealed: nobody who may read the log is here.
    """
    index = practice.log_index
    if index is None:
        raise PracticeSealed
    index.catch_up()
    return index


class Marker:
    """Marks lines in the order in which they were written."""

    def __init__(self) -> None:
        """Begin without having learnt anything."""
        self._hours, self._rush = Hours(), Rush()
        self._quarter, self._local = -1, moment_of(0)

    def bits(self, columns: Columns, event: Event, *, learn: bool) -> int:
        """Return the marks of the line that was taken in last.

        Args:
            columns: where it stands.
            event: what it says.
            learn: whether everything before it is known.
        """
        bits = bits_of(_at_once(event))
        return bits | self.again(columns, len(columns) - 1) if learn else bits

    def again(self, columns: Columns, place: int) -> int:
        """Return the marks of a line that need what came before it, together with those it has."""
        bits, person, patient = columns.marks[place], columns.person[place], columns.patient[place]
        if NOBODY in {person, patient}:
            return bits
        at = columns.at[place]
        if self._hours.is_unusual(self._local_hour(at)):
            bits |= MARK_BITS[Mark.NIGHT]
        if self._rush.is_many(person, patient, moment_of(at)):
            bits |= MARK_BITS[Mark.MANY]
        return bits

    def _local_hour(self, at: int) -> datetime:
        quarter = at // QUARTER_MILLIS
        if quarter != self._quarter:
            self._quarter, self._local = quarter, timezone.localtime(moment_of(at))
        return self._local


def _at_once(event: Event) -> list[Mark]:
    marks = [mark for mark, whats in DEEDS.items() if event.what in whats]
    if event.outcome == ALARM:
        marks.append(Mark.ALARM)
    elif event.outcome in REFUSALS:
        marks.append(Mark.REFUSED)
    return marks


def _follow(run: Run, raw: bytes) -> RawLine | None:
    """Return the next line and go on behind it, also where it does not hold."""
    if raw.endswith(b" T\n"):
        run.before = link(run.before, raw[:-1])
        return None
    try:
        line = parse(raw, run.no + 1, run.before)
    except LogDamaged as damage:
        run.damage = run.damage or Damage(damage.line, damage.reason)
        whole = _WHOLE.fullmatch(raw)
        if whole is None:
            return None
        with suppress(LogDamaged):
            line = RawLine(int(whole[1]), whole[2].decode(), _body(whole[3], run.no + 1), whole[4].decode())
            run.no, run.before = line.no, line.digest
            return line
        return None
    run.no, run.before = line.no, line.digest
    return line


def _open(run: Run, line: RawLine) -> Event | None:
    try:
        event = run.opener.open(line)
    except LogDamaged as damage:
        run.damage = run.damage or Damage(damage.line, damage.reason)
        return None
    if line.kind == "S" and run.opener.segment is not None:
        run.columns.segments.append((line.no, *run.opener.segment))
    return event


def _body(text: bytes, no: int) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64 as error:
        raise LogDamaged(no, "Die Zeile ist unlesbar.") from error


def _line_at(file: int, offset: int) -> bytes:
    step = 1 << 10
    while True:
        found = os.pread(file, step, offset)
        line, feed, _ = found.partition(b"\n")
        if feed or len(found) < step:
            return line + feed
        step *= 4
