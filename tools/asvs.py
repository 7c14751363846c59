# SPDX-License-Identifier: MPL-2.0
"""The table of OWASP ASVS 5.0: which requirement is met, by what, and which is open; read from docs/asvs/asvs.toml."""

from __future__ import annotations

import tomllib
from collections import Counter
from enum import StrEnum
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/asvs/asvs.toml"

CHAPTERS = {
    "V1": "Encoding and sanitization",
    "V2": "Validation and business logic",
    "V3": "Web front end",
    "V4": "APIs and web services",
    "V5": "Files",
    "V6": "Authentication",
    "V7": "Sessions",
    "V8": "Authorization",
    "V9": "Self-contained tokens",
    "V10": "OAuth and OIDC",
    "V11": "Cryptography",
    "V12": "Secure communication",
    "V13": "Configuration",
    "V14": "Data protection",
    "V15": "Secure coding and architecture",
    "V16": "Logging and error handling",
    "V17": "WebRTC",
}
"""Chapters of ASVS 5.0.0, which has 345 requirements."""

LEVELS = (1, 2, 3)


class Status(StrEnum):
    """What is known about a requirement."""

    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    OPEN = "open"


class Requirement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One requirement.

    Attributes:
        number: as in ASVS 5.0.0, `V6.2.1`.
        level: the lowest level that asks for it.
        status: met, not applicable, or open.
        summary: what it is about, in our own words; the standard's text is not repeated here.
        reason: how it is met, why it does not apply, or what is missing.
        tests: `file` or `file::test` below `tests/`.
    """

    number: str
    level: int
    status: Status
    summary: str
    reason: str
    tests: tuple[str, ...] = ()

    @property
    def chapter(self) -> str:
        """The chapter's number."""
        return self.number.partition(".")[0]


def load(text: str) -> list[Requirement]:
    """Return the requirements of a TOML text, in its order.

    Raises:
        msgspec.ValidationError: one lacks a field, has one too many or one of another kind.
    """
    return [msgspec.convert({"number": number, **entry}, Requirement) for number, entry in tomllib.loads(text).items()]


def page(requirements: list[Requirement]) -> str:
    """Return the page: how many of each chapter and level, then one line a requirement."""
    parts = [
        "# OWASP ASVS 5.0\n",
        "What the Application Security Verification Standard asks for, and where we stand, by the numbers of 5.0.0.",
        "The summaries are ours and short: read the standard itself for what a number means.",
        "*Open* is said where something is missing, half done, or was not looked at.\n",
        "## How much\n",
        "Met, not applicable and open, by the lowest level that asks.\n",
        "| chapter | level 1 | level 2 | level 3 |",
        "|---|---|---|---|",
    ]
    for chapter, name in CHAPTERS.items():
        own = [one for one in requirements if one.chapter == chapter]
        parts.append(f"| {chapter} {name} | {' | '.join(_counts(own, level) for level in LEVELS)} |")
    parts.append(f"| **all** | {' | '.join(f'**{_counts(requirements, level)}**' for level in LEVELS)} |\n")
    for chapter, name in CHAPTERS.items():
        parts += [f"## {chapter} {name}\n", "| number | level | | what | how, why or what is missing | tests |"]
        parts.append("|---|---|---|---|---|---|")
        parts += [_row(one) for one in requirements if one.chapter == chapter]
        parts.append("")
    return "\n".join(parts)


def _counts(requirements: list[Requirement], level: int) -> str:
    counted = Counter(one.status for one in requirements if one.level == level)
    if not counted:
        return "–"
    return f"{counted[Status.MET]} met, {counted[Status.NOT_APPLICABLE]} n/a, {counted[Status.OPEN]} open"


def _row(one: Requirement) -> str:
    mark = {Status.MET: "met", Status.NOT_APPLICABLE: "n/a", Status.OPEN: "**open**"}[one.status]
    tests = ", ".join(f"`{test}`" for test in one.tests)
    return f"| {one.number} | {one.level} | {mark} | {one.summary} | {one.reason} | {tests} |"
