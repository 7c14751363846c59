# SPDX-License-Identifier: MPL-2.0
"""Makes the plan of an import: who is in the file, who of them is here already, who must be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from arkanum.core.catalogue import Catalogue
from arkanum.core.patients import Patient
from arkanum.exchange.jobs import store
from arkanum.exchange.jobs.bodies import JobState, Progress
from arkanum.exchange.jobs.errors import NotOurKind
from arkanum.exchange.jobs.reading import people_of
from arkanum.exchange.matching import Decision, kvnrs_of
from arkanum.exchange.plan import ImportPlan, Planner
from arkanum.guard import Client, Grant
from arkanum.guard.directory import Card
from arkanum.guard.errors import Refused
from arkanum.storage import jobs as rows


def prepare(
    client: Client, token: bytes, job: UUID, catalogue: Catalogue, progress: Callable[[int], None] = lambda _: None
) -> ImportPlan:
    """Read the file and store the plan; nothing is written into any chart.

    Args:
        client: the way to the guard.
        token: session of the person who moves in.
        job: the import.
        catalogue: gives codes their texts.
        progress: called with the number of people read so far.

    Raises:
        NotOurKind: the file is not of the xDT family; the import is marked as failed.
    """
    grant = store.permit_known(client, token, job)
    before = store.read(grant, job)
    planner, total = Planner(()), 0
    with store.open_file(grant, job) as file:
        try:
            ledger, people = people_of(file, grant, before.body.digest, catalogue)
        except NotOurKind as error:
            store.save_progress(grant, job, Progress(JobState.FAILED, problem=error.german))
            raise
        for imported in people:
            planner.add(imported)
            planner.know(_candidates(client, token, imported.patient))
            total += 1
            progress(total)
    report = ledger.report()
    plan = planner.plan(name=before.body.filename, file=before.body.digest, source=report.dialect, report=report)
    plan = _as_before(plan, _earlier(grant, client, token, job))
    store.save_plan(grant, before, plan)
    store.save_progress(grant, job, Progress(JobState.WAITING, total=total))
    return plan


def _candidates(client: Client, token: bytes, patient: Patient) -> Iterable[Card]:
    """Ask the directory for everybody who may be this person."""
    questions = [*kvnrs_of(patient)]
    if patient.birth is not None and patient.name.last:
        questions.append(f"{patient.name.last} {patient.name.first} {patient.birth.german()}")
    for question in questions:
        yield from (hit.card for hit in client.search(token, question).hits)


def _earlier(grant: Grant, client: Client, token: bytes, job: UUID) -> dict[str, UUID]:
    """Return who was moved in before, by fingerprint: the same file may come twice."""
    known: dict[str, UUID] = {}
    for row in rows.jobs(grant.who.practice):
        if row.id == job:
            continue
        try:
            earlier = store.permit(client, token, row.id)
        except Refused:
            continue  # a colleague's, behind a wall
        shown = store.read(earlier, row.id)
        if shown.body.plan is None or not shown.progress.done:
            continue
        for mark, one in shown.body.plan.by_fingerprint().items():
            if one.decision is Decision.EXISTING and one.patient is not None:
                known[mark] = one.patient
            elif one.decision is Decision.NEW:
                known[mark] = store.new_patient_id(earlier, one.fingerprints[0])
    return known


def _as_before(plan: ImportPlan, known: dict[str, UUID]) -> ImportPlan:
    """Repeat earlier decisions where the directory still proposes the same patient."""
    for one in plan.patients:
        patient = next((known[mark] for mark in one.fingerprints if mark in known), None)
        if one.decision is Decision.ASK and patient in {candidate.patient for candidate in one.candidates}:
            plan = plan.decided(one.key, Decision.EXISTING, patient)
    return plan
