# SPDX-License-Identifier: MPL-2.0
"""The devices of the practice: let one in with the code it shows, send a link, take one out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import WrongCode
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page

NAME_CHARACTERS = 80


@door(Action.MANAGE_DEVICES)
@hears("GET")
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show all devices."""
    return _page(request, visitor)


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"code": LONGEST_NAME}, says=(200, 302, 422))
def approve(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Let in the device that shows this code."""
    if request.method != "POST":
        return redirect("devices")
    try:
        visitor.client.approve_pairing(visitor.token, code=request.POST.get("code", ""))
    except WrongCode:
        return _page(request, visitor, problem=_("Diesen Code zeigt gerade kein Gerät. Er gilt nur wenige Minuten."))
    return _page(request, visitor, said=_("Das Gerät ist aufgenommen."))


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", form={"name": LONGEST_NAME}, says=(200, 302))
def invite(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make a device link, shown once; the secret stands behind the #, which no server sees."""
    name = request.POST.get("name", "").strip()[:NAME_CHARACTERS]
    if request.method != "POST" or not name:
        return redirect("devices")
    fragment = visitor.client.invite_device(visitor.token, name=name)
    return _page(request, visitor, link=f"{request.build_absolute_uri('/geraet')}#{fragment}", link_name=name)


@door(Action.MANAGE_DEVICES)
@hears("GET", "POST", says=(302,))
def remove(request: HttpRequest, visitor: Visitor, device: UUID) -> HttpResponse:
    """Take a device out: it opens nothing any more."""
    if request.method == "POST":
        visitor.client.remove_device(visitor.token, device)
    return redirect("devices")


def _page(
    request: HttpRequest, visitor: Visitor, *, problem: str = "", said: str = "", link: str = "", link_name: str = ""
) -> HttpResponse:
    devices = visitor.client.devices(visitor.token).devices
    shown = {"devices": devices, "problem": problem, "said": said, "link": link, "link_name": link_name}
    return page(request, visitor, "people/devices.html", status=422 if problem else 200, **shown)
