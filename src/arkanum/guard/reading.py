# SPDX-License-Identifier: MPL-2.0
"""Reading and checking the log: who saw this patient, what did this person do, and does the chain hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from uuid import UUID

from arkanum.guard.errors import Damaged
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, LogDamaged, check_heads, open_lines, read_lines
from arkanum.guard.people import names_of
from arkanum.guard.protocol import LogLine, LogLines, ReadLog, Verdict, VerifyLog
from arkanum.guard.roles import Action, Ring
from arkanum.guard.sessions import Session
from arkanum.storage import charts, practices

MOST_LINES = 1000
WRITES = frozenset({Action.WRITE_CHART, Action.WRITE_PATIENT, Action.NEW_PATIENT, Action.IMPORT_RECORDS})
"""Only behind these may a record stand."""


def read_log(guard: Guard, question: ReadLog) -> LogLines:
    """Return lines about a patient, by a person, or all, newest first.

    Raises:
        Refused: the person does not hold the log ring.
        Damaged: the chain does not hold; `VerifyLog` says where.
    """
    session = guard.session(question.token, Action.READ_LOG)
    guard.note(session, Action.READ_LOG, patient=question.patient)
    newest: deque[tuple[int, Event]] = deque(maxlen=max(1, min(question.limit, MOST_LINES)))
    try:
        newest.extend(line for line in _events(guard, session) if _wanted(line[1], question))
    except LogDamaged as error:
        raise Damaged from error
    names = names_of(session.practice)
    lines = tuple(_line(no, event, names) for no, event in reversed(newest))
    return LogLines(who=session.who(), lines=lines)


def verify_log(guard: Guard, question: VerifyLog) -> Verdict:
    """Check the whole log, and every record against its line.

    Returns:
        The number of lines; the first bad one with the reason, where there is one; and alarms: a record without
        a line that allowed it, or a line that was filed and whose record is gone.
    """
    session = guard.session(question.token, Action.READ_LOG)
    guard.note(session, Action.READ_LOG, detail="verify")
    path, practice = guard.log_path(session.practice.id), session.practice.id
    lines = 0
    writes: set[int] = set()
    filed: set[int] = set()
    try:
        digests = {line.no: line.digest for line in read_lines(path)}
        lines = len(digests)
        check_heads(path, practice, bytes(practices.get(practice).log_verify_key), digests.get)
        for no, event in _events(guard, session):
            if event.what in WRITES and event.outcome == "ok":
                writes.add(no)
            elif event.what == "filed":
                filed.add(int(event.detail))
    except LogDamaged as error:
        return Verdict(lines=lines, bad_line=error.line, reason=error.reason)
    return Verdict(
        lines=lines, bad_line=None, reason="", alarms=_alarms(set(charts.log_numbers(practice)), writes, filed)
    )


def _alarms(rows: set[int], writes: set[int], filed: set[int]) -> tuple[str, ...]:
    unlogged = [f"Zu Einträgen unter Zeile {no} gibt es keine Erlaubnis." for no in sorted(rows - writes)]
    removed = [f"Die Einträge zu Zeile {no} wurden entfernt." for no in sorted((filed & writes) - rows)]
    return tuple(unlogged + removed)


def _events(guard: Guard, session: Session) -> Iterator[tuple[int, Event]]:
    keys = [private for _, private in session.ring(Ring.LOG).private]
    return open_lines(guard.log_path(session.practice.id), session.practice.id, keys)


def _wanted(event: Event, question: ReadLog) -> bool:
    if event.what == "filed":
        return False
    if question.patient is not None and event.patient != question.patient:
        return False
    return question.person is None or event.person == question.person


def _line(no: int, event: Event, names: dict[UUID, str]) -> LogLine:
    return LogLine(
        no=no,
        at=event.at,
        what=event.what,
        person=event.person,
        person_name="" if event.person is None else names.get(event.person, ""),
        device=event.device,
        patient=event.patient,
        outcome=event.outcome,
        detail=event.detail,
    )
