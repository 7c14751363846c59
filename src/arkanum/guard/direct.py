# SPDX-License-Identifier: MPL-2.0
"""A guard in the same process, over the same bytes: for tests and for measuring."""

from __future__ import annotations

from arkanum.guard import protocol as p
from arkanum.guard import wire
from arkanum.guard.answers import answer
from arkanum.guard.house import Guard


class DirectTransport:
    """A guard in this process, over the same bytes; for tests."""

    def __init__(self, guard: Guard) -> None:
        """Ask this guard."""
        self.guard = guard

    def ask(self, question: p.Message) -> p.Answer:
        """Encode, answer, decode: what would not cross the socket does not cross here."""
        return wire.roundtrip_answer(answer(self.guard, wire.roundtrip_question(question)))
