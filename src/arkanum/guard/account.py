# SPDX-License-Identifier: MPL-2.0
"""One's own account: the PIN, what else opens it besides the pass phrase, and the street for telling neighbours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec

from arkanum.core.unusual import Home
from arkanum.guard import pins
from arkanum.guard.bodies import PasskeyBody, PersonBody, open_body, person_place, seal_body
from arkanum.guard.errors import Refused
from arkanum.guard.house import Guard, person_body
from arkanum.guard.log_relations import forget
from arkanum.guard.people import open_own
from arkanum.guard.places import passkey_place
from arkanum.guard.protocol import AskOwnKeys, Done, OwnKeys, PasskeyLine, RemovePin, SetOwnStreet, SetPin
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session
from arkanum.storage import people
from arkanum.storage import unlocks as rows
from arkanum.vault import VaultError

LONGEST_STREET = 120


def ask_own_keys(guard: Guard, question: AskOwnKeys) -> OwnKeys:
    """Tell what opens this person's account besides the pass phrase."""
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    return OwnKeys(
        who=session.who(),
        has_pin=rows.pin(session.person) is not None,
        passkeys=_passkeys(session),
        keys_lost=session.body.keys_lost,
        street=session.body.street,
    )


def set_pin(guard: Guard, question: SetPin) -> Done:
    """Choose a PIN for the change of person; every session of this person takes it at once.

    Raises:
        PinTooWeak: a neighbour would try it first.
        SignInRefused: the pass phrase is wrong.
        Throttled: too many wrong ones.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    pins.require_good(question.pin)
    _, private = open_own(guard, session, question.passphrase, "set_pin")
    with guard.lock:
        guard.any_session(question.token)  # nobody ended it meanwhile
        guard.note(session, "set_pin")
        _take(guard, session, pins.keep_pin(session.person, private, question.pin))
        mark_known(guard, session)
    return Done()


def remove_pin(guard: Guard, question: RemovePin) -> Done:
    """Go without a PIN: from now on the pass phrase or a passkey lets a resting session go on."""
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        guard.note(session, "remove_pin")
        rows.drop_pin(session.person)
        _take(guard, session, None)
    return Done()


def set_own_street(guard: Guard, question: SetOwnStreet) -> Done:
    """Note where the asker lives, of their own free will, so that accesses to neighbours stand out.

    Only they themselves can say it and read it again; it lies sealed in their row, and the log says that they did
    it and not what they said.

    Raises:
        Refused: a street and a German postcode are not both there.
    """
    street = " ".join(question.street.split())
    if len(street) > LONGEST_STREET or (street and Home.read(street) is None):
        raise Refused
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        guard.note(session, "set_own_street")
        _save(guard, session, lambda body: msgspec.structs.replace(body, street=street))
        forget(session.practice)
    return Done()


def mark_known(guard: Guard, session: Session) -> None:
    """Note that the person has seen that their PIN and passkeys were gone: they chose new ones."""
    if not session.body.keys_lost:
        return
    _save(guard, session, lambda body: msgspec.structs.replace(body, keys_lost=False))


def _save(guard: Guard, session: Session, change: Callable[[PersonBody], PersonBody]) -> None:
    """Change what is sealed about the asker, in their row and in each of their sessions."""
    row = people.person(session.practice.id, session.person)
    row.body = seal_body(
        session.practice.site, person_place(row.id, "body"), change(person_body(session.practice.site, row))
    )
    people.save_person(row)
    for other in guard.sessions.all():
        if other.person == session.person:
            other.body = change(other.body)


def _passkeys(session: Session) -> tuple[PasskeyLine, ...]:
    lines = []
    for row in rows.passkeys(session.person):
        with suppress(VaultError):
            body = open_body(session.practice.site, passkey_place(row.id, "body"), row.body, PasskeyBody)
            lines.append(PasskeyLine(passkey=row.id, name=body.name, host=body.host, added=body.added))
    return tuple(lines)


def _take(guard: Guard, session: Session, pin: pins.Pin | None) -> None:
    for other in guard.sessions.all():
        if other.person == session.person and not other.is_job:
            other.pin, other.wrong_pins = pin, 0
