# SPDX-License-Identifier: MPL-2.0
"""A browser without a screen: Django's test client with the cookies that the pages set."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from django.http import HttpResponse
from django.test import Client

from arkanum.web import cookies

HTMX = {"HX-Request": "true"}


class Browser(Client):
    """Keeps what it is given; `csrf` tells whether forged forms are refused as in life."""

    def __init__(self, *, csrf: bool = False) -> None:
        super().__init__(enforce_csrf_checks=csrf, SERVER_NAME="127.0.0.1", raise_request_exception=False)

    def sit_down(self, token: bytes) -> Browser:
        """Take a session over."""
        self.cookies[cookies.SESSION] = cookies._encode(token)
        return self

    def own_device(self, secret: bytes) -> Browser:
        """Be a device of the practice."""
        self.cookies[cookies.DEVICE] = urlsafe_b64encode(secret).decode().rstrip("=")
        return self


def text(response: HttpResponse) -> str:
    """Return what a page says."""
    return response.content.decode()
