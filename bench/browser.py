# SPDX-License-Identifier: MPL-2.0
"""A browser that only counts the time: one kept-alive connection, cookies, and the token of the forms."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TIMEOUT_SECONDS = 180


class UnexpectedAnswer(RuntimeError):
    """The server answered something else than the bench needs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    text: str
    seconds: float


class Browser:
    """Asks one server, as a browser in the practice does."""

    def __init__(self, port: int, connection: HTTPConnection | None = None) -> None:
        """Open the connection at the first question; plain HTTP on loopback, if no other is given."""
        self._connection = connection or HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def keep(self, cookie: str, value: str) -> None:
        """Take a cookie that did not come with an answer."""
        self._cookies[cookie] = value

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, b"", {"Sec-Fetch-Mode": "navigate"})

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form; its token is the one of the last page."""
        return self._send(path, fields, {"Sec-Fetch-Mode": "navigate"})

    def fragment(self, path: str, **fields: str) -> Answer:
        """Send a form as HTMX does, and get a part of a page."""
        return self._send(path, fields, {"HX-Request": "true", "X-CSRFToken": self._token})

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _send(self, path: str, fields: dict[str, str], headers: dict[str, str]) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self._token, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, {**headers, **kind})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self._cookie_line(), **headers}
        begin = time.perf_counter()
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        raw = response.read()
        seconds = time.perf_counter() - begin
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        text = raw.decode()
        token = TOKEN.search(text)
        if token is not None:
            self._token = token[1]
        return Answer(response.status, text, seconds)

    def _cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items() if value)


def expect(answer: Answer, *statuses: int) -> Answer:
    """Return the answer.

    Raises:
        UnexpectedAnswer: its status is none of these.
    """
    if answer.status not in statuses:
        raise UnexpectedAnswer(f"{answer.status}: {answer.text[:300]}")
    return answer
