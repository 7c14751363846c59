# SPDX-License-Identifier: MPL-2.0
"""Moving in: send a file, look at what would happen, decide, watch, read the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arkanum.core import EntryKind, label
from arkanum.exchange import jobs
from arkanum.exchange.jobs import JobState, JobView, NotReady, TooLarge
from arkanum.exchange.matching import Decision
from arkanum.exchange.plan import ImportPlan, PlannedPatient
from arkanum.guard import Action
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day
from arkanum.web.moving.running import WORKSHOP
from arkanum.web.page import is_fragment, page

CHUNK_BYTES = 256 * 1024
MOST_QUESTIONS = 100
MOST_OTHERS = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands, as the page shows it.

    Attributes:
        state: of the job; `stalled` when it should be at work and is not.
        percent: of the people of the file.
        read: people read so far.
    """

    state: str
    percent: int
    read: int


@door(Action.IMPORT_RECORDS)
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the files of other programs that were or are being moved in."""
    shown = [(one, _standing(one)) for one in jobs.jobs(visitor.client, visitor.token)]
    return page(request, visitor, "moving/list.html", jobs=shown)


@door(Action.IMPORT_RECORDS)
def begin(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take a file in as the body of the request: it is sealed while it arrives and never lies anywhere in the clear."""
    if request.method != "POST":
        return redirect("moving")
    filename = unquote(request.headers.get("X-Filename", ""))[:200] or _("ohne Namen")
    try:
        job = jobs.accept(visitor.client, visitor.token, filename, _chunks(request))
    except TooLarge as error:
        return HttpResponse(error.german, status=413, content_type="text/plain; charset=utf-8")
    WORKSHOP.prepare(visitor, job)
    return HttpResponse(status=201, headers={"Location": reverse("moving-job", kwargs={"job": job})})


@door(Action.IMPORT_RECORDS)
def show(request: HttpRequest, visitor: Visitor, job: UUID) -> HttpResponse:
    """Show one file: what would happen with it, or what did."""
    return _page(request, visitor, jobs.view(visitor.client, visitor.token, job))


@door(Action.IMPORT_RECORDS)
def decide(request: HttpRequest, visitor: Visitor, job: UUID) -> HttpResponse:
    """Say who a person of the file is."""
    if request.method != "POST":
        return redirect("moving-job", job=job)
    key, decision, patient = _decision(request)
    try:
        shown = jobs.decide(visitor.client, visitor.token, job, key, decision=decision, patient=patient)
    except NotReady:
        return redirect("moving-job", job=job)
    return _page(request, visitor, shown)


@door(Action.IMPORT_RECORDS)
def steer(request: HttpRequest, visitor: Visitor, job: UUID, deed: str) -> HttpResponse:
    """Start, pause, go on, or read the file once more."""
    if request.method != "POST":
        return redirect("moving-job", job=job)
    jobs.view(visitor.client, visitor.token, job)
    match deed:
        case "start" | "weiter":
            WORKSHOP.run(visitor, job)
        case "pause":
            WORKSHOP.pause(job)
        case "lesen":
            WORKSHOP.prepare(visitor, job)
        case _:
            raise Http404
    return redirect("moving-job", job=job)


def _page(request: HttpRequest, visitor: Visitor, shown: JobView) -> HttpResponse:
    plan = shown.body.plan
    template = "moving/inner.html" if is_fragment(request) else "moving/job.html"
    return page(
        request,
        visitor,
        template,
        job=shown,
        standing=_standing(shown),
        plan=plan,
        questions=_rows(plan.open_questions[:MOST_QUESTIONS]) if plan else [],
        others=_rows(_others(plan)) if plan else [],
        counts={one.value: plan.count(one) for one in Decision} if plan else {},
    )


def _others(plan: ImportPlan) -> list[PlannedPatient]:
    return [one for one in plan.patients if one.decision is not Decision.ASK][:MOST_OTHERS]


def _rows(planned: list[PlannedPatient] | tuple[PlannedPatient, ...]) -> list[tuple[PlannedPatient, str, str]]:
    """Return each person with what there is of them, and from when to when."""
    return [(one, _kinds(one), _period(one)) for one in planned]


def _kinds(one: PlannedPatient) -> str:
    return ", ".join(f"{count} {label(EntryKind(kind))}" for kind, count in one.kinds.items())


def _period(one: PlannedPatient) -> str:
    days = [day(date.fromisoformat(text)) for text in (one.first_day, one.last_day) if text]
    return " – ".join(dict.fromkeys(days))


def _standing(shown: JobView) -> Standing:
    progress, work = shown.progress, WORKSHOP.work(shown.job)
    state = progress.state.value
    if progress.state in {JobState.RUNNING, JobState.READING} and work is None:
        state = "stalled"
    elif progress.state in {JobState.WAITING, JobState.PAUSED} and work is not None:
        state = JobState.RUNNING.value
    percent = 100 * progress.done // progress.total if progress.total else 0
    return Standing(state, percent, work.read if work else 0)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK_BYTES):
        yield chunk


def _decision(request: HttpRequest) -> tuple[int, Decision, UUID | None]:
    """Read `key` and `choice`: `new`, `leave-out`, or the id of a patient."""
    choice, key = request.POST.get("choice", ""), request.POST.get("key", "")
    if not (key.isascii() and key.isdecimal()):
        raise BadRequest
    if choice in {Decision.NEW.value, Decision.LEAVE_OUT.value}:
        return int(key), Decision(choice), None
    try:
        return int(key), Decision.EXISTING, UUID(choice)
    except ValueError as error:
        raise BadRequest from error
