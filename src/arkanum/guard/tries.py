# SPDX-License-Identifier: MPL-2.0
"""How long somebody waits who has guessed wrong, and how wrong codes are counted in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from arkanum.guard.errors import Throttled

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 15 * 60


def wait_seconds(failures: int) -> int:
    """Return the waiting time after so many failures in a row: none at first, then doubling to a quarter of an hour."""
    if failures < FREE_TRIES:
        return 0
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << min(failures - FREE_TRIES, 10))


class Tries:
    """Counts wrong tries at one code. Whoever tries is counted first and forgiven when the code was right.

    So a hundred tries at the same moment are a hundred, although none of them has an answer yet.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with no failure."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._retry_at = 0.0

    def begin(self) -> None:
        """Count a try.

        Raises:
            Throttled: there were too many wrong ones.
        """
        with self._lock:
            left = self._retry_at - self._clock()
            if left > 0:
                raise Throttled(int(left) + 1)
            self._failures += 1
            self._retry_at = self._clock() + wait_seconds(self._failures)

    def forgive(self) -> None:
        """Forget the failures: the code was right."""
        with self._lock:
            self._failures, self._retry_at = 0, 0.0
