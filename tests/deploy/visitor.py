# SPDX-License-Identifier: MPL-2.0
"""A browser of a few lines: it walks through the pages of a real server, with cookies, forms and their tokens."""

from __future__ import annotations

import http.client
import re
import time
from html import unescape
from urllib.parse import urlencode

PASSPHRASE = "korrekt pferd batterie stapel wolke geige"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PAPER = re.compile(r'data-test="paper-code-\d"><h3>.*?</h3><p>(.*?)</p>', re.DOTALL)
PATIENCE_SECONDS = 30


class Visitor:
    """Somebody at a browser, as they walk in."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.port, self.host = port, host
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.where = ""

    def get(self, path: str) -> str:
        return self._ask("GET", path, None)

    def post(self, path: str, **form: str) -> str:
        """Send a form, as the page seen last would."""
        return self._ask("POST", path, {"csrfmiddlewaretoken": self.token, **form})

    def _ask(self, method: str, path: str, form: dict[str, str] | None) -> str:
        connection = self._connected()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Sec-Fetch-Site": "same-origin", "Origin": f"http://{self.host}:{self.port}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, None if form is None else urlencode(form), headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.where = path
        if found := TOKEN.search(body):
            self.token = unescape(found[1])
        if answer.status in {301, 302, 303}:
            return self._ask("GET", answer.headers["Location"], None)
        assert answer.status < 400, (path, answer.status, body[-2000:])
        return body

    def _connected(self) -> http.client.HTTPConnection:
        """Connect, waiting for pages that are about to start."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_SECONDS)
            try:
                connection.connect()
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return connection

    def found(self, code: str) -> None:
        """Make the practice with the code of the journal, and type two paper codes back."""
        self.get("/erster-start")
        body = self.post(
            "/erster-start",
            code=code,
            practice_name="Praxis am Markt",
            name="Dr. Ada Beispiel",
            login="ada",
            passphrase=PASSPHRASE,
            repeat=PASSPHRASE,
            device_name="Empfang",
        )
        first, second, _ = [unescape(one) for one in PAPER.findall(body)]
        self.post("/erster-start/papier", first=first, second=second)

    def take_in(self, last: str) -> str:
        """Make a patient and return the address of the chart."""
        self.get("/patient/neu")
        self.post("/patient/neu", first="Dora", last=last, birth="03.04.1965", sex="W", sure="1")
        assert "/kartei/" in self.where
        return self.where

    def sign_out(self) -> None:
        self.get("/")
        self.post("/abmelden")

    def sign_in(self) -> str:
        self.get("/anmelden")
        return self.post("/anmelden", login="ada", passphrase=PASSPHRASE)
