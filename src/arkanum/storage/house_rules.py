# SPDX-License-Identifier: MPL-2.0
"""The row of what a practice set for its brake."""

from __future__ import annotations

from uuid import UUID

from arkanum.storage.models import HouseRules
from arkanum.vault import Sealed


def read(practice: UUID) -> Sealed | None:
    """Return what is sealed there, or nothing where the practice never set anything."""
    row = HouseRules.objects.filter(practice_id=practice).first()
    return None if row is None else row.body


def save(practice: UUID, body: Sealed) -> None:
    """Store it in place of what stood there."""
    HouseRules.objects.update_or_create(practice_id=practice, defaults={"body": body})
