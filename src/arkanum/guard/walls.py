# SPDX-License-Identifier: MPL-2.0
"""Walls: further rings of fewer people, for the charts that stand behind them.

A chart behind a wall has its key wrapped under the wall's ring instead of the treatment ring. Everything that asks
whose keys open a chart asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from arkanum.guard import escrow
from arkanum.guard.errors import EmergencyOnly, PracticeSealed, Refused
from arkanum.guard.rings import RingKeys, wrapping_ring
from arkanum.guard.roles import EMERGENCY, Action, Ring, Role, WallKind, is_wall, may
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.guard.wall_book import WallBook, read_walls
from arkanum.storage import rings as ring_rows
from arkanum.storage import walls as rows
from arkanum.storage.models import Chart

SEPARATED = frozenset({Role.DOCTOR, Role.LOCUM})
"""Who does not even find the patients of the other doctors in the same rooms. A shared desk finds everybody."""


def walls_of(practice: OpenPractice) -> WallBook:
    """Return the walls of a practice and who is behind them."""
    if practice.walls is None:
        practice.walls = read_walls(practice.site, practice.id)
    return practice.walls


def hidden_walls(session: Session) -> frozenset[str]:
    """Return the walls whose patients this person does not find."""
    if session.body.role not in SEPARATED:
        return frozenset()
    return walls_of(session.practice).of_kind(WallKind.COMMUNITY) - session.rings


def is_hidden(session: Session, patient: UUID) -> bool:
    """Tell whether a patient is one of the other doctors', whom this person does not find."""
    return walls_of(session.practice).patients.get(patient) in hidden_walls(session)


def is_locked(session: Session, patient: UUID) -> bool:
    """Tell whether this person could read charts, and this one stands behind a wall that is not theirs."""
    wall = walls_of(session.practice).patients.get(patient)
    return wall is not None and Ring.TREATMENT in session.rings and wall not in session.rings


def require_reach(session: Session, action: Action, needed: frozenset[Ring], stored: Mapping[str, Chart]) -> None:
    """Refuse a patient who is behind a wall that this person is no member of.

    Raises:
        EmergencyOnly: it could be opened in an emergency.
        Refused: it could not, not by this person.
    """
    chart = stored.get(Ring.TREATMENT)
    if chart is None or not chart.wall or chart.wall in session.rings:
        return
    if chart.patient_id in session.emergencies.open():
        return
    if Ring.TREATMENT not in needed and chart.wall not in hidden_walls(session):
        return
    breaks = action in EMERGENCY and may(session.body.role, session.rings, Action.BREAK_GLASS)
    raise EmergencyOnly if breaks and lets_others_in(walls_of(session.practice), chart.wall) else Refused


def keys_for(session: Session, chart: Chart) -> RingKeys:
    """Return the opened ring under which a chart's key is wrapped.

    Raises:
        Refused: this person holds no share of it, and there is no emergency.
        PracticeSealed: it was closed meanwhile.
    """
    ring = wrapping_ring(chart)
    if ring not in session.rings and chart.patient_id in session.emergencies.open():
        keys = emergency_keys(session.practice, chart.wall)
        if keys is None:
            raise PracticeSealed
        return keys
    return session.ring(ring)


def emergency_keys(practice: OpenPractice, wall: str) -> RingKeys | None:
    """Return what opens a chart in an emergency: the ring if somebody's session holds it open, or the escrow.

    Args:
        practice: whose chart it is.
        wall: the wall it stands behind; empty for the treatment ring alone.
    """
    treatment = practice.rings.get(Ring.TREATMENT)
    if not wall:
        return treatment
    if wall in practice.rings:
        return practice.rings[wall]
    row = walls_of(practice).rows.get(wall)
    return None if treatment is None or row is None else escrow.withdraw(treatment, row)


def lets_others_in(book: WallBook, wall: str) -> bool:
    """Tell whether the members of a wall let others through in an emergency."""
    return not wall or (wall in book.bodies and book.bodies[wall].emergency)


def last_of(practice: UUID, person: UUID, lost: frozenset[str]) -> frozenset[str]:
    """Return the walls among the rings that nobody would hold any more, and that have charts behind them."""
    return frozenset(
        ring
        for ring in lost
        if is_wall(ring) and not ring_rows.members_of(practice, ring) - {person} and not rows.is_empty(practice, ring)
    )
