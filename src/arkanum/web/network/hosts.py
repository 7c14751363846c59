# SPDX-License-Identifier: MPL-2.0
"""Under which names pages answer: on the network those of the door, on loopback those of loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from arkanum.web.network.status import DoorStatus, host_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class HostGate:
    """A WSGI application that hears a connection only under the names that belong to it.

    Django knows one list for all connections. With it alone, somebody on the network could give the practice's name
    to a page of their own and then rebind it to loopback in the browser on the server's own machine.
    """

    def __init__(self, application: Application) -> None:
        """Stand before this application; names of the network are none yet."""
        self._application = application
        self._on_loopback = frozenset(settings.ALLOWED_HOSTS)
        self._on_network: frozenset[str] = frozenset()

    def answer_as(self, status: DoorStatus) -> None:
        """Answer on the network under these names from now on."""
        places = [*status.names, *([host_of(status.address)] if status.address else [])]
        self._on_network = frozenset(places)
        settings.ALLOWED_HOSTS = sorted(self._on_loopback | self._on_network)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on, or refuse without a word."""
        known = self._on_network if environ["wsgi.url_scheme"] == "https" else self._on_loopback
        if _bare(environ.get("HTTP_HOST", "")) not in known:
            start_response("400 Bad Request", [("Content-Length", "0"), ("Connection", "close")])
            return []
        return self._application(environ, start_response)


def _bare(host: str) -> str:
    """Return a host without its port, in one spelling."""
    name, bracket, port = host.lower().rpartition("]")
    if bracket:
        return name + bracket
    return port.partition(":")[0].rstrip(".")
