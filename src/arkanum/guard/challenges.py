# SPDX-License-Identifier: MPL-2.0
"""Random bytes that an authenticator signs: each is good once, for minutes, for one host and one purpose."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from arkanum.guard.sessions import since_boot
from arkanum.vault import PrivateKey

CHALLENGE_BYTES = 32
CHALLENGE_SECONDS = 3 * 60
MOST_WAITING = 500
"""The oldest goes where there are more: whoever asks for many keeps nobody out for longer than their own click."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a challenge was made for."""

    host: str
    origin: str
    until: float
    person: UUID | None = None
    private: PrivateKey | None = field(default=None, repr=False)
    """Of the person who adds a passkey: their pass phrase was asked for just now, and is not asked for twice."""


class Challenges:
    """Every challenge that waits for its signature; kept in memory only."""

    def __init__(self, clock: Callable[[], float] = since_boot) -> None:
        """Begin with none."""
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[bytes, Waiting] = {}

    def make(self, host: str, origin: str, person: UUID | None = None, private: PrivateKey | None = None) -> bytes:
        """Return another challenge."""
        with self._lock:
            challenge = secrets.token_bytes(CHALLENGE_BYTES)
            self._forget_late()
            self._waiting[challenge] = Waiting(host, origin, self._clock() + CHALLENGE_SECONDS, person, private)
            while len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            return challenge

    def take(self, challenge: bytes) -> Waiting | None:
        """Return what a challenge was made for, once; nothing for one that is unknown, used or late."""
        with self._lock:
            self._forget_late()
            return self._waiting.pop(challenge, None)

    def _forget_late(self) -> None:
        now = self._clock()
        self._waiting = {key: item for key, item in self._waiting.items() if item.until > now}
