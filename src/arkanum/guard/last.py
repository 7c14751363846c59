# SPDX-License-Identifier: MPL-2.0
"""Who may not go, because nobody else would open the charts behind a wall."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.errors import LastMember
from arkanum.guard.house import Guard
from arkanum.guard.sessions import Session
from arkanum.guard.walls import last_of


def require_not_last(guard: Guard, session: Session, person: UUID, lost: frozenset[str], what: str) -> None:
    """Refuse what would leave nobody who opens the charts behind a wall; the refusal is logged under `what`.

    Raises:
        LastMember: nobody else is a member.
    """
    if last_of(session.practice.id, person, lost):
        guard.note(session, what, outcome="refused", detail=str(person))
        raise LastMember
