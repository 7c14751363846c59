# SPDX-License-Identifier: MPL-2.0
"""Alarms: how many are open, what they say, and that somebody has looked at one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown(
    {
        Action.READ_LOG: "no at what sentence person_name device_name patient detail own acknowledged_by "
        "acknowledged_at note",
    }
)
class AlarmLine(Message, frozen=True, kw_only=True):
    """One alarm; acknowledged when somebody is named.

    Attributes:
        own: the asker caused it, and somebody else who holds the log ring has to look at it.
    """

    no: int
    at: datetime
    what: str
    sentence: str
    person_name: str = ""
    device_name: str = ""
    patient: UUID | None = None
    detail: str = ""
    own: bool = False
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    note: str = ""


@shown({ASKER: "who", Action.READ_LOG: "alarms left bad_line reason"})
class AlarmLines(Message, frozen=True, kw_only=True):
    """All alarms, open ones first, newest first."""

    who: Who
    alarms: tuple[AlarmLine, ...]
    left: int = 0
    bad_line: int | None = None
    reason: str = ""


@shown({Action.READ_LOG: "open newest"})
class AlarmCount(Message, frozen=True, kw_only=True):
    """How many alarms nobody has looked at yet, and what the newest says."""

    open: int
    newest: str = ""


class AskAlarms(Asked, frozen=True, kw_only=True):
    """All alarms."""


class CountAlarms(Asked, frozen=True, kw_only=True):
    """How many alarms are open; asked again and again by a page that nobody need sit before."""


class AcknowledgeAlarm(Asked, frozen=True, kw_only=True):
    """Somebody has looked at an alarm, and says what it was."""

    no: int
    note: str
