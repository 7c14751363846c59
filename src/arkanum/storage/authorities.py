# SPDX-License-Identifier: MPL-2.0
"""Rows of the practices' certificate authorities."""

from __future__ import annotations

from uuid import UUID

from arkanum.storage.models import Authority


def get(practice: UUID) -> Authority | None:
    """Return a practice's authority, or `None` for one that was founded before there were any."""
    return Authority.objects.filter(practice_id=practice).first()


def all_of_this_installation() -> tuple[Authority, ...]:
    """Return every practice's authority, the oldest practice's first."""
    return tuple(Authority.objects.order_by("practice_id"))


def save(row: Authority) -> None:
    """Store a new or changed authority."""
    row.save()
