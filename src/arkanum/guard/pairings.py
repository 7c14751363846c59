# SPDX-License-Identifier: MPL-2.0
"""Devices and commands that wait to be let in: they show a short code, a signed-in person types it.

A guest is a workplace on the network that has no certificate yet. It is heard only while its practice has opened
enrolment, and forgotten as soon as that is over.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from arkanum.guard.codes import new_code, same_code
from arkanum.guard.errors import Refused, Throttled, WrongCode
from arkanum.guard.protocol import Handover, Paired

PAIRING_SECONDS = 10 * 60
MOST_WAITING = 20
WRONG_CODES_ALLOWED = 5


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks to be let in: the name it gives itself, and what the server sees of it."""

    name: str
    purpose: str
    address: str = ""
    guest: bool = False


@dataclass(slots=True)
class Waiting:
    """One device or command that waits."""

    code: str
    asker: Asker
    until: float
    asked: datetime
    refused: bool = False
    answer: Paired | None = field(default=None, repr=False)
    handover: Handover | None = field(default=None, repr=False)
    practice: UUID | None = None
    """Who let it in, from then on."""


class Pairings:
    """Everything that waits to be let in; kept in memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody waiting."""
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[bytes, Waiting] = {}
        self._wrong = 0
        self._wrong_since = clock()

    def begin(self, asker: Asker) -> tuple[bytes, str]:
        """Let something wait and return its secret handle and the code to show.

        Raises:
            Throttled: too many are waiting already.
        """
        with self._lock:
            self._forget_late()
            # Guests and our own machine are counted apart: a crowd on the network keeps no command out.
            if sum(one.asker.guest == asker.guest for one in self._waiting.values()) >= MOST_WAITING:
                raise Throttled(PAIRING_SECONDS)
            handle, code = secrets.token_bytes(32), new_code(8)
            until = self._clock() + PAIRING_SECONDS
            self._waiting[handle] = Waiting(code, asker, until, datetime.now(UTC))
            return handle, code

    def find(self, code: str, *, counted: bool = True) -> Waiting:
        """Return what waits under a code.

        Args:
            code: as typed.
            counted: wrong codes are counted here; no where an open window counts them.

        Raises:
            WrongCode: nothing waits under it.
            Throttled: too many wrong codes within ten minutes.
        """
        with self._lock:
            self._forget_late()
            if self._clock() - self._wrong_since > PAIRING_SECONDS:
                self._wrong, self._wrong_since = 0, self._clock()
            if counted and self._wrong >= WRONG_CODES_ALLOWED:
                raise Throttled(PAIRING_SECONDS)
            for waiting in self._undecided():
                if same_code(code, waiting.code):
                    return waiting
            self._wrong += counted
            raise WrongCode

    def guests(self) -> tuple[Waiting, ...]:
        """Return the guests who wait for an answer, first come first."""
        with self._lock:
            self._forget_late()
            return tuple(one for one in self._undecided() if one.asker.guest)

    def ask(self, handle: bytes) -> Paired:
        """Return the answer once, and an empty one while it waits.

        Raises:
            WrongCode: it waited too long, or had its answer already.
            Refused: somebody looked at it and said no.
        """
        with self._lock:
            waiting = self._get(handle)
            if waiting.refused:
                del self._waiting[handle]
                raise Refused
            if waiting.answer is None:
                if waiting.handover is not None:
                    raise WrongCode
                return Paired()
            answer, waiting.answer = waiting.answer, None
            if waiting.handover is None:
                del self._waiting[handle]
            return answer

    def handover(self, handle: bytes) -> Handover:
        """Return what a workplace that was let in may fetch, with the seconds that are left for it.

        Raises:
            WrongCode: nothing is kept for it, or no more.
        """
        with self._lock:
            waiting = self._get(handle)
            if waiting.handover is None:
                raise WrongCode
            left = int(waiting.until - self._clock())
            return msgspec.structs.replace(waiting.handover, seconds=left)

    def let_in(self, waiting: Waiting, practice: UUID, answer: Paired, handover: Handover | None = None) -> None:
        """Give the answer to what waits; a guest has ten minutes from now to fetch the rest."""
        with self._lock:
            waiting.practice, waiting.answer, waiting.handover = practice, answer, handover
            if handover is not None:
                waiting.until = self._clock() + PAIRING_SECONDS

    def keep(self, handover: Handover, practice: UUID) -> tuple[bytes, int]:
        """Keep a renewed certificate for ten minutes; return what it is fetched with, and the seconds."""
        with self._lock:
            handle = secrets.token_bytes(32)
            asker = Asker(handover.name, "renewal")
            until = self._clock() + PAIRING_SECONDS
            self._waiting[handle] = Waiting("", asker, until, datetime.now(UTC), handover=handover, practice=practice)
            return handle, PAIRING_SECONDS

    def forget_practice(self, practice: UUID) -> None:
        """Forget whatever a practice has let in, because it was sealed."""
        with self._lock:
            self._waiting = {handle: one for handle, one in self._waiting.items() if one.practice != practice}

    def forget_guests(self, practice: UUID, *, all_waiting: bool) -> None:
        """Forget what this practice has let in as a guest, and with `all_waiting` also every guest without answer."""
        with self._lock:
            self._waiting = {
                handle: one
                for handle, one in self._waiting.items()
                if not one.asker.guest or (one.practice != practice if one.practice else not all_waiting)
            }

    def _undecided(self) -> list[Waiting]:
        return [one for one in self._waiting.values() if one.practice is None and not one.refused]

    def _get(self, handle: bytes) -> Waiting:
        self._forget_late()
        waiting = self._waiting.get(handle)
        if waiting is None:
            raise WrongCode
        return waiting

    def _forget_late(self) -> None:
        now = self._clock()
        self._waiting = {key: item for key, item in self._waiting.items() if item.until > now}
