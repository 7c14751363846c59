# SPDX-License-Identifier: MPL-2.0
"""The walls of an open practice, and who is behind which: read once, kept while the practice is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from arkanum.guard.bodies import WallBody, open_body
from arkanum.guard.roles import WallKind
from arkanum.storage import walls as rows
from arkanum.storage.models import Wall
from arkanum.vault import Key, Place, VaultError

DAMAGED = WallBody("(beschädigt)", WallKind.RESTRICTED, emergency=False)
"""Stands in place of a wall whose row does not open: it stays a wall, and nobody breaks through."""


@dataclass(slots=True)
class WallBook:
    """Every wall with what is sealed about it, and the patients behind them."""

    rows: dict[str, Wall] = field(default_factory=dict)
    bodies: dict[str, WallBody] = field(default_factory=dict)
    patients: dict[UUID, str] = field(default_factory=dict)
    moved: list[UUID] = field(default_factory=list)
    """Who came behind a wall or out again, one after the other, since the book was read."""

    def of_kind(self, kind: WallKind) -> frozenset[str]:
        """Return the walls of a kind."""
        return frozenset(ring for ring, body in self.bodies.items() if body.kind is kind)

    def move(self, patient: UUID, wall: str) -> None:
        """Note that a patient is behind a wall now, or behind none."""
        if wall:
            self.patients[patient] = wall
        else:
            self.patients.pop(patient, None)
        self.moved.append(patient)


def read_walls(site: Key, practice: UUID) -> WallBook:
    """Read every wall of a practice and who is behind it, in two queries."""
    stored = {row.ring: row for row in rows.walls(practice)}
    bodies = {ring: _body(site, row) for ring, row in stored.items()}
    return WallBook(stored, bodies, rows.patients_behind(practice) if stored else {})


def wall_place(wall: UUID) -> Place:
    """Return where it lies what a wall is called and what its members wish."""
    return Place("wall", "body", wall)


def _body(site: Key, row: Wall) -> WallBody:
    try:
        body = open_body(site, wall_place(row.id), row.body, WallBody)
    except VaultError:
        return DAMAGED
    return body if body.ring == row.ring else DAMAGED
