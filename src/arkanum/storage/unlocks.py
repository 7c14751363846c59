# SPDX-License-Identifier: MPL-2.0
"""Rows of PINs and passkeys."""

from __future__ import annotations

from uuid import UUID

from arkanum.storage.errors import Missing
from arkanum.storage.models import Passkey, Pin


def pin(person: UUID) -> Pin | None:
    """Return a person's PIN, or `None`."""
    return Pin.objects.filter(pk=person).first()


def save_pin(row: Pin) -> None:
    """Store a PIN in place of the one before."""
    row.save()


def drop_pin(person: UUID) -> bool:
    """Forget a person's PIN and tell whether there was one."""
    removed, _ = Pin.objects.filter(pk=person).delete()
    return removed > 0


def passkey(passkey_id: UUID) -> Passkey | None:
    """Return one passkey, or `None`."""
    return Passkey.objects.filter(pk=passkey_id).first()


def passkey_of_credential(credential: bytes) -> Passkey | None:
    """Return the passkey whose authenticator gave it this hashed number, or `None`."""
    return Passkey.objects.filter(credential=credential).first()


def passkeys(person: UUID) -> tuple[Passkey, ...]:
    """Return a person's passkeys, oldest first."""
    return tuple(Passkey.objects.filter(person_id=person).order_by("id"))


def passkeys_of_practice(practice: UUID) -> tuple[Passkey, ...]:
    """Return every passkey of a practice."""
    return tuple(Passkey.objects.filter(practice_id=practice).order_by("id"))


def save_passkey(row: Passkey) -> None:
    """Store a new or changed passkey."""
    row.save()


def remove_passkey(person: UUID, passkey_id: UUID) -> None:
    """Forget a passkey with everything it could open.

    Raises:
        Missing: the person has no such passkey.
    """
    removed, _ = Passkey.objects.filter(pk=passkey_id, person_id=person).delete()
    if not removed:
        raise Missing


def drop_passkeys(person: UUID) -> int:
    """Forget all passkeys of a person and return how many there were."""
    removed, _ = Passkey.objects.filter(person_id=person).delete()
    return removed
