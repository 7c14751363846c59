# SPDX-License-Identifier: MPL-2.0
"""Does the log hold? Chain, heads and sealed bodies of all of it, and every record against its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from arkanum.guard.alarms import ALARM, sentence_of
from arkanum.guard.house import Guard
from arkanum.guard.log import Event
from arkanum.guard.log_chain import Evidence, LogDamaged, check
from arkanum.guard.log_index import UNREADABLE
from arkanum.guard.log_open import open_lines
from arkanum.guard.protocol import Verdict, VerifyLog
from arkanum.guard.roles import WRITES, Action, Ring
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.storage import charts


def verify_log(guard: Guard, question: VerifyLog) -> Verdict:
    """Check the whole log, and every record against its line.

    Returns:
        The number of lines; the first bad one with the reason, where there is one; and alarms: a record without
        a line that allowed it, or a line that was filed and whose record is gone. What the guard itself
        raised as an alarm stands there too, and says nothing against the log.
    """
    session = guard.session(question.token, Action.READ_LOG)
    practice = session.practice
    verify_no = guard.note(session, Action.READ_LOG, detail="verify")
    practice.log.sign_head()
    end = practice.log.end
    # Rows first: whatever is committed by now has its line already, wherever the writers are.
    rows = charts.rows_by_log_number(practice.id)
    found = _Found(verify_no)
    lines = 0
    try:
        lines = _check_chain(practice, end)
        for no, event in _events(session, end[0]):
            found.take(no, event)
    except OSError:
        return Verdict(lines=lines, bad_line=lines + 1, reason=UNREADABLE)
    except LogDamaged as error:
        return Verdict(lines=lines, bad_line=error.line, reason=error.reason)
    unlogged = found.unlogged(rows)
    alarms = (*found.raised, *unlogged)
    return Verdict(lines=lines, bad_line=None, reason="", alarms=alarms, unlogged=unlogged)


def _check_chain(practice: OpenPractice, end: tuple[int, str]) -> int:
    """Check chain and heads up to the line that this process wrote last, which must be there.

    Raises:
        LogDamaged: something does not hold.
    """
    evidence = Evidence.beside(practice.log.path, practice.id, practice.log.verify_key or b"")
    with practice.log.path.open("rb") as lines:
        checked = check(evidence, lines, until=end[0])
    if (checked.lines, checked.digest) != end:
        raise LogDamaged(end[0], "Die letzten Zeilen fehlen oder wurden ersetzt.")
    return checked.lines


@dataclass(slots=True)
class _Found:
    """What the lines say that rows and people must be told about."""

    rows_read_at: int
    writes: set[int] = field(default_factory=set)
    filed: dict[int, int] = field(default_factory=dict)
    raised: list[str] = field(default_factory=list)

    def take(self, no: int, event: Event) -> None:
        if event.what in WRITES and event.outcome == "ok":
            self.writes.add(no)
        elif event.what == "filed" and event.outcome == "ok" and no < self.rows_read_at:
            line, rows = event.detail.split(" ")
            self.filed[int(line)] = self.filed.get(int(line), 0) + int(rows)

        elif event.outcome == ALARM:
            self.raised.append(f"Zeile {no}: {sentence_of(event.what)}")

    def unlogged(self, rows: dict[int, int]) -> tuple[str, ...]:
        unlogged = sorted(rows.keys() - self.writes)
        unknown = [f"Zu Einträgen unter Zeile {no} gibt es keine Erlaubnis." for no in unlogged]
        fewer = [(no, told) for no, told in sorted(self.filed.items()) if rows.get(no, 0) < told]
        removed = [_removed(no, told, rows.get(no, 0)) for no, told in fewer]
        return tuple(unknown + removed)


def _removed(line: int, told: int, left: int) -> str:
    """Say what is missing of the records that were written under one line."""
    if not left:
        return f"Die Einträge zu Zeile {line} wurden entfernt."
    return f"Zu Zeile {line} wurden {told - left} von {told} Einträgen entfernt."


def _events(session: Session, until: int) -> Iterator[tuple[int, Event]]:
    keys = [private for _, private in session.ring(Ring.LOG).private]
    return open_lines(session.practice.log.path, until, session.practice.id, keys)
