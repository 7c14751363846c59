# SPDX-License-Identifier: MPL-2.0
"""Enrolment is shut, but for ten minutes at a time: then workplaces without a certificate may ask to be let in.

Kept in memory only. A guard that ends, whatever ended it, comes back with every window shut.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

WINDOW_SECONDS = 10 * 60
WRONG_CODES_ALLOWED = 5


@dataclass(slots=True)
class _Window:
    until: float
    wrong: int = 0


class Windows:
    """Which practice lets new workplaces ask, and for how long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with every window shut."""
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[UUID, _Window] = {}

    def open(self, practice: UUID) -> None:
        """Open for ten minutes from now, also where it is open already."""
        with self._lock:
            self._open[practice] = _Window(self._clock() + WINDOW_SECONDS)

    def shut(self, practice: UUID) -> bool:
        """Shut and tell whether it was open."""
        with self._lock:
            window = self._open.pop(practice, None)
            return window is not None and window.until > self._clock()

    def seconds(self, practice: UUID) -> int:
        """Return how many seconds it stays open; nothing when it is shut."""
        with self._lock:
            window = self._open.get(practice)
            return 0 if window is None else max(0, int(window.until - self._clock()))

    def longest(self) -> int:
        """Return for how many seconds guests are heard by any practice of this installation."""
        with self._lock:
            ends = [window.until for window in self._open.values()]
        return max(0, int(max(ends) - self._clock())) if ends else 0

    def count_wrong(self, practice: UUID) -> bool:
        """Count a wrong code and tell whether it was one too many."""
        with self._lock:
            window = self._open.get(practice)
            if window is None:
                return False
            window.wrong += 1
            return window.wrong >= WRONG_CODES_ALLOWED

    def over(self) -> tuple[UUID, ...]:
        """Forget the windows whose time is over, and return whose they were."""
        with self._lock:
            ended = tuple(practice for practice, window in self._open.items() if window.until <= self._clock())
            for practice in ended:
                del self._open[practice]
            return ended
