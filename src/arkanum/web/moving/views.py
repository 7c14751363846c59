# SPDX-License-Identifier: MPL-2.0
"""Moving in: send a file, look at what would happen, decide, watch, read the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from urllib.parse import unquote
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arkanum.core import EntryKind, label
from arkanum.exchange import jobs
from arkanum.exchange.jobs import JobState, JobView, NotReady, TooLarge, Workshop
from arkanum.exchange.matching import Decision
from arkanum.exchange.plan import ImportPlan, PlannedPatient
from arkanum.guard import Action, Client, connect
from arkanum.web.chart.writing import catalogue
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day
from arkanum.web.hearing import DAY, HTML, LONGEST_NAME, TEXT, hears
from arkanum.web.page import is_fragment, page

CHUNK_BYTES = 256 * 1024
MOST_QUESTIONS = 100
FEW_KNOWN = 20
"""So many patients who are here already may an import add to without the pass phrase."""

MOST_OTHERS = 100


@lru_cache(maxsize=2)
def workshop_of(client: Client) -> Workshop:
    """Return the imports that go on in this process, by its own client: a page that looks by itself has another."""
    return Workshop(client, catalogue())


@door(Action.IMPORT_RECORDS)
@hears("GET")
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the files of other programs that were or are being moved in."""
    running = workshop_of(connect()).running()
    shown = [(one, _standing(one, running)) for one in jobs.jobs(visitor.client, visitor.token)]
    return page(request, visitor, "moving/list.html", jobs=shown)


@door(Action.IMPORT_RECORDS)
@hears("GET", "POST", body="application/octet-stream", says=(201, 302, 413), media=(HTML, TEXT))
def begin(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take a file in as the body of the request: it is sealed while it arrives and never lies anywhere in the clear."""
    if request.method != "POST":
        return redirect("moving")
    filename = unquote(request.headers.get("X-Filename", ""))[:200] or _("ohne Namen")
    try:
        job = jobs.accept(visitor.client, visitor.token, filename, _chunks(request))
    except TooLarge as error:
        return HttpResponse(error.german, status=413, content_type="text/plain; charset=utf-8")
    workshop_of(connect()).start(visitor.token, job)
    return HttpResponse(status=201, headers={"Location": reverse("moving-job", kwargs={"job": job})})


@door(Action.IMPORT_RECORDS, polled=True)
@hears("GET")
def show(request: HttpRequest, visitor: Visitor, job: UUID) -> HttpResponse:
    """Show one file: what would happen with it, or what did."""
    running = workshop_of(connect()).running()
    return _page(request, visitor, jobs.view(visitor.client, visitor.token, job), running)


@door(Action.IMPORT_RECORDS)
@hears("GET", "POST", form={"key": DAY, "choice": LONGEST_NAME}, says=(200, 302))
def decide(request: HttpRequest, visitor: Visitor, job: UUID) -> HttpResponse:
    """Say who a person of the file is."""
    if request.method != "POST":
        return redirect("moving-job", job=job)
    key, decision, patient = _decision(request)
    running = workshop_of(connect()).running()
    try:
        shown = jobs.decide(visitor.client, visitor.token, job, key, decision=decision, patient=patient)
    except NotReady:
        return redirect("moving-job", job=job)
    return _page(request, visitor, shown, running)


@door(Action.IMPORT_RECORDS)
@hears("GET", "POST", says=(302, 404))
def steer(request: HttpRequest, visitor: Visitor, job: UUID, deed: str) -> HttpResponse:
    """Start it, let it pause, or let it go on."""
    if request.method != "POST":
        return redirect("moving-job", job=job)
    plan = jobs.view(visitor.client, visitor.token, job).body.plan
    workshop = workshop_of(connect())
    if deed == "weiter" and plan is not None and plan.count(Decision.EXISTING) > FEW_KNOWN:
        # Asked here, where somebody sits: the work itself goes on in a thread that nobody could ask.
        visitor.client.require_proof(visitor.token)
    if deed == "anhalten":
        workshop.pause(job)
    elif deed == "weiter":
        # Somebody who clicks twice wants it once.
        with suppress(NotReady):
            workshop.start(visitor.token, job)
    else:
        raise Http404
    return redirect("moving-job", job=job)


def _page(request: HttpRequest, visitor: Visitor, shown: JobView, running: frozenset[UUID]) -> HttpResponse:
    plan = shown.body.plan
    template = "moving/inner.html" if is_fragment(request) else "moving/job.html"
    return page(
        request,
        visitor,
        template,
        job=shown,
        state=_standing(shown, running),
        percent=100 * shown.progress.done // (shown.progress.total or 1),
        report=_report(shown),
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


def _standing(shown: JobView, at_work: frozenset[UUID]) -> str:
    """Return where an import stands, for the page: its own state, `running` before it says so, or `interrupted`."""
    running = shown.job in at_work
    if jobs.is_interrupted(shown, running=running):
        return "interrupted"
    if running and shown.body.plan is not None:
        return JobState.RUNNING.value
    return shown.progress.state.value


def _report(shown: JobView) -> str:
    if shown.body.plan is None:
        return ""
    progress = shown.progress
    return shown.body.plan.report.with_result(new=progress.entries, known=progress.known).text()


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
