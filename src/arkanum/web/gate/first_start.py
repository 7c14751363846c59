# SPDX-License-Identifier: MPL-2.0
"""The first day: the practice, its first doctor, this browser, and the paper codes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from arkanum.guard import Action, connect
from arkanum.guard.errors import AlreadyThere, PassphraseTooWeak, SignInRefused, WrongCode
from arkanum.guard.protocol import Founded
from arkanum.web import cookies
from arkanum.web.doors import Visitor, door, public
from arkanum.web.gate import passphrases
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE, hears
from arkanum.web.page import is_fragment
from arkanum.web.shown import show

FIELDS = ("code", "practice_name", "name", "login", "device_name")


@public
@hears("GET", "POST", form=dict.fromkeys(FIELDS, LONGEST_NAME) | passphrases.NEW, says=(200, 302, 422))
def found(request: HttpRequest) -> HttpResponse:
    """Make the practice with the one-time code of the console, and show the paper codes once."""
    if connect().state().founded:
        return redirect("sign-in")
    if request.method != "POST":
        return _form(request)
    if mistyped := passphrases.mistyped(request):
        return _form(request, weak=mistyped)
    try:
        made = _found(request)
    except PassphraseTooWeak as weak:
        return _form(request, weak=" ".join(weak.reasons))
    except WrongCode:
        return _form(
            request, refused=_("Der Einmalcode stimmt nicht. Er steht auf der Konsole und gilt bis zum nächsten Start.")
        )
    except AlreadyThere:
        return redirect("sign-in")
    return _codes(request, made)


@door(Action.OWN_ACCOUNT, unready=True)
@hears("GET", "POST", form=dict.fromkeys(("first", "second"), LONGEST_NAME), says=(200, 422))
def paper(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take two paper codes typed back; only then are patients accepted."""
    if request.method != "POST":
        if visitor.who.accepts_patients:
            return _ready(request)
        return show(request, "gate/paper.html", {"sealed": False, "codes": (), "refused": ""})
    first, second = request.POST.get("first", ""), request.POST.get("second", "")
    try:
        visitor.client.confirm_paper(visitor.token, first=first, second=second)
    except WrongCode:
        return _mistyped(
            request, _("Diese beiden Codes passen nicht. Bitte vergleichen Sie sie Zeichen für Zeichen mit dem Papier.")
        )
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": request.path})
    return _ready(request)


@door(Action.MANAGE_STAFF, unready=True)
@hears("POST", form={"own": LONGEST_PASSPHRASE}, says=(200, 422))
def new_paper(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make three new paper codes and show them once; the old ones open nothing any more."""
    try:
        codes = visitor.client.new_paper(visitor.token, passphrase=request.POST.get("own", ""))
    except SignInRefused:
        return _mistyped(request, _("Die Passphrase stimmt nicht."))
    return show(request, "gate/paper.html", _shown(codes, visitor.who.practice_name))


def _found(request: HttpRequest) -> Founded:
    form = _typed(request)
    return connect().found_practice(
        code=form["code"],
        practice_name=form["practice_name"],
        name=form["name"],
        login=form["login"],
        passphrase=request.POST.get("passphrase", ""),
        device_name=form["device_name"],
    )


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in FIELDS}


def _form(request: HttpRequest, *, weak: str = "", refused: str = "") -> HttpResponse:
    form = _typed(request)
    form["device_name"] = form["device_name"] or _("Erster Arbeitsplatz")
    context = {"form": form, "weak": weak, "refused": refused, "words": passphrases.words()}
    return show(request, "gate/first_start.html", context, status=422 if weak or refused else 200)


def _codes(request: HttpRequest, made: Founded) -> HttpResponse:
    response = show(request, "gate/paper.html", _shown(made.paper_codes, made.who.practice_name))
    cookies.begin_session(response, made.token)
    cookies.keep_device(response, made.device_secret)
    return response


def _shown(codes: tuple[str, str, str], practice_name: str) -> dict[str, object]:
    return {
        "sealed": False,
        "codes": codes,
        "practice_name": practice_name,
        "today": timezone.localdate(),
        "refused": "",
    }


def _mistyped(request: HttpRequest, text: str) -> HttpResponse:
    if is_fragment(request):
        return show(request, "gate/message.html", {"id": "paper", "text": text}, status=422)
    return show(request, "gate/paper.html", {"sealed": False, "codes": (), "refused": text}, status=422)


def _ready(request: HttpRequest) -> HttpResponse:
    return show(request, "gate/ready.html", {"sealed": False})
