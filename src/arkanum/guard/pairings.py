# SPDX-License-Identifier: MPL-2.0
"""Devices and commands that wait to be let in: they show a short code, a signed-in person types it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from arkanum.guard.codes import new_code, same_code
from arkanum.guard.errors import Throttled, WrongCode
from arkanum.guard.protocol import Paired

PAIRING_SECONDS = 10 * 60
MOST_WAITING = 20
WRONG_CODES_ALLOWED = 5


@dataclass(slots=True)
class Waiting:
    """One device or command that waits."""

    code: str
    name: str
    purpose: str
    until: float
    answer: Paired | None = None


class Pairings:
    """Everything that waits to be let in; kept in memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody waiting."""
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[bytes, Waiting] = {}
        self._wrong = 0
        self._wrong_since = clock()

    def begin(self, name: str, purpose: str) -> tuple[bytes, str]:
        """Let something wait and return its secret handle and the code to show.

        Raises:
            Throttled: too many are waiting already.
        """
        with self._lock:
            self._forget_late()
            if len(self._waiting) >= MOST_WAITING:
                raise Throttled(PAIRING_SECONDS)
            handle, code = secrets.token_bytes(32), new_code(8)
            self._waiting[handle] = Waiting(code, name, purpose, self._clock() + PAIRING_SECONDS)
            return handle, code

    def find(self, code: str) -> Waiting:
        """Return what waits under a code.

        Raises:
            WrongCode: nothing waits under it.
            Throttled: too many wrong codes within ten minutes.
        """
        with self._lock:
            self._forget_late()
            if self._clock() - self._wrong_since > PAIRING_SECONDS:
                self._wrong, self._wrong_since = 0, self._clock()
            if self._wrong >= WRONG_CODES_ALLOWED:
                raise Throttled(PAIRING_SECONDS)
            for waiting in self._waiting.values():
                if waiting.answer is None and same_code(code, waiting.code):
                    return waiting
            self._wrong += 1
            raise WrongCode

    def ask(self, handle: bytes) -> Paired:
        """Return the answer once, and an empty one while it waits.

        Raises:
            WrongCode: it waited too long, or had its answer already.
        """
        with self._lock:
            self._forget_late()
            waiting = self._waiting.get(handle)
            if waiting is None:
                raise WrongCode
            if waiting.answer is None:
                return Paired()
            del self._waiting[handle]
            return waiting.answer

    def _forget_late(self) -> None:
        now = self._clock()
        self._waiting = {key: item for key, item in self._waiting.items() if item.until > now}
