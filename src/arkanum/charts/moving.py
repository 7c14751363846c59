# SPDX-License-Identifier: MPL-2.0
"""Writing many patients and entries at once, for moving in: a batch has one permit, one log line, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from arkanum.charts import chain
from arkanum.charts.errors import PatientTwice
from arkanum.core.entries import Entry
from arkanum.core.ids import PatientId, new_id
from arkanum.core.patients import Patient
from arkanum.guard import Action, Client, Grant, Ring
from arkanum.guard.log import now
from arkanum.storage import charts, practices

LARGEST_BATCH = 250


@dataclass(frozen=True, slots=True)
class Move:
    """One patient of a batch: new master data (or none, when they are here already) and entries to add."""

    patient_id: PatientId
    patient: Patient | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a batch wrote: how many patients and entries were new, and how many entries were there already."""

    patients: int
    entries: int
    known: int


def move_in(client: Client, token: bytes, moves: Sequence[Move], detail: str = "") -> Moved:
    """Write a batch. An entry whose origin's fingerprint stands in the chart already is left out.

    Args:
        client: the way to the guard.
        token: the session of the person (or the console job) that moves records in.
        moves: at most 250 different patients.
        detail: what the log line says beside the number, such as the job's id.

    Raises:
        Refused: not allowed.
        PatientTwice: two moves are about the same patient; nothing was written.
    """
    if not moves:
        return Moved(0, 0, 0)
    patients = [move.patient_id for move in moves]
    if len(set(patients)) < len(patients):
        raise PatientTwice
    grants = client.permit_batch(token, Action.IMPORT_RECORDS, patients=patients, detail=detail)
    grant = grants[patients[0]]
    with transaction.atomic():
        # From here to the commit nobody else writes in this practice, so two imports of one file do not both find
        # that an entry is missing.
        practices.next_sequence(grant.who.practice, steps=0)
        here = charts.begun(grant.who.practice, patients, Ring.DESK)
        moved = _write(grants, [_without_master_data(move) if move.patient_id in here else move for move in moves])
    if moved.entries or moved.patients:
        arrived = [patient for patient in patients if patient not in here]
        client.filed(grant, patients=arrived, rows=moved.patients + moved.entries)
    return moved


def _write(grants: dict[UUID, Grant], moves: Sequence[Move]) -> Moved:
    drafts: dict[UUID, dict[Ring, list[chain.Draft]]] = {}
    arrived = entries = known = 0
    for move in moves:
        grant = grants[move.patient_id]
        fresh = _unknown(grant, move)
        arrived += move.patient is not None
        entries += len(fresh)
        known += len(move.entries) - len(fresh)
        drafts[move.patient_id] = _drafts(grant, move, fresh)
    if entries or arrived:
        chain.append_many(grants, drafts, grants[moves[0].patient_id].who.practice)
    return Moved(arrived, entries, known)


def _without_master_data(move: Move) -> Move:
    """A batch that was written before a crash comes again: the patient is here already."""
    return replace(move, patient=None)


def _drafts(grant: Grant, move: Move, entries: list[Entry]) -> dict[Ring, list[chain.Draft]]:
    moment, drafts = now(), {}
    if move.patient is not None:
        patient = replace(move.patient, by=grant.who.person, written=moment)
        drafts[Ring.DESK] = [chain.Draft(move.patient_id, 1, patient)]
    if entries:
        drafts[Ring.TREATMENT] = [chain.Draft(new_id(), 1, entry) for entry in entries]
    return drafts


def _unknown(grant: Grant, move: Move) -> list[Entry]:
    """Return the entries whose fingerprint is not in the chart yet, each fingerprint once."""
    # Who arrives with master data has an empty chart: nothing to read.
    opened, _ = chain.read(grant, Ring.TREATMENT) if move.patient is None else ([], [])
    seen = {row.value.origin.record for row in opened if isinstance(row.value, Entry) and row.value.origin}
    fresh = []
    for entry in move.entries:
        if entry.origin is None or entry.origin.record not in seen:
            fresh.append(entry)
        if entry.origin is not None:
            seen.add(entry.origin.record)
    return fresh
