# SPDX-License-Identifier: MPL-2.0
"""Break glass: a chart that is closed to somebody, opened in an emergency, knowingly and with a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import NobodyHolds, ReasonMissing
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page
from arkanum.web.patients.hits import rows_of


@door(Action.BREAK_GLASS)
@hears("GET", "POST", form={"reason": LONGEST_NAME}, says=(200, 302, 409, 422))
def break_glass(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Say what it means, take a reason, and open this one chart for half an hour."""
    if patient in visitor.who.emergencies:
        return redirect("chart", patient=patient)
    if request.method != "POST":
        return _form(request, visitor, patient)
    try:
        visitor.client.break_glass(visitor.token, patient, reason=request.POST.get("reason", ""))
    except ReasonMissing:
        return _form(request, visitor, patient, missing=_("Bitte schreiben Sie in ein paar Worten, was geschehen ist."))
    except NobodyHolds:
        return _form(request, visitor, patient, status=409, nobody=True)
    return redirect("chart", patient=patient)


def open_until(visitor: Visitor, patient: UUID) -> str:
    """Return until when a chart is open because of an emergency, `14:35`; empty when it is not."""
    until = visitor.who.emergencies.get(patient)
    return f"{timezone.localtime(until):%H:%M}" if until else ""


def _form(
    request: HttpRequest, visitor: Visitor, patient: UUID, *, missing: str = "", nobody: bool = False, status: int = 0
) -> HttpResponse:
    cards = visitor.client.cards(visitor.token, [patient])
    subject = next(iter(rows_of(((card, None) for card in cards), timezone.localdate())), None)
    shown = {
        "patient": patient,
        "subject": subject,
        "reason": request.POST.get("reason", ""),
        "missing": missing,
        "nobody": nobody,
    }
    return page(request, visitor, "chart/emergency.html", status=status or (422 if missing else 200), **shown)
