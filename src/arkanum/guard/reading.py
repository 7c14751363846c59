# SPDX-License-Identifier: MPL-2.0
"""Reading the log: who saw this patient, what did this person do, what was refused, what happened that night.

Everything is answered from the index in memory; the lines that are shown are read from the file again and opened at
their place, so that nobody is shown what was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from arkanum.core.unusual import ABOUT_NAMES, Mark
from arkanum.guard.alarm_book import notices
from arkanum.guard.alarms import ALARM
from arkanum.guard.devices import names_of_devices
from arkanum.guard.errors import PracticeSealed
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.log_chain import LogDamaged
from arkanum.guard.log_columns import marks_of, millis
from arkanum.guard.log_index import Damage, LogIndex, Run, current
from arkanum.guard.log_relations import related
from arkanum.guard.people import names_of, roles_of
from arkanum.guard.protocol import (
    Accesses,
    CountAccesses,
    Done,
    LogLine,
    LogLines,
    LogQuery,
    OwnLine,
    OwnLines,
    ReadLog,
    ReadOwnLog,
    ReadSheet,
    TurnedAway,
)
from arkanum.guard.roles import Action, Ring
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.storage import charts

MOST_LINES = 1000
MOST_ON_SHEET = 5000
MOST_HOURS = 31 * 24
HOUR_MILLIS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """A line that was read from the file again, with its marks."""

    no: int
    event: Event
    marks: tuple[Mark, ...]


def read_log(guard: Guard, question: ReadLog) -> LogLines:
    """Return a page of the lines that a query asks for, newest first.

    Raises:
        Refused: the person does not hold the log ring.
    """
    session = guard.session(question.token, Action.READ_LOG)
    query = question.query
    about = f"person {query.person}" if query.person else ""
    guard.note(session, Action.READ_LOG, patient=query.patient, detail=about)
    index = current(session.practice)
    limit = max(1, min(question.limit, MOST_LINES))
    found = find(session.practice, index, query)
    total = sum(len(places) for _, places in found)
    lines, damage = page_of(session.practice, index, found, max(0, question.skip), limit)
    return _answer(session, index, lines, total, damage)


def read_own_log(guard: Guard, question: ReadOwnLog) -> OwnLines:
    """Return a page of what the asker did; for everybody, as long as somebody who may read the log is here."""
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    practice = session.practice
    guard.note(session, "read_own_log")
    try:
        index = current(practice)
    except PracticeSealed:
        return OwnLines(who=session.who(), is_open=False)
    found = find(practice, index, LogQuery(person=session.person))
    limit = max(1, min(question.limit, MOST_LINES))
    lines, _ = page_of(practice, index, found, max(0, question.skip), limit)
    devices = names_of_devices(practice)
    own = tuple(
        OwnLine(
            no=line.no,
            at=line.event.at,
            what=line.event.what,
            device_name=_of(devices, line.event.device),
            patient=line.event.patient,
            outcome=line.event.outcome,
            detail=line.event.detail,
            marks=_told(session, line.marks),
        )
        for line in lines
    )
    total = sum(len(places) for _, places in found)
    return OwnLines(who=session.who(), lines=own, total=total, left=index.left, notices=notices(practice, index))


def read_sheet(guard: Guard, question: ReadSheet) -> LogLines:
    """Return every access to one patient for the patient's sheet; writing it is an access as well.

    Raises:
        Refused: the person may not read the log, or not see names.
    """
    session = guard.session(question.token, Action.READ_LOG)
    session.require(Action.FIND_PATIENT)
    guard.note(session, "patient_sheet", patient=question.patient)
    practice = session.practice
    index = current(practice)
    found = find(practice, index, LogQuery(patient=question.patient))
    lines, damage = page_of(practice, index, found, 0, MOST_ON_SHEET)
    # Whoever was refused saw nothing.
    lines = [line for line in lines if line.event.outcome in {"ok", ALARM}]
    total = len(lines)
    return _answer(session, index, lines, total, damage)


def count_accesses(guard: Guard, question: CountAccesses) -> Accesses:
    """Count accesses to patients hour by hour; the current hour is the last."""
    session = guard.session(question.token, Action.READ_LOG)
    hours = max(1, min(question.hours, MOST_HOURS))
    hour = now().replace(minute=0, second=0, microsecond=0)
    begin = hour - timedelta(hours=hours - 1)
    practice = session.practice
    index = current(practice)
    query = question.query
    wanted = LogQuery(person=query.person, device=query.device, patient=query.patient, since=begin)
    names = related(practice, index)
    counts, unusual, start = [0] * hours, [0] * hours, millis(begin)
    for run, places in find(practice, index, wanted):
        columns = run.columns
        for place in places:
            if columns.patient[place]:
                at = min(hours - 1, (columns.at[place] - start) // HOUR_MILLIS)
                counts[at] += 1
                about = names.get(columns.patient[place], {})
                unusual[at] += bool(columns.marks[place]) or columns.person[place] in about
    return Accesses(begin=begin, counts=tuple(counts), unusual=tuple(unusual))


def turned_away(guard: Guard, question: TurnedAway) -> Done:
    """Write that a page was not opened, so that the log can answer what was refused."""
    session = guard.any_session(question.token)
    if question.action not in session.actions:
        guard.note(session, question.action, patient=question.patient, outcome="refused")
    return Done()


# --- shared with alarms and export -----------------------------------------------------------------------------------


def find(practice: OpenPractice, index: LogIndex, query: LogQuery) -> list[tuple[Run, Sequence[int]]]:
    """Return the places of the lines that a query asks for."""
    also: AbstractSet[int] = frozenset()
    if query.patient is not None:
        also = charts.log_numbers_of(practice.id, query.patient)
    return index.find(query, also, related(practice, index) if query.unusual else None)


def page_of(
    practice: OpenPractice, index: LogIndex, found: Sequence[tuple[Run, Sequence[int]]], skip: int, limit: int
) -> tuple[list[Shown], Damage | None]:
    """Read a page of lines, newest first; a line that was changed meanwhile is left out and told."""
    newest = ((run, place) for run, places in found for place in reversed(places))
    names = related(practice, index)
    lines, damage = [], index.damage
    for run, place in islice(newest, skip, skip + limit):
        columns = run.columns
        try:
            event = index.event(run, place)
        except LogDamaged as bad:
            damage = damage or Damage(bad.line, bad.reason)
            continue
        about = names.get(columns.patient[place], {}).get(columns.person[place], frozenset())
        marks = (*marks_of(columns.marks[place]), *sorted(about))
        lines.append(Shown(columns.no[place], event, marks))
    return lines, damage


def log_lines(session: Session, lines: Sequence[Shown]) -> tuple[LogLine, ...]:
    """Return lines as the asker may see them."""
    practice = session.practice
    names, roles, devices = names_of(practice), roles_of(practice), names_of_devices(practice)
    return tuple(
        LogLine(
            no=line.no,
            at=line.event.at,
            what=line.event.what,
            person=line.event.person,
            person_name=_of(names, line.event.person),
            role=None if line.event.person is None else roles.get(line.event.person),
            device=line.event.device,
            device_name=_of(devices, line.event.device),
            patient=line.event.patient,
            outcome=line.event.outcome,
            detail=line.event.detail,
            marks=_told(session, line.marks),
        )
        for line in lines
    )


def _answer(session: Session, index: LogIndex, lines: Sequence[Shown], total: int, damage: Damage | None) -> LogLines:
    return LogLines(
        who=session.who(),
        lines=log_lines(session, lines),
        total=total,
        left=index.left,
        bad_line=None if damage is None else damage.line,
        reason="" if damage is None else damage.reason,
        people=names_of(session.practice),
        devices=names_of_devices(session.practice),
    )


def _told(session: Session, marks: Sequence[Mark]) -> tuple[str, ...]:
    """Say of a patient's name only to those who may see names what it has to do with the team."""
    if Ring.DESK in session.rings:
        return tuple(marks)
    return tuple(dict.fromkeys(Mark.RELATION if mark in ABOUT_NAMES else mark for mark in marks))


def _of(names: dict[UUID, str], one: UUID | None) -> str:
    return "" if one is None else names.get(one, "")
