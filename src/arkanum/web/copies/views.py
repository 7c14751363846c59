# SPDX-License-Identifier: MPL-2.0
"""The patient's copy (§ 630g BGB, Art. 15 GDPR): to print, or as data, each with a ticket that is good once."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from arkanum.charts import records
from arkanum.charts.copies import chart_as_data
from arkanum.guard import Action, Grant
from arkanum.guard.errors import TicketRefused
from arkanum.web.chart.shown import shown
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day
from arkanum.web.hearing import HTML, hears
from arkanum.web.page import page

JSON = "application/json"
LONGEST_TICKET = 64
PURPOSES = {"druck": "print", "daten": "data"}


@door(Action.COPY_CHART)
@hears("GET")
def offer(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Offer the copy in both forms."""
    return _offer(request, visitor, patient)


@door(Action.COPY_CHART)
@hears("GET", "POST", form={"ticket": LONGEST_TICKET}, says=(200, 302, 422), media=(HTML, JSON))
def hand_out(request: HttpRequest, visitor: Visitor, patient: UUID, form: str) -> HttpResponse:
    """Hand the copy out to whoever shows the ticket of the page before."""
    if request.method != "POST":
        return redirect("copy", patient=patient)
    purpose = PURPOSES.get(form)
    if purpose is None:
        raise Http404
    ticket = _decoded(request.POST.get("ticket", ""))
    try:
        grant = visitor.client.redeem(visitor.token, ticket, patient=patient, purpose=purpose)
    except TicketRefused:
        problem = _("Diese Kopie wurde schon abgeholt oder liegt länger als fünf Minuten bereit. Bitte noch einmal.")
        return _offer(request, visitor, patient, problem)
    return _printed(request, visitor, grant) if purpose == "print" else _data(grant)


def _offer(request: HttpRequest, visitor: Visitor, patient: UUID, problem: str = "") -> HttpResponse:
    tickets = {
        form: urlsafe_b64encode(visitor.client.ticket(visitor.token, patient, purpose=purpose)).decode()
        for form, purpose in PURPOSES.items()
    }
    context = {"patient": patient, "print_ticket": tickets["druck"], "data_ticket": tickets["daten"]}
    return page(request, visitor, "copies/offer.html", status=422 if problem else 200, problem=problem, **context)


def _printed(request: HttpRequest, visitor: Visitor, grant: Grant) -> HttpResponse:
    today = timezone.localdate()
    chart = shown(grant, today)
    older = sum(line.versions > 1 for line in records.read(grant).entries)
    return page(request, visitor, "copies/printed.html", chart=chart, made_on=day(today), older=older)


def _data(grant: Grant) -> HttpResponse:
    text = json.dumps(chart_as_data(grant), ensure_ascii=False, indent=1)
    # No name in the file's name: it lands in a list of downloads.
    headers = {"Content-Disposition": 'attachment; filename="kopie-der-akte.json"'}
    return HttpResponse(text, content_type=JSON, headers=headers)


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text)
    except (Base64Error, ValueError):
        return b""
