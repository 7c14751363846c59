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
from arkanum.guard import own_keys, rings
from arkanum.guard.bodies import PersonBody, login_tag, person_place, seal_body
from arkanum.guard.errors import AlreadyThere, NotFound, PassphraseTooWeak, Refused, SignInRefused, WallMissing
from arkanum.guard.house import (
    Guard,
    attested_member,
    held_by,
    is_last_to_treat,
    person_body,
    profile_of,
)
from arkanum.guard.last import require_not_last
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
from arkanum.guard.roles import ENDS, RINGS_OF_ROLE, RINGS_ON_REQUEST, Action, Ring, Role, is_wall, keeps, logical
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.guard.throttle import count_try, forgive
from arkanum.storage import people as rows
from arkanum.storage import practices
from arkanum.storage import rings as ring_rows
from arkanum.storage.errors import Missing
from arkanum.storage.models import Person, Practice
from arkanum.vault import (
    FLOOR,
    Cost,
    Key,
    PrivateKey,
    Sealed,
    Tampered,
    VaultError,
    person_key,
    seal,
    stretch,
    unseal,
)

SALT_BYTES = 32
KEY_BYTES = 32
FIRST_WORDS = 6
"""A first pass phrase has six diceware words: about 77 bits, typed once."""

DAMAGED = "(beschädigt)"
NOBODY = PersonBody(DAMAGED, "", Role.ADMINISTRATOR, frozenset(), b"")
"""Stands in the list where a person's row does not open."""


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
    wanted = wanted_rings(new.role, with_treatment=new.with_treatment)
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
    place = person_place(row.id, "private_key")
    # Slow work first: whatever is wrong, it takes as long.
    stretched = stretch(passphrase, bytes(row.salt), cost)
    raw = unseal(site.derive("person"), place, row.private_key)
    own = Key.from_bytes(raw[:KEY_BYTES])
    return PrivateKey.from_bytes(unseal(person_key(own, stretched), place, Sealed.from_storage(raw[KEY_BYTES:])))


def cost_of(site: Key, practice: UUID) -> Cost:
    """Return what one guess at a pass phrase costs in this practice, as it sealed about itself.

    Whoever lowers the open columns makes no pass phrase cheaper.
    """
    return Cost(*profile_of(site, practices.get(practice)).cost)


def open_cost(row: Practice) -> Cost:
    """Return the cost that stands in the open columns, for people whose site secret nobody knows yet."""
    try:
        return Cost(row.argon2_memory_kib, row.argon2_passes, row.argon2_lanes)
    except ValueError:
        return FLOOR


def require_strong(passphrase: str, context: tuple[str, ...]) -> None:
    """Refuse an easy pass phrase.

    Raises:
        PassphraseTooWeak: with German reasons.
    """
    try:
        check(passphrase, context=context)
    except WeakPassphrase as weak:
        raise PassphraseTooWeak(weak.reasons) from None


def context_of(site: Key, practice: UUID, name: str) -> tuple[str, ...]:
    """Return the names of the practice and its people, which no pass phrase may be made of."""
    bodies = [body for body in (body_of(site, row) for row in rows.people(practice)) if body is not None]
    return (name, *(body.name for body in bodies), *(body.login for body in bodies))


def body_of(site: Key, row: Person) -> PersonBody | None:
    """Open what is sealed about a person; nothing where the row is damaged, which must not keep the others out."""
    try:
        return person_body(site, row)
    except VaultError:
        return None


def names_of(practice: OpenPractice) -> dict[UUID, str]:
    """Return the names of everybody who works or has worked in the practice, by id."""
    if practice.names is None:
        bodies = {row.id: body_of(practice.site, row) for row in rows.people(practice.id)}
        practice.names = {person: DAMAGED if body is None else body.name for person, body in bodies.items()}
    return practice.names


def roles_of(practice: OpenPractice) -> dict[UUID, Role]:
    """Return the roles that the practice's people have today, by id."""
    bodies = {row.id: body_of(practice.site, row) for row in rows.people(practice.id)}
    return {person: body.role for person, body in bodies.items() if body is not None}


def ask_staff(guard: Guard, question: AskStaff) -> Staff:
    """List everybody of the practice."""
    session = guard.session(question.token, Action.SEE_STAFF)
    practice = session.practice
    here = {other.person for other in guard.sessions.all() if other.practice is practice}
    members = []
    for row in rows.people(practice.id):
        body = body_of(practice.site, row) or NOBODY
        members.append(
            Member(
                person=row.id,
                name=body.name,
                login=body.login,
                role=body.role,
                rings=logical(held_by(practice.id, row.id)),
                wanted=body.wanted,
                until=body.until,
                left=has_left(row, body),
                signed_in=row.id in here,
            )
        )
    return Staff(who=session.who(), members=tuple(sorted(members, key=lambda member: member.name)))


def has_left(row: Person, body: PersonBody) -> bool:
    """Tell whether a person has left; the sealed word counts as much as the open column."""
    return row.left or body.left


def add_person(guard: Guard, question: AddPerson) -> Handed:
    """Add a person; answers with a first pass phrase that must be changed at the first sign-in.

    Raises:
        AlreadyThere: the login name is taken.
        Refused: no name, no login name, or no last day where the role needs one.
    """
    session = guard.session(question.token, Action.MANAGE_STAFF)
    if not question.name.strip() or not question.login.strip() or lacks_end(question.role, question.until):
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
    with guard.lock, transaction.atomic():
        row, body, _ = make_person(practice.site, practice.id, cost_of(practice.site, practice.id), new)
        _hand_over(session, row, body.wanted)
    practice.names = None
    return Handed(secret=first)


def hand_over(guard: Guard, question: HandOver) -> Done:
    """Give a person the rings of their role that the asker holds.

    Raises:
        Refused: the asker holds none of them, or asks for themselves.
    """
    with guard.lock:
        session, row, body = about(guard, question.token, question.person)
        if not body.wanted & session.rings:
            raise Refused
        guard.note(session, "hand_over", detail=str(row.id))
        with transaction.atomic():
            _hand_over(session, row, body.wanted)
    return Done()


def change_role(guard: Guard, question: ChangeRole) -> Done:
    """Give another person another role: rings they lose are rotated, rings they gain come from the asker.

    Raises:
        Refused: it is the asker's own role, the new one has rings that the asker does not hold or needs a last day
            that is missing, or nobody would be left to treat.
        LastMember: nobody would be left to open a wall.
    """
    with guard.lock:
        session, row, body = about(guard, question.token, question.person)
        wanted = wanted_rings(question.role, with_treatment=question.with_treatment)
        lost = frozenset(ring for ring in held_by(session.practice.id, row.id) if not keeps(ring, wanted))
        given = wanted - body.wanted <= session.rings and not lacks_end(question.role, question.until)
        if not given or is_last_to_treat(session.practice.id, row.id, lost):
            guard.note(session, "change_role", outcome="refused", detail=f"{row.id} {question.role}")
            raise Refused
        require_not_last(guard, session, row.id, lost, "change_role")
        guard.note(session, "change_role", detail=f"{row.id} {question.role}")
        changed = msgspec.structs.replace(body, role=question.role, wanted=wanted, until=question.until)
        changed = changed if changed.home not in lost else msgspec.structs.replace(changed, home="")
        with transaction.atomic():
            _save_body(session, row, changed)
            for ring in lost:
                ring_rows.drop_shares(row.id, ring)
            ring_rows.mark_rotation_due(session.practice.id, lost)
            _hand_over(session, row, wanted)
        _end_and_rotate(guard, session.practice, row.id, lost)
    return Done()


def leave(guard: Guard, question: Leave) -> Done:
    """End a person's access at once and rotate every ring they held.

    Raises:
        Refused: it is the asker, or nobody would be left to treat.
        LastMember: nobody would be left to open a wall.
    """
    with guard.lock:
        session, row, body = about(guard, question.token, question.person)
        held = held_by(session.practice.id, row.id)
        if is_last_to_treat(session.practice.id, row.id, held):
            guard.note(session, "leave", outcome="refused", detail=str(row.id))
            raise Refused
        require_not_last(guard, session, row.id, held, "leave")
        guard.note(session, "leave", detail=str(row.id))
        row.left = True
        with transaction.atomic():
            _save_body(session, row, msgspec.structs.replace(body, left=True))
            own_keys.drop(row.id)
            ring_rows.drop_shares(row.id)
            ring_rows.mark_rotation_due(session.practice.id, held)
        _end_and_rotate(guard, session.practice, row.id, held)
    return Done()


def restore_access(guard: Guard, question: RestoreAccess) -> Handed:
    """Give a colleague new keys and a first pass phrase, and the rings they held before: not one more.

    Raises:
        Refused: the asker does not hold every ring the colleague holds, so something would be lost to them.
        WallMissing: what the asker does not hold is a wall; a member of it can do this, or two paper codes.
    """
    with guard.lock:
        session, row, body = about(guard, question.token, question.person)
        held = held_by(session.practice.id, row.id)
        if not held <= session.rings:
            guard.note(session, "restore_access", outcome="refused", detail=str(row.id))
            raise WallMissing if all(is_wall(ring) for ring in held - session.rings) else Refused
        guard.note(session, "restore_access", detail=str(row.id))
        first = suggest(FIRST_WORDS)
        with transaction.atomic():
            body = renew_keys(session.practice.site, row, body, first, must_change=True)
            _hand_over(session, row, frozenset(ring for ring in held if keeps(ring, body.wanted)))
        guard.end_sessions(lambda other: other.person == row.id)
    return Handed(secret=first)


def lacks_end(role: Role, until: date | None) -> bool:
    """Tell whether a role is for a time only and no last day was named."""
    return role in ENDS and until is None


def wanted_rings(role: Role, *, with_treatment: bool) -> frozenset[Ring]:
    """Return the rings a role asks for."""
    return RINGS_OF_ROLE[role] | (RINGS_ON_REQUEST[role] if with_treatment else frozenset())


def renew_keys(
    site: Key, row: Person, body: PersonBody, passphrase: str, *, must_change: bool, old: PrivateKey | None = None
) -> PersonBody:
    """Give a person a new key pair under a new pass phrase; shares to the old one are dropped.

    PIN and passkeys go over to the new pair where the old private key is at hand, else they are removed: none may be
    left that opens an old key. The account page tells its person what is gone.
    """
    private = PrivateKey.new()
    ring_rows.drop_shares(row.id)
    kept = own_keys.go_over(site, row.id, old, private)
    changed = msgspec.structs.replace(
        body,
        fingerprint=private.public.fingerprint(),
        must_change=must_change,
        keys_lost=body.keys_lost or not kept,
    )
    _set_keys(site, row, private, passphrase, cost_of(site, row.practice_id))
    row.body = seal_body(site, person_place(row.id, "body"), changed)
    rows.save_person(row)
    return changed


def change_passphrase(guard: Guard, question: ChangePassphrase) -> Done:
    """Give a person a new key pair under another pass phrase, with the rings that are open in this session.

    A new key pair, not the old one under a new lock: else an old backup and the old pass phrase (or the first one,
    which somebody else has seen) would go on opening what is written tomorrow.

    Raises:
        SignInRefused: the old pass phrase is wrong.
        Throttled: too many wrong ones.
        PassphraseTooWeak: the new one is easy, or is the old one.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    practice = session.practice
    row, old = open_own(guard, session, question.old, "change_passphrase")
    if question.new == question.old:
        raise PassphraseTooWeak(("Das ist die bisherige Passphrase.",))
    require_strong(question.new, context_of(practice.site, practice.id, practice.name))
    with guard.lock:
        guard.any_session(question.token)  # nobody ended it meanwhile
        guard.note(session, "change_passphrase")
        with transaction.atomic():
            body = renew_keys(practice.site, row, session.body, question.new, must_change=False, old=old)
            _hand_over(session, row, session.rings)
        session.body = body
        guard.end_sessions(lambda other: other.person == row.id and other is not session)
    return Done()


def require_own_passphrase(guard: Guard, session: Session, passphrase: str, what: str) -> Person:
    """Check the pass phrase of the person at the screen once more, and return their row.

    Raises:
        SignInRefused: it is wrong; that is logged under `what`.
        Throttled: too many wrong ones, here or at sign-in.
    """
    return open_own(guard, session, passphrase, what)[0]


def open_own(guard: Guard, session: Session, passphrase: str, what: str) -> tuple[Person, PrivateKey]:
    """Open the private key of the person at the screen with their pass phrase, and return it with their row.

    Raises:
        SignInRefused: it is wrong; that is logged under `what`.
        Throttled: too many wrong ones, here or at sign-in.
    """
    practice = session.practice
    row = rows.person(practice.id, session.person)
    tags = (bytes(row.login_tag),)
    count_try(guard, tags)
    try:
        private = open_private(practice.site, row, passphrase, cost_of(practice.site, practice.id))
    except Tampered:
        guard.note(session, what, outcome="refused")
        raise SignInRefused from None
    forgive(tags)
    return row, private


def _set_keys(site: Key, row: Person, private: PrivateKey, passphrase: str, cost: Cost) -> None:
    row.salt = secrets.token_bytes(SALT_BYTES)
    row.public_key = private.public.to_bytes()
    place, own = person_place(row.id, "private_key"), Key.new()
    inner = seal(person_key(own, stretch(passphrase, row.salt, cost)), place, private.expose())
    # The pass phrase's envelope lies inside the site's: so another site secret needs nobody's pass phrase.
    row.private_key = seal(site.derive("person"), place, own.expose() + inner.to_storage())


def about(guard: Guard, token: bytes, person: UUID) -> tuple[Session, Person, PersonBody]:
    """Return the session of whoever manages people, and the row and body of somebody else who still works here.

    Raises:
        NotFound: there is no such person.
        Refused: it is the asker, or somebody who has left.
    """
    session = guard.session(token, Action.MANAGE_STAFF)
    try:
        row = rows.person(session.practice.id, person)
    except Missing as error:
        raise NotFound from error
    body = person_body(session.practice.site, row)
    if row.id == session.person or has_left(row, body):
        guard.note(session, "manage_staff", outcome="refused", detail=str(person))
        raise Refused
    return session, row, body


def _save_body(session: Session, row: Person, body: PersonBody) -> None:
    row.body = seal_body(session.practice.site, person_place(row.id, "body"), body)
    rows.save_person(row)


def _hand_over(session: Session, row: Person, wanted: frozenset[str]) -> None:
    member = attested_member(session.practice.site, row)
    for ring in sorted(wanted & session.rings):
        rings.share_ring(session.practice.site, session.practice.id, ring, session.ring(ring), member)


def _end_and_rotate(guard: Guard, practice: OpenPractice, person: UUID, lost: frozenset[str]) -> None:
    """End a person's sessions and rotate what they held, while it is still open; what is not waits for its holder."""
    ended = guard.sessions.end(lambda other: other.person == person)
    try:
        guard.rotate(practice, lost)
    finally:
        guard.after_end(ended)
