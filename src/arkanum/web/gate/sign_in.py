# SPDX-License-Identifier: MPL-2.0
"""Sign in, sign out, seal. Unknown name, wrong pass phrase and unknown device get one and the same answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action, connect
from arkanum.guard.errors import GuardAway, GuardError, PracticeSealed, SignInRefused, Throttled
from arkanum.web import cookies
from arkanum.web.doors import Visitor, door, public
from arkanum.web.gate.entry import ENTRY_FIELDS, NO_DEVICE, entered, shown
from arkanum.web.hearing import hears
from arkanum.web.shown import show


@public
@hears("GET", "POST", form=ENTRY_FIELDS, says=(200, 204, 302, 422, 429, 503))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session with this browser's device secret, a login name and a pass phrase."""
    try:
        return _sign_in(request)
    except GuardAway:
        # Nothing half: a session lives in the guard alone, and a guard that ended has none.
        text = _("Der Wächter startet neu, bitte noch einmal anmelden.")
        return _form(request, sealed=True, refused=text, status=503)


def _sign_in(request: HttpRequest) -> HttpResponse:
    client = connect()
    state = client.state()
    if not state.founded:
        return redirect("first-start")
    if request.method != "POST":
        return _form(request, sealed=state.sealed)
    secret = cookies.device_of(request)
    login, passphrase = request.POST.get("login", "").strip(), request.POST.get("passphrase", "")
    try:
        signed_in = client.sign_in(
            device_secret=secret or NO_DEVICE,
            login=login,
            passphrase=passphrase,
            channel=cookies.channel_of(request),
            leaves=cookies.token_of(request) or b"",
            certificate=cookies.certificate_of(request),
        )
    except SignInRefused:
        return _form(request, sealed=state.sealed, refused=_("Name, Passphrase oder Gerät stimmen nicht."))
    except PracticeSealed:
        return redirect("sealed")
    except Throttled as throttled:
        text = _("Zu viele Versuche. Bitte %(seconds)s Sekunden warten.") % {"seconds": throttled.seconds}
        return _form(request, sealed=state.sealed, refused=text, status=429)
    response = entered(request, signed_in)
    if secret:
        cookies.keep_device(response, secret)
    return response


@public
@hears("POST", says=(302,))
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; nothing is asked and nothing can go wrong for the person leaving."""
    token = cookies.token_of(request)
    response = redirect("sign-in")
    if token is not None:
        try:
            connect().sign_out(token)
        except GuardError:
            response = redirect("sealed")
    cookies.forget_everything(response)
    return response


@door(Action.READ_CHART, unready=True)
@hears("GET", "POST", says=(302,))
def seal(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Seal the practice now; only who may open charts may close them for everybody."""
    if request.method != "POST":
        return redirect("start")
    visitor.client.seal(visitor.token)
    response = redirect("sealed")
    cookies.forget_everything(response)
    return response


@public
@hears("GET")
def sealed(request: HttpRequest) -> HttpResponse:
    """Say that the practice is sealed, and how it is opened."""
    return show(request, "gate/sealed.html", {"sealed": True})


def _form(request: HttpRequest, *, sealed: bool, refused: str = "", status: int = 0) -> HttpResponse:
    locked = request.POST.get("page", "") != ""
    return shown(request, "gate/sign_in.html", sealed=sealed, refused=refused, status=status, locked=locked)
