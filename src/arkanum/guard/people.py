# SPDX-License-Identifier: MPL-2.0
"""The people of the practice: added, given rings, changed, restored, gone.

A ring passes only from someone who holds it. An administrator holds none and so can hand over none.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from arkanum.core.ids import new_id
from arkanum.core.passphrases import WeakPassphrase, check, suggest
from arkanum.guard import rings
from arkanum.guard.bodies import PersonBody, login_tag, open_body, person_place, seal_body
from arkanum.guard.errors import AlreadyThere, NotFound, PassphraseTooWeak, Refused, SignInRefused
from arkanum.guard.house import Guard, attested_member
from arkanum.guard.protocol import (
    AddPerson,
    AskStaff,
    ChangePassphrase,
    ChangeRole,
    Done,
    Handed,
    HandOver,
    Leave,
    Member,
    RestoreAccess,
    Staff,
)
from arkanum.guard.roles import RINGS_OF_ROLE, RINGS_ON_REQUEST, Action, Ring, Role
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.storage import people as rows
from arkanum.storage import practices
from arkanum.storage import rings as ring_rows
from arkanum.storage.errors import Missing
from arkanum.storage.models import Person, Practice
from arkanum.vault import Cost, Key, PrivateKey, Tampered, person_key, seal, stretch, unseal

SALT_BYTES = 32
FIRST_WORDS = 6
"""A first pass phrase has six diceware words: about 77 bits, typed once."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to be made, with the pass phrase they begin with."""

    name: str
    login: str
    role: Role
    until: date | None
    passphrase: str = field(repr=False)
    must_change: bool
    with_treatment: bool = False


def make_person(site: Key, practice: UUID, cost: Cost, new: NewPerson) -> tuple[Person, PersonBody, PrivateKey]:
    """Make a person with a key pair of their own; they hold no ring yet.

    Raises:
        AlreadyThere: the login name is taken.
    """
    private = PrivateKey.new()
    wanted = RINGS_OF_ROLE[new.role] | (RINGS_ON_REQUEST[new.role] if new.with_treatment else frozenset())
    body = PersonBody(
        name=new.name.strip(),
        login=new.login.strip(),
        role=new.role,
        wanted=wanted,
        fingerprint=private.public.fingerprint(),
        until=new.until,
        must_change=new.must_change,
    )
    row = Person(id=new_id(), practice_id=practice, login_tag=login_tag(site, new.login))
    _set_keys(site, row, private, new.passphrase, cost)
    row.body = seal_body(site, person_place(row.id, "body"), body)
    try:
        with transaction.atomic():
            rows.save_person(row)
    except IntegrityError as error:
        raise AlreadyThere from error
    return row, body, private


def open_private(site: Key, row: Person, passphrase: str, cost: Cost) -> PrivateKey:
    """Open a person's private key with the site secret and their pass phrase.

    Raises:
        Tampered: the pass phrase is wrong (or the row was changed, which looks the same).
    """
    key = person_key(site, stretch(passphrase, bytes(row.salt), cost))
    return PrivateKey.from_bytes(unseal(key, person_place(row.id, "private_key"), row.private_key))


def cost_of(row: Practice) -> Cost:
    """Return what one guess at a pass phrase costs in this practice."""
    return Cost(row.argon2_memory_kib, row.argon2_passes, row.argon2_lanes)


def require_strong(passphrase: str, context: tuple[str, ...]) -> None:
    """Refuse an easy pass phrase.

    Raises:
        PassphraseTooWeak: with German reasons.
    """
    try:
        check(passphrase, context=context)
    except WeakPassphrase as weak:
        raise PassphraseTooWeak(weak.reasons) from None


def context_of(practice: OpenPractice) -> tuple[str, ...]:
    """Return the names of the practice and its people, which no pass phrase may be made of."""
    bodies = [body_of(practice.site, row) for row in rows.people(practice.id)]
    return (practice.name, *(body.name for body in bodies), *(body.login for body in bodies))


def body_of(site: Key, row: Person) -> PersonBody:
    """Open what is sealed about a person."""
    return open_body(site, person_place(row.id, "body"), row.body, PersonBody)


def names_of(practice: OpenPractice) -> dict[UUID, str]:
    """Return the names of everybody who works or has worked in the practice, by id."""
    if practice.names is None:
        practice.names = {row.id: body_of(practice.site, row).name for row in rows.people(practice.id)}
    return practice.names


def ask_staff(guard: Guard, question: AskStaff) -> Staff:
    """List everybody of the practice."""
    session = guard.session(question.token, Action.SEE_STAFF)
    practice = session.practice
    members_by_ring = {ring: ring_rows.members_of(practice.id, ring) for ring in Ring}
    here = {other.person for other in guard.sessions.all() if other.practice is practice}
    members = []
    for row in rows.people(practice.id):
        body = body_of(practice.site, row)
        held = frozenset(ring for ring in Ring if row.id in members_by_ring[ring])
        members.append(
            Member(
                person=row.id,
                name=body.name,
                login=body.login,
                role=body.role,
                rings=held,
                wanted=body.wanted,
                until=body.until,
                left=row.left,
                signed_in=row.id in here,
            )
        )
    return Staff(who=session.who(), members=tuple(sorted(members, key=lambda member: member.name)))


def add_person(guard: Guard, question: AddPerson) -> Handed:
    """Add a person; answers with a first pass phrase that must be changed at the first sign-in.

    Raises:
        AlreadyThere: the login name is taken.
        Refused: no name or no login name.
    """
    session = guard.session(question.token, Action.MANAGE_STAFF)
    if not question.name.strip() or not question.login.strip():
        raise Refused
    guard.note(session, "add_person", detail=question.role)
    practice, first = session.practice, suggest(FIRST_WORDS)
    new = NewPerson(
        question.name,
        question.login,
        question.role,
        question.until,
        first,
        must_change=True,
        with_treatment=question.with_treatment,
    )
    cost = cost_of(practices.get(practice.id))
    with transaction.atomic():
        row, body, _ = make_person(practice.site, practice.id, cost, new)
        _hand_over(session, row, body)
    practice.names = None
    return Handed(secret=first)


def hand_over(guard: Guard, question: HandOver) -> Done:
    """Give a person the rings of their role that the asker holds.

    Raises:
        Refused: the asker holds none of them, or asks for themselves.
    """
    session, row, body = _about(guard, question.token, question.person)
    if not body.wanted & session.rings:
        raise Refused
    guard.note(session, "hand_over", detail=str(row.id))
    _hand_over(session, row, body)
    return Done()


def change_role(guard: Guard, question: ChangeRole) -> Done:
    """Give another person another role: rings they lose are rotated, rings they gain come from the asker.

    Raises:
        Refused: it is the asker's own role, or nobody would be left to treat.
    """
    session, row, body = _about(guard, question.token, question.person)
    wanted = RINGS_OF_ROLE[question.role]
    if question.with_treatment:
        wanted |= RINGS_ON_REQUEST[question.role]
    lost = _held(session.practice, row.id) - wanted
    _require_someone_treats(session.practice, row.id, lost)
    guard.note(session, "change_role", detail=f"{row.id} {question.role}")
    changed = msgspec.structs.replace(body, role=question.role, wanted=wanted, until=question.until)
    with transaction.atomic():
        row.body = seal_body(session.practice.site, person_place(row.id, "body"), changed)
        rows.save_person(row)
        for ring in lost:
            ring_rows.drop_shares(row.id, ring)
        _hand_over(session, row, changed)
    guard.end_sessions(lambda other: other.person == row.id)
    for ring in lost:
        guard.rotate(session.practice, ring)
    return Done()


def leave(guard: Guard, question: Leave) -> Done:
    """End a person's access at once and rotate every ring they held.

    Raises:
        Refused: it is the asker, or nobody would be left to treat.
    """
    session, row, _ = _about(guard, question.token, question.person)
    held = _held(session.practice, row.id)
    _require_someone_treats(session.practice, row.id, held)
    guard.note(session, "leave", detail=str(row.id))
    row.left = True
    with transaction.atomic():
        rows.save_person(row)
        ring_rows.drop_shares(row.id)
    guard.end_sessions(lambda other: other.person == row.id)
    for ring in held:
        guard.rotate(session.practice, ring)
    return Done()


def restore_access(guard: Guard, question: RestoreAccess) -> Handed:
    """Give a colleague new keys and a first pass phrase.

    Raises:
        Refused: the asker does not hold every ring the colleague holds, so something would be lost to them.
    """
    session, row, body = _about(guard, question.token, question.person)
    if not _held(session.practice, row.id) <= session.rings:
        raise Refused
    guard.note(session, "restore_access", detail=str(row.id))
    first = suggest(FIRST_WORDS)
    with transaction.atomic():
        body = renew_keys(session.practice.site, row, body, first, must_change=True)
        _hand_over(session, row, body)
    guard.end_sessions(lambda other: other.person == row.id)
    return Handed(secret=first)


def renew_keys(site: Key, row: Person, body: PersonBody, passphrase: str, *, must_change: bool) -> PersonBody:
    """Give a person a new key pair under a new pass phrase; shares to the old one are dropped."""
    private = PrivateKey.new()
    ring_rows.drop_shares(row.id)
    changed = msgspec.structs.replace(body, fingerprint=private.public.fingerprint(), must_change=must_change)
    _set_keys(site, row, private, passphrase, cost_of(practices.get(row.practice_id)))
    row.body = seal_body(site, person_place(row.id, "body"), changed)
    rows.save_person(row)
    return changed


def change_passphrase(guard: Guard, question: ChangePassphrase) -> Done:
    """Put a person's private key under another pass phrase.

    Raises:
        SignInRefused: the old pass phrase is wrong.
        PassphraseTooWeak: the new one is easy, or is the old one.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    practice = session.practice
    row = rows.person(practice.id, session.person)
    cost = cost_of(practices.get(practice.id))
    try:
        private = open_private(practice.site, row, question.old, cost)
    except Tampered:
        guard.note(session, "change_passphrase", outcome="refused")
        raise SignInRefused from None
    if question.new == question.old:
        raise PassphraseTooWeak(("Das ist die bisherige Passphrase.",))
    require_strong(question.new, context_of(practice))
    guard.note(session, "change_passphrase")
    _set_keys(practice.site, row, private, question.new, cost)
    session.body = msgspec.structs.replace(session.body, must_change=False)
    row.body = seal_body(practice.site, person_place(row.id, "body"), session.body)
    rows.save_person(row)
    guard.end_sessions(lambda other: other.person == row.id and other is not session)
    return Done()


def _set_keys(site: Key, row: Person, private: PrivateKey, passphrase: str, cost: Cost) -> None:
    row.salt = secrets.token_bytes(SALT_BYTES)
    row.public_key = private.public.to_bytes()
    key = person_key(site, stretch(passphrase, row.salt, cost))
    row.private_key = seal(key, person_place(row.id, "private_key"), private.expose())


def _about(guard: Guard, token: bytes, person: UUID) -> tuple[Session, Person, PersonBody]:
    session = guard.session(token, Action.MANAGE_STAFF)
    try:
        row = rows.person(session.practice.id, person)
    except Missing as error:
        raise NotFound from error
    if row.id == session.person or row.left:
        guard.note(session, "manage_staff", outcome="refused", detail=str(person))
        raise Refused
    return session, row, body_of(session.practice.site, row)


def _hand_over(session: Session, row: Person, body: PersonBody) -> None:
    member = attested_member(session.practice.site, row)
    for ring in body.wanted & session.rings:
        rings.share_ring(session.practice.site, session.practice.id, ring, session.ring(ring), member)


def _held(practice: OpenPractice, person: UUID) -> frozenset[Ring]:
    return frozenset(ring for ring in Ring if person in ring_rows.members_of(practice.id, ring))


def _require_someone_treats(practice: OpenPractice, person: UUID, lost: frozenset[Ring]) -> None:
    if Ring.TREATMENT in lost and not ring_rows.members_of(practice.id, Ring.TREATMENT) - {person}:
        raise Refused
