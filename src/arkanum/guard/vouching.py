# SPDX-License-Identifier: MPL-2.0
"""A second person agrees: at the same device with name and pass phrase, or at their own screen.

Only somebody who may treat can agree, never oneself, and always with the pass phrase: two sessions that were taken over
must not agree with each other.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from arkanum.guard.bodies import PersonBody, login_tag
from arkanum.guard.errors import NotFound, SignInRefused
from arkanum.guard.house import Guard, held_by, person_body
from arkanum.guard.people import SALT_BYTES, cost_of, has_left, names_of, open_private, require_own_passphrase
from arkanum.guard.protocol import Agree, AskWishes, Done, Vouch, Wish, Wishes
from arkanum.guard.roles import Action, may
from arkanum.guard.sessions import Session
from arkanum.guard.throttle import count_try, forgive
from arkanum.storage import people
from arkanum.storage.models import Person
from arkanum.vault import Tampered, stretch

WISH_SECONDS = 15 * 60
"""So long a colleague at another screen may agree."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session that waits for a second person."""

    session: Session
    since: float


def vouch(guard: Guard, question: Vouch) -> Done:
    """Let a colleague agree at this device that the person at the screen goes on.

    Raises:
        SignInRefused: no such colleague, a wrong pass phrase, oneself, or somebody who may not treat.
        Throttled: too many wrong tries.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    colleague = recognise(guard, session, question.login, question.passphrase)
    if colleague is None or colleague.id == session.person or not treats(guard, session, colleague):
        guard.note(session, "second_person", outcome="refused")
        raise SignInRefused
    _agreed(guard, session, session, colleague.id)
    return Done()


def ask_wishes(guard: Guard, question: AskWishes) -> Wishes:
    """List the colleagues who wait for somebody to agree."""
    session = guard.session(question.token, Action.READ_CHART)
    names = names_of(session.practice)
    waiting = _still_waiting(guard, session)
    wishes = (
        Wish(wish=wish, person=one.session.person, name=names.get(one.session.person, ""), seconds=_age(guard, one))
        for wish, one in waiting.items()
        if one.session.person != session.person
    )
    return Wishes(wishes=tuple(wishes))


def agree(guard: Guard, question: Agree) -> Done:
    """Agree at one's own screen, with one's own pass phrase.

    Raises:
        NotFound: nobody waits under this id, or it is oneself.
        SignInRefused: the pass phrase is wrong.
        Throttled: too many wrong ones.
    """
    session = guard.session(question.token, Action.READ_CHART)
    waiting = _still_waiting(guard, session).get(question.wish)
    if waiting is None or waiting.session.person == session.person:
        raise NotFound
    require_own_passphrase(guard, session, question.passphrase, "second_person")
    _agreed(guard, session, waiting.session, session.person)
    return Done()


def recognise(guard: Guard, session: Session, login: str, passphrase: str) -> Person | None:
    """Return the person of this practice whom name and pass phrase show, after the same time in every case.

    Raises:
        Throttled: too many wrong tries at this device or at this name.
    """
    practice = session.practice
    tags = (sha256(b"device" + session.device.bytes).digest(), login_tag(practice.site, login))
    count_try(guard, tags)
    cost = cost_of(practice.site, practice.id)
    row = people.person_by_tag(practice.id, tags[1])
    if row is None:
        stretch(passphrase, secrets.token_bytes(SALT_BYTES), cost)
        return None
    try:
        open_private(practice.site, row, passphrase, cost)
    except Tampered:
        return None
    forgive(tags)
    return row


def treats(guard: Guard, session: Session, row: Person) -> bool:
    """Tell whether a person of the practice is here today and may open charts."""
    body: PersonBody = person_body(session.practice.site, row)
    if has_left(row, body) or body.must_change or guard.is_over(body.until):
        return False
    return may(body.role, held_by(session.practice.id, row.id), Action.READ_CHART)


def wait(guard: Guard, session: Session) -> None:
    """Let a session wait until somebody agrees."""
    waiting = _still_waiting(guard, session)
    if all(one.session is not session for one in waiting.values()):
        session.practice.waiting[UUID(bytes=secrets.token_bytes(16))] = Waiting(session, guard.seconds())


def _still_waiting(guard: Guard, session: Session) -> dict[UUID, Waiting]:
    everybody = guard.sessions.all()
    practice = session.practice
    late = [
        wish
        for wish, one in tuple(practice.waiting.items())
        if _age(guard, one) > WISH_SECONDS or not any(one.session is here for here in everybody)
    ]
    for wish in late:
        practice.waiting.pop(wish, None)
    return dict(practice.waiting)


def _age(guard: Guard, waiting: Waiting) -> int:
    return int(guard.seconds() - waiting.since)


def _agreed(guard: Guard, at: Session, session: Session, colleague: UUID) -> None:
    """Write down who agreed for whom, and let the session go on."""
    guard.note(at, "second_person", detail=f"{session.person} {colleague}")
    session.agreed_at = guard.seconds()
    session.practice.brake.satisfied(session.person)
    for wish, one in tuple(session.practice.waiting.items()):
        if one.session is session:
            session.practice.waiting.pop(wish, None)
