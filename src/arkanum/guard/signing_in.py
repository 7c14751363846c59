# SPDX-License-Identifier: MPL-2.0
"""Sign-in with device and pass phrase, sign-out, and the way back with paper codes.

An unknown device, an unknown name and a wrong pass phrase take the same path through the same slow function and
give the same answer (weakness W21).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from arkanum.guard import rings
from arkanum.guard.bodies import PersonBody, login_tag
from arkanum.guard.devices import new_device, open_site
from arkanum.guard.errors import NotSignedIn, PracticeSealed, SignInRefused, Throttled, WrongCode
from arkanum.guard.founding import open_recovery, recovery_site_place
from arkanum.guard.house import Guard, attested_member
from arkanum.guard.log import Event, now
from arkanum.guard.people import (
    SALT_BYTES,
    body_of,
    context_of,
    cost_of,
    open_private,
    renew_keys,
    require_strong,
)
from arkanum.guard.protocol import Done, RecoverByPaper, Seal, SignedIn, SignIn, SignOut
from arkanum.guard.rings import RingKeys
from arkanum.guard.roles import Action, Ring
from arkanum.storage import people, practices
from arkanum.storage.models import Device, Person
from arkanum.vault import FLOOR, Cost, Key, PrivateKey, Tampered, open_with, stretch

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 15 * 60
STRANGER = sha256(b"unknown device").digest()
"""All unknown devices share one count: a stranger who invents device ids gains no tries."""

PAPER = sha256(b"paper codes").digest()


@dataclass(frozen=True, slots=True)
class Known:
    """What a right pass phrase opened."""

    row: Person
    body: PersonBody
    device: Device
    site: Key
    private: PrivateKey


def sign_in(guard: Guard, question: SignIn) -> SignedIn:
    """Begin a session for a person at an enrolled device.

    Raises:
        SignInRefused: unknown device, unknown name, wrong pass phrase, or somebody who has left.
        Throttled: too many wrong tries from this device or at this name.
    """
    found = open_site(question.device_secret)
    tags = _tags(found, question.login)
    _require_no_wait(tags)
    known = _recognise(found, question)
    if known is None:
        _note_failure(guard, found, tags)
        raise SignInRefused
    for tag in tags:
        people.forget_throttle(tag)
    return _begin(guard, known, device_secret=b"")


def sign_out(guard: Guard, question: SignOut) -> Done:
    """End a session; the practice is sealed when it was the last one that may treat."""
    try:
        session = guard.sessions.get(question.token)
    except (NotSignedIn, PracticeSealed):
        return Done()
    guard.note(session, "sign_out")
    guard.sessions.end_token(question.token)
    guard.after_end((session,))
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
        Throttled: too many wrong tries.
    """
    tags = (PAPER,)
    _require_no_wait(tags)
    for practice in practices.all_ids():
        try:
            recovery = open_recovery(practice, question.first, question.second)
            return _recover(guard, practice, recovery, question)
        except WrongCode:
            continue
    _note_failure(guard, None, tags)
    raise WrongCode


def _recover(guard: Guard, practice: UUID, recovery: PrivateKey, question: RecoverByPaper) -> SignedIn:
    row = practices.get(practice)
    site = Key.from_bytes(open_with(recovery, recovery_site_place(practice), row.recovery_site))
    person = people.person_by_tag(practice, login_tag(site, question.login))
    if person is None or person.left:
        raise WrongCode
    open_practice = guard.open_practice(row, site)
    require_strong(question.passphrase, context_of(open_practice))
    open_practice.log.append(Event(at=now(), what="recover_by_paper", person=person.id))
    with transaction.atomic():
        opened = rings.open_rings(site, practice, None, recovery)
        body = renew_keys(site, person, body_of(site, person), question.passphrase, must_change=False)
        member = attested_member(site, person)
        for ring in body.wanted:
            rings.share_ring(site, practice, ring, opened[ring], member)
        device, secret = new_device(site, practice, question.device_name)
    guard.end_sessions(lambda other: other.person == person.id)
    people.forget_throttle(PAPER)
    return _session(guard, person, body, device, {ring: opened[ring] for ring in body.wanted}, site, secret)


def _recognise(found: tuple[Device, Key] | None, question: SignIn) -> Known | None:
    """Do the slow work in every case, and tell who it is."""
    device, site = found or (None, Key.new())
    row = None
    if device is not None:
        row = people.person_by_tag(device.practice_id, login_tag(site, question.login))
    if device is None or row is None:
        stretch(question.passphrase, secrets.token_bytes(SALT_BYTES), _cost(device))
        return None
    try:
        private = open_private(site, row, question.passphrase, cost_of(practices.get(row.practice_id)))
    except Tampered:
        return None
    body = body_of(site, row)
    over = body.until is not None and date.today() > body.until  # noqa: DTZ011 - the practice's calendar day
    return None if row.left or over else Known(row, body, device, site, private)


def _cost(device: Device | None) -> Cost:
    """Return the cost of a guess; a stranger pays what the first practice of this installation pays."""
    ids = practices.all_ids() if device is None else (device.practice_id,)
    return cost_of(practices.get(ids[0])) if ids else FLOOR


def _begin(guard: Guard, known: Known, *, device_secret: bytes) -> SignedIn:
    opened = rings.open_rings(known.site, known.row.practice_id, known.row.id, known.private)
    allowed = {ring: keys for ring, keys in opened.items() if ring in known.body.wanted}
    return _session(guard, known.row, known.body, known.device.id, allowed, known.site, device_secret)


def _session(
    guard: Guard,
    row: Person,
    body: PersonBody,
    device: UUID,
    opened: dict[Ring, RingKeys],
    site: Key,
    device_secret: bytes,
) -> SignedIn:
    practice = guard.open_practice(practices.get(row.practice_id), site)
    practice.log.append(Event(at=now(), what="sign_in", person=row.id, device=device))
    token, session = guard.begin_session(practice, row, body, device, opened)
    return SignedIn(token=token, who=session.who(), device_secret=device_secret)


def _tags(found: tuple[Device, Key] | None, login: str) -> tuple[bytes, ...]:
    if found is None:
        return (STRANGER,)
    device, site = found
    return (sha256(b"device" + device.id.bytes).digest(), login_tag(site, login))


def _require_no_wait(tags: tuple[bytes, ...]) -> None:
    waits = [throttle[1] - now() for tag in tags if (throttle := people.throttle(tag)) is not None]
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        raise Throttled(int(longest.total_seconds()) + 1)


def _note_failure(guard: Guard, found: tuple[Device, Key] | None, tags: tuple[bytes, ...]) -> None:
    logs = guard.logs.values() if found is None else (guard.logs[found[0].practice_id],)
    device = None if found is None else found[0].id
    for log in logs:
        log.append(Event(at=now(), what="sign_in", device=device, outcome="refused"))
    people.forget_old_throttles(now() - timedelta(days=1))
    for tag in tags:
        before = people.throttle(tag)
        failures = 1 if before is None else before[0] + 1
        people.set_throttle(tag, failures, now() + timedelta(seconds=_wait_seconds(failures)))


def _wait_seconds(failures: int) -> int:
    if failures < FREE_TRIES:
        return 0
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << min(failures - FREE_TRIES, 10))
