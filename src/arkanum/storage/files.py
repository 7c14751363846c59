# SPDX-License-Identifier: MPL-2.0
"""Sealed files in the data folder. Names are ids, folders are kinds; neither says anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from arkanum.storage.errors import Missing


@contextmanager
def create(kind: str, file_id: UUID) -> Iterator[BinaryIO]:
    """Write a new file; it appears whole and durable at the end of the block, or not at all."""
    folder = _folder(kind)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f"{file_id}.half"
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.rename(folder / str(file_id))
        _sync(folder)
    finally:
        half.unlink(missing_ok=True)


def read(kind: str, file_id: UUID) -> BinaryIO:
    """Open a file for reading.

    Raises:
        Missing: there is none.
    """
    try:
        return (_folder(kind) / str(file_id)).open("rb")
    except FileNotFoundError as error:
        raise Missing from error


def remove(kind: str, file_id: UUID) -> None:
    """Remove a file, if it is there."""
    (_folder(kind) / str(file_id)).unlink(missing_ok=True)


def _folder(kind: str) -> Path:
    return Path(settings.DATA) / kind


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
