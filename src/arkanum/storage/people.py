# SPDX-License-Identifier: MPL-2.0
"""Rows of people, devices and failed sign-ins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from arkanum.storage.errors import Missing
from arkanum.storage.models import Device, Person, Throttle


def device(device_id: UUID) -> Device | None:
    """Return an enrolled device, or `None`."""
    return Device.objects.filter(pk=device_id).first()


def devices(practice: UUID) -> tuple[Device, ...]:
    """Return every device of a practice, oldest first."""
    return tuple(Device.objects.filter(practice_id=practice).order_by("added_on", "id"))


def certified(practices: Iterable[UUID]) -> dict[bytes, UUID]:
    """Return the devices that may speak on the network, by the fingerprint of their certificate."""
    rows = Device.objects.filter(practice_id__in=list(practices), certificate__isnull=False)
    known = rows.values_list("id", "certificate", "old_certificate")
    return {bytes(digest): device for device, *both in known for digest in both if digest is not None}


def save_device(row: Device) -> None:
    """Store a new or changed device."""
    row.save()


def remove_device(practice: UUID, device_id: UUID) -> None:
    """Forget a device and with it the copy of the site secret that it could open.

    Raises:
        Missing: the practice has no such device.
    """
    removed, _ = Device.objects.filter(pk=device_id, practice_id=practice).delete()
    if not removed:
        raise Missing


def person_by_tag(practice: UUID, login_tag: bytes) -> Person | None:
    """Return the person with this keyed login tag, or `None`."""
    return Person.objects.filter(practice_id=practice, login_tag=login_tag).first()


def person(practice: UUID, person_id: UUID) -> Person:
    """Return one person.

    Raises:
        Missing: the practice has no such person.
    """
    row = Person.objects.filter(pk=person_id, practice_id=practice).first()
    if row is None:
        raise Missing
    return row


def people(practice: UUID) -> tuple[Person, ...]:
    """Return everybody who works or has worked in a practice."""
    return tuple(Person.objects.filter(practice_id=practice).order_by("id"))


def save_person(row: Person) -> None:
    """Store a new or changed person."""
    row.save()


def throttles(tags: Iterable[bytes]) -> dict[bytes, tuple[int, datetime]]:
    """Return how often each tag failed and when it may try again; tags without failure are left out."""
    return {bytes(row.tag): (row.failures, row.retry_after) for row in Throttle.objects.filter(tag__in=list(tags))}


def set_throttle(tag: bytes, failures: int, retry_after: datetime) -> None:
    """Remember a failure."""
    Throttle.objects.update_or_create(tag=tag, defaults={"failures": failures, "retry_after": retry_after})


def forget_throttles(tags: Iterable[bytes]) -> None:
    """Forget the failures of tags after a success."""
    Throttle.objects.filter(tag__in=list(tags)).delete()


def forget_old_throttles(before: datetime) -> None:
    """Forget failures that no longer slow anybody down."""
    Throttle.objects.filter(retry_after__lt=before).delete()
