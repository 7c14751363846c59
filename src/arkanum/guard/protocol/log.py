# SPDX-License-Identifier: MPL-2.0
"""Lines of the log: asked for by filters, one's own, and for a patient's sheet; and whether the log holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action, Role
from arkanum.guard.shown import ASKER, shown


@shown(
    {
        Action.READ_LOG: "no at what person person_name role device device_name patient outcome detail marks",
    }
)
class LogLine(Message, frozen=True, kw_only=True):
    """One line of the log, opened. `marks` are the values of `core.unusual.Mark`."""

    no: int
    at: datetime
    what: str
    person: UUID | None = None
    person_name: str = ""
    role: Role | None = None
    device: UUID | None = None
    device_name: str = ""
    patient: UUID | None = None
    outcome: str = "ok"
    detail: str = ""
    marks: tuple[str, ...] = ()


@shown({ASKER: "who", Action.READ_LOG: "lines total left bad_line reason people devices"})
class LogLines(Message, frozen=True, kw_only=True):
    """A page of lines, newest first.

    Attributes:
        total: so many lines there are in all.
        left: so many older lines are still being read; a few seconds later there are more.
        bad_line: the first line that does not hold, where there is one.
        reason: why it does not, in German.
        people: everybody who works or worked here, to choose from.
        devices: every device, likewise.
    """

    who: Who
    lines: tuple[LogLine, ...]
    total: int = 0
    left: int = 0
    bad_line: int | None = None
    reason: str = ""
    people: dict[UUID, str] = msgspec.field(default_factory=dict)
    devices: dict[UUID, str] = msgspec.field(default_factory=dict)


@shown({ASKER: "no at what device_name outcome detail marks", Action.FIND_PATIENT: "patient"})
class OwnLine(Message, frozen=True, kw_only=True):
    """One of the lines that the asker caused."""

    no: int
    at: datetime
    what: str
    device_name: str = ""
    patient: UUID | None = None
    outcome: str = "ok"
    detail: str = ""
    marks: tuple[str, ...] = ()


@shown({ASKER: "no at sentence person_name", Action.FIND_PATIENT: "patient"})
class Notice(Message, frozen=True, kw_only=True):
    """An alarm that everybody sees on their own log until it is acknowledged."""

    no: int
    at: datetime
    sentence: str
    person_name: str
    patient: UUID | None = None


@shown({ASKER: "who lines total left is_open notices"})
class OwnLines(Message, frozen=True, kw_only=True):
    """A page of one's own lines, newest first; closed while nobody is here who may read the log."""

    who: Who
    lines: tuple[OwnLine, ...] = ()
    total: int = 0
    left: int = 0
    is_open: bool = True
    notices: tuple[Notice, ...] = ()


@shown({Action.READ_LOG: "begin counts unusual"})
class Accesses(Message, frozen=True, kw_only=True):
    """Accesses to patients hour by hour from `begin` on, and how many of them stand out."""

    begin: datetime
    counts: tuple[int, ...]
    unusual: tuple[int, ...]


@shown({Action.READ_LOG: "lines bad_line reason alarms unlogged"})
class Verdict(Message, frozen=True, kw_only=True):
    """What checking the log found: how many lines, and the first bad one with the reason."""

    lines: int
    bad_line: int | None
    reason: str
    alarms: tuple[str, ...] = ()
    """What the guard raised as an alarm, and what `unlogged` says."""
    unlogged: tuple[str, ...] = ()
    """Records without their line, and lines whose records are gone: with a bad line, what speaks against the log."""


class LogQuery(Message, frozen=True, kw_only=True):
    """Which lines are asked for; what is not set does not matter."""

    patient: UUID | None = None
    person: UUID | None = None
    device: UUID | None = None
    what: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    unusual: bool = False


class ReadLog(Asked, frozen=True, kw_only=True):
    """A page of the lines that a query asks for."""

    query: LogQuery = LogQuery()
    skip: int = 0
    limit: int = 200


class ReadOwnLog(Asked, frozen=True, kw_only=True):
    """A page of the asker's own lines."""

    skip: int = 0
    limit: int = 100


class ReadSheet(Asked, frozen=True, kw_only=True):
    """Every access to one patient, for the patient (Art. 15 GDPR)."""

    patient: UUID


class CountAccesses(Asked, frozen=True, kw_only=True):
    """How many accesses there were each hour up to now, for a query's person, device or patient."""

    query: LogQuery = LogQuery()
    hours: int = 24


class TurnedAway(Asked, frozen=True, kw_only=True):
    """A page was not opened to the asker; the log shall say so."""

    action: Action
    patient: UUID | None = None


class VerifyLog(Asked, frozen=True, kw_only=True):
    """Check the chain, the heads and the sealed bodies of the whole log, and rows against lines."""
