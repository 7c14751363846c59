# SPDX-License-Identifier: MPL-2.0
"""Real servers and a real Chromium for journeys through the pages. Each journey leaves its pictures behind."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.stage import FLAGS, TABLET, running, workplace

PICTURES = Path(os.environ.get("ARKANUM_PICTURES", "/tmp/arkanum-pictures"))  # noqa: S108 - pictures of invented people


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module: Playwright's event loop must be gone before other tests use the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium) -> Iterator[Page]:
    with workplace(chromium) as page:
        yield page


@pytest.fixture
def tablet(chromium) -> Iterator[Page]:
    with workplace(chromium, TABLET) as page:
        yield page


@pytest.fixture(scope="session")
def picture():
    """Keep a picture of the page under a name, for people to look at."""

    def keep(page: Page, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")

    return keep


@pytest.fixture
def port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[dict]:
    """A demo practice with forty patients, and how to get in."""
    folder = tmp_path_factory.mktemp("demo")
    with running("demo", "--json", "--patients", "40", "--data", str(folder / "data")) as server:
        yield json.loads(server.line_with('"device_link"'))
