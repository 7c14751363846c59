# SPDX-License-Identifier: MPL-2.0
"""The way back in when everything else is lost: two of the three paper codes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import connect
from arkanum.guard.errors import PassphraseTooWeak, SignInRefused, WrongCode
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.gate import passphrases
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.shown import show

FIELDS = ("first", "second", "login", "device_name")


@public
@hears("GET", "POST", form=dict.fromkeys(FIELDS, LONGEST_NAME) | passphrases.NEW, says=(200, 302, 422))
def recover(request: HttpRequest) -> HttpResponse:
    """Open the practice for one person on this device."""
    if request.method != "POST":
        return _form(request)
    if mistyped := passphrases.mistyped(request):
        return _form(request, weak=mistyped)
    typed = _typed(request)
    try:
        signed_in = connect().recover_by_paper(
            first=typed["first"],
            second=typed["second"],
            login=typed["login"],
            passphrase=request.POST.get("passphrase", ""),
            device_name=typed["device_name"],
            channel=cookies.channel_of(request),
        )
    except PassphraseTooWeak as weak:
        return _form(request, weak=" ".join(weak.reasons))
    except (WrongCode, SignInRefused):
        return _form(request, refused=_("Codes oder Anmeldename stimmen nicht."))
    response = redirect("start")
    cookies.begin_session(response, signed_in.token)
    cookies.keep_device(response, signed_in.device_secret)
    return response


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in FIELDS}


def _form(request: HttpRequest, *, weak: str = "", refused: str = "") -> HttpResponse:
    # The codes do not come back: what stands in an answer may be kept by whoever hears or stores it.
    context = {"form": _typed(request), "weak": weak, "refused": refused, "words": passphrases.words()}
    return show(request, "gate/recover.html", context, status=422 if weak or refused else 200)
