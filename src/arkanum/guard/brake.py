# SPDX-License-Identifier: MPL-2.0
"""Counts released charts per person. The limits come with the door; the counting is here from the first day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import UUID

DAY_SECONDS = 24 * 60 * 60


class Brake:
    """When each person was last given which patient, within the last day."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing released."""
        self._clock = clock
        self._lock = threading.Lock()
        self._released: dict[UUID, dict[UUID, float]] = {}

    def count(self, person: UUID, patient: UUID) -> None:
        """Note one release; the same patient again counts once, so memory is bounded by the practice's size."""
        with self._lock:
            released = self._released.setdefault(person, {})
            released.pop(patient, None)
            released[patient] = now = self._clock()
            # Oldest first, because each release moves its patient to the end.
            while now - released[oldest := next(iter(released))] > DAY_SECONDS:
                del released[oldest]

    def patients_within(self, person: UUID, seconds: float) -> int:
        """Return how many different patients a person was given within the last seconds."""
        with self._lock:
            since = self._clock() - seconds
            return sum(at >= since for at in self._released.get(person, {}).values())
