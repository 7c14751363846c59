# SPDX-License-Identifier: MPL-2.0
"""The guard's main work: a permit, a line in the log, then the keys of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from arkanum.core.ids import new_id
from arkanum.guard.errors import Damaged, NotFound
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.people import names_of
from arkanum.guard.places import EMPTY_CHART, head_place
from arkanum.guard.protocol import AskBatch, AskPermit, AskWho, Batch, ChartKey, Done, Filed, Permit, Who
from arkanum.guard.rings import unwrap_chart_key, wrap_chart_key
from arkanum.guard.roles import RINGS_FOR_ACTION, Action, Ring
from arkanum.guard.sessions import Session
from arkanum.storage import charts
from arkanum.storage.models import Chart
from arkanum.vault import Key, VaultError, seal

LARGEST_BATCH = 500
MAKES_PATIENTS = frozenset({Action.NEW_PATIENT, Action.IMPORT_RECORDS})


def ask_who(guard: Guard, question: AskWho) -> Who:
    """Tell who is at the screen."""
    return guard.any_session(question.token).who()


def permit(guard: Guard, question: AskPermit) -> Permit:
    """Write the log line, then release the keys of one patient that the action needs.

    Raises:
        Refused: role or rings do not allow it.
        NotFound: no such patient in this practice.
        Damaged: the patient's wrapped key was tampered with.
    """
    session = guard.session(question.token, question.action)
    detail = question.detail if question.record is None else f"{question.record} {question.detail}".strip()
    if question.patient is None:
        log_no = guard.note(session, question.action, detail=detail)
        return _permit(session, question, log_no, ())
    stored = charts.charts_of(session.practice.id, question.patient)
    if Ring.DESK not in stored and question.action not in MAKES_PATIENTS:
        guard.note(session, question.action, patient=question.patient, outcome="not_found")
        raise NotFound
    log_no = guard.note(session, question.action, patient=question.patient, detail=detail)
    session.practice.brake.count(session.person, question.patient)
    keys = _keys(guard, session, question.patient, stored, question.action)
    return _permit(session, question, log_no, keys)


def permit_batch(guard: Guard, question: AskBatch) -> Batch:
    """Write one log line, then release the keys of up to 500 patients to a job that moves records in.

    Raises:
        Refused: not allowed, not a job's action, or too many at once.
    """
    session = guard.session(question.token, Action.IMPORT_RECORDS)
    if question.action is not Action.IMPORT_RECORDS or len(question.patients) > LARGEST_BATCH:
        raise NotFound
    stored = charts.charts_of_many(session.practice.id, question.patients)
    detail = f"{len(question.patients)} {question.detail}".strip()
    log_no = guard.note(session, question.action, detail=detail)
    _make_missing(session, question.patients, stored, RINGS_FOR_ACTION[question.action])
    keys = {patient: _keys(guard, session, patient, stored[patient], question.action) for patient in question.patients}
    return Batch(who=session.who(), action=question.action, log_no=log_no, keys=keys)


def filed(guard: Guard, question: Filed) -> Done:
    """Note that the rows of a log line are committed, and take changed patients into the directory."""
    session = guard.any_session(question.token)
    practice = session.practice
    line = Event(at=now(), what="filed", person=session.person, detail=str(question.log_no))
    practice.log.append(line, durable=False)
    if question.patients:
        practice.directory.take(question.patients)
    return Done()


def _permit(session: Session, question: AskPermit, log_no: int, keys: tuple[ChartKey, ...]) -> Permit:
    return Permit(
        who=session.who(),
        action=question.action,
        log_no=log_no,
        patient=question.patient,
        keys=keys,
        colleagues=names_of(session.practice),
    )


def _keys(
    guard: Guard, session: Session, patient: UUID, stored: dict[str, Chart], action: Action
) -> tuple[ChartKey, ...]:
    needed = RINGS_FOR_ACTION[action]
    if any(ring not in stored for ring in needed):
        _make_missing(session, [patient], {patient: stored}, needed)
    released = []
    for ring in sorted(needed):
        keys = session.ring(ring)
        try:
            key = unwrap_chart_key(keys.epochs, stored[ring])
        except VaultError as error:
            guard.note(session, action, patient=patient, outcome="damaged")
            raise Damaged from error
        released.append(ChartKey(ring=ring, key=key.expose(), epoch=keys.epoch))
    return tuple(released)


def _make_missing(
    session: Session, patients: Sequence[UUID], stored: dict[UUID, dict[str, Chart]], needed: frozenset[Ring]
) -> None:
    """Make the charts that do not exist yet; where another made one meanwhile, theirs is read."""
    new = [
        _new_chart(session, patient, ring)
        for patient in patients
        for ring in sorted(needed)
        if ring not in stored[patient]
    ]
    if not new:
        return
    charts.insert_charts(new)
    fresh = charts.charts_of_many(session.practice.id, list({row.patient_id for row in new}))
    for patient, rows in fresh.items():
        stored[patient].update(rows)


def _new_chart(session: Session, patient: UUID, ring: Ring) -> Chart:
    keys = session.ring(ring)
    chart = Chart(id=new_id(), practice_id=session.practice.id, patient_id=patient, ring=ring)
    key = Key.new()
    chart.key = wrap_chart_key(keys.epochs[keys.epoch], keys.epoch, chart, key)
    chart.head = seal(key, head_place(chart.id, 0), EMPTY_CHART)
    return chart
