# SPDX-License-Identifier: MPL-2.0
"""Text can be read: contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) on every ground it stands on."""

import re
from pathlib import Path

import pytest

from arkanum.web import assets

TOKENS = Path(assets.__file__).parent / "frontend" / "css" / "tokens.css"

PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("surface", "surface-2", "paper")],
    *[("ink-2", ground) for ground in ("brand-soft", "amber-soft", "green-soft")],
    ("ink-3", "brand-soft"),
    ("brand", "surface"),
    ("brand", "brand-soft"),
    ("brand", "paper"),
    ("surface", "brand"),
    ("surface", "red"),
    ("red", "red-soft"),
    ("red", "surface"),
    ("amber", "amber-soft"),
    ("green", "green-soft"),
    *[("surface", f"kind-{kind}") for kind in ("diagnosis", "finding", "therapy", "history", "medication", "vitals")],
    *[("surface", f"kind-{kind}") for kind in ("note", "caution")],
    ("kind-foreign", "surface"),
]
"""Text colour and ground, by the names of the style."""


def luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(ink, ground):
    tokens = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", TOKENS.read_text(encoding="utf-8")))

    light, dark = sorted((luminance(tokens[ink]), luminance(tokens[ground])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5
