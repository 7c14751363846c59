# SPDX-License-Identifier: MPL-2.0
"""Getting past the brake: the pass phrase once more, and a second person."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.roles import Action
from arkanum.guard.shown import shown


class Prove(Asked, frozen=True, kw_only=True):
    """The pass phrase of the person at the screen once more."""

    passphrase: str


class RequireProof(Asked, frozen=True, kw_only=True):
    """Is the pass phrase of this session not older than an hour? For work that will need it later."""


class Vouch(Asked, frozen=True, kw_only=True):
    """A colleague agrees at this device, with their own name and pass phrase."""

    login: str
    passphrase: str


class AskWishes(Asked, frozen=True, kw_only=True):
    """Who waits for somebody to agree?"""


class Agree(Asked, frozen=True, kw_only=True):
    """Agree at one's own screen that a colleague goes on."""

    wish: UUID
    passphrase: str


@shown({Action.READ_CHART: "wish person name seconds"})
class Wish(Message, frozen=True, kw_only=True):
    """A colleague who waits since so many seconds."""

    wish: UUID
    person: UUID
    name: str
    seconds: int


@shown({Action.READ_CHART: "wishes"})
class Wishes(Message, frozen=True, kw_only=True):
    """The colleagues who wait."""

    wishes: tuple[Wish, ...]
