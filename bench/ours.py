# SPDX-License-Identifier: MPL-2.0
"""The real thing: `arkanum demo` as a process of its own, entered through the pages like any other practice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.browser import Browser, expect
from bench.memory import children

DOCTOR = "ada"
STOP_SECONDS = 20
PIN = "7391"
_PERSON = re.compile(r'name="person" value="([0-9a-f-]{36})"')
_PATIENT = re.compile(r'href="/kartei/([0-9a-f-]{36})"')


class NotStarted(RuntimeError):
    """A process of the bench ended before it was ready; its own message stands above."""


@dataclass(slots=True)
class Server:
    """A process that was started for the bench, and what it said when it was ready."""

    process: subprocess.Popen[str]
    port: int
    said: dict[str, object]

    def pids(self) -> list[int]:
        """Return the ids of the processes it runs in; the one that only waits for the others does not count."""
        return list(children(self.process.pid)) or [self.process.pid]

    def stop(self) -> None:
        """End it and wait for its end."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)


def start(arguments: Sequence[str], port: int, data: Path) -> Server:
    """Start a Python module with its arguments and wait for its line of JSON.

    Raises:
        NotStarted: it ended without one.
    """
    environment = os.environ | {"ARKANUM_DATA": str(data), "ARKANUM_DATABASE": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise NotStarted(arguments[0])
    return Server(process, port, json.loads(line))


def start_practice(data: Path, port: int, patients: int, seed: int) -> Server:
    """Make the demo's practice and serve it."""
    options = ["--patients", str(patients), "--seed", str(seed), "--data", str(data), "--port", str(port), "--json"]
    return start(["arkanum", "demo", *options], port, data)


class Door:
    """One browser on its way into the practice."""

    def __init__(self, server: Server) -> None:
        """Make the browser a device of the practice, with the demo's device link."""
        self.browser = Browser(server.port)
        people = server.said["people"]
        assert isinstance(people, list)  # noqa: S101 - the demo's own output
        self._passphrase = next(str(one["passphrase"]) for one in people if one["login"] == DOCTOR)
        expect(self.browser.get("/geraet"), 200)
        link = str(server.said["device_link"]).partition("#")[2]
        expect(self.browser.post("/geraet/link", link=link), 302)

    def sign_in(self) -> float:
        """Sign the doctor in and return how many seconds that took."""
        expect(self.browser.get("/anmelden"), 200)
        answer = expect(self.browser.post("/anmelden", login=DOCTOR, passphrase=self._passphrase), 302)
        return answer.seconds

    def choose_pin(self) -> None:
        """Give the doctor a PIN."""
        expect(self.browser.get("/konto"), 200)
        form = {"new_pin": PIN, "pin_again": PIN, "pin_passphrase": self._passphrase}
        expect(self.browser.post("/konto/pin", **form), 200)

    def change_person(self) -> float:
        """Lock the screen, come back with the PIN, and return how many seconds the coming back took."""
        expect(self.browser.post("/anmelden/sperren"), 302)
        page = expect(self.browser.get("/anmelden/gesperrt"), 200)
        found = _PERSON.search(page.text)
        if found is None:
            raise NotStarted("nobody rests at the workplace")
        answer = expect(self.browser.post("/anmelden/wechseln", person=found[1], pin=PIN), 302)
        return answer.seconds

    def sign_out(self) -> None:
        """Sign out; the guard seals the practice, ends, and an empty one takes its place."""
        expect(self.browser.post("/abmelden"), 302)


def find(browser: Browser, number: str) -> str:
    """Return the id of the patient with this number, found through the search line."""
    expect(browser.get("/"), 200)
    answer = expect(browser.fragment("/suche/treffer", text=number), 200)
    found = _PATIENT.search(answer.text)
    if found is None:
        raise NotStarted(f"no patient with number {number}")
    return found[1]


def wait_until_another(server: Server, before: set[int]) -> None:
    """Wait until the guard that ended has a follower; the pages stay.

    Raises:
        NotStarted: there is none after a while.
    """
    until = time.monotonic() + STOP_SECONDS
    while (now := set(server.pids())) == before or len(now) < len(before):
        if time.monotonic() > until:
            raise NotStarted("arkanum.guard")
        time.sleep(0.05)
