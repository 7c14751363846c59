# SPDX-License-Identifier: MPL-2.0
"""People at their screens."""

import pytest

from arkanum.web import assets
from tests.web.browser import Browser

PICTURES = assets.DIST.parent.parent / "frontend" / "pictures"


@pytest.fixture(autouse=True)
def built_front_end(monkeypatch):
    """The pages name their assets; whether the build ran before the tests is not what they are about."""
    if not (assets.DIST / "manifest.json").exists():
        names = {"app.js": "app-AAAAAAAA.js", "style.css": "style-AAAAAAAA.css", "seal.svg": "seal-AAAAAAAA.svg"}
        names |= {path.name: f"{path.stem}-AAAAAAAA.svg" for path in PICTURES.glob("*.svg")}
        names["inter-latin-wght-normal.woff2"] = "inter-latin-wght-normal-AAAAAAAA.woff2"
        monkeypatch.setattr(assets, "manifest", lambda: names)
        monkeypatch.setattr(assets, "contents", lambda: dict.fromkeys(names.values(), ("text/plain", b"asset")))
        monkeypatch.setattr(assets, "icon", lambda _: "")


@pytest.fixture
def at_screen(founded):
    """Return a function that seats a colleague at a screen."""

    def seat(colleague) -> Browser:
        return Browser().sit_down(colleague.token)

    return seat


@pytest.fixture
def stranger(founded):
    """Somebody at a browser that knows nothing of the practice."""
    return Browser()
