# SPDX-License-Identifier: MPL-2.0
"""One's own passkeys: add, rename, remove."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action
from arkanum.guard.errors import AlreadyThere, SignInRefused, Throttled, WrongCode
from arkanum.web.doors import Visitor, door
from arkanum.web.gate.passkeys import LONGEST_SAID, decoded, encoded, name_of, origin_of
from arkanum.web.hearing import LONGEST_NAME, LONGEST_PASSPHRASE, hears
from arkanum.web.page import page


@door(Action.OWN_ACCOUNT)
@hears("POST", form={"passkey_passphrase": LONGEST_PASSPHRASE}, says=(200, 422, 429))
def begin(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask for the pass phrase, and say what the authenticator is to make."""
    host, typed = name_of(request), request.POST.get("passkey_passphrase", "")
    try:
        made = visitor.client.begin_passkey(visitor.token, passphrase=typed, host=host, origin=origin_of(request))
    except SignInRefused:
        return _answer(request, visitor, _("Die Passphrase stimmt nicht."))
    except AlreadyThere:
        return _answer(request, visitor, _("Mehr als zehn Passkeys gehen nicht."))
    except Throttled as throttled:
        text = _("Zu viele Versuche. Bitte %(seconds)s Sekunden warten.") % {"seconds": throttled.seconds}
        return _answer(request, visitor, text, status=429)
    return _answer(
        request,
        visitor,
        "",
        challenge=encoded(made.challenge),
        salt=encoded(made.salt),
        host=host,
        user=encoded(made.user),
        login=made.login,
        name=made.name,
        known=" ".join(map(encoded, made.known)),
    )


@door(Action.OWN_ACCOUNT)
@hears(
    "POST",
    form={"name": LONGEST_NAME, **dict.fromkeys(("client_data", "attestation", "prf"), LONGEST_SAID)},
    says=(200, 422),
)
def add(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Keep what the authenticator made."""
    try:
        visitor.client.add_passkey(
            visitor.token,
            name=request.POST.get("name", ""),
            client_data=decoded(request, "client_data"),
            attestation=decoded(request, "attestation"),
            prf=decoded(request, "prf"),
        )
    except SignInRefused:
        return _answer(request, visitor, _("Dieses Gerät hat keinen brauchbaren Passkey gemacht."))
    except WrongCode:
        return _answer(request, visitor, _("Das hat zu lange gedauert. Bitte noch einmal."))
    except AlreadyThere:
        return _answer(request, visitor, _("Diesen Passkey gibt es schon."))
    return _answer(request, visitor, "")


@door(Action.OWN_ACCOUNT)
@hears("POST", form={"name": LONGEST_NAME}, says=(302,))
def rename(request: HttpRequest, visitor: Visitor, passkey: UUID) -> HttpResponse:
    """Call a passkey something else."""
    visitor.client.rename_passkey(visitor.token, passkey, name=request.POST.get("name", ""))
    return redirect("account")


@door(Action.OWN_ACCOUNT)
@hears("POST", says=(302,))
def remove(request: HttpRequest, visitor: Visitor, passkey: UUID) -> HttpResponse:
    """Take a passkey away: it opens nothing any more."""
    del request
    visitor.client.remove_passkey(visitor.token, passkey)
    return redirect("account")


@door(Action.MANAGE_STAFF)
@hears("POST", says=(302,))
def remove_of(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponse:
    """Take all passkeys of a colleague away who has lost them."""
    del request
    visitor.client.remove_passkeys_of(visitor.token, person)
    return redirect("staff")


def _answer(request: HttpRequest, visitor: Visitor, problem: str, *, status: int = 0, **asked: str) -> HttpResponse:
    empty = dict.fromkeys(("challenge", "salt", "host", "user", "login", "name", "known"), "")
    shown = {**empty, **asked, "problem": problem}
    return page(request, visitor, "people/passkey.html", status=status or (422 if problem else 200), **shown)
