# SPDX-License-Identifier: MPL-2.0
"""The practice's limits and planted patients: seen and changed by doctors, after their pass phrase."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from arkanum.charts import patients, records
from arkanum.core import (
    BirthDate,
    Entry,
    ImpossibleValue,
    Insurance,
    InsuranceKind,
    Name,
    Patient,
    Phone,
    Sex,
    parse_birth,
)
from arkanum.guard import Action
from arkanum.guard.brake import HIGHEST, LOWEST, Limits
from arkanum.web.brake.invented import Invented, invented, lines, phone
from arkanum.web.chart import writing
from arkanum.web.doors import Visitor, door, public
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page
from arkanum.web.patients.hits import rows_of
from arkanum.web.shown import show as shown

NUMBER = 6
BOUNDS = tuple((getattr(LOWEST, name), getattr(HIGHEST, name)) for name in ("ten_minutes", "hour", "day"))


@door(Action.SET_BRAKE)
@hears("GET")
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show limits and planted patients."""
    return _page(request, visitor)


@door(Action.SET_BRAKE)
@hears("GET", "POST", form={"ten_minutes": NUMBER, "hour": NUMBER, "day": NUMBER}, says=(200, 302))
def limits(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Set the limits; the guard keeps them within the hard bounds."""
    if request.method != "POST":
        return redirect("brake")
    wished = [_number(request, name) for name in ("ten_minutes", "hour", "day")]
    visitor.client.set_limits(visitor.token, (wished[0], wished[1], wished[2]))
    return _page(request, visitor, said=_("Die Grenzen gelten ab sofort."))


@door(Action.SET_BRAKE)
@hears("GET", "POST", form={"first": LONGEST_NAME, "last": LONGEST_NAME, "birth": LONGEST_NAME}, says=(200, 302, 422))
def plant(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Invent a patient and mark them as planted."""
    if request.method != "POST":
        return redirect("brake")
    typed = Invented(*(request.POST.get(name, "").strip() for name in ("first", "last", "birth")))
    try:
        birth = parse_birth(typed.birth, timezone.localdate())
    except ImpossibleValue as error:
        return _page(request, visitor, typed=typed, wrong=error.german)
    # Asked first: else the patient would be there and the mark would not.
    visitor.client.rules(visitor.token)
    patient = patients.new(visitor.client, visitor.token, _master_data(typed, birth))
    _write_a_few(visitor, patient)
    visitor.client.plant_canary(visitor.token, patient)
    return _page(request, visitor, said=_("Die Köder-Akte ist angelegt. Bitte nicht öffnen."))


@door(Action.SET_BRAKE)
@hears("GET", "POST", says=(200, 302))
def remove(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Make a planted patient an ordinary one again."""
    if request.method != "POST":
        return redirect("brake")
    visitor.client.remove_canary(visitor.token, patient)
    return _page(request, visitor, said=_("Diese Akte ist kein Köder mehr; sie kann jetzt geöffnet werden."))


@public
@hears("GET")
def met(request: HttpRequest) -> HttpResponse:
    """Say what happened to somebody who opened a planted patient in a part of a page."""
    return shown(request, "brake/canary.html", {})


def _page(
    request: HttpRequest, visitor: Visitor, *, said: str = "", wrong: str = "", typed: Invented | None = None
) -> HttpResponse:
    rules = visitor.client.rules(visitor.token)
    context = {
        "limits": Limits(*rules.limits),
        "bounds": BOUNDS,
        "canaries": rows_of(((card, None) for card in rules.canaries), timezone.localdate()),
        "form": typed or invented(timezone.localdate()),
    }
    status = 422 if wrong else 200
    return page(request, visitor, "brake/rules.html", status=status, said=said, wrong=wrong, **context)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() else 0


def _master_data(typed: Invented, birth: BirthDate) -> Patient:
    return Patient(
        number="",
        name=Name(first=typed.first, last=typed.last),
        birth=birth,
        sex=secrets.choice((Sex.M, Sex.W)),
        addresses=(),
        phones=(Phone(number=phone()),),
        emails=(),
        insurance=(Insurance(kind=InsuranceKind.STATUTORY, payer=secrets.choice(("AOK", "Barmer", "TK", "DAK"))),),
        by=UUID(int=0),
        written=datetime.now(UTC),
        origin=None,
    )


def _write_a_few(visitor: Visitor, patient: UUID) -> None:
    """Write some entries, so that the chart is as long as others are."""
    today = timezone.localdate()
    for line in lines():
        content = writing.content_of(line, today)
        happened: date = today - timedelta(days=secrets.randbelow(700))
        entry = Entry(content=content, happened=happened, by=visitor.who.person, written=datetime.now(UTC))
        grant = visitor.client.permit(visitor.token, Action.WRITE_CHART, patient=patient)
        records.write(visitor.client, grant, entry)
