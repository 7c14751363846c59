# SPDX-License-Identifier: MPL-2.0
"""The first day: a practice, its first doctor, its paper codes."""

from __future__ import annotations

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.shown import ASKER, shown


@shown({ASKER: "token who device_secret paper_codes"})
class Founded(Message, frozen=True, kw_only=True):
    """A practice exists: a session, this browser's device secret, and three paper codes, told once."""

    token: bytes
    who: Who
    device_secret: bytes
    paper_codes: tuple[str, str, str]


@shown({ASKER: "who paper_codes"})
class Papers(Message, frozen=True, kw_only=True):
    """Three new paper codes, told once."""

    who: Who
    paper_codes: tuple[str, str, str]


class FoundPractice(Message, frozen=True, kw_only=True):
    """Make the practice and its first doctor; `code` is the one from the console."""

    code: str
    practice_name: str
    name: str
    login: str
    passphrase: str
    device_name: str


class ConfirmPaper(Asked, frozen=True, kw_only=True):
    """Two of the three paper codes, typed back from paper."""

    first: str
    second: str


class NewPaper(Asked, frozen=True, kw_only=True):
    """Make three new paper codes; the old ones open nothing any more. The asker's pass phrase is asked for again."""

    passphrase: str
