# SPDX-License-Identifier: MPL-2.0
"""Rows of the directory's sealed pages."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from arkanum.storage.models import DirectoryPage


def pages(practice: UUID) -> tuple[DirectoryPage, ...]:
    """Return every page in order."""
    return tuple(DirectoryPage.objects.filter(practice_id=practice).order_by("number"))


def save(rows: Iterable[DirectoryPage]) -> None:
    """Store new and changed pages."""
    DirectoryPage.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["practice", "number"],
        update_fields=["version", "body"],
        batch_size=200,
    )


def drop(practice: UUID) -> None:
    """Forget all pages; they are rebuilt from the sealed rows."""
    DirectoryPage.objects.filter(practice_id=practice).delete()
