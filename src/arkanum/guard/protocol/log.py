# SPDX-License-Identifier: MPL-2.0
"""Lines of the log, and whether it holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown({Action.READ_LOG: "no at what person person_name device patient outcome detail"})
class LogLine(Message, frozen=True, kw_only=True):
    """One line of the log, opened."""

    no: int
    at: datetime
    what: str
    person: UUID | None = None
    person_name: str = ""
    device: UUID | None = None
    patient: UUID | None = None
    outcome: str = "ok"
    detail: str = ""


@shown({ASKER: "who", Action.READ_LOG: "lines"})
class LogLines(Message, frozen=True, kw_only=True):
    """Lines of the log, newest first."""

    who: Who
    lines: tuple[LogLine, ...]


@shown({Action.READ_LOG: "lines bad_line reason alarms"})
class Verdict(Message, frozen=True, kw_only=True):
    """What checking the log found: how many lines, and the first bad one with the reason."""

    lines: int
    bad_line: int | None
    reason: str
    alarms: tuple[str, ...] = ()


class ReadLog(Asked, frozen=True, kw_only=True):
    """Lines of the log about a patient, by a person, or the newest."""

    patient: UUID | None = None
    person: UUID | None = None
    limit: int = 200


class VerifyLog(Asked, frozen=True, kw_only=True):
    """Check the chain, the heads and the sealed bodies of the whole log, and rows against lines."""
