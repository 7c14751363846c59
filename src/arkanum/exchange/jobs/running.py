# SPDX-License-Identifier: MPL-2.0
"""Carries out the plan of an import, in batches; it can be stopped between two and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from uuid import UUID

import msgspec

from arkanum.charts.moving import Move, Moved, move_in
from arkanum.core.catalogue import Catalogue
from arkanum.core.ids import PatientId
from arkanum.exchange.folders import ImportedPatient
from arkanum.exchange.jobs import store
from arkanum.exchange.jobs.bodies import JobState, Progress
from arkanum.exchange.jobs.errors import NotReady
from arkanum.exchange.jobs.reading import people_of
from arkanum.exchange.matching import Decision
from arkanum.exchange.plan import PlannedPatient
from arkanum.guard import Client, Grant

BATCH = 100


def run(
    client: Client,
    token: bytes,
    job: UUID,
    catalogue: Catalogue,
    *,
    told: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Progress:
    """Write what the plan says into the charts.

    Args:
        client: the way to the guard.
        token: session of the person who moves in.
        job: the import.
        catalogue: gives codes their texts.
        told: called after each batch with how far it has come.
        stop: asked after each batch; `True` pauses the import.

    Returns:
        How far it has come: done, or paused.

    Raises:
        NotReady: there is no plan yet, somebody must still decide, or it is done already.
    """
    grant = store.permit_known(client, token, job)
    shown = store.read(grant, job)
    if not shown.plan.is_ready or shown.progress.state in {JobState.DONE, JobState.FAILED, JobState.READING}:
        raise NotReady
    planned = shown.plan.by_fingerprint()
    progress = msgspec.structs.replace(shown.progress, state=JobState.RUNNING, problem="")
    store.save_progress(grant, job, progress)
    with store.open_file(grant, job) as file:
        _, people = people_of(file, grant, shown.body.digest, catalogue)
        for batch in _batches(islice(people, progress.done, None)):
            if stop():
                progress = msgspec.structs.replace(progress, state=JobState.PAUSED)
                break
            moves, left_out = _moves(grant, batch, planned)
            progress = _advanced(progress, len(batch), move_in(client, token, moves, detail="job"), left_out)
            store.save_progress(grant, job, progress)
            told(progress)
        else:
            progress = msgspec.structs.replace(progress, state=JobState.DONE)
    store.save_progress(grant, job, progress)
    return progress


def _moves(grant: Grant, batch: list[ImportedPatient], planned: dict[str, PlannedPatient]) -> tuple[list[Move], int]:
    """Return what to write for a batch, one move a patient, and how many entries are left out."""
    moves: dict[UUID, Move] = {}
    left_out = 0
    for imported in batch:
        one = planned[imported.fingerprint]
        if one.decision is Decision.LEAVE_OUT:
            left_out += len(imported.entries)
            continue
        move = _move(grant, one, imported)
        before = moves.get(move.patient_id)
        moves[move.patient_id] = move if before is None else _joined(before, move)
    return list(moves.values()), left_out


def _advanced(progress: Progress, done: int, moved: Moved, left_out: int) -> Progress:
    return msgspec.structs.replace(
        progress,
        done=progress.done + done,
        patients=progress.patients + moved.patients,
        entries=progress.entries + moved.entries,
        known=progress.known + moved.known,
        left_out=progress.left_out + left_out,
    )


def _move(grant: Grant, one: PlannedPatient, imported: ImportedPatient) -> Move:
    if one.decision is Decision.EXISTING and one.patient is not None:
        return Move(PatientId(one.patient), None, imported.entries)
    return Move(store.new_patient_id(grant, one.fingerprints[0]), imported.patient, imported.entries)


def _joined(first: Move, second: Move) -> Move:
    return Move(first.patient_id, first.patient, first.entries + second.entries)


def _batches(people: Iterator[ImportedPatient]) -> Iterator[list[ImportedPatient]]:
    while batch := list(islice(people, BATCH)):
        yield batch
