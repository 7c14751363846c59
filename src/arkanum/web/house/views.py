# SPDX-License-Identifier: MPL-2.0
"""The start page, the assets, and the sign of life."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from arkanum.guard import Action
from arkanum.web import assets, cookies
from arkanum.web.doors import Visitor, door, public
from arkanum.web.hearing import TEXT, hears
from arkanum.web.network.warnings import warnings_for
from arkanum.web.page import page
from arkanum.web.patients.hits import rows_of


@door(Action.OWN_ACCOUNT)
@hears("GET", says=(200, 302))
def start(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the search line and the charts opened last; whoever finds no patients has the log or the team to look at."""
    if not visitor.may(Action.FIND_PATIENT):
        return redirect("log" if visitor.may(Action.READ_LOG) else "staff")
    ids = cookies.recent_of(request)
    cards = visitor.client.cards(visitor.token, ids) if ids else ()
    recent = rows_of(((card, None) for card in cards), timezone.localdate())
    return page(request, visitor, "start.html", recent=recent, warnings=warnings_for(request, visitor))


@public
@hears("GET", says=(200, 404), media=tuple(assets.CONTENT_TYPES.values()))
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out one of the built files; names come from the build's list, never from the folder."""
    del request
    try:
        content_type, content = assets.contents()[name]
    except KeyError as error:
        raise Http404 from error
    return HttpResponse(
        content, content_type=content_type, headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


@public
@hears("GET", media=(TEXT,))
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers, and nothing more."""
    del request
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
