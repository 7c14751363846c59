# SPDX-License-Identifier: MPL-2.0
"""Break glass: one chart beyond the role, for half an hour, with a reason, and with an alarm that everybody sees."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import braking
from arkanum.guard.brake import Kind
from arkanum.guard.errors import NobodyHolds, NotFound, ReasonMissing, Refused
from arkanum.guard.house import ALARM, Guard
from arkanum.guard.protocol import BreakGlass, Done
from arkanum.guard.roles import Action, Ring
from arkanum.guard.sessions import Session
from arkanum.guard.walls import emergency_keys, lets_others_in, walls_of
from arkanum.storage import charts

LASTS_SECONDS = 30 * 60
"""So long one chart stays open; whoever needs it longer gives a reason again."""

FEWEST_LETTERS = 10
FEWEST_WORDS = 2
LONGEST_REASON = 200


def break_glass(guard: Guard, question: BreakGlass) -> Done:
    """Open one patient's chart to somebody whose role or keys do not, for half an hour.

    The alarm is on disk before any key is within reach. It counts as a release.

    Raises:
        ReasonMissing: the reason is not a sentence.
        NotFound: no such patient in this practice.
        Refused: not this role, or the members of the chart's wall let nobody through.
        NobodyHolds: nobody is signed in whose keys would open it.
        StepUp: so many patients were opened that the person must show that it is them.
        SecondPerson: a limit is reached.
    """
    session = guard.session(question.token, Action.BREAK_GLASS)
    reason = " ".join(question.reason.split())[:LONGEST_REASON]
    if len(reason) < FEWEST_LETTERS or len(reason.split()) < FEWEST_WORDS:
        raise ReasonMissing
    patient = question.patient
    stored = charts.charts_of(session.practice.id, patient)
    if Ring.DESK not in stored:
        guard.note(session, Action.BREAK_GLASS, patient=patient, outcome="not_found")
        raise NotFound
    chart = stored.get(Ring.TREATMENT)
    wall = "" if chart is None else chart.wall
    if not lets_others_in(walls_of(session.practice), wall):
        guard.note(session, Action.BREAK_GLASS, patient=patient, outcome="refused")
        raise Refused
    if emergency_keys(session.practice, wall) is None:
        guard.note(session, Action.BREAK_GLASS, patient=patient, outcome="nobody_holds", detail=reason)
        raise NobodyHolds
    braking.require(guard, session, Kind.CHARTS, [patient])
    _open(guard, session, patient, reason)
    return Done()


def _open(guard: Guard, session: Session, patient: UUID, reason: str) -> None:
    guard.note(session, Action.BREAK_GLASS, patient=patient, outcome=ALARM, detail=reason)
    session.emergencies.begin(patient, guard.clock, LASTS_SECONDS)
