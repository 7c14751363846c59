# SPDX-License-Identifier: MPL-2.0
"""The alarms that stand in the log, and who has looked at which.

An alarm stays open until somebody who may read the log says what it was; not the one who caused it, unless nobody else
could. Both are lines of the log, and both stay there.
"""

from __future__ import annotations

from arkanum.guard.alarms import sentence_of
from arkanum.guard.devices import names_of_devices
from arkanum.guard.errors import AlreadyThere, NotFound, Refused
from arkanum.guard.house import Guard
from arkanum.guard.log_index import LogIndex, Told, current
from arkanum.guard.people import names_of, roles_of
from arkanum.guard.protocol import (
    AcknowledgeAlarm,
    AlarmCount,
    AlarmLine,
    AlarmLines,
    AskAlarms,
    CountAlarms,
    Done,
    Notice,
)
from arkanum.guard.roles import Action, Ring, Role
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.storage import rings as ring_rows

MOST_SHOWN = 200
LONGEST_NOTE = 500

EVERYBODYS = frozenset({"break_glass"})
"""Alarms that stand on everybody's own log until somebody acknowledges them."""

DAMAGED = "Das Protokoll ist nicht unversehrt."


def ask_alarms(guard: Guard, question: AskAlarms) -> AlarmLines:
    """Return all alarms, open ones first, the newest of them first."""
    session = guard.session(question.token, Action.READ_LOG)
    guard.note(session, Action.READ_LOG, detail="alarms")
    index = current(session.practice)
    answers = _answers(index)
    told = sorted(_alarms(index), key=lambda alarm: (alarm.no in answers, -alarm.no))
    lines = tuple(_line(session, alarm, answers.get(alarm.no)) for alarm in told[:MOST_SHOWN])
    damage = index.damage
    return AlarmLines(
        who=session.who(),
        alarms=lines,
        left=index.left,
        bad_line=None if damage is None else damage.line,
        reason="" if damage is None else damage.reason,
    )


def count_alarms(guard: Guard, question: CountAlarms) -> AlarmCount:
    """Count the open alarms. Pages ask this by themselves, so it is no activity, and no line of the log."""
    session = guard.session(question.token, Action.READ_LOG)
    index = current(session.practice)
    waiting = _open(index)
    damage = index.damage
    newest = sentence_of(waiting[-1].event.what) if waiting else ""
    return AlarmCount(open=len(waiting) + (damage is not None), newest=DAMAGED if damage else newest)


def acknowledge(guard: Guard, question: AcknowledgeAlarm) -> Done:
    """Say in the log that somebody has looked at an alarm.

    Raises:
        NotFound: the line is no alarm.
        AlreadyThere: somebody has acknowledged it.
        Refused: the asker caused it and somebody else could look at it, reads only, or says nothing about it.
    """
    with guard.lock:
        session = guard.session(question.token, Action.READ_LOG)
        index = current(session.practice)
        alarm = next((one for one in _alarms(index) if one.no == question.no), None)
        if alarm is None:
            raise NotFound
        if alarm.no in _answers(index):
            raise AlreadyThere
        said = " ".join(question.note.split())[:LONGEST_NOTE]
        if not said or not may_acknowledge(session, alarm):
            guard.note(session, "acknowledge_alarm", outcome="refused", detail=str(alarm.no))
            raise Refused
        guard.note(session, "acknowledge_alarm", patient=alarm.event.patient, detail=f"{alarm.no} {said}")
    return Done()


def may_acknowledge(session: Session, alarm: Told) -> bool:
    """Tell whether this person may acknowledge the alarm: four eyes, where the practice has them."""
    if session.body.role is Role.AUDITOR:
        return False
    return alarm.event.person != session.person or not _others(session)


def _others(session: Session) -> bool:
    roles = roles_of(session.practice)
    holders = ring_rows.members_of(session.practice.id, Ring.LOG) - {session.person}
    return any(roles.get(person) not in {None, Role.AUDITOR} for person in holders)


def notices(practice: OpenPractice, index: LogIndex) -> tuple[Notice, ...]:
    """Return the open alarms that everybody sees on their own log."""
    names = names_of(practice)
    return tuple(
        Notice(
            no=alarm.no,
            at=alarm.event.at,
            sentence=sentence_of(alarm.event.what),
            person_name="" if alarm.event.person is None else names.get(alarm.event.person, ""),
            patient=alarm.event.patient,
        )
        for alarm in _open(index)
        if alarm.event.what in EVERYBODYS
    )


def _alarms(index: LogIndex) -> list[Told]:
    return [*index.old.alarms, *index.new.alarms]


def _answers(index: LogIndex) -> dict[int, Told]:
    """Return who acknowledged what, by the alarm's line."""
    said = [one for one in (*index.old.answers, *index.new.answers) if one.event.outcome == "ok"]
    return {int(one.event.detail.split(" ")[0]): one for one in said}


def _open(index: LogIndex) -> list[Told]:
    answers = _answers(index)
    return [alarm for alarm in _alarms(index) if alarm.no not in answers]


def _line(session: Session, alarm: Told, answer: Told | None) -> AlarmLine:
    practice, event = session.practice, alarm.event
    names = names_of(practice)
    by = None if answer is None else answer.event.person
    return AlarmLine(
        no=alarm.no,
        at=event.at,
        what=event.what,
        sentence=sentence_of(event.what),
        person_name="" if event.person is None else names.get(event.person, ""),
        device_name="" if event.device is None else names_of_devices(practice).get(event.device, ""),
        patient=event.patient,
        detail=event.detail,
        own=not may_acknowledge(session, alarm),
        acknowledged_by="" if by is None else names.get(by, ""),
        acknowledged_at=None if answer is None else answer.event.at,
        note="" if answer is None else answer.event.detail.partition(" ")[2],
    )
