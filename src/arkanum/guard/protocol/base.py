# SPDX-License-Identifier: MPL-2.0
"""What every question and answer is, and the answers that many questions share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from arkanum.guard.roles import Action, Ring, Role
from arkanum.guard.shown import ANYBODY, ASKER, shown


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Superclass of every question and answer."""

    def __repr__(self) -> str:
        """Name the kind only: fields may be secret."""
        return f"<{type(self).__name__}>"


class Asked(Message, frozen=True, kw_only=True):
    """Superclass of questions that need a signed-in person."""

    token: bytes
    """The session's 32 bytes, and behind them the id of the device whose certificate spoke, where one did."""

    idle: bool = False
    """Asked by the page or by a job, not by a person: it does not put off the lock of the screen."""


@shown({})
class Done(Message, frozen=True, kw_only=True):
    """It is done, and there is nothing to tell."""


@shown({ANYBODY: "error seconds reasons"})
class Failed(Message, frozen=True, kw_only=True):
    """It was not done: the name of an error class, and what that class carries."""

    error: str
    seconds: int = 0
    reasons: tuple[str, ...] = ()


@shown({ASKER: "person practice device name role rings actions practice_name accepts_patients must_change emergencies"})
class Who(Message, frozen=True, kw_only=True):
    """The person at the screen, as the guard knows them."""

    person: UUID
    practice: UUID
    device: UUID
    name: str
    role: Role
    rings: frozenset[Ring]
    actions: frozenset[Action]
    practice_name: str
    accepts_patients: bool
    must_change: bool
    emergencies: dict[UUID, datetime] = {}  # msgspec copies an empty default


@shown({ASKER: "secret"})
class Handed(Message, frozen=True, kw_only=True):
    """A secret that is shown once to the person who asked: a first pass phrase or a device secret."""

    secret: str
