# SPDX-License-Identifier: MPL-2.0
"""Add a workplace: open enrolment, look at who asks, say yes or no. A code is never enough without having looked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import EnrolmentClosed, Refused, Throttled, WrongCode
from arkanum.guard.protocol import DoorSetting, Enrolment
from arkanum.web.doors import Visitor, door
from arkanum.web.german import fingerprint
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page
from arkanum.web.people import devices

JOB = "job"
SHORT_GROUPS = 5
"""Eighty bits of a fingerprint, in five groups: what two people compare aloud. All of it stands below."""


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", says=(200, 302, 422))
def enrolment(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Open enrolment, or show how it stands."""
    if request.method != "POST":
        return _page(request, visitor)
    try:
        visitor.client.open_enrolment(visitor.token)
    except Refused:
        text = _("Diese Praxis ist noch nicht im Netz erreichbar. Erst unter „Netz“ einschalten.")
        return devices.show(request, visitor, problem=text)
    return redirect("enrolment")


@door(Action.MANAGE_DEVICES)
@hears("GET")
def state(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Return who waits and for how long yet, as a part of the page."""
    return page(request, visitor, "people/waiting.html", enrolment=visitor.client.enrolment(visitor.token))


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", says=(302,))
def close(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Let nobody ask any more."""
    if request.method == "POST":
        visitor.client.close_enrolment(visitor.token)
    return redirect("devices")


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"code": LONGEST_NAME}, says=(200, 302, 422, 429))
def look(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show who shows this code, before anybody is let in."""
    code = request.POST.get("code", "").strip()
    if request.method != "POST" or not code:
        return redirect("devices")

    def asked() -> HttpResponse:
        asker = visitor.client.look_at_pairing(visitor.token, code=code)
        return page(request, visitor, "people/asker.html", asker=asker, code=code, job=asker.purpose == JOB)

    return _with_code(request, visitor, asked)


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"code": LONGEST_NAME}, says=(200, 302, 422, 429))
def approve(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Let in what shows this code."""
    code = request.POST.get("code", "")
    if request.method != "POST" or not code:
        return redirect("devices")

    def let_in() -> HttpResponse:
        visitor.client.approve_pairing(visitor.token, code=code)
        return _after(request, visitor, _("Aufgenommen. Am neuen Arbeitsplatz geht es jetzt von selbst weiter."))

    return _with_code(request, visitor, let_in)


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"code": LONGEST_NAME}, says=(200, 302, 422, 429))
def refuse(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say no to what shows this code."""
    code = request.POST.get("code", "")
    if request.method != "POST" or not code:
        return redirect("devices")

    def turned_away() -> HttpResponse:
        visitor.client.refuse_pairing(visitor.token, code=code)
        return _after(request, visitor, _("Abgelehnt. Dort steht jetzt, dass nichts aufgenommen wurde."))

    return _with_code(request, visitor, turned_away)


def _with_code(request: HttpRequest, visitor: Visitor, deed: Callable[[], HttpResponse]) -> HttpResponse:
    """Do something with a code, and say in German what was wrong with it."""
    try:
        return deed()
    except WrongCode:
        text = _("Diesen Code zeigt gerade kein Gerät. Bitte noch einmal ablesen und vergleichen.")
    except EnrolmentClosed:
        text = _("Die Aufnahme ist beendet: die Zeit ist um, oder es waren fünf falsche Codes. Bitte neu beginnen.")
    except Throttled as throttled:
        text = _("Zu viele falsche Codes. Bitte %(seconds)s Sekunden warten.") % {"seconds": throttled.seconds}
    return _after(request, visitor, "", problem=text)


def _after(request: HttpRequest, visitor: Visitor, said: str, *, problem: str = "") -> HttpResponse:
    """Go on where the person was: with enrolment while it is open, else with the list."""
    if visitor.client.enrolment(visitor.token).seconds:
        return _page(request, visitor, said=said, problem=problem)
    return devices.show(request, visitor, said=said, problem=problem)


def _page(request: HttpRequest, visitor: Visitor, *, said: str = "", problem: str = "") -> HttpResponse:
    now = visitor.client.enrolment(visitor.token)
    if not now.seconds:
        return devices.show(request, visitor, said=said, problem=problem)
    setting = visitor.client.door().setting
    shown = {
        "enrolment": now,
        "addresses": _addresses(setting),
        "said": said,
        "problem": problem,
        **_fingerprints(now),
    }
    return page(request, visitor, "people/enrolment.html", status=422 if problem else 200, **shown)


def _addresses(setting: DoorSetting) -> list[str]:
    """Return where a new workplace finds the enrolment page: by name first, by number for networks without names."""
    port = "" if setting.port == 443 else f":{setting.port}"  # noqa: PLR2004 - what https means
    number = f"[{setting.address}]" if ":" in setting.address else setting.address
    return [f"https://{host}{port}/geraet" for host in (*setting.names, number)]


def _fingerprints(now: Enrolment) -> dict[str, str]:
    whole = fingerprint(hashlib.sha256(now.authority).digest())
    return {
        "short": " ".join(whole.split()[:SHORT_GROUPS]),
        "sha256": whole,
        "sha1": fingerprint(hashlib.sha1(now.authority, usedforsecurity=False).digest()),
    }
