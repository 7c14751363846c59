# SPDX-License-Identifier: MPL-2.0
"""Come in with a passkey, and what both ends must know about it.

A passkey belongs to a name (WebAuthn calls it the RP id), never to an address of numbers: `localhost` on this machine,
the server's name on the practice's network.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from arkanum.guard import connect
from arkanum.guard import protocol as p
from arkanum.guard.errors import GuardAway, SignInRefused, WrongCode
from arkanum.web import cookies
from arkanum.web.doors import public
from arkanum.web.gate import entry
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.shown import show

LONGEST_SAID = 24 * 1024
"""Letters of what an authenticator says, in base64."""

SIGNED = ("credential", "client_data", "authenticator_data", "signature", "prf")


@public
@hears("POST")
def begin(request: HttpRequest) -> HttpResponse:
    """Give the authenticator something to sign."""
    host = name_of(request)
    challenge = connect().challenge(host=host, origin=origin_of(request))
    asked = {"challenge": encoded(challenge.challenge), "salt": encoded(challenge.salt), "host": host}
    return show(request, "gate/challenge.html", asked)


@public
@hears(
    "POST",
    form={**dict.fromkeys(SIGNED, LONGEST_SAID), "page": LONGEST_NAME},
    says=(200, 204, 302, 422, 503),
)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session with what the authenticator signed and computed."""
    said = {name: decoded(request, name) for name in SIGNED}
    question = p.SignInByPasskey(
        **said,
        device_secret=cookies.device_of(request) or b"",
        channel=cookies.channel_of(request),
        leaves=cookies.token_of(request) or b"",
    )
    try:
        return entry.entered(request, connect().sign_in_by_passkey(question))
    except SignInRefused:
        text = _("Dieser Passkey öffnet hier nichts.")
    except WrongCode:
        text = _("Das hat zu lange gedauert. Bitte noch einmal.")
    except GuardAway:
        text = _("Der Wächter startet neu, bitte noch einmal anmelden.")
        return entry.shown(request, "gate/sign_in.html", refused=text, status=503)
    return entry.shown(request, "gate/sign_in.html", refused=text)


def name_of(request: HttpRequest) -> str:
    """Return the name under which the page was opened.

    Raises:
        BadRequest: it was opened by an address of numbers, to which no passkey can belong.
    """
    host, _port = split_domain_port(request.get_host())
    if is_address(host):
        raise BadRequest
    return host


def is_address(host: str) -> bool:
    """Tell whether a host is an address of numbers."""
    with suppress(ValueError):
        ip_address(host.strip("[]"))
        return True
    return False


def name_instead_of(request: HttpRequest) -> str:
    """Return where a page that was opened by an address of numbers has a name; nothing where it was opened by one.

    On this machine that is `localhost`; on the network the browser is sent to the first name that this server knows.
    """
    host, _port = split_domain_port(request.get_host())
    if not is_address(host):
        return ""
    names = [name for name in settings.ALLOWED_HOSTS if not is_address(name)]
    name = "localhost" if ip_address(host.strip("[]")).is_loopback else next(iter(names[1:]), "localhost")
    return f"{request.scheme}://{name}:{request.get_port()}/"


def origin_of(request: HttpRequest) -> str:
    """Return the origin that the browser signs: scheme, name and port."""
    return f"{request.scheme}://{request.get_host()}"


def encoded(value: bytes) -> str:
    """Return bytes as scripts take them: base64 for addresses, without padding."""
    return urlsafe_b64encode(value).decode("ascii").rstrip("=")


def decoded(request: HttpRequest, name: str) -> bytes:
    """Return the bytes of a field.

    Raises:
        BadRequest: it is no base64.
    """
    text = request.POST.get(name, "")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError) as error:
        raise BadRequest from error
