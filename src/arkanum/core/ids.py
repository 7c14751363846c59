# SPDX-License-Identifier: MPL-2.0
"""Ids of the things a practice keeps, and how a new one is made."""

import os
import time
from typing import NewType
from uuid import UUID

PracticeId = NewType("PracticeId", UUID)
PersonId = NewType("PersonId", UUID)
DeviceId = NewType("DeviceId", UUID)
PatientId = NewType("PatientId", UUID)
RecordId = NewType("RecordId", UUID)
VersionId = NewType("VersionId", UUID)

_HOUR_MS = 3_600_000
_RANDOM_BYTES = 10
_VERSION_7 = 0x7 << 76
_VERSION_MASK = 0xF << 76
_VARIANT = 0b10 << 62
_VARIANT_MASK = 0b11 << 62


def new_id(now_ms: int | None = None) -> UUID:
    """Return a fresh UUIDv7 whose time part is rounded down to the hour.

    Ids stand in the clear in the database. The hour keeps rows of one time
    near each other in the index, and is all that a thief learns from it; the
    other 74 bits are random.

    Args:
        now_ms: milliseconds since 1970 (UTC); the clock of this machine when
            left out.

    Returns:
        An id that sorts by the hour in which it was made.

    Source: RFC 9562, section 5.7.
    """
    clock_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    hour_ms = clock_ms - clock_ms % _HOUR_MS
    value = hour_ms << 80 | int.from_bytes(os.urandom(_RANDOM_BYTES))
    value = value & ~_VERSION_MASK | _VERSION_7
    return UUID(int=value & ~_VARIANT_MASK | _VARIANT)
