# SPDX-License-Identifier: MPL-2.0
"""A new pass phrase while it is typed: would it be refused, and six words instead."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from arkanum.core.passphrases import suggest
from arkanum.guard import connect
from arkanum.guard.errors import GuardError
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE, TEXT, hears
from arkanum.web.shown import show

SUGGESTED_WORDS = 6
_CONTEXT = ("practice_name", "name", "login", "device_name")
NEW = dict.fromkeys(("passphrase", "repeat"), LONGEST_PASSPHRASE)
"""Fields of a pass phrase that is chosen."""


@public
@hears("POST", form=dict.fromkeys(_CONTEXT, LONGEST_NAME) | dict.fromkeys(("passphrase", "new"), LONGEST_PASSPHRASE))
def judge(request: HttpRequest) -> HttpResponse:
    """Show why a pass phrase would be refused."""
    passphrase = request.POST.get("passphrase", "") or request.POST.get("new", "")
    context = tuple(filter(None, (request.POST.get(name, "") for name in _CONTEXT)))
    try:
        reasons = connect().judge_passphrase(passphrase, context, token=cookies.token_of(request) or b"")
    except GuardError:
        reasons = (_("Die Passphrase kann gerade nicht geprüft werden."),)
    return show(request, "gate/judgement.html", {"reasons": reasons})


@public
@hears("POST", media=(TEXT,))
def propose(request: HttpRequest) -> HttpResponse:
    """Show six other words."""
    del request
    return HttpResponse(words(), content_type="text/plain; charset=utf-8")


def words() -> str:
    """Return six random words of the German list."""
    return suggest(SUGGESTED_WORDS)


def mistyped(request: HttpRequest) -> str:
    """Return what is wrong when the two typed pass phrases differ, else nothing."""
    same = request.POST.get("passphrase", "") == request.POST.get("repeat", "")
    return "" if same else _("Die beiden Eingaben sind nicht gleich.")
