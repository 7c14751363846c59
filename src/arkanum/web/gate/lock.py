# SPDX-License-Identifier: MPL-2.0
"""The lock of the screen, and the change of person at a workplace.

All of it lies under the sign-in path, because only there the browser shows which device it is.
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.core.pins import MOST_DIGITS
from arkanum.guard import connect
from arkanum.guard.errors import GuardError, SignInRefused
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.gate import entry
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import is_fragment


@public
@hears("POST", form={"page": LONGEST_NAME}, says=(200, 302))
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen now; the page that asked blanks itself and shows the answer over it."""
    token = cookies.token_of(request)
    if token is not None:
        try:
            connect().rest(token)
        except GuardError:
            return HttpResponse(headers={"HX-Redirect": "/versiegelt"}) if is_fragment(request) else redirect("sealed")
    return entry.shown(request, "gate/locked.html", locked=True) if is_fragment(request) else redirect("locked")


@public
@hears("GET", says=(200, 302))
def locked(request: HttpRequest) -> HttpResponse:
    """Show the lock screen as a page of its own."""
    if connect().state().sealed:
        return redirect("sign-in")
    return entry.shown(request, "gate/locked.html", locked=True)


@public
@hears(
    "POST",
    form={"person": LONGEST_NAME, "pin": MOST_DIGITS, "page": LONGEST_NAME},
    says=(200, 204, 302, 422),
)
def change(request: HttpRequest) -> HttpResponse:
    """Let the person whose PIN this is go on; everybody else at this device rests."""
    try:
        person = UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise BadRequest from error
    client = connect()
    if client.state().sealed:
        return HttpResponse(headers={"HX-Redirect": "/anmelden"}) if is_fragment(request) else redirect("sign-in")
    try:
        signed_in = client.change_person(
            device_secret=cookies.device_of(request) or entry.NO_DEVICE,
            person=person,
            pin=request.POST.get("pin", ""),
            channel=cookies.channel_of(request),
        )
    except SignInRefused:
        text = _("Diese PIN stimmt nicht. Nach fünf falschen geht es nur mit der Passphrase weiter.")
        return entry.shown(request, "gate/locked.html", refused=text, locked=True)
    return entry.entered(request, signed_in)
