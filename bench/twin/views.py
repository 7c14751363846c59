# SPDX-License-Identifier: MPL-2.0
"""The twin's pages: a session in the database, plain rows, and the product's own templates."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from arkanum.charts.records import ChartView
from arkanum.core.ids import new_id
from arkanum.guard import Action, Client
from arkanum.guard import protocol as p
from arkanum.guard.directory import Card
from arkanum.guard.roles import Role, actions_of, rings_allowed
from arkanum.web import cookies
from arkanum.web.chart import writing
from arkanum.web.chart.shown import shown_of
from arkanum.web.chart.views import Below, chart_page, new_entry
from arkanum.web.doors import Visitor, public
from arkanum.web.hearing import hears
from arkanum.web.page import is_fragment, page
from arkanum.web.patients.hits import rows_of
from bench.twin import models, names
from bench.twin.contents import COLUMNS, birth_of, entry_row, line_of, patient_of

P = ParamSpec("P")
MOST_HITS = 50
NO_PRACTICE = UUID(int=0)


class NoGuard:
    """There is none."""

    def ask(self, question: p.Message) -> p.Answer:
        """Answer nothing."""
        raise NotImplementedError(type(question).__name__)


def signed_in(
    view: Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let a page be seen by those whose session stands in the database."""

    @wraps(view)
    def through(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        token = request.COOKIES.get(cookies.SESSION, "")
        found = models.Session.objects.select_related("person").filter(pk=token, expires__gt=timezone.now()).first()
        if found is None:
            return redirect("sign-in")
        return view(request, _visitor(found.person), *args, **kwargs)

    return public(through)


@signed_in
@hears("GET")
def start(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the frame with its search line."""
    return page(request, visitor, "patients/search.html", rows=[], asked="", cut=False)


@signed_in
@hears("POST", form={"text": 200})
def hits(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Answer one keystroke."""
    text = request.POST.get("text", "").strip()
    cards = ((_card(row), None) for row in (names.search(text, MOST_HITS) if text else ()))
    rows = rows_of(cards, timezone.localdate())
    return page(request, visitor, "patients/hits.html", rows=rows, asked=text, cut=False)


@signed_in
@hears("GET")
def chart(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show a chart."""
    response = _page(request, visitor, patient)
    cookies.remember(request, response, patient)
    return response


@signed_in
@hears("POST", form=writing.FIELDS, says=(200, 302))
def write(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Write one line into a chart."""
    today = timezone.localdate()
    content = writing.content_of(request.POST.get("line", "").strip(), today)
    row = entry_row(new_id(), patient, new_entry(content, today, visitor.who.person))
    row.save(force_insert=True)
    if not is_fragment(request):
        return redirect("chart", patient=patient)
    return _page(request, visitor, patient, template="chart/inner.html", fresh=row.id)


def _page(
    request: HttpRequest,
    visitor: Visitor,
    patient: UUID,
    *,
    template: str = "chart/chart.html",
    fresh: UUID | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    row = models.Patient.objects.get(pk=patient)
    entries = models.Entry.objects.filter(patient_id=patient).order_by("-happened", "-at", "-written")
    view = ChartView(tuple(line_of(entry) for entry in entries.values_list(*COLUMNS)), ())
    colleagues = dict(models.Person.objects.values_list("id", "name"))
    chart = shown_of(patient, patient_of(row), view, colleagues, today)
    return chart_page(request, visitor, chart, Below(fresh=fresh), template=template)


def _card(row: models.Patient) -> Card:
    name = patient_of(row)
    return Card(
        patient=row.id,
        number=row.number,
        last=row.last,
        first=row.first,
        title=row.title,
        prefix=row.prefix,
        suffix=row.suffix,
        birth=birth_of(row),
        sex=name.sex,
        town=name.addresses[0].town if name.addresses else "",
    )


def _visitor(person: models.Person) -> Visitor:
    role = Role(person.role)
    who = p.Who(
        person=person.id,
        practice=NO_PRACTICE,
        device=NO_PRACTICE,
        name=person.name,
        role=role,
        rings=rings_allowed(role),
        actions=_actions(role),
        practice_name="Praxis ohne Schlüssel",
        accepts_patients=True,
        must_change=False,
    )
    return Visitor(Client(NoGuard()), b"", who, Action.READ_CHART)


@cache
def _actions(role: Role) -> frozenset[Action]:
    return actions_of(role, rings_allowed(role))
