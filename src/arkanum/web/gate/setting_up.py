# SPDX-License-Identifier: MPL-2.0
"""What a workplace that was let in sees: its certificate to fetch, the password for it, and what to do with both."""

from __future__ import annotations

import hashlib
import plistlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from arkanum.guard import connect
from arkanum.guard.errors import GuardAway, PracticeSealed, WrongCode
from arkanum.guard.protocol import Handover
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.gate.systems import APPLE, AUTHORITY, BUNDLE, PROFILE, SYSTEMS, system_of
from arkanum.web.german import fingerprint
from arkanum.web.hearing import HTML, LONGEST_NAME, hears
from arkanum.web.shown import show

CRT, P12, ASPEN = "application/x-x509-ca-cert", "application/x-pkcs12", "application/x-apple-aspen-config"


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    kind: str
    content: Callable[[Handover], bytes]
    is_kept: bool = True


@public
@hears("GET", query={"system": LONGEST_NAME}, says=(200, 410))
def set_up(request: HttpRequest) -> HttpResponse:
    """Show password, files and steps; the system is guessed and can be chosen."""
    try:
        handover = _handover(request)
    except (WrongCode, PracticeSealed, GuardAway):
        return _over(request)
    chosen = request.GET.get("system", "")
    system = chosen if chosen in SYSTEMS else system_of(request.headers.get("User-Agent", ""))
    shown = {
        "handover": handover,
        "system": system,
        "systems": {key: name for key, (name, _steps) in SYSTEMS.items()},
        "steps": SYSTEMS[system][1],
        "address": request.build_absolute_uri("/"),
        "sha1": fingerprint(hashlib.sha1(handover.authority, usedforsecurity=False).digest()),
    }
    return show(request, "gate/set_up.html", shown)


@public
@hears("GET", says=(200, 404, 410), media=(HTML, CRT, P12, ASPEN))
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand out one of the files, as often as it is asked for within the minutes.

    Raises:
        Http404: there is no such file.
    """
    wanted = FILES.get(kind)
    if wanted is None:
        raise Http404
    try:
        handover = _handover(request)
    except (WrongCode, PracticeSealed, GuardAway):
        return _over(request)
    response = HttpResponse(wanted.content(handover), content_type=wanted.kind)
    if wanted.is_kept:
        response.headers["Content-Disposition"] = f'attachment; filename="{wanted.name}"'
    return response


def profile(handover: Handover) -> bytes:
    """Return a configuration profile for iPad, iPhone and Mac: the authority and the sealed certificate.

    The password is not in it; the device asks for it.
    """
    payloads = [
        _payload("com.apple.security.root", handover.practice, "arkanum.crt", handover.authority),
        _payload("com.apple.security.pkcs12", handover.name, "arkanum.p12", handover.bundle_for_apple),
    ]
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": "eu.arkanum.workplace",
            "PayloadUUID": str(uuid4()).upper(),
            "PayloadDisplayName": f"Arkanum · {handover.practice}",
            "PayloadOrganization": handover.practice,
            "PayloadDescription": _("Weist dieses Gerät als „%(name)s“ aus.") % {"name": handover.name},
            "PayloadContent": payloads,
        }
    )


FILES = {
    AUTHORITY: _File("praxis-ca.crt", CRT, lambda handover: handover.authority),
    BUNDLE: _File("arkanum.p12", P12, lambda handover: handover.bundle),
    APPLE: _File("arkanum.p12", P12, lambda handover: handover.bundle_for_apple),
    PROFILE: _File("arkanum.mobileconfig", ASPEN, profile, is_kept=False),
}
"""What may be fetched, by the name in its address. An iPad takes a profile only where it is not saved as a file."""


def _payload(kind: str, name: str, file_name: str, content: bytes) -> dict[str, object]:
    identifier = str(uuid4()).upper()
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"eu.arkanum.workplace.{identifier}",
        "PayloadUUID": identifier,
        "PayloadDisplayName": name,
        "PayloadCertificateFileName": file_name,
        "PayloadContent": content,
    }


def _handover(request: HttpRequest) -> Handover:
    return connect().handover(cookies.pairing_of(request))


def _over(request: HttpRequest) -> HttpResponse:
    shown = {
        "status": 410,
        "title": _("Die Aufnahme ist beendet."),
        "text": _(
            "Das Zertifikat lag nur wenige Minuten bereit. Fehlt es noch, am angemeldeten Arbeitsplatz neu auf "
            "„Arbeitsplatz hinzufügen“ klicken und diesen hier noch einmal aufnehmen."
        ),
        "incident": "",
    }
    return show(request, "gate/failure.html", shown, status=410)
