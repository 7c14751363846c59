# SPDX-License-Identifier: MPL-2.0
"""Counts released charts per person. The limits come with the door; the counting is here from the first day."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

DAY_SECONDS = 24 * 60 * 60


@dataclass(slots=True)
class Brake:
    """Which patients each person was given within the last day."""

    clock: Callable[[], float] = time.monotonic
    _released: dict[UUID, deque[tuple[float, UUID]]] = field(default_factory=dict, repr=False)

    def count(self, person: UUID, patient: UUID) -> None:
        """Note one release."""
        released = self._released.setdefault(person, deque())
        now = self.clock()
        released.append((now, patient))
        while released and now - released[0][0] > DAY_SECONDS:
            released.popleft()

    def patients_within(self, person: UUID, seconds: float) -> int:
        """Return how many different patients a person was given within the last seconds."""
        since = self.clock() - seconds
        return len({patient for at, patient in self._released.get(person, ()) if at >= since})
