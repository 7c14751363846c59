# SPDX-License-Identifier: MPL-2.0
"""The four cookies, and who gets to see each of them.

`__Host-arkanum` is the session's token. `__Secure-arkanum-device` is this browser's device secret: it travels to the
sign-in path alone, so that a stolen session never shows it. `__Host-arkanum-recent` names the last charts by their
ids, for the start page, and goes with the session. `__Secure-arkanum-pairing` is what a new workplace fetches its
certificate with, on the enrolment pages alone and for its few minutes. None is readable by a script, none crosses to
another site.
Chromium accepts Secure cookies and both prefixes on http://127.0.0.1 and http://localhost too.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

SESSION = "__Host-arkanum"
DEVICE = "__Secure-arkanum-device"
DEVICE_PATH = "/anmelden"
RECENT = "__Host-arkanum-recent"
PAIRING = "__Secure-arkanum-pairing"
PAIRING_PATH = "/geraet"
PAIRING_SECONDS = 20 * 60
"""Ten minutes to be let in, ten to fetch the certificate; the guard forgets by itself."""

CHANNEL = "arkanum.device"
GUEST = "arkanum.guest"
CERTIFICATE = "arkanum.certificate"
UNTIL = "arkanum.until"
"""Keys of the WSGI environment; names of headers begin with `HTTP_` there."""

DEVICE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep any cookie; each sign-in begins it anew."""

RECENT_CHARTS = 8
_ID_BYTES = 16


def token_of(request: HttpRequest) -> bytes | None:
    """Return the session's token with the channel it came on, or `None` without one."""
    token = _decode(request.COOKIES.get(SESSION))
    return None if token is None else token + channel_of(request)


def channel_of(request: HttpRequest) -> bytes:
    """Return the id of the device whose certificate opened this connection; nothing on loopback.

    The server puts it where no header of a request can (`cli.listener`).
    """
    channel = request.META.get(CHANNEL, b"")
    return channel if isinstance(channel, bytes) else b""


def certificate_of(request: HttpRequest) -> bytes:
    """Return the fingerprint of the certificate that opened this connection; nothing on loopback."""
    fingerprint = request.META.get(CERTIFICATE, b"")
    return fingerprint if isinstance(fingerprint, bytes) else b""


def certificate_until(request: HttpRequest) -> datetime | None:
    """Return when the certificate ends that opened this connection; nothing on loopback."""
    until = request.META.get(UNTIL)
    return until if isinstance(until, datetime) else None


def is_guest(request: HttpRequest) -> bool:
    """Tell whether this came over the network without a certificate; the server lets that happen while enrolling."""
    return bool(request.META.get(GUEST, False))


def device_of(request: HttpRequest) -> bytes | None:
    """Return this browser's device secret; sent to the sign-in path only."""
    return _decode(request.COOKIES.get(DEVICE))


def begin_session(response: HttpResponse, token: bytes) -> None:
    """Give the browser a session, and forget the charts of the one before."""
    continue_session(response, token)
    forget_recent(response)


def continue_session(response: HttpResponse, token: bytes) -> None:
    """Give the browser another token for the person whose page it shows."""
    response.set_cookie(SESSION, _encode(token), path="/", secure=True, httponly=True, samesite="Strict")


def end_session(response: HttpResponse) -> None:
    """Take the session away again."""
    response.set_cookie(SESSION, "", max_age=0, path="/", secure=True, httponly=True, samesite="Strict")
    forget_recent(response)


def forget_everything(response: HttpResponse) -> None:
    """End the session, and let the browser forget what it kept of the pages; the device stays a device."""
    end_session(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def keep_device(response: HttpResponse, secret: bytes) -> None:
    """Make this browser a device of the practice."""
    _keep(response, DEVICE, secret, seconds=DEVICE_SECONDS, path=DEVICE_PATH)


def keep_pairing(response: HttpResponse, handle: bytes) -> None:
    """Let this browser ask whether it was let in, and fetch its certificate."""
    _keep(response, PAIRING, handle, seconds=PAIRING_SECONDS, path=PAIRING_PATH)


def pairing_of(request: HttpRequest) -> bytes:
    """Return what this browser waits or fetches with; nothing without one."""
    return _decode(request.COOKIES.get(PAIRING)) or b""


def forget_pairing(response: HttpResponse) -> None:
    """Nothing waits here any more."""
    response.set_cookie(PAIRING, "", max_age=0, path=PAIRING_PATH, secure=True, httponly=True, samesite="Strict")


def recent_of(request: HttpRequest) -> tuple[UUID, ...]:
    """Return the charts opened last in this session, newest first."""
    raw = _decode(request.COOKIES.get(RECENT)) or b""
    parts = [raw[at : at + _ID_BYTES] for at in range(0, len(raw), _ID_BYTES)]
    return tuple(UUID(bytes=part) for part in parts[:RECENT_CHARTS] if len(part) == _ID_BYTES)


def remember(request: HttpRequest, response: HttpResponse, patient: UUID) -> None:
    """Put a chart on top of those opened last."""
    ids = [patient, *(other for other in recent_of(request) if other != patient)][:RECENT_CHARTS]
    _set_recent(response, ids)


def forget_recent(response: HttpResponse) -> None:
    """Forget which charts were open."""
    _set_recent(response, ())


def _set_recent(response: HttpResponse, ids: Iterable[UUID]) -> None:
    value = _encode(b"".join(one.bytes for one in ids))
    response.set_cookie(
        RECENT, value, path="/", secure=True, httponly=True, samesite="Strict", max_age=None if value else 0
    )


def _keep(response: HttpResponse, name: str, value: bytes, *, seconds: int, path: str) -> None:
    response.set_cookie(name, _encode(value), max_age=seconds, path=path, secure=True, httponly=True, samesite="Strict")


def _encode(value: bytes) -> str:
    return urlsafe_b64encode(value).decode("ascii").rstrip("=")


def _decode(text: str | None) -> bytes | None:
    if not text:
        return None
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        return None
