# SPDX-License-Identifier: MPL-2.0
"""One's own account: choose another pass phrase."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import PassphraseTooWeak, SignInRefused
from arkanum.web.doors import Visitor, door
from arkanum.web.gate import passphrases
from arkanum.web.hearing import LONGEST_PASSPHRASE, hears
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


def _form(request: HttpRequest, visitor: Visitor, *, weak: str = "", refused: str = "", said: str = "") -> HttpResponse:
    shown = {"weak": weak, "refused": refused, "words": passphrases.words()}
    if not visitor.who.must_change:
        shown["said"] = said
    template = "people/first_passphrase.html" if visitor.who.must_change else "people/account.html"
    return page(request, visitor, template, status=422 if weak or refused else 200, **shown)
