# SPDX-License-Identifier: MPL-2.0
"""Going on after the brake, and agreeing that a colleague goes on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import NotFound, SignInRefused
from arkanum.web import proof
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import LONGEST_PASSPHRASE, hears
from arkanum.web.page import is_fragment, page

LONGEST_PATH = 2_000


@door(Action.OWN_ACCOUNT)
@hears("GET", "POST", form={"next": LONGEST_PATH}, says=(200, 302))
def go_on(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Go on where the brake stopped the person; the door has judged the pass phrase before this is reached."""
    del visitor
    if request.method != "POST":
        return redirect("start")
    if is_fragment(request):
        return HttpResponse(headers={"HX-Trigger": "arkanum-go-on"})
    return redirect(proof.way_on(request))


@door(Action.READ_CHART)
@hears("GET")
def agreements(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show which colleagues wait for somebody to agree."""
    return _page(request, visitor)


@door(Action.READ_CHART)
@hears("GET", "POST", form={"passphrase": LONGEST_PASSPHRASE}, says=(200, 302, 422))
def agree(request: HttpRequest, visitor: Visitor, wish: UUID) -> HttpResponse:
    """Agree with one's own pass phrase that a colleague goes on."""
    if request.method != "POST":
        return redirect("agreements")
    try:
        visitor.client.agree(visitor.token, wish, passphrase=request.POST.get("passphrase", ""))
    except SignInRefused:
        return _page(request, visitor, about=wish, wrong=_("Die Passphrase stimmt nicht."))
    except NotFound:
        return _page(request, visitor, about=wish, wrong=_("Diese Anfrage gibt es nicht mehr."))
    return _page(request, visitor, said=_("Sie haben zugestimmt. Ihre Kollegin oder Ihr Kollege kann weiterarbeiten."))


def _page(
    request: HttpRequest, visitor: Visitor, *, about: UUID | None = None, wrong: str = "", said: str = ""
) -> HttpResponse:
    wishes = visitor.client.wishes(visitor.token).wishes
    shown = {"wishes": wishes, "about": about, "wrong": wrong, "said": said}
    return page(request, visitor, "brake/agreements.html", status=422 if wrong else 200, **shown)
