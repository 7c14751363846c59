# SPDX-License-Identifier: MPL-2.0
"""Sign-in with device and pass phrase, sign-out, and the way back with paper codes.

An unknown device, an unknown name and a wrong pass phrase take the same path through the same slow function and
give the same answer (weakness W21).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from arkanum.guard import pins, rings
from arkanum.guard.bodies import PersonBody, login_tag
from arkanum.guard.certifying import note_first_use
from arkanum.guard.devices import lock_again, new_device
from arkanum.guard.errors import SignInRefused, WrongCode
from arkanum.guard.house import Guard, attested_member, held_by, kept, person_body, profile_of
from arkanum.guard.log import Event, now
from arkanum.guard.paper import open_recovery, recovery_site_place
from arkanum.guard.people import (
    SALT_BYTES,
    context_of,
    cost_of,
    has_left,
    open_cost,
    open_private,
    renew_keys,
    require_strong,
)
from arkanum.guard.protocol import Done, RecoverByPaper, Seal, SignedIn, SignIn, SignOut
from arkanum.guard.resting import is_left_at, known_device, leave_behind
from arkanum.guard.roles import Action, is_wall
from arkanum.guard.throttle import count_try, forgive
from arkanum.storage import people, practices
from arkanum.storage.models import Device, Person
from arkanum.vault import FLOOR, Cost, Key, PrivateKey, Tampered, open_with, stretch

STRANGER = sha256(b"unknown device").digest()
"""All unknown devices share one count: a stranger who invents device ids gains no tries."""

PAPER_NOTED_EVERY = timedelta(minutes=1)
"""Wrong paper codes are not made to wait: at 130 bits each nobody guesses them, but anybody could keep the practice
from its last way in. Only the log is spared: one line a minute."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a right pass phrase opened."""

    row: Person
    device: Device
    site: Key
    private: PrivateKey


def sign_in(guard: Guard, question: SignIn) -> SignedIn:
    """Begin a session for a person at an enrolled device.

    Raises:
        SignInRefused: unknown device, unknown name, wrong pass phrase, or somebody who has left.
        Throttled: too many wrong tries from this device or at this name.
    """
    found = known_device(question.device_secret, question.channel)
    tags = _tags(found, question.login)
    count_try(guard, tags)
    known = _recognise(found, question)
    signed_in = None if known is None else _begin(guard, known, question.channel, question.leaves, question.certificate)
    if signed_in is None:
        _note_refusal(guard, found)
        raise SignInRefused
    forgive(tags)
    return signed_in


def sign_out(guard: Guard, question: SignOut) -> Done:
    """End a session, and what rests of this person at this device; no unlocking is needed to leave.

    The practice is sealed when it was the last one that may treat.
    """
    with guard.lock:
        session = guard.sessions.peek(question.token)
        if session is None:
            return Done()
        here = (session.person, session.device)
        ended = guard.sessions.end(
            lambda other: other is session or (not session.is_job and is_left_at(guard, other, here))
        )
        try:
            guard.note(session, "sign_out")
        finally:
            # Even when the disk is full: who leaves is out.
            guard.after_end(ended)
    return Done()


def seal_practice(guard: Guard, question: Seal) -> Done:
    """End every session of the practice now."""
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    guard.note(session, "seal")
    practice = session.practice
    guard.end_sessions(lambda other: other.practice is practice)
    return Done()


def recover_by_paper(guard: Guard, question: RecoverByPaper) -> SignedIn:
    """Open the practice with two paper codes, for one of its people, on this device.

    Raises:
        WrongCode: the codes open nothing, or nobody has this login name (the same answer).
        PassphraseTooWeak: the new pass phrase is easy.
    """
    for practice in practices.all_ids():
        try:
            recovery = open_recovery(practice, question.first, question.second)
            return _recover(guard, practice, recovery, question)
        except WrongCode:
            continue
    _note_wrong_paper(guard)
    raise WrongCode


def _recover(guard: Guard, practice: UUID, recovery: PrivateKey, question: RecoverByPaper) -> SignedIn:
    row = practices.get(practice)
    site = Key.from_bytes(open_with(recovery, recovery_site_place(practice), row.recovery_site))
    with guard.lock:
        person = people.person_by_tag(practice, login_tag(site, question.login))
        if person is None or has_left(person, person_body(site, person)):
            raise WrongCode
        require_strong(question.passphrase, context_of(site, practice, profile_of(site, row).name))
        guard.logs[practice].append(Event(at=now(), what="recover_by_paper", person=person.id))
        with transaction.atomic():
            opened = rings.open_rings(site, practice, None, recovery)
            walls = frozenset(ring for ring in held_by(practice, person.id) if is_wall(ring))
            body = renew_keys(site, person, person_body(site, person), question.passphrase, must_change=False)
            member = attested_member(site, person)
            held = {ring: keys for ring, keys in opened.items() if ring in body.wanted or ring in walls}
            for ring, keys in held.items():
                rings.share_ring(site, practice, ring, keys, member)
            device, secret = _device_here(site, practice, question)
        token, session = guard.begin_session(site, person, body, device, held, channel=question.channel)
        guard.end_sessions(lambda other: other.person == person.id and other is not session)
    return SignedIn(token=token, who=session.who(), device_secret=secret)


def _device_here(site: Key, practice: UUID, question: RecoverByPaper) -> tuple[UUID, bytes]:
    """Return the device that spoke with a certificate, with another secret; on loopback, a new device.

    Raises:
        WrongCode: the certificate is another practice's.
    """
    if not question.channel:
        return new_device(site, practice, question.device_name)
    row = people.device(UUID(bytes=question.channel))
    if row is None or row.practice_id != practice:
        raise WrongCode
    return row.id, lock_again(row, site)


def _recognise(found: tuple[Device, Key] | None, question: SignIn) -> Known | None:
    """Do the slow work in every case, and tell who it is."""
    if found is None:
        stretch(question.passphrase, secrets.token_bytes(SALT_BYTES), _strangers_cost())
        return None
    device, site = found
    cost = cost_of(site, device.practice_id)
    row = people.person_by_tag(device.practice_id, login_tag(site, question.login))
    if row is None:
        stretch(question.passphrase, secrets.token_bytes(SALT_BYTES), cost)
        return None
    try:
        return Known(row, device, site, open_private(site, row, question.passphrase, cost))
    except Tampered:
        return None


def _strangers_cost() -> Cost:
    """Return what the first practice of this installation asks of its own people; the least where there is none."""
    ids = practices.all_ids()
    return FLOOR if not ids else open_cost(practices.get(ids[0]))


def _begin(
    guard: Guard, known: Known, channel: bytes, leaves: bytes = b"", certificate: bytes = b""
) -> SignedIn | None:
    """Begin the session, unless device or person went while the pass phrase was being stretched."""
    with guard.lock:
        device, row = people.device(known.device.id), people.person(known.row.practice_id, known.row.id)
        if device is None or device.site.to_storage() != known.device.site.to_storage():
            return None  # gone, or told another site secret, because another device is gone
        body = person_body(known.site, row)
        if bytes(row.salt) != bytes(known.row.salt) or has_left(row, body) or guard.is_over(body.until):
            return None
        who = (known.site, row, body, known.private)
        signed_in = let_in(guard, who, device.id, channel=channel, leaves=leaves)
        note_first_use(guard, guard.opened[row.practice_id], device, certificate)
    return signed_in


def let_in(
    guard: Guard,
    who: tuple[Key, Person, PersonBody, PrivateKey],
    device: UUID,
    *,
    channel: bytes,
    leaves: bytes,
) -> SignedIn:
    """Begin the session of somebody whose private key is open, whatever opened it.

    Args:
        guard: the house, with its lock held.
        who: site secret, row, body and private key of the person.
        device: where they sit.
        channel: id of the device whose certificate spoke; nothing on loopback.
        leaves: the token this browser had until now.
    """
    site, row, body, private = who
    held = kept(rings.open_rings(site, row.practice_id, row.id, private), body)
    token, session = guard.begin_session(site, row, body, device, held, channel=channel)
    session.pin = pins.open_pin(row.id, private)
    leave_behind(guard, session, leaves)
    return SignedIn(token=token, who=session.who())


def _tags(found: tuple[Device, Key] | None, login: str) -> tuple[bytes, ...]:
    if found is None:
        return (STRANGER,)
    device, site = found
    return (sha256(b"device" + device.id.bytes).digest(), login_tag(site, login))


def _note_refusal(guard: Guard, found: tuple[Device, Key] | None) -> None:
    logs = guard.logs.values() if found is None else (guard.logs[found[0].practice_id],)
    device = None if found is None else found[0].id
    for log in tuple(logs):
        log.append(Event(at=now(), what="sign_in", device=device, outcome="refused"))


def _note_wrong_paper(guard: Guard) -> None:
    with guard.lock:
        if guard.paper_noted is not None and guard.clock() - guard.paper_noted < PAPER_NOTED_EVERY:
            return
        guard.paper_noted = guard.clock()
        for log in guard.logs.values():
            log.append(Event(at=now(), what="recover_by_paper", outcome="refused"))
