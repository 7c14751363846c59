# SPDX-License-Identifier: MPL-2.0
"""What opens a wall in an emergency: the wall's epoch key, wrapped under the epoch key of the treatment ring.

The guard uses it for break glass alone. It is no secret from those who treat: whoever holds the treatment ring, the
database and a program of their own could open it as well, which is why each wall's members choose (decision 0057).
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from arkanum.guard.rings import Carry, RingKeys, carry_nothing
from arkanum.guard.roles import Ring
from arkanum.guard.wall_book import WallBook
from arkanum.storage import rings as ring_rows
from arkanum.storage import walls as rows
from arkanum.storage.models import Wall
from arkanum.vault import Key, Place, Sealed, VaultError, seal, unwrap, wrap


def nothing(wall: UUID) -> Sealed:
    """Return what lies in place of an escrow where members let nobody in: an envelope whose key is thrown away."""
    return seal(Key.new(), _place(wall, 0), bytes(32))


def deposit(treatment: RingKeys, wall: UUID, number: int, key: Key) -> Sealed:
    """Wrap a wall's epoch key under the newest epoch of the treatment ring.

    Args:
        treatment: the treatment ring, opened.
        wall: the wall's id.
        number: number of the wall's epoch.
        key: its key.
    """
    return wrap(treatment.epochs[treatment.epoch], _place(wall, number), key, epoch=treatment.epoch)


def withdraw(treatment: RingKeys, row: Wall) -> RingKeys | None:
    """Open a wall's epoch key with the treatment ring; nothing where it does not open."""
    number = _number(row)
    key = treatment.epochs.get(row.escrow.epoch)
    try:
        return None if key is None else RingKeys(epochs={number: unwrap(key, _place(row.id, number), row.escrow)})
    except VaultError:
        return None


def carrier(book: WallBook, ring: str, treatment: RingKeys | None) -> Carry | None:
    """Return what keeps the escrows right while a ring is rotated; nothing where that cannot be done now."""
    with_escrow = [row for name, row in book.rows.items() if book.bodies[name].emergency]
    if ring == Ring.TREATMENT:
        return partial(_carry_over, with_escrow)
    mine = [row for row in with_escrow if row.ring == ring]
    if not mine:
        return carry_nothing
    return None if treatment is None else partial(_deposit_anew, treatment, mine[0])


def _carry_over(walls: list[Wall], old: dict[int, Key], number: int, new: Key) -> None:
    """Wrap each escrow under the treatment ring's new epoch; one that does not open stays as it is."""
    for row in walls:
        held = withdraw(RingKeys(epochs=old), row)
        if held is not None:
            rows.save_escrow(row, deposit(RingKeys(epochs={number: new}), row.id, held.epoch, held.epochs[held.epoch]))


def _deposit_anew(treatment: RingKeys, row: Wall, old: dict[int, Key], number: int, new: Key) -> None:
    del old
    rows.save_escrow(row, deposit(treatment, row.id, number, new))


def _number(row: Wall) -> int:
    numbers = (epoch.number for epoch in ring_rows.epochs(row.practice_id) if epoch.ring == row.ring)
    return max(numbers, default=0)


def _place(wall: UUID, number: int) -> Place:
    return Place("wall", "escrow", wall, number)
