# SPDX-License-Identifier: MPL-2.0
"""Exports of many charts (weakness W34): prepared by one person, agreed to by another, sealed to a named recipient.

Orders live in memory for a day. The keys of each part are released to the person who prepared it alone, after a doctor
who is somebody else has agreed within an hour with their pass phrase; planted patients are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from arkanum.core.ids import new_id
from arkanum.guard import braking
from arkanum.guard.errors import NotFound, Refused
from arkanum.guard.house import ALARM, Guard
from arkanum.guard.people import names_of, require_own_passphrase
from arkanum.guard.protocol import (
    AgreeExport,
    AskExportPart,
    AskExports,
    Done,
    ExportOrder,
    ExportPart,
    Exports,
    PrepareExport,
)
from arkanum.guard.release import keys_of_one
from arkanum.guard.roles import Action, Ring, Role
from arkanum.guard.sessions import Session
from arkanum.guard.walls import require_reach
from arkanum.storage import charts
from arkanum.storage.models import Chart
from arkanum.vault import PublicKey, VaultError

PART_PATIENTS = 100
AGREE_SECONDS = 60 * 60
LASTS_SECONDS = 24 * 60 * 60
PROVED_SECONDS = 10 * 60
MOST_ORDERS = 20
LONGEST_NAME = 80
LONGEST_REASON = 300
NEEDED = frozenset({Ring.DESK, Ring.TREATMENT})


@dataclass(frozen=True, slots=True)
class Order:
    """An export: for whom, of whom, why, and who stands behind it."""

    id: UUID
    recipient: str
    public: PublicKey
    reason: str
    patients: tuple[UUID, ...]
    left_out: int
    by: UUID
    made_at: float
    agreed_by: UUID | None = None

    @property
    def parts(self) -> int:
        """How many parts it has."""
        return -(-len(self.patients) // PART_PATIENTS)


def prepare_export(guard: Guard, question: PrepareExport) -> ExportOrder:
    """Prepare an export. Nothing is released yet.

    Raises:
        StepUp: the pass phrase was not given within ten minutes.
        Refused: no name, no reason, no such recipient's key, or nobody to export.
    """
    session = guard.session(question.token, Action.EXPORT_CHARTS)
    braking.require_proof(guard, session, PROVED_SECONDS, Action.EXPORT_CHARTS)
    recipient, reason = question.recipient.strip()[:LONGEST_NAME], question.reason.strip()[:LONGEST_REASON]
    try:
        public = PublicKey.from_bytes(question.public_key)
    except VaultError as error:
        raise Refused from error
    patients, left_out = _within_reach(session, question.patients)
    if not (recipient and reason and patients):
        raise Refused
    order = Order(new_id(), recipient, public, reason, patients, left_out, session.person, guard.seconds())
    detail = f"{order.id} {len(patients)} {public.fingerprint().hex()[:16]}"
    guard.note(session, "export_prepared", detail=detail)
    with guard.lock:
        _forget_old(guard, session)
        session.practice.exports[order.id] = order
        while len(session.practice.exports) > MOST_ORDERS:
            del session.practice.exports[next(iter(session.practice.exports))]
    return _told(session, order)


def ask_exports(guard: Guard, question: AskExports) -> Exports:
    """List the exports of this day, newest first."""
    session = guard.session(question.token, Action.EXPORT_CHARTS)
    _forget_old(guard, session)
    return Exports(exports=tuple(_told(session, one) for one in reversed(tuple(session.practice.exports.values()))))


def agree_export(guard: Guard, question: AgreeExport) -> Done:
    """Agree to an export, as a doctor who did not prepare it; the log has an alarm that the owner sees.

    Raises:
        NotFound: there is no such export, or it was prepared more than an hour ago.
        Refused: one prepared it oneself, or is no doctor.
        SignInRefused: the pass phrase is wrong.
        Throttled: too many wrong ones.
    """
    session = guard.session(question.token, Action.EXPORT_CHARTS)
    order = session.practice.exports.get(question.order)
    if order is None or order.agreed_by is not None or guard.seconds() - order.made_at >= AGREE_SECONDS:
        raise NotFound
    if order.by == session.person or session.body.role is not Role.DOCTOR or session.is_job:
        guard.note(session, "export_agreed", outcome="refused", detail=str(order.id))
        raise Refused
    require_own_passphrase(guard, session, question.passphrase, "export_agreed")
    detail = f"{order.id} {order.by} {len(order.patients)} {order.public.fingerprint().hex()[:16]}"
    guard.note(session, "export_agreed", outcome=ALARM, detail=detail)
    session.practice.exports[order.id] = replace(order, agreed_by=session.person)
    return Done()


def ask_part(guard: Guard, question: AskExportPart) -> ExportPart:
    """Release the keys of one part to the person who prepared the export, under one log line.

    Raises:
        NotFound: no such export or part, nobody has agreed, or it is older than a day.
        Damaged: a patient's wrapped key was tampered with.
    """
    session = guard.session(question.token, Action.EXPORT_CHARTS)
    _forget_old(guard, session)
    order = session.practice.exports.get(question.order)
    usable = order is not None and order.agreed_by is not None and order.by == session.person
    if order is None or not usable or not 0 <= question.number < order.parts:
        guard.note(session, "export_part", outcome="refused", detail=f"{question.order} {question.number}")
        raise NotFound
    some = order.patients[question.number * PART_PATIENTS :][:PART_PATIENTS]
    stored = charts.charts_of_many(session.practice.id, some)
    log_no = guard.note(session, "export_part", detail=f"{order.id} {question.number} {len(some)}")
    keys = {one: keys_of_one(guard, session, one, stored[one], Action.EXPORT_CHARTS) for one in some}
    return ExportPart(
        who=session.who(),
        log_no=log_no,
        keys=keys,
        names=names_of(session.practice),
    )


def _within_reach(session: Session, wished: tuple[UUID, ...]) -> tuple[tuple[UUID, ...], int]:
    """Return whom this person may export, and how many stand behind walls; planted patients are nobody."""
    practice = session.practice
    everybody = wished or tuple(charts.all_patients(practice.id, Ring.DESK))
    real = [one for one in dict.fromkeys(everybody) if one not in practice.canaries]
    reached: list[UUID] = []
    for start in range(0, len(real), charts.ROWS_AT_ONCE // 4):
        some = real[start : start + charts.ROWS_AT_ONCE // 4]
        stored = charts.charts_of_many(practice.id, some)
        known = charts.begun(practice.id, some, Ring.DESK)
        reached.extend(one for one in some if one in known and _reaches(session, stored[one]))
    return tuple(sorted(reached)), len(real) - len(reached)


def _reaches(session: Session, stored: dict[str, Chart]) -> bool:
    try:
        require_reach(session, Action.EXPORT_CHARTS, NEEDED, stored)
    except Refused:
        return False
    return True


def _forget_old(guard: Guard, session: Session) -> None:
    exports = session.practice.exports
    for one in tuple(exports.values()):
        if guard.seconds() - one.made_at >= LASTS_SECONDS:
            exports.pop(one.id, None)


def _told(session: Session, order: Order) -> ExportOrder:
    names = names_of(session.practice)
    return ExportOrder(
        order=order.id,
        recipient=order.recipient,
        fingerprint=order.public.fingerprint(),
        public_key=order.public.to_bytes(),
        reason=order.reason,
        patients=len(order.patients),
        left_out=order.left_out,
        parts=order.parts,
        by_name=names.get(order.by, ""),
        agreed_by_name="" if order.agreed_by is None else names.get(order.agreed_by, ""),
        own=order.by == session.person,
        agreed=order.agreed_by is not None,
    )
