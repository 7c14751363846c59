# SPDX-License-Identifier: MPL-2.0
"""The way in, as the sign-in page and the lock screen show it: who rests here with a PIN, a passkey, a pass phrase."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from arkanum.guard import connect
from arkanum.guard.errors import GuardError
from arkanum.guard.protocol import RestingPerson, SignedIn
from arkanum.web import cookies
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE
from arkanum.web.page import is_fragment
from arkanum.web.shown import show

NO_DEVICE = b"\x00" * 32
"""Asked with when the browser has no device secret, so that refusing takes its usual time."""


ENTRY_FIELDS = {"login": LONGEST_NAME, "passphrase": LONGEST_PASSPHRASE, "page": LONGEST_NAME}
"""What a form with a pass phrase sends; `page` is the person whose page lies under the lock."""


def entered(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Answer whoever came in: the page of the same person goes on where it was, anybody else begins at the start."""
    same = request.POST.get("page", "") == str(signed_in.who.person)
    if is_fragment(request) and same:
        response = HttpResponse(
            status=204, headers={"HX-Trigger": f'{{"unlocked":{{"wrong":{signed_in.wrong_pins}}}}}'}
        )
        cookies.continue_session(response, signed_in.token)
        return response
    response = HttpResponse(headers={"HX-Redirect": "/"}) if is_fragment(request) else redirect("start")
    cookies.begin_session(response, signed_in.token)
    return response


def shown(request: HttpRequest, template: str, *, refused: str = "", status: int = 0, **more: object) -> HttpResponse:
    """Show a page with the ways in; a part of a page gets the ways in alone."""
    people = _resting(request)
    context = {
        "sealed": False,
        "locked": False,
        "refused": refused,
        "login": request.POST.get("login", "")[:200] or _only_way_back(people),
        "people": people,
        "chosen": request.POST.get("person", ""),
        "unknown_device": cookies.device_of(request) is None,
        **more,
    }
    name = "gate/entry.html" if is_fragment(request) else template
    return show(request, name, context, status=status or (422 if refused else 200))


def _resting(request: HttpRequest) -> tuple[RestingPerson, ...]:
    secret = cookies.device_of(request)
    if secret is None:
        return ()
    try:
        return connect().resting(device_secret=secret, channel=cookies.channel_of(request))
    except GuardError:
        return ()


def _only_way_back(people: tuple[RestingPerson, ...]) -> str:
    """Spare whoever was here last their own name, where nobody at this workplace has a PIN."""
    return people[0].login if people and not any(one.has_pin for one in people) else ""
