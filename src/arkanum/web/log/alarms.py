# SPDX-License-Identifier: MPL-2.0
"""Alarms: the strip above every page of those who may see them, the page, and saying what an alarm was."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import AlreadyThere, Refused
from arkanum.guard.protocol import AlarmLine
from arkanum.web.doors import Visitor, door
from arkanum.web.german import moment
from arkanum.web.hearing import hears
from arkanum.web.log.rows import cards_of, name_on
from arkanum.web.page import page

LONGEST_NOTE = 500
LONGEST_NUMBER = 15


@door(Action.READ_LOG, polled=True)
@hears("GET")
def strip(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show how many alarms are open; asked every fifteen seconds by the page itself."""
    return page(request, visitor, "log/strip.html", alarms=visitor.client.alarm_count(visitor.token))


@door(Action.READ_LOG)
@hears("GET")
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show all alarms, open ones first."""
    return _page(request, visitor)


@door(Action.READ_LOG)
@hears("POST", form={"no": LONGEST_NUMBER, "note": LONGEST_NOTE}, says=(302, 409, 422))
def acknowledge(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say what an alarm was."""
    number, note = request.POST.get("no", ""), request.POST.get("note", "").strip()
    if not (number.isascii() and number.isdecimal()):
        raise BadRequest
    if not note:
        return _page(request, visitor, said=_("Bitte schreiben Sie, was es war."), status=422)
    try:
        visitor.client.acknowledge_alarm(visitor.token, int(number), note)
    except AlreadyThere:
        return _page(request, visitor, said=_("Diesen Alarm hat gerade schon jemand quittiert."), status=409)
    except Refused:
        return _page(request, visitor, said=_("Diesen Alarm muss jemand anderes quittieren."), status=422)
    return redirect("alarms")


def _page(request: HttpRequest, visitor: Visitor, *, said: str = "", status: int = 200) -> HttpResponse:
    found = visitor.client.alarms(visitor.token)
    cards = cards_of(visitor, (alarm.patient for alarm in found.alarms))
    rows = [
        {**_row(alarm), "patient_name": name_on(cards.get(alarm.patient)) if alarm.patient else ""}
        for alarm in found.alarms
    ]
    return page(
        request,
        visitor,
        "log/alarms.html",
        status=status,
        waiting=[row for row in rows if not row["by"]],
        done=[row for row in rows if row["by"]],
        damage=found.reason,
        bad_line=found.bad_line,
        said=said,
    )


def _row(alarm: AlarmLine) -> dict[str, object]:
    return {
        "no": alarm.no,
        "at": moment(alarm.at),
        "sentence": alarm.sentence,
        "person": alarm.person_name,
        "device": alarm.device_name,
        "detail": alarm.detail if alarm.what == "break_glass" else "",
        "own": alarm.own,
        "by": alarm.acknowledged_by,
        "when": moment(alarm.acknowledged_at) if alarm.acknowledged_at else "",
        "note": alarm.note,
    }
