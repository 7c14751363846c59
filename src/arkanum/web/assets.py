# SPDX-License-Identifier: MPL-2.0
"""Script, style, fonts and icons, as the build left them: a short list of files, each with its hash in its name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from markupsafe import Markup, escape

DIST = Path(__file__).parent / "static" / "dist"

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What the server hands out, by ending; nothing else is an asset."""


class AssetsMissing(ImproperlyConfigured):
    """The front end was not built yet: run `npm ci` and `npm run build`."""


@cache
def manifest() -> dict[str, str]:
    """Return the hashed name of every asset by its plain name.

    Raises:
        AssetsMissing: the front end was not built.
    """
    return {str(plain): str(hashed) for plain, hashed in _read("manifest.json").items()}


@cache
def contents() -> dict[str, tuple[str, bytes]]:
    """Return content type and bytes of every asset by its hashed name."""
    return {name: (CONTENT_TYPES[Path(name).suffix], (DIST / name).read_bytes()) for name in manifest().values()}


def asset(plain: str) -> str:
    """Return the address of an asset: `asset("app.js")`."""
    return f"/static/{manifest()[plain]}"


@cache
def icon(name: str) -> Markup:
    """Return an icon as inline SVG without a text; what it means stands beside it or in the label of its button."""
    drawing = Markup(_read("icons.json")[name])  # noqa: S704 -- our own build wrote it
    return Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" data-icon="{}">{}</svg>').format(
        escape(name), drawing
    )


def _read(name: str) -> dict[str, str]:
    try:
        return dict(json.loads((DIST / name).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise AssetsMissing("run `npm ci` and `npm run build`") from error
