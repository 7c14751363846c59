# SPDX-License-Identifier: MPL-2.0
"""Walls made, shared and left; patients put behind them and taken out again.

A wall's ring passes only from a member, as every ring does. The recovery key is a member of each, so two paper codes
lose nothing.
"""

from __future__ import annotations

import secrets
from uuid import UUID

import msgspec
from django.db import transaction

from arkanum.core.ids import new_id
from arkanum.guard import escrow, rings
from arkanum.guard.bodies import PersonBody, WallBody, person_place, seal_body
from arkanum.guard.errors import NotFound, Refused
from arkanum.guard.house import Guard, attested_member, held_by, person_body, profile_of
from arkanum.guard.last import require_not_last
from arkanum.guard.people import has_left
from arkanum.guard.protocol import AskWalls, Done, JoinWall, LeaveWall, MakeWall, PutBehind, WallLine, Walls
from arkanum.guard.release import reachable_chart
from arkanum.guard.rings import Member, RingKeys, make_epoch, make_ring, unwrap_chart_key, wrap_chart_key, wrapping_ring
from arkanum.guard.roles import WALL, Action, Ring, WallKind
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.guard.wall_book import wall_place
from arkanum.guard.walls import is_locked, walls_of
from arkanum.storage import people, practices
from arkanum.storage import rings as ring_rows
from arkanum.storage import walls as rows
from arkanum.storage.errors import Missing
from arkanum.storage.models import Person, Wall
from arkanum.vault import PublicKey, Tampered

MOST_WALLS = 50


def ask_walls(guard: Guard, question: AskWalls) -> Walls:
    """List every wall, or about one patient those of the asker and whether the patient stands behind one.

    Raises:
        Refused: not allowed.
    """
    about = question.patient
    session = guard.session(question.token, Action.MANAGE_WALLS if about is None else Action.WALL_PATIENT)
    book = walls_of(session.practice)
    lines = tuple(_line(session, ring) for ring in book.bodies if about is None or ring in session.rings)
    if about is None:
        return Walls(who=session.who(), walls=lines)
    wall = book.patients.get(about, "")
    behind = wall if wall in session.rings else ""
    return Walls(who=session.who(), walls=lines, behind=behind, locked=is_locked(session, about))


def _line(session: Session, ring: str) -> WallLine:
    book = walls_of(session.practice)
    body = book.bodies[ring]
    return WallLine(
        ring=ring,
        name=body.name,
        kind=body.kind,
        emergency=body.emergency,
        mine=ring in session.rings,
        members=tuple(sorted(ring_rows.members_of(session.practice.id, ring))),
        patients=sum(wall == ring for wall in book.patients.values()),
    )


def make_wall(guard: Guard, question: MakeWall) -> Done:
    """Make a wall with the asker as its first member.

    Raises:
        Refused: not allowed, the asker does not treat, the wall has no name, or there are too many.
    """
    name = question.name.strip()
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_WALLS)
        practice = session.practice
        if not name or Ring.TREATMENT not in session.rings or len(walls_of(practice).rows) >= MOST_WALLS:
            guard.note(session, "make_wall", outcome="refused")
            raise Refused
        ring = WALL + secrets.token_hex(4)
        guard.note(session, "make_wall", detail=ring)
        with transaction.atomic():
            keys = _build(session, ring, WallBody(name, question.kind, question.emergency, ring))
            if question.kind is WallKind.COMMUNITY:
                _move_in(guard, practice, people.person(practice.id, session.person), ring)
        practice.rings[ring] = keys
        practice.walls = None
        _open_for(guard, practice, session.person, ring)
    return Done()


def _build(session: Session, ring: str, body: WallBody) -> RingKeys:
    practice = session.practice
    me = attested_member(practice.site, people.person(practice.id, session.person))
    key_id, private = make_ring(practice.site, practice.id, ring, 1, [me, _recovery(practice)])
    keys = RingKeys([(1, private)], {1: make_epoch(practice.site, practice.id, ring, 1, (key_id, private.public))})
    row = Wall(id=new_id(), practice_id=practice.id, ring=ring)
    row.body = seal_body(practice.site, wall_place(row.id), body)
    treatment = session.ring(Ring.TREATMENT)
    row.escrow = escrow.deposit(treatment, row.id, 1, keys.epochs[1]) if body.emergency else escrow.nothing(row.id)
    rows.insert(row)
    return keys


def join_wall(guard: Guard, question: JoinWall) -> Done:
    """Make somebody who treats a member of a wall; it opens at once in the sessions they have.

    Raises:
        Refused: the asker is no member, or the other does not treat or has left.
        NotFound: no such person.
    """
    with guard.lock:
        session, row, body = _about(guard, question.token, question.wall, question.person, "join_wall")
        practice, wall = session.practice, question.wall
        if has_left(row, body) or Ring.TREATMENT not in held_by(practice.id, row.id):
            guard.note(session, "join_wall", outcome="refused", detail=f"{wall} {row.id}")
            raise Refused
        guard.note(session, "join_wall", detail=f"{wall} {row.id}")
        with transaction.atomic():
            member = attested_member(practice.site, row)
            rings.share_ring(practice.site, practice.id, wall, session.ring(wall), member)
            if walls_of(practice).bodies[wall].kind is WallKind.COMMUNITY and not body.home:
                _move_in(guard, practice, row, wall)
        _open_for(guard, practice, row.id, wall)
    return Done()


def leave_wall(guard: Guard, question: LeaveWall) -> Done:
    """Take a member out of a wall and change its key, so that they open nothing of it any more.

    Raises:
        Refused: the asker is no member.
        LastMember: charts are behind it, and nobody else would open them.
        NotFound: no such person.
    """
    with guard.lock:
        session, row, body = _about(guard, question.token, question.wall, question.person, "leave_wall")
        practice, wall = session.practice, question.wall
        require_not_last(guard, session, row.id, frozenset({wall}), "leave_wall")
        guard.note(session, "leave_wall", detail=f"{wall} {row.id}")
        with transaction.atomic():
            ring_rows.drop_shares(row.id, wall)
            ring_rows.mark_rotation_due(practice.id, {wall})
            if body.home == wall:
                _move_in(guard, practice, row, "")
        guard.rotate(practice, frozenset({wall}))
        for other in _sessions_of(guard, practice, row.id):
            other.rings -= {wall}
    return Done()


def put_behind(guard: Guard, question: PutBehind) -> Done:
    """Put a patient's chart behind a wall, or out again: its key is wrapped anew, its records stay as they are.

    Raises:
        Refused: the asker is no member of the wall, or of the one the chart is behind now.
        NotFound: no such patient.
    """
    with guard.lock:
        session = guard.session(question.token, Action.WALL_PATIENT)
        patient, wall = question.patient, question.wall
        if wall and (wall not in session.rings or wall not in walls_of(session.practice).rows):
            guard.note(session, "put_behind", patient=patient, outcome="refused", detail=wall)
            raise Refused
        chart = reachable_chart(guard, session, patient, Action.WALL_PATIENT)
        before = session.ring(wrapping_ring(chart))
        after = session.ring(wall or Ring.TREATMENT)
        guard.note(session, "put_behind" if wall else "take_out", patient=patient, detail=wall or chart.wall)
        with transaction.atomic():
            key = unwrap_chart_key(before.epochs, chart)
            chart.wall = wall
            ring_rows.hold_epoch(session.practice.id, wrapping_ring(chart), after.epoch)
            chart.key = wrap_chart_key(after.epochs[after.epoch], after.epoch, chart, key)
            rows.save_chart(chart)
        walls_of(session.practice).move(patient, wall)
    return Done()


def _about(guard: Guard, token: bytes, wall: str, person: UUID, what: str) -> tuple[Session, Person, PersonBody]:
    session = guard.session(token, Action.MANAGE_WALLS)
    if wall not in session.rings or wall not in walls_of(session.practice).rows:
        guard.note(session, what, outcome="refused", detail=str(person))
        raise Refused
    try:
        row = people.person(session.practice.id, person)
    except Missing as error:
        raise NotFound from error
    return session, row, person_body(session.practice.site, row)


def _move_in(guard: Guard, practice: OpenPractice, row: Person, wall: str) -> None:
    """Say behind which wall a person's new patients are from the start."""
    body = msgspec.structs.replace(person_body(practice.site, row), home=wall)
    row.body = seal_body(practice.site, person_place(row.id, "body"), body)
    people.save_person(row)
    for session in _sessions_of(guard, practice, row.id):
        session.body = body


def _open_for(guard: Guard, practice: OpenPractice, person: UUID, wall: str) -> None:
    for session in _sessions_of(guard, practice, person):
        session.rings |= {wall}


def _sessions_of(guard: Guard, practice: OpenPractice, person: UUID) -> list[Session]:
    return [one for one in guard.sessions.all() if one.practice is practice and one.person == person]


def _recovery(practice: OpenPractice) -> Member:
    row = practices.get(practice.id)
    public = PublicKey.from_bytes(bytes(row.recovery_public_key))
    if profile_of(practice.site, row).recovery != public.fingerprint():
        raise Tampered("the recovery key is not the one the practice made")
    return Member(None, public)
