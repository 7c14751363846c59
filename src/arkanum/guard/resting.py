# SPDX-License-Identifier: MPL-2.0
"""Sessions that rest: the lock of the screen, the change of person at a workplace, and the end everywhere.

At one workplace several people's sessions may rest. Each rests at its own device and opens again for its own person's
PIN there; whoever comes back gets another token, so a cookie that somebody kept is worth nothing afterwards.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from arkanum.guard.devices import open_site
from arkanum.guard.errors import SignInRefused
from arkanum.guard.house import ALARM, Guard
from arkanum.guard.log import Event, now
from arkanum.guard.pins import NOBODYS
from arkanum.guard.protocol import (
    AskResting,
    ChangePerson,
    Done,
    Rest,
    Resting,
    RestingPerson,
    SignedIn,
    SignOutEverywhere,
)
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session
from arkanum.storage.models import Device
from arkanum.vault import Key

WRONG_PINS_IN_A_ROW = 5
"""So many wrong PINs end a resting session; the pass phrase begins another."""

WRONG_PINS_IN_ALL = 15
"""Right ones in between forgive the row, but never more than so many wrong ones in one session's life."""

NOTED_EVERY = timedelta(minutes=1)
"""A PIN for somebody who does not rest here gets one line a minute, so that nobody fills the log."""


def rest(guard: Guard, question: Rest) -> Done:
    """Lock the screen; one that is locked already stays so."""
    with guard.lock:
        session = guard.sessions.peek(question.token)
        if session is not None and not session.is_job and not guard.sessions.rests(session):
            session.is_locked = True  # first, so that a full disk keeps no screen open
            guard.note(session, "lock")
    return Done()


def ask_resting(guard: Guard, question: AskResting) -> Resting:
    """Name the people whose sessions rest at a device, to that device alone."""
    device = known_device(question.device_secret, question.channel)
    with guard.lock:
        sessions = () if device is None else guard.sessions.resting_at(device[0].id)
    newest: dict[UUID, Session] = {}
    for session in sessions:
        newest.setdefault(session.person, session)
    return Resting(people=tuple(map(_shown, newest.values())))


def change_person(guard: Guard, question: ChangePerson) -> SignedIn:
    """Let a person's resting session at this device go on, for the right PIN.

    Raises:
        SignInRefused: nobody of that name rests here, or the PIN is missing or wrong: one and the same answer.
    """
    device = known_device(question.device_secret, question.channel)
    with guard.lock:
        session = None if device is None else _resting(guard, device[0], question.person)
        pin = NOBODYS if session is None or session.pin is None else session.pin
        fits = pin.fits(question.pin)
        if session is None:
            _note_stranger(guard, device)
            raise SignInRefused
        if not fits:
            _count_wrong(guard, session)
            raise SignInRefused
        guard.note(session, "change_person")
        token, wrong_before = come_back(guard, session), session.wrong_pins
        session.wrong_pins = 0
    return SignedIn(token=token, who=session.who(), wrong_pins=wrong_before)


def come_back(guard: Guard, session: Session) -> bytes:
    """Let everybody else at this device rest and this session be used again; return its new token."""
    for other in guard.sessions.all():
        if other is not session and other.device == session.device:
            other.is_locked = True
    return guard.sessions.wake(session)


def leave_behind(guard: Guard, session: Session, token: bytes) -> None:
    """Let the session rest that this browser showed before another began; where it was the same person's, it ends.

    Args:
        guard: the house.
        session: the one that has just begun.
        token: what the browser had until now, or nothing.
    """
    before = guard.sessions.peek(token) if token else None
    if before is not None and before.device == session.device and not before.is_job:
        before.is_locked = True
    here = (session.person, session.device)
    guard.end_sessions(lambda other: other is not session and is_left_at(guard, other, here))


def is_left_at(guard: Guard, session: Session, here: tuple[UUID, UUID]) -> bool:
    """Tell whether a session is one that this person left resting at this device."""
    return (session.person, session.device) == here and guard.sessions.rests(session)


def sign_out_everywhere(guard: Guard, question: SignOutEverywhere) -> Done:
    """End every session of the person at the screen, wherever it is, and what they let in on a console."""
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        try:
            guard.note(session, "sign_out_everywhere")
        finally:
            # Even when the disk is full: who leaves is out.
            guard.end_sessions(lambda other: other.person == session.person)
    return Done()


def known_device(secret: bytes, channel: bytes) -> tuple[Device, Key] | None:
    """Return the device of a secret and its site secret, on its own certificate's connection only.

    Its secret is of no use behind another certificate, nor, if it has one, on loopback. A device without certificate is
    a browser on the server's own machine; no connection from elsewhere names it.
    """
    found = open_site(secret)
    if found is None:
        return None
    device = found[0]
    known = device.id.bytes == channel if channel else device.certificate is None
    return found if known else None


def _resting(guard: Guard, device: Device, person: UUID) -> Session | None:
    for session in guard.sessions.resting_at(device.id):
        if session.person == person:
            return None if guard.is_over(session.body.until) else session
    return None


def _count_wrong(guard: Guard, session: Session) -> None:
    session.wrong_pins += 1
    session.wrong_pins_in_all += 1
    ends = session.wrong_pins >= WRONG_PINS_IN_A_ROW or session.wrong_pins_in_all >= WRONG_PINS_IN_ALL
    try:
        guard.note(session, "wrong_pins" if ends else "change_person", outcome=ALARM if ends else "refused")
    finally:
        if ends:
            guard.end_sessions(lambda other: other is session)


def _note_stranger(guard: Guard, device: tuple[Device, Key] | None) -> None:
    if device is None or (guard.pin_noted is not None and guard.clock() - guard.pin_noted < NOTED_EVERY):
        return
    guard.pin_noted = guard.clock()
    line = Event(at=now(), what="change_person", device=device[0].id, outcome="refused")
    guard.logs[device[0].practice_id].append(line)


def _shown(session: Session) -> RestingPerson:
    has_pin = session.pin is not None
    login = "" if has_pin else session.body.login
    return RestingPerson(person=session.person, name=session.body.name, has_pin=has_pin, login=login)
