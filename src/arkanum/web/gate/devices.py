# SPDX-License-Identifier: MPL-2.0
"""Become a device of the practice: with a short code that a signed-in person types, or with a device link.

On the network these are the only pages that a workplace without a certificate reaches, and only while somebody has
opened enrolment. What it waits with travels in a cookie of these pages, never in an address.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arkanum.guard import connect
from arkanum.guard.errors import EnrolmentClosed, GuardAway, PracticeSealed, Refused, Throttled, WrongCode
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE, hears
from arkanum.web.page import is_fragment
from arkanum.web.shown import show

NAME_CHARACTERS = 80


@public
@hears("GET", "POST", form={"device_name": LONGEST_NAME}, says=(200, 403, 429))
def become(request: HttpRequest) -> HttpResponse:
    """Ask for a name, then show the short code that lets this browser in."""
    name = request.POST.get("device_name", "").strip()[:NAME_CHARACTERS]
    if request.method != "POST" or not name:
        return _page(request, device_name=name)
    try:
        pairing = connect().begin_pairing(
            name, address=str(request.META.get("REMOTE_ADDR", "")), guest=cookies.is_guest(request)
        )
    except Throttled as throttled:
        text = _("Zu viele Anfragen. Bitte %(seconds)s Sekunden warten.") % {"seconds": throttled.seconds}
        return _page(request, device_name=name, refused=text, status=429)
    except EnrolmentClosed:
        return _page(request, device_name=name, refused=closed(), status=403)
    response = _page(request, code=pairing.code, seconds=pairing.seconds)
    cookies.keep_pairing(response, pairing.pairing)
    return response


@public
@hears("POST", says=(200, 204, 302, 422))
def wait(request: HttpRequest) -> HttpResponse:
    """Look whether the code was typed; then this browser is a device."""
    try:
        paired = connect().paired(cookies.pairing_of(request))
    except WrongCode:
        return _over(request, _("Der Code ist abgelaufen, oder die Aufnahme wurde beendet. Bitte neu beginnen."))
    except Refused:
        return _over(request, _("Die Aufnahme wurde am anderen Arbeitsplatz abgelehnt."))
    except (PracticeSealed, GuardAway):
        return _over(request, _("Die Praxis wurde versiegelt; damit ist auch die Aufnahme beendet."))
    if not paired.device_secret:
        text = _("Noch nicht freigegeben.")
        return HttpResponse(status=204) if is_fragment(request) else _page(request, refused=text)
    return _let_in(request, paired.device_secret)


@public
@hears("POST", form={"link": LONGEST_PASSPHRASE}, says=(302, 422))
def take_link(request: HttpRequest) -> HttpResponse:
    """Take this browser's device secret out of a device link, which is of no further use.

    Raises:
        PermissionDenied: it came over the network without a certificate; a link makes none.
    """
    if cookies.is_guest(request):
        raise PermissionDenied
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


def closed() -> str:
    """Return what a workplace is told while nobody has opened enrolment."""
    return _("Die Aufnahme ist nicht (mehr) geöffnet. Bitte am anderen Arbeitsplatz neu auf „Arbeitsplatz hinzufügen“.")


def _let_in(request: HttpRequest, secret: bytes) -> HttpResponse:
    """Keep the secret; a guest goes on to its certificate, the server's own machine to the sign-in."""
    then = "set-up" if cookies.is_guest(request) else "sign-in"
    response = HttpResponse(headers={"HX-Redirect": reverse(then)}) if is_fragment(request) else redirect(then)
    cookies.keep_device(response, secret)
    if then == "sign-in":
        cookies.forget_pairing(response)
    return response


def _over(request: HttpRequest, text: str) -> HttpResponse:
    if is_fragment(request):
        response = show(request, "gate/message.html", {"id": "pairing", "text": text}, status=422)
    else:
        response = _page(request, refused=text, status=422)
    cookies.forget_pairing(response)
    return response


def _page(request: HttpRequest, *, status: int = 200, **shown: object) -> HttpResponse:
    context = {
        "code": "",
        "seconds": 0,
        "device_name": "",
        "refused": "",
        "guest": cookies.is_guest(request),
        **shown,
    }
    return show(request, "gate/device.html", context, status=status)
