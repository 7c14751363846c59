# SPDX-License-Identifier: MPL-2.0
"""What the guard keeps of the door in memory: how often it changed, and until when enrolment is open."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

LONGEST_WAIT_SECONDS = 20.0


class Doorway:
    """Wakes whoever waits at the door when something changed. A guard that starts has enrolment closed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with a number that no guard before this one has told."""
        self._clock = clock
        self._changed = threading.Condition()
        self._version = secrets.randbits(48) << 14
        self._enrolment_until = float("-inf")

    @property
    def version(self) -> int:
        """Another number after every change."""
        return self._version

    def changed(self) -> None:
        """Say that a device, the setting or what is open changed."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def open_enrolment(self, seconds: float) -> None:
        """Let workplaces without a certificate come to the enrolment pages for so long."""
        with self._changed:
            self._enrolment_until = self._clock() + seconds
        self.changed()

    def close_enrolment(self) -> None:
        """Let nobody without a certificate come any more."""
        with self._changed:
            self._enrolment_until = float("-inf")
        self.changed()

    def enrolment_seconds(self) -> float:
        """Return how long enrolment is still open; 0 when it is closed."""
        return max(0.0, self._enrolment_until - self._clock())

    def wait(self, known: int, seconds: float) -> None:
        """Return when the version differs from the known one, at the latest after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != known, min(max(seconds, 0.0), LONGEST_WAIT_SECONDS))
