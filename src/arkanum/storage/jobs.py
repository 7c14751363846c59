# SPDX-License-Identifier: MPL-2.0
"""Rows of imports."""

from __future__ import annotations

from uuid import UUID

from arkanum.storage.errors import Missing, VersionTaken
from arkanum.storage.models import ImportJob
from arkanum.vault import Sealed


def insert(row: ImportJob) -> None:
    """Store a new import."""
    row.save(force_insert=True)


def job(practice: UUID, job_id: UUID) -> ImportJob:
    """Return one import.

    Raises:
        Missing: the practice has no such import.
    """
    row = ImportJob.objects.filter(pk=job_id, practice_id=practice).first()
    if row is None:
        raise Missing
    return row


def jobs(practice: UUID) -> tuple[ImportJob, ...]:
    """Return all imports of a practice, newest first."""
    return tuple(ImportJob.objects.filter(practice_id=practice).order_by("-started_on", "-id"))


def save_progress(job_id: UUID, progress: Sealed) -> None:
    """Store how far an import has come."""
    ImportJob.objects.filter(pk=job_id).update(progress=progress)


def save_body(job_id: UUID, base: int, body: Sealed) -> None:
    """Store a changed plan as the version after `base`.

    Raises:
        VersionTaken: somebody else changed the plan first.
    """
    if not ImportJob.objects.filter(pk=job_id, version=base).update(body=body, version=base + 1):
        raise VersionTaken
