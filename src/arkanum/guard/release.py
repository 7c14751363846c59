# SPDX-License-Identifier: MPL-2.0
"""The guard's main work: a permit, a line in the log, then the keys of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from arkanum.core.ids import new_id
from arkanum.guard.errors import AlreadyThere, Damaged, NotFound, PracticeSealed, Refused
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.people import names_of
from arkanum.guard.places import EMPTY_CHART, head_place
from arkanum.guard.protocol import AskBatch, AskPermit, AskWho, Batch, ChartKey, Done, Filed, Permit, Who
from arkanum.guard.rings import unwrap_chart_key, wrap_chart_key
from arkanum.guard.roles import RINGS_FOR_ACTION, WRITES, Action, Ring
from arkanum.guard.sessions import Session
from arkanum.storage import charts
from arkanum.storage import rings as ring_rows
from arkanum.storage.errors import Missing
from arkanum.storage.models import Chart
from arkanum.vault import Key, VaultError, seal

LARGEST_BATCH = 500
LONGEST_DETAIL = 200
"""What a caller says in addition is cut there, so that nobody fills the log."""

MAKES_PATIENTS = frozenset({Action.NEW_PATIENT, Action.IMPORT_RECORDS})


def ask_who(guard: Guard, question: AskWho) -> Who:
    """Tell who is at the screen."""
    return guard.any_session(question.token).who()


def permit(guard: Guard, question: AskPermit) -> Permit:
    """Write the log line, then release the keys of one patient that the action needs.

    Raises:
        Refused: role or rings do not allow it.
        NotFound: no such patient in this practice.
        AlreadyThere: the new patient is one already.
        Damaged: the patient's wrapped key was tampered with.
    """
    session = guard.session(question.token, question.action)
    detail = question.detail[:LONGEST_DETAIL]
    detail = detail if question.record is None else f"{question.record} {detail}".strip()
    if question.patient is None:
        log_no = guard.note(session, question.action, detail=detail)
        return _permit(session, question, log_no, ())
    stored = charts.charts_of(session.practice.id, question.patient)
    if Ring.DESK not in stored and question.action not in MAKES_PATIENTS:
        guard.note(session, question.action, patient=question.patient, outcome="not_found")
        raise NotFound
    if Ring.DESK in stored and stored[Ring.DESK].length and question.action is Action.NEW_PATIENT:
        # Else somebody could read a patient, and the log would say that they took a new one in.
        guard.note(session, question.action, patient=question.patient, outcome="refused")
        raise AlreadyThere
    log_no = guard.note(session, question.action, patient=question.patient, detail=detail)
    session.practice.brake.count(session.person, question.patient)
    keys = _keys(guard, session, question.patient, stored, question.action)
    if question.action in WRITES:
        session.may_write(log_no, [question.patient])
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
    detail = f"{len(question.patients)} {question.detail[:LONGEST_DETAIL]}".strip()
    log_no = guard.note(session, question.action, detail=detail)
    for patient in question.patients:
        if stored[patient]:
            session.practice.brake.count(session.person, patient)
    _make_missing(guard, session, question.patients, stored, RINGS_FOR_ACTION[question.action])
    session.may_write(log_no, question.patients)
    keys = {patient: _keys(guard, session, patient, stored[patient], question.action) for patient in question.patients}
    return Batch(who=session.who(), action=question.action, log_no=log_no, keys=keys)


def filed(guard: Guard, question: Filed) -> Done:
    """Note that the rows of a log line are committed, and take changed patients into the directory.

    Raises:
        Refused: the line did not allow this session to write about these patients.
    """
    session = guard.any_session(question.token)
    practice = session.practice
    allowed = session.writes.get(question.log_no)
    if allowed is None or not allowed.issuperset(question.patients):
        guard.note(session, "filed", outcome="refused", detail=str(question.log_no))
        raise Refused
    line = Event(at=now(), what="filed", person=session.person, detail=f"{question.log_no} {question.rows}")
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
        _make_missing(guard, session, [patient], {patient: stored}, needed)
    try:
        return tuple(_chart_key(guard, session, stored[ring]) for ring in sorted(needed))
    except VaultError as error:
        guard.note(session, action, patient=patient, outcome="damaged")
        raise Damaged from error


def _chart_key(guard: Guard, session: Session, chart: Chart) -> ChartKey:
    keys = session.ring(Ring(chart.ring))
    try:
        key = unwrap_chart_key(keys.epochs, chart)
    except VaultError:
        with guard.lock:  # the ring may have been rotated between reading the row and opening it
            fresh = charts.charts_of(chart.practice_id, chart.patient_id)
            key = unwrap_chart_key(keys.epochs, fresh[chart.ring])
    return ChartKey(ring=Ring(chart.ring), key=key.expose(), epoch=keys.epoch)


def _make_missing(
    guard: Guard,
    session: Session,
    patients: Sequence[UUID],
    stored: dict[UUID, dict[str, Chart]],
    needed: frozenset[Ring],
) -> None:
    """Make the charts that do not exist yet; where another made one meanwhile, theirs is read.

    The lock and the held epochs keep a rotation away: a key wrapped under an epoch that is just being destroyed
    would be lost with the chart.

    Raises:
        PracticeSealed: the ring was rotated elsewhere; whoever signs in anew holds the new keys.
    """
    missing = [(patient, ring) for patient in patients for ring in sorted(needed) if ring not in stored[patient]]
    if not missing:
        return
    try:
        with guard.lock, transaction.atomic():
            for ring in sorted({ring for _, ring in missing}):
                ring_rows.hold_epoch(session.practice.id, ring, session.ring(ring).epoch)
            new = [_new_chart(session, patient, ring) for patient, ring in missing]
            charts.insert_charts(new)
    except Missing as error:
        raise PracticeSealed from error
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
