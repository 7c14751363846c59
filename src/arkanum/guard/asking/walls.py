# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about walls, and in an emergency."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.roles import WallKind


class AsksAboutWalls(Asking):
    """Questions about walls, and breaking the glass."""

    def walls(self, token: bytes, patient: UUID | None = None) -> p.Walls:
        """List the walls, or those that are one's own with the one a patient stands behind."""
        return self.ask(p.AskWalls(token=token, patient=patient), p.Walls)

    def make_wall(self, token: bytes, *, name: str, kind: WallKind, emergency: bool) -> None:
        """Make a wall with oneself as its first member."""
        self.ask(p.MakeWall(token=token, name=name, kind=kind, emergency=emergency), p.Done)

    def join_wall(self, token: bytes, *, wall: str, person: UUID) -> None:
        """Make somebody a member."""
        self.ask(p.JoinWall(token=token, wall=wall, person=person), p.Done)

    def leave_wall(self, token: bytes, *, wall: str, person: UUID) -> None:
        """Take a member out."""
        self.ask(p.LeaveWall(token=token, wall=wall, person=person), p.Done)

    def put_behind(self, token: bytes, patient: UUID, wall: str) -> None:
        """Put a patient behind a wall, or out again with an empty name."""
        self.ask(p.PutBehind(token=token, patient=patient, wall=wall), p.Done)

    def break_glass(self, token: bytes, patient: UUID, *, reason: str) -> None:
        """Open one chart in an emergency."""
        self.ask(p.BreakGlass(token=token, patient=patient, reason=reason), p.Done)
