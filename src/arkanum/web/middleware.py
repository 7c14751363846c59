# SPDX-License-Identifier: MPL-2.0
"""What every answer carries, which questions are not heard at all, and what happens when something fails."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from arkanum.web import failures
from arkanum.web.doors import mark_of

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
)
"""Only our own files, no inline code, and a string becomes markup in one place alone (frontend/js/trust.js)."""

HEADERS = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    # Not `no-referrer`: browsers would then send `Origin: null` with our own forms. To other sites this says as little.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "camera",
            "clipboard-read",
            "display-capture",
            "geolocation",
            "gyroscope",
            "hid",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "X-DNS-Prefetch-Control": "off",
}
"""Sent with every answer; an asset alone may say otherwise about caching."""

_OURS = {"same-origin", "none"}
_SAFE = {"GET", "HEAD"}


def headers(get_response: Answer) -> Answer:
    """Put the security headers on every answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure():
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        return response

    return middleware


def length(get_response: Answer) -> Answer:
    """Hear no question whose body has no plain length: everything behind this reads it as a number."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        told = str(request.META.get("CONTENT_LENGTH") or "0")
        if not (told.isascii() and told.isdecimal()):
            return failures.bad_request(request, BadRequest())
        return get_response(request)

    return middleware


class FetchOrigin:
    """Hear no question that another page asked (Fetch Metadata).

    Another program on the same machine is the same *site* for a browser and would be sent our cookies; so only our
    own origin counts. A link from elsewhere may lead to a public page.
    """

    def __init__(self, get_response: Answer) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision needs to know the page."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Refuse what comes from elsewhere, unless it merely opens a public page."""
        del args, kwargs
        if request.headers.get("Sec-Fetch-Site", "none") in _OURS:
            return None
        mark = mark_of(view)
        opens = request.method in _SAFE and request.headers.get("Sec-Fetch-Mode") == "navigate"
        if opens and mark is not None and mark.action is None:
            return None
        return failures.forged(request)


class Failures:
    """Turn whatever is raised into a page without content, and remember it by an id alone."""

    def __init__(self, get_response: Answer) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for an error that a page raised."""
        return failures.answer(request, error)
