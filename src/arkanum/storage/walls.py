# SPDX-License-Identifier: MPL-2.0
"""Rows of walls, and the charts behind them."""

from __future__ import annotations

from uuid import UUID

from arkanum.storage.models import Chart, Wall
from arkanum.vault import Sealed


def walls(practice: UUID) -> tuple[Wall, ...]:
    """Return every wall of a practice, oldest first."""
    return tuple(Wall.objects.filter(practice_id=practice).order_by("id"))


def insert(row: Wall) -> None:
    """Store a new wall."""
    row.save(force_insert=True)


def save_body(row: Wall) -> None:
    """Store what a wall is called, in its changed envelope."""
    row.save(update_fields=["body"])


def save_escrow(row: Wall, escrow: Sealed) -> None:
    """Store what opens a wall in an emergency."""
    row.escrow = escrow
    row.save(update_fields=["escrow"])


def patients_behind(practice: UUID) -> dict[UUID, str]:
    """Return every patient who is behind a wall, with the wall's ring."""
    rows = Chart.objects.filter(practice_id=practice).exclude(wall="")
    return dict(rows.values_list("patient_id", "wall"))


def is_empty(practice: UUID, wall: str) -> bool:
    """Tell whether no chart is behind a wall."""
    return not Chart.objects.filter(practice_id=practice, wall=wall).exists()


def save_chart(row: Chart) -> None:
    """Store behind which wall a chart is, together with its key, which opens nowhere else."""
    row.save(update_fields=["wall", "key"])
