# SPDX-License-Identifier: MPL-2.0
"""The guard's main work: a permit, a line in the log, then the keys of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from arkanum.core.ids import new_id
from arkanum.guard import braking, canaries
from arkanum.guard.brake import Kind
from arkanum.guard.errors import AlreadyThere, Damaged, NotFound, PracticeSealed, Refused
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.people import names_of
from arkanum.guard.places import EMPTY_CHART, head_place
from arkanum.guard.protocol import AskBatch, AskPermit, AskWho, Batch, ChartKey, Done, Filed, Permit, Who
from arkanum.guard.rings import unwrap_chart_key, wrap_chart_key, wrapping_ring
from arkanum.guard.roles import CHARTED, RINGS_FOR_ACTION, TICKETED, WRITES, Action, Ring
from arkanum.guard.sessions import Session
from arkanum.guard.walls import keys_for, require_reach, walls_of
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
        Refused: role, rings or a wall do not allow it.
        NotFound: no such patient in this practice.
        AlreadyThere: the new patient is one already.
        Damaged: the patient's wrapped key was tampered with.
        StepUp: so many patients were opened that the person must show that it is them.
        SecondPerson: a limit is reached.
        CanaryMet: the patient is planted; the session has ended.
    """
    session = guard.session(question.token, question.action, question.patient)
    detail = question.detail[:LONGEST_DETAIL]
    detail = detail if question.record is None else f"{question.record} {detail}".strip()
    if question.action in TICKETED:
        guard.note(session, question.action, patient=question.patient, outcome="refused")
        raise Refused
    if question.patient is None:
        log_no = guard.note(session, question.action, detail=detail)
        return _permit(session, question, log_no, ())
    if question.action not in MAKES_PATIENTS:
        # Before anybody looks whether there is such a patient: who is braked learns nothing about any id.
        braking.require(guard, session, Kind.CHARTS, [question.patient])
    canaries.require_no_canary(guard, session, [question.patient])
    stored = charts.charts_of(session.practice.id, question.patient)
    if question.action in MAKES_PATIENTS and _is_patient(stored):
        braking.require(guard, session, Kind.CHARTS, [question.patient])
    if Ring.DESK not in stored and question.action not in MAKES_PATIENTS:
        guard.note(session, question.action, patient=question.patient, outcome="not_found")
        braking.note_unknown(guard, session, question.patient)
        raise NotFound
    if _is_patient(stored) and question.action is Action.NEW_PATIENT:
        # Else somebody could read a patient, and the log would say that they took a new one in.
        guard.note(session, question.action, patient=question.patient, outcome="refused")
        raise AlreadyThere
    _require_reach(guard, session, question.action, stored)
    log_no = guard.note(session, question.action, patient=question.patient, detail=detail)
    keys = keys_of_one(guard, session, question.patient, stored, question.action)
    if question.action in WRITES:
        session.may_write(log_no, [question.patient])
    return _permit(session, question, log_no, keys)


def require_patient(guard: Guard, session: Session, patient: UUID, action: Action) -> dict[str, Chart]:
    """Return a patient's charts if there is such a patient and no wall stands before them.

    Raises:
        NotFound: no such patient in this practice; logged.
        Refused: a wall does not allow it; logged.
    """
    canaries.require_no_canary(guard, session, [patient])
    stored = charts.charts_of(session.practice.id, patient)
    if not _is_patient(stored):
        guard.note(session, action, patient=patient, outcome="not_found")
        braking.note_unknown(guard, session, patient)
        raise NotFound
    _require_reach(guard, session, action, stored)
    return stored


def release_one(guard: Guard, session: Session, question: AskPermit) -> Permit:
    """Write the log line and release one patient's keys to whoever has shown their ticket.

    Raises:
        NotFound: no such patient in this practice.
        Refused: a wall does not allow it.
        Damaged: the patient's wrapped key was tampered with.
    """
    patient, action = question.patient, question.action
    if patient is None:
        raise NotFound
    stored = require_patient(guard, session, patient, action)
    log_no = guard.note(session, action, patient=patient, detail=question.detail)
    return _permit(session, question, log_no, keys_of_one(guard, session, patient, stored, action))


def reachable_chart(guard: Guard, session: Session, patient: UUID, action: Action) -> Chart:
    """Return a patient's treatment chart, made where there is none yet, if this person's keys open it.

    Raises:
        NotFound: no such patient in this practice.
        Refused: it is behind a wall that is not theirs; logged.
    """
    stored = charts.charts_of(session.practice.id, patient)
    if Ring.DESK not in stored:
        guard.note(session, action, patient=patient, outcome="not_found")
        raise NotFound
    _require_reach(guard, session, action, stored)
    if Ring.TREATMENT not in stored:
        _make_missing(guard, session, [patient], {patient: stored}, frozenset({Ring.TREATMENT}))
    return stored[Ring.TREATMENT]


def permit_batch(guard: Guard, question: AskBatch) -> Batch:
    """Write one log line, then release the keys of up to 500 patients to a job that moves records in.

    Raises:
        Refused: not allowed, not a job's action, or too many at once.
        StepUp: so many are here already that the person must show that it is them.
    """
    session = guard.session(question.token, Action.IMPORT_RECORDS)
    if question.action is not Action.IMPORT_RECORDS or len(question.patients) > LARGEST_BATCH:
        raise NotFound
    stored = charts.charts_of_many(session.practice.id, question.patients)
    for patient in question.patients:
        _require_reach(guard, session, question.action, stored[patient])
    canaries.require_no_canary(guard, session, question.patients)
    known = [patient for patient in question.patients if _is_patient(stored[patient])]
    braking.require_to_move(guard, session, known)
    detail = f"{len(question.patients)} {question.detail[:LONGEST_DETAIL]}".strip()
    log_no = guard.note(session, question.action, detail=detail)
    session.practice.brake.took_in(session.person, set(question.patients).difference(known))
    _make_missing(guard, session, question.patients, stored, RINGS_FOR_ACTION[question.action])
    session.may_write(log_no, question.patients)
    keys = {
        patient: keys_of_one(guard, session, patient, stored[patient], question.action) for patient in question.patients
    }
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


def _require_reach(guard: Guard, session: Session, action: Action, stored: dict[str, Chart]) -> None:
    try:
        require_reach(session, action, RINGS_FOR_ACTION[action], stored)
    except Refused:
        guard.note(session, action, patient=stored[Ring.TREATMENT].patient_id, outcome="refused")
        raise


def _is_patient(stored: dict[str, Chart]) -> bool:
    """Tell whether somebody with master data stands behind an id; an import's own key is wrapped like a chart's."""
    return Ring.DESK in stored and stored[Ring.DESK].length > 0


def _permit(session: Session, question: AskPermit, log_no: int, keys: tuple[ChartKey, ...]) -> Permit:
    return Permit(
        who=session.who(),
        action=question.action,
        log_no=log_no,
        patient=question.patient,
        keys=keys,
        colleagues=names_of(session.practice),
    )


def keys_of_one(
    guard: Guard, session: Session, patient: UUID, stored: dict[str, Chart], action: Action
) -> tuple[ChartKey, ...]:
    """Return the keys of one patient that an action needs; the log line stands already.

    Raises:
        Damaged: a wrapped key was tampered with.
    """
    needed = RINGS_FOR_ACTION[action] & CHARTED
    # Behind the wall of who takes them in from the start, and not only with the first entry.
    made = needed | ({Ring.TREATMENT} if action in MAKES_PATIENTS and session.home else frozenset())
    if any(ring not in stored for ring in made):
        _make_missing(guard, session, [patient], {patient: stored}, made)
    try:
        return tuple(_chart_key(guard, session, stored[ring]) for ring in sorted(needed))
    except VaultError as error:
        guard.note(session, action, patient=patient, outcome="damaged")
        raise Damaged from error


def _chart_key(guard: Guard, session: Session, chart: Chart) -> ChartKey:
    keys = keys_for(session, chart)
    try:
        key = unwrap_chart_key(keys.epochs, chart)
    except VaultError:
        with guard.lock:  # the ring may have been rotated, or a wall built, between reading the row and opening it
            fresh = charts.charts_of(chart.practice_id, chart.patient_id)[chart.ring]
            keys = keys_for(session, fresh)
            key = unwrap_chart_key(keys.epochs, fresh)
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
            new = [_new_chart(session, patient, ring) for patient, ring in missing]
            for ring, epoch in sorted({(wrapping_ring(chart), chart.key.epoch) for chart in new}):
                ring_rows.hold_epoch(session.practice.id, ring, epoch)
            charts.insert_charts(new)
    except Missing as error:
        raise PracticeSealed from error
    fresh = charts.charts_of_many(session.practice.id, list({row.patient_id for row in new}))
    for patient, rows in fresh.items():
        stored[patient].update(rows)
        if rows[Ring.TREATMENT].wall if Ring.TREATMENT in rows else "":
            walls_of(session.practice).move(patient, rows[Ring.TREATMENT].wall)


def _new_chart(session: Session, patient: UUID, ring: Ring) -> Chart:
    wall = session.home if ring is Ring.TREATMENT else ""
    chart = Chart(id=new_id(), practice_id=session.practice.id, patient_id=patient, ring=ring, wall=wall)
    keys = keys_for(session, chart)
    key = Key.new()
    chart.key = wrap_chart_key(keys.epochs[keys.epoch], keys.epoch, chart, key)
    chart.head = seal(key, head_place(chart.id, 0), EMPTY_CHART)
    return chart
