# SPDX-License-Identifier: MPL-2.0
"""The devices of the practice: which there are, how long their certificates last, and how they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from arkanum.guard import Action
from arkanum.guard.protocol import DeviceLine
from arkanum.web import cookies
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page

NAME_CHARACTERS = 80
WARN_BEFORE = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Row:
    """A device as the list shows it."""

    device: UUID
    name: str
    added: date
    own: bool
    until: date | None
    state: str
    """`good`, `soon` (within eight weeks), `over`, or nothing for a device without certificate."""


@door(Action.MANAGE_DEVICES)
@hears("GET")
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show all devices."""
    return show(request, visitor)


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"name": LONGEST_NAME}, says=(200, 302))
def invite(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make a device link, shown once; the secret stands behind the #, which no server sees."""
    name = request.POST.get("name", "").strip()[:NAME_CHARACTERS]
    if request.method != "POST" or not name:
        return redirect("devices")
    fragment = visitor.client.invite_device(visitor.token, name=name)
    return show(request, visitor, link=f"{request.build_absolute_uri('/geraet')}#{fragment}", link_name=name)


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"name": LONGEST_NAME}, says=(302,))
def rename(request: HttpRequest, visitor: Visitor, device: UUID) -> HttpResponse:
    """Call a device something else."""
    name = request.POST.get("name", "").strip()[:NAME_CHARACTERS]
    if request.method == "POST" and name:
        visitor.client.rename_device(visitor.token, device, name=name)
    return redirect("devices")


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", says=(302,))
def remove(request: HttpRequest, visitor: Visitor, device: UUID) -> HttpResponse:
    """Take a device out: it opens nothing any more."""
    if request.method == "POST":
        visitor.client.remove_device(visitor.token, device)
    return redirect("devices")


@door(Action.OWN_ACCOUNT, unready=True)
@hears("GET", "POST", says=(302,))
def renew(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make a fresh certificate for the workplace at which the person sits, and lead to where it is fetched."""
    if request.method != "POST":
        return redirect("devices")
    response = redirect("set-up")
    cookies.keep_pairing(response, visitor.client.renew_device(visitor.token))
    return response


def show(
    request: HttpRequest, visitor: Visitor, *, problem: str = "", said: str = "", link: str = "", link_name: str = ""
) -> HttpResponse:
    """Show the list, with what was just done or was wrong."""
    lines = visitor.client.devices(visitor.token).devices
    shown = {
        "devices": [_row(line, timezone.localdate()) for line in lines],
        "problem": problem,
        "said": said,
        "link": link,
        "link_name": link_name,
        "on_network": bool(cookies.channel_of(request)),
    }
    return page(request, visitor, "people/devices.html", status=422 if problem else 200, **shown)


def _row(line: DeviceLine, today: date) -> Row:
    state = ""
    if line.until is not None:
        state = "over" if line.until < today else "soon" if line.until - today <= WARN_BEFORE else "good"
    return Row(line.device, line.name, line.added, line.own, line.until, state)
