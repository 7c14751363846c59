# SPDX-License-Identifier: MPL-2.0
"""Rows of ring keys, their shares, and epochs."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from arkanum.storage.errors import Missing
from arkanum.storage.models import Epoch, RingKey, RingShare


def ring_keys(practice: UUID) -> tuple[RingKey, ...]:
    """Return every generation of every ring, newest first within a ring."""
    return tuple(RingKey.objects.filter(practice_id=practice).order_by("ring", "-generation"))


def shares_of(practice: UUID, person: UUID | None) -> tuple[RingShare, ...]:
    """Return the shares of one member (`None`: the recovery key), with their ring keys, newest first."""
    shares = RingShare.objects.select_related("ring_key").filter(ring_key__practice_id=practice)
    own = shares.filter(person__isnull=True) if person is None else shares.filter(person_id=person)
    return tuple(own.order_by("ring_key__ring", "-ring_key__generation"))


def members_of(practice: UUID, ring: str) -> frozenset[UUID]:
    """Return the people who hold a share of the ring."""
    rows = RingShare.objects.filter(ring_key__practice_id=practice, ring_key__ring=ring, person__isnull=False)
    return frozenset(rows.values_list("person_id", flat=True))


def rings_of(practice: UUID, person: UUID) -> frozenset[str]:
    """Return the rings a person holds a share of, walls among them."""
    rows = RingShare.objects.filter(ring_key__practice_id=practice, person_id=person)
    return frozenset(rows.values_list("ring_key__ring", flat=True))


def newest_shares(practice: UUID, ring: str) -> tuple[RingShare, ...]:
    """Return the shares of a ring's newest generation, the recovery key's among them."""
    shares = RingShare.objects.select_related("ring_key").filter(ring_key__practice_id=practice, ring_key__ring=ring)
    newest = max((share.ring_key.generation for share in shares), default=0)
    return tuple(share for share in shares if share.ring_key.generation == newest)


def all_shares(practice: UUID) -> tuple[RingShare, ...]:
    """Return every member's share of every generation of every ring."""
    return tuple(RingShare.objects.filter(ring_key__practice_id=practice).order_by("id"))


def save_ring_key(row: RingKey) -> None:
    """Store what the practice says of a generation."""
    row.save(update_fields=["attest"])


def save_share(row: RingShare) -> None:
    """Store a share in its changed envelope."""
    row.save(update_fields=["private_key"])


def save_epoch(row: Epoch) -> None:
    """Store an epoch key in its changed envelope."""
    row.save(update_fields=["key"])


def epochs(practice: UUID) -> tuple[Epoch, ...]:
    """Return every epoch of every ring, newest first within a ring."""
    return tuple(Epoch.objects.filter(practice_id=practice).order_by("ring", "-number"))


def insert_ring_key(row: RingKey, shares: Iterable[RingShare]) -> None:
    """Store a new generation of a ring with its shares."""
    row.save(force_insert=True)
    RingShare.objects.bulk_create(shares)


def insert_shares(shares: Iterable[RingShare]) -> None:
    """Give members their shares."""
    RingShare.objects.bulk_create(shares, ignore_conflicts=True)


def drop_shares(person: UUID, ring: str | None = None) -> None:
    """Take a member's shares away, of one ring or of all."""
    shares = RingShare.objects.filter(person_id=person)
    (shares if ring is None else shares.filter(ring_key__ring=ring)).delete()


def hold_epoch(practice: UUID, ring: str, number: int) -> None:
    """Keep an epoch from being destroyed until the transaction ends, so that a key may be wrapped under it.

    Raises:
        Missing: it was destroyed already; what is wrapped under it would be lost for ever.
    """
    rows = Epoch.objects.select_for_update(no_key=connection.vendor == "postgresql")
    if not rows.filter(practice_id=practice, ring=ring, number=number).exists():
        raise Missing


def hold_all_epochs(practice: UUID, ring: str) -> None:
    """Wait until nobody wraps keys under an epoch of this ring, and let nobody begin before the transaction ends."""
    list(Epoch.objects.select_for_update().filter(practice_id=practice, ring=ring).order_by("number"))


def insert_epoch(row: Epoch) -> None:
    """Store a new epoch."""
    row.save(force_insert=True)


def drop_epochs_before(practice: UUID, ring: str, number: int) -> None:
    """Destroy the epoch keys before a number: what only they wrapped is gone for ever."""
    Epoch.objects.filter(practice_id=practice, ring=ring, number__lt=number).delete()


def drop_ring_keys_before(practice: UUID, ring: str, generation: int) -> None:
    """Destroy the generations of a ring before a number, with all their shares."""
    RingKey.objects.filter(practice_id=practice, ring=ring, generation__lt=generation).delete()


def mark_rotation_due(practice: UUID, rings: Iterable[str]) -> None:
    """Remember that rings must be rotated: now, or by the next member who opens them."""
    RingKey.objects.filter(practice_id=practice, ring__in=list(rings)).update(rotation_due=True)


def rotation_due(practice: UUID, ring: str) -> bool:
    """Tell whether the newest generation of the ring waits to be rotated."""
    newest = RingKey.objects.filter(practice_id=practice, ring=ring).order_by("-generation").first()
    return newest is not None and newest.rotation_due


def drop_recovery_shares(practice: UUID) -> None:
    """Take the rings away from the recovery key, because another one takes its place."""
    RingShare.objects.filter(ring_key__practice_id=practice, person__isnull=True).delete()
