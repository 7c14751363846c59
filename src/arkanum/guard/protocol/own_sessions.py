# SPDX-License-Identifier: MPL-2.0
"""A person's own sessions: where they are signed in, and the end of one of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.shown import ASKER, shown


class AskOwnSessions(Asked, frozen=True, kw_only=True):
    """Where am I signed in?"""


@shown({ASKER: "session device_name began last_used rests is_job own"})
class OwnSession(Message, frozen=True, kw_only=True):
    """One session, as its person sees it. The id names it and opens nothing: it has nothing to do with the token."""

    session: UUID
    device_name: str
    began: datetime
    last_used: datetime
    rests: bool
    is_job: bool
    """Work in the background, or a command on a console that the person let in."""
    own: bool
    """The one that asks."""


@shown({ASKER: "sessions"})
class OwnSessions(Message, frozen=True, kw_only=True):
    """Every session of the person, the one used last first."""

    sessions: tuple[OwnSession, ...]


class EndOwnSession(Asked, frozen=True, kw_only=True):
    """End one of my sessions, wherever it is."""

    session: UUID
