# SPDX-License-Identifier: MPL-2.0
"""Walls, and breaking the glass."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action, WallKind
from arkanum.guard.shown import ASKER, shown

_MEMBERS = (Action.MANAGE_WALLS, Action.WALL_PATIENT)


@shown({_MEMBERS: "ring name kind emergency mine", Action.MANAGE_WALLS: "members patients"})
class WallLine(Message, frozen=True, kw_only=True):
    """One wall; `members` are ids of people, `patients` how many are behind it."""

    ring: str
    name: str
    kind: WallKind
    emergency: bool
    mine: bool
    members: tuple[UUID, ...]
    patients: int


@shown({ASKER: "who", _MEMBERS: "walls behind locked"})
class Walls(Message, frozen=True, kw_only=True):
    """The walls of the practice, and behind which of them a patient is, for its members alone."""

    who: Who
    walls: tuple[WallLine, ...]
    behind: str = ""
    locked: bool = False


class AskWalls(Asked, frozen=True, kw_only=True):
    """Which walls are there, or: which walls are mine, and where is this patient?"""

    patient: UUID | None = None


class MakeWall(Asked, frozen=True, kw_only=True):
    """Make a wall with the asker as its first member."""

    name: str
    kind: WallKind
    emergency: bool


class JoinWall(Asked, frozen=True, kw_only=True):
    """Make somebody who treats a member of a wall; only a member can."""

    wall: str
    person: UUID


class LeaveWall(Asked, frozen=True, kw_only=True):
    """Take a member out of a wall, and change its key; only a member can."""

    wall: str
    person: UUID


class PutBehind(Asked, frozen=True, kw_only=True):
    """Put a patient's chart behind a wall, or with an empty name out in front of all."""

    patient: UUID
    wall: str


class BreakGlass(Asked, frozen=True, kw_only=True):
    """Open one patient's chart beyond role and keys, for half an hour, with an alarm."""

    patient: UUID
    reason: str
