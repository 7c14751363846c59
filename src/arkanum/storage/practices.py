# SPDX-License-Identifier: MPL-2.0
"""Rows of practices, their paper shares, and the change sequence."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField

from arkanum.storage.errors import Missing
from arkanum.storage.models import PaperShare, Practice
from arkanum.vault import Sealed


def all_ids() -> tuple[UUID, ...]:
    """Return the ids of every practice of this installation."""
    return tuple(Practice.objects.order_by("id").values_list("id", flat=True))


def get(practice: UUID) -> Practice:
    """Return one practice.

    Raises:
        Missing: there is none with this id.
    """
    row = Practice.objects.filter(pk=practice).first()
    if row is None:
        raise Missing
    return row


def paper_shares(practice: UUID) -> tuple[PaperShare, ...]:
    """Return the three wrapped copies of the recovery key."""
    return tuple(PaperShare.objects.filter(practice_id=practice).order_by("pair"))


def accept_patients(practice: UUID) -> None:
    """Remember that the paper codes were typed back."""
    Practice.objects.filter(pk=practice).update(accepts_patients=True)


def next_sequence(practice: UUID, steps: int = 1) -> int:
    """Raise the change sequence and return its new value.

    Must run inside the transaction of the change itself: the row stays locked until that commits, so a reader
    who has seen number n has seen every lower number too.

    Raises:
        Missing: there is no such practice.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError
    key = UUIDField().get_db_prep_value(practice, connection)
    # One statement instead of two, each of which would cost more to put together than to run.
    statement = "UPDATE storage_practice SET sequence = sequence + %s WHERE id = %s RETURNING sequence"
    with connection.cursor() as cursor:
        row = cursor.execute(statement, (steps, key)).fetchone()
    if row is None:
        raise Missing
    return int(row[0])


def save_directory(practice: UUID, sequence: int, head: Sealed) -> None:
    """Store up to which change the directory pages reach, with the sealed list of their digests."""
    Practice.objects.filter(pk=practice).update(directory_sequence=sequence, directory_head=head)


def insert(row: Practice, shares: Iterable[PaperShare]) -> None:
    """Store a new practice with its paper shares."""
    row.save(force_insert=True)
    PaperShare.objects.bulk_create(shares)


def save_profile(practice: UUID, profile: Sealed) -> None:
    """Store what is sealed about the practice itself."""
    Practice.objects.filter(pk=practice).update(profile=profile)


def save_log_ring_key(practice: UUID, public: bytes) -> None:
    """Store the public key that new log segments are sealed to."""
    Practice.objects.filter(pk=practice).update(log_ring_public_key=public)


def save_log_verify_key(practice: UUID, public: bytes) -> None:
    """Store the public key that the heads of the log are verified with."""
    Practice.objects.filter(pk=practice).update(log_verify_key=public)


def replace_recovery(row: Practice, shares: Iterable[PaperShare]) -> None:
    """Store another recovery key with its paper shares; the old ones are gone."""
    row.save(update_fields=["profile", "recovery_public_key", "recovery_site"])
    PaperShare.objects.filter(practice_id=row.pk).delete()
    PaperShare.objects.bulk_create(shares)


def save_site(row: Practice) -> None:
    """Store what changes with the site secret, and nothing beside it."""
    row.save(update_fields=["profile", "log_signing_key", "directory_head", "recovery_site"])
