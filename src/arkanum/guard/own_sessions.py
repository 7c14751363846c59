# SPDX-License-Identifier: MPL-2.0
"""A person sees where they are signed in and ends what they left somewhere."""

from __future__ import annotations

from datetime import timedelta

from arkanum.guard.brake import HOUR_SECONDS
from arkanum.guard.braking import require_proof
from arkanum.guard.devices import names_of_devices
from arkanum.guard.errors import NotFound
from arkanum.guard.house import Guard
from arkanum.guard.protocol import AskOwnSessions, Done, EndOwnSession, OwnSession, OwnSessions
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session


def ask_own_sessions(guard: Guard, question: AskOwnSessions) -> OwnSessions:
    """List the sessions of the person at the screen, and of nobody else."""
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        names = names_of_devices(session.practice)
        mine = [other for other in guard.sessions.all() if other.person == session.person]
        lines = [_shown(guard, other, names.get(other.device, ""), own=other is session) for other in mine]
    return OwnSessions(sessions=tuple(sorted(lines, key=lambda line: line.last_used, reverse=True)))


def end_own_session(guard: Guard, question: EndOwnSession) -> Done:
    """End one session of the person at the screen, even while it rests.

    Whoever sits down at a screen left alone must not put its owner out elsewhere, so the pass phrase is asked for. To
    end all, this one among them, needs none: leaving is never put off.

    Raises:
        StepUp: the pass phrase was not given within the hour.
        NotFound: it has ended, or it is somebody else's: one and the same answer.
    """
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        mine = [other for other in guard.sessions.all() if other.person == session.person]
        wanted = next((other for other in mine if other.id == question.session), None)
        if wanted is None:
            raise NotFound
        require_proof(guard, session, HOUR_SECONDS, "end_session")
        name = names_of_devices(session.practice).get(wanted.device, "")
        try:
            guard.note(session, "end_session", detail=name)
        finally:
            # Even when the disk is full: what somebody wants to end is over.
            guard.end_sessions(lambda other: other is wanted)
    return Done()


def _shown(guard: Guard, session: Session, device_name: str, *, own: bool) -> OwnSession:
    began, last_used = (guard.clock() - timedelta(seconds=ago) for ago in guard.sessions.ages(session))
    return OwnSession(
        session=session.id,
        device_name=device_name,
        began=began,
        last_used=last_used,
        rests=guard.sessions.rests(session),
        is_job=session.is_job,
        own=own,
    )
