# SPDX-License-Identifier: MPL-2.0
"""The chart's pages: show it, and write a line into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from arkanum.charts import records
from arkanum.core import Content, Entry, Hint, Sex, ShorthandError
from arkanum.guard import Action, Grant
from arkanum.web import cookies
from arkanum.web.chart import writing
from arkanum.web.chart.emergency import open_until
from arkanum.web.chart.shown import Shown, shown
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import DAY, hears
from arkanum.web.page import is_fragment, page


@dataclass(frozen=True, slots=True)
class Below:
    """What stands in and below the command line: a line that was not understood, or an entry just written."""

    line: str = ""
    problem: str = ""
    fresh: UUID | None = None
    hints: tuple[Hint, ...] = ()


@door(Action.READ_CHART)
@hears("GET")
def show(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show the chart the person at the screen was granted."""
    grant = visitor.permit(patient)
    response = _page(request, visitor, grant)
    cookies.remember(request, response, patient)
    return response


@door(Action.WRITE_CHART)
@hears("POST", form=writing.FIELDS)
def weigh(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say what a line means while it is typed, and offer codes; nothing is written and no patient is involved."""
    line = request.POST.get("line", "")[: writing.LONGEST_LINE]
    meaning = writing.meaning_of(line, timezone.localdate(), _about(request))
    return page(request, visitor, "chart/meaning.html", meaning=meaning)


@door(Action.WRITE_CHART)
@hears("GET", "POST", form={**writing.FIELDS, "happened": DAY}, says=(200, 302, 422))
def write(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Write one line into the chart, and show the chart with it."""
    if request.method != "POST":
        return redirect("chart", patient=patient)
    line = request.POST.get("line", "").strip()
    try:
        content = writing.content_of(line, timezone.localdate())
    except ShorthandError as error:
        return _mistake(request, visitor, patient, line, error.german if line else writing.missing())
    grant = visitor.permit(patient)
    entry = new_entry(content, _happened(request), visitor.who.person)
    written = records.write(visitor.client, grant, entry)
    if not is_fragment(request):
        return redirect("chart", patient=patient)
    hints = writing.hints_on(content, _about(request))
    return _page(request, visitor, grant, Below(fresh=written.record, hints=hints), template="chart/inner.html")


def new_entry(content: Content, happened: date, by: UUID) -> Entry:
    """Return the entry that says a content today; who and when the room sets anew."""
    return Entry(content=content, happened=happened, by=by, written=datetime.now(UTC))


def _page(
    request: HttpRequest,
    visitor: Visitor,
    grant: Grant,
    below: Below | None = None,
    *,
    template: str = "chart/chart.html",
) -> HttpResponse:
    chart = shown(grant, timezone.localdate())
    return chart_page(request, visitor, chart, below or Below(), template=template)


def chart_page(
    request: HttpRequest,
    visitor: Visitor,
    chart: Shown,
    below: Below,
    *,
    template: str = "chart/chart.html",
) -> HttpResponse:
    """Render a chart that was read already."""
    until = open_until(visitor, chart.patient)
    return page(request, visitor, template, chart=chart, today=timezone.localdate(), below=below, emergency=until)


def _mistake(request: HttpRequest, visitor: Visitor, patient: UUID, line: str, problem: str) -> HttpResponse:
    """Say what is wrong below the line; without script the whole chart comes again with what was typed."""
    if is_fragment(request):
        meaning = writing.Meaning(line, problem=problem)
        response = page(request, visitor, "chart/meaning.html", status=422, meaning=meaning)
        response.headers["HX-Retarget"] = "#codes"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return _page(request, visitor, visitor.permit(patient), Below(line=line, problem=problem))


def _about(request: HttpRequest) -> writing.About:
    """Return sex and age as the page itself sends them along; they serve hints and nothing else."""
    sex, age = request.POST.get("sex", ""), request.POST.get("age", "")
    known = Sex(sex) if sex in {Sex.M.value, Sex.W.value} else None
    return writing.About(known, int(age) if age.isascii() and age.isdecimal() else None)


def _happened(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("happened", ""))
    except ValueError:
        return timezone.localdate()
