# SPDX-License-Identifier: MPL-2.0
"""PIN and passkeys of a person follow their private key: they go over to a new one, or they go."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import pins
from arkanum.storage import unlocks as rows
from arkanum.vault import PrivateKey


def go_over(person: UUID, old: PrivateKey | None, new: PrivateKey) -> bool:
    """Let PIN and passkeys open a person's new private key; without the old one at hand they are removed.

    Returns:
        Whether nothing was lost.
    """
    if old is None:
        return not drop(person)
    pins.rewrap_pin(person, old, new)
    return True


def drop(person: UUID) -> bool:
    """Remove PIN and passkeys of a person, and tell whether there were any."""
    gone = rows.drop_passkeys(person)
    return rows.drop_pin(person) or gone > 0
