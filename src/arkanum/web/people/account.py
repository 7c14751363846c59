# SPDX-License-Identifier: MPL-2.0
"""One's own account: pass phrase, PIN, passkeys, street, where one is signed in, and the end of that."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import NotFound, PassphraseTooWeak, PinTooWeak, Refused, SignInRefused
from arkanum.web import cookies
from arkanum.web.doors import Visitor, door
from arkanum.web.gate import passphrases
from arkanum.web.gate.passkeys import name_instead_of
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE, hears
from arkanum.web.page import page


@door(Action.OWN_ACCOUNT, unready=True)
@hears("GET", "POST", form={"old": LONGEST_PASSPHRASE, **passphrases.NEW}, says=(200, 302, 422))
def passphrase(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Change the pass phrase; whoever was handed a first one must do it before anything else."""
    if request.method != "POST":
        return _form(request, visitor)
    if mistyped := passphrases.mistyped(request):
        return _form(request, visitor, weak=mistyped)
    old, new = request.POST.get("old", ""), request.POST.get("passphrase", "")
    try:
        visitor.client.change_passphrase(visitor.token, old=old, new=new)
    except PassphraseTooWeak as weak:
        return _form(request, visitor, weak=" ".join(weak.reasons))
    except SignInRefused:
        return _form(request, visitor, refused=_("Die bisherige Passphrase stimmt nicht."))
    return (
        redirect("start")
        if visitor.who.must_change
        else _form(request, visitor, said=_("Ihre Passphrase ist geändert."))
    )


@door(Action.OWN_ACCOUNT)
@hears(
    "GET",
    "POST",
    form={"new_pin": LONGEST_NAME, "pin_again": LONGEST_NAME, "pin_passphrase": LONGEST_PASSPHRASE},
    says=(200, 302, 422),
)
def pin(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Choose a PIN for the change of person."""
    if request.method != "POST":
        return redirect("account")
    typed = request.POST.get("new_pin", "")
    if typed != request.POST.get("pin_again", ""):
        return _form(request, visitor, pin_weak=_("Die beiden Eingaben sind nicht gleich."))
    try:
        visitor.client.set_pin(visitor.token, passphrase=request.POST.get("pin_passphrase", ""), pin=typed)
    except PinTooWeak as weak:
        return _form(request, visitor, pin_weak=" ".join(weak.reasons))
    except SignInRefused:
        return _form(request, visitor, pin_refused=_("Die Passphrase stimmt nicht."))
    return _form(request, visitor, said=_("Ihre PIN gilt ab jetzt, an jedem Arbeitsplatz, an dem Sie angemeldet sind."))


@door(Action.OWN_ACCOUNT)
@hears("GET", "POST", says=(200, 302))
def remove_pin(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Go without a PIN."""
    if request.method != "POST":
        return redirect("account")
    visitor.client.remove_pin(visitor.token)
    return _form(request, visitor, said=_("Sie haben keine PIN mehr."))


@door(Action.OWN_ACCOUNT)
@hears("GET", "POST", form={"street": LONGEST_NAME}, says=(200, 302, 422))
def street(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say where one lives, or no longer, so that accesses to neighbours stand out."""
    if request.method != "POST":
        return redirect("account")
    typed = request.POST.get("street", "").strip()
    try:
        visitor.client.set_own_street(visitor.token, typed)
    except Refused:
        wrong = _("Bitte Straße, Hausnummer und Postleitzahl, zum Beispiel: Ahornweg 12, 50667")
        return _form(request, visitor, street_wrong=wrong, street_typed=typed)
    gone = _("Ihre Straße steht nicht mehr in Arkanum.")
    return _form(request, visitor, said=_("Ihre Straße ist notiert.") if typed else gone)


@door(Action.OWN_ACCOUNT, unready=True)
@hears("GET", "POST", says=(302,))
def everywhere(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End every session of this person, at every device."""
    if request.method != "POST":
        return redirect("account")
    visitor.client.sign_out_everywhere(visitor.token)
    response = redirect("sign-in")
    cookies.end_session(response)
    return response


@door(Action.OWN_ACCOUNT)
@hears("GET", "POST", says=(302, 404))
def end_session(request: HttpRequest, visitor: Visitor, session: UUID) -> HttpResponse:
    """End one of this person's sessions, wherever it is."""
    if request.method != "POST":
        return redirect("account")
    try:
        visitor.client.end_own_session(visitor.token, session)
    except NotFound:
        response = _form(request, visitor, said=_("Diese Anmeldung war schon beendet."))
        response.status_code = 404
        return response
    return redirect("account")


@door(Action.OWN_ACCOUNT, unready=True)
@hears("POST", says=(204,))
def here(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Hear that the person at the screen is at work, while nothing else asks the server."""
    del request, visitor
    return HttpResponse(status=204)


def _form(request: HttpRequest, visitor: Visitor, *, said: str = "", **problems: str) -> HttpResponse:
    faults = {
        "weak": "",
        "refused": "",
        "pin_weak": "",
        "pin_refused": "",
        "street_wrong": "",
        "street_typed": "",
        **problems,
    }
    status = 422 if any(problems.values()) else 200
    if visitor.who.must_change:
        first = {"weak": faults["weak"], "refused": faults["refused"], "words": passphrases.words()}
        return page(request, visitor, "people/first_passphrase.html", status=status, **first)
    own = visitor.client.own_keys(visitor.token)
    by_name = name_instead_of(request)
    return page(
        request,
        visitor,
        "people/account.html",
        status=status,
        own=own,
        sessions=visitor.client.own_sessions(visitor.token),
        by_name=by_name,
        words=passphrases.words(),
        said=said,
        **faults,
    )
