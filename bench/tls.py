# SPDX-License-Identifier: MPL-2.0
"""What TLS with a client's certificate costs: the same server, the same page, once through each of its two doors."""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from arkanum.cli.processes import free_port
from bench.browser import TIMEOUT_SECONDS, Browser, expect
from bench.measure import Effort, in_turns, p95_ms
from bench.ours import Server, start
from bench.rows import Row, Target
from bench.tls_server import ADDRESS, NAME

SESSION_COOKIE = "__Host-arkanum"
PAGE = "/"


class Workplace(HTTPSConnection):
    """A connection to the practice's name, which no name server of this machine knows."""

    def connect(self) -> None:
        """Shake hands, with the device's certificate."""
        raw = socket.create_connection((ADDRESS, self.port), TIMEOUT_SECONDS)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self._context.wrap_socket(raw, server_hostname=NAME)  # type: ignore[attr-defined]


def request_over_tls(folder: Path, effort: Effort) -> Row:
    """Measure the start page over kept-alive connections, with TLS and without."""
    port = free_port()
    server = start(["bench.tls_server", "--port", str(port)], port, folder)
    try:
        over_tls, plain = _over_tls(server), _plain(server)
        times = in_turns(lambda: over_tls.get(PAGE), lambda: plain.get(PAGE), effort.keystrokes)
        over_tls.close()
        plain.close()
    finally:
        server.stop()
    target = Target(times=1.3, reference="the same without TLS")
    return target.row("request over TLS with client certificate, kept-alive, p95", *p95_ms(*times), "ms")


def _plain(server: Server) -> Browser:
    return _signed_in(Browser(server.port), server, "plain")


def _over_tls(server: Server) -> Browser:
    context = ssl.create_default_context(cafile=str(server.said["authority"]))
    context.load_cert_chain(str(server.said["certificate"]))
    connection: HTTPConnection = Workplace(NAME, server.port, context=context, timeout=TIMEOUT_SECONDS)
    return _signed_in(Browser(server.port, connection), server, "tls")


def _signed_in(browser: Browser, server: Server, way: str) -> Browser:
    browser.keep(SESSION_COOKIE, str(server.said[way]))
    expect(browser.get(PAGE), 200)
    return browser
