# SPDX-License-Identifier: MPL-2.0
"""Become a device of the practice: with a short code that a signed-in person types, or with a device link."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import connect
from arkanum.guard.errors import Throttled, WrongCode
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE, hears
from arkanum.web.page import is_fragment
from arkanum.web.shown import show

NAME_CHARACTERS = 80


@public
@hears("GET", "POST", form={"device_name": LONGEST_NAME}, says=(200, 429))
def become(request: HttpRequest) -> HttpResponse:
    """Ask for a name, then show the short code that lets this browser in."""
    name = request.POST.get("device_name", "").strip()[:NAME_CHARACTERS]
    if request.method != "POST" or not name:
        return _page(request, device_name=name)
    try:
        pairing = connect().begin_pairing(name)
    except Throttled as throttled:
        text = _("Zu viele Anfragen. Bitte %(seconds)s Sekunden warten.") % {"seconds": throttled.seconds}
        return _page(request, device_name=name, refused=text, status=429)
    ticket = urlsafe_b64encode(pairing.pairing).decode("ascii")
    return _page(request, code=pairing.code, pairing=ticket, minutes=max(1, pairing.seconds // 60))


@public
@hears("POST", form={"pairing": LONGEST_NAME}, says=(200, 204, 302, 422))
def wait(request: HttpRequest) -> HttpResponse:
    """Look whether the code was typed; then this browser is a device."""
    try:
        paired = connect().paired(_ticket(request))
    except WrongCode:
        return _expired(request)
    if not paired.device_secret:
        text = _("Noch nicht freigegeben.")
        return HttpResponse(status=204) if is_fragment(request) else _page(request, refused=text)
    response = HttpResponse(headers={"HX-Redirect": "/anmelden"}) if is_fragment(request) else redirect("sign-in")
    cookies.keep_device(response, paired.device_secret)
    return response


@public
@hears("POST", form={"link": LONGEST_PASSPHRASE}, says=(302, 422))
def take_link(request: HttpRequest) -> HttpResponse:
    """Take this browser's device secret out of a device link, which is of no further use."""
    try:
        secret = connect().redeem_link(request.POST.get("link", ""))
    except WrongCode:
        return _page(
            request,
            refused=_("Dieser Gerätelink gilt nicht mehr. Bitten Sie um einen neuen."),
            status=422,
        )
    response = redirect("sign-in")
    cookies.keep_device(response, secret)
    return response


def _ticket(request: HttpRequest) -> bytes:
    try:
        return urlsafe_b64decode(request.POST.get("pairing", ""))
    except (Base64Error, ValueError) as error:
        raise BadRequest from error


def _expired(request: HttpRequest) -> HttpResponse:
    text = _("Der Code ist abgelaufen oder wurde abgelehnt.")
    if is_fragment(request):
        return show(request, "gate/message.html", {"id": "pairing", "text": text}, status=422)
    return _page(request, refused=text, status=422)


def _page(request: HttpRequest, *, status: int = 200, **shown: object) -> HttpResponse:
    context = {"code": "", "pairing": "", "minutes": 0, "device_name": "", "refused": "", "waiting": "", **shown}
    return show(request, "gate/device.html", context, status=status)
