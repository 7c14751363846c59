# SPDX-License-Identifier: MPL-2.0
"""Real servers and a real browser at a desk, for the journeys of this folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP = {"width": 1440, "height": 900}
TABLET = {"width": 1180, "height": 820}

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=de-DE",
)
"""Nothing of Chromium's own leaves this machine; without its sandbox it runs as root, as CI does."""


EXPECTED = ("status of 4", "htmx:sendAbort", "htmx:afterRequest")
"""What a console says of refusals, and of questions that ended because the page was left meanwhile."""


class Server:
    """An `arkanum` process of a test: what it printed first, and its address."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "arkanum", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
        )
        assert self.process.stdout is not None

    def line_with(self, part: str) -> str:
        for line in self.process.stdout:
            if part in line:
                return line.strip()
        pytest.fail(f"the server ended before it said {part!r}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()


@contextmanager
def running(*arguments: str) -> Iterator[Server]:
    server = Server(*arguments)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def workplace(chromium: Browser, size: dict[str, int] | None = None) -> Iterator[Page]:
    """A fresh browser at a desk: no cookies, German, and any error in its console fails the test."""
    context: BrowserContext = chromium.new_context(
        viewport=size or DESKTOP, locale="de-DE", timezone_id="Europe/Berlin"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        yield page
        bad = [text for text in complaints if not any(part in text for part in EXPECTED)]
        assert bad == [], bad
    finally:
        context.close()


def sign_in(page: Page, demo: dict, login: str) -> None:
    """Make the browser a device of the demo with a link of its own, and sign in."""
    page.goto(demo["url"] + "anmelden")
    page.fill("[name=login]", login)
    page.fill("[name=passphrase]", passphrase_of(demo, login))
    page.keyboard.press("Enter")
    page.wait_for_url(demo["url"])


def passphrase_of(demo: dict, login: str) -> str:
    return next(person["passphrase"] for person in demo["people"] if person["login"] == login)


def sign_out(page: Page, demo: dict) -> None:
    """Leave the desk, if somebody is signed in there."""
    page.goto(demo["url"])
    if page.locator("[data-test=sign-out]").count():
        page.click("[data-test=sign-out]")
        page.wait_for_load_state("networkidle")


def open_first_hit(page: Page, text: str) -> None:
    """Find by typing and open with Enter."""
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.wait_for_selector("[data-test=hit]")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
