# SPDX-License-Identifier: MPL-2.0
"""What of the log is carried outside: its newest head on a sheet, and chosen lines with a signature."""

from __future__ import annotations

from datetime import date

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.protocol.log import LogQuery
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown({ASKER: "who", Action.READ_LOG: "text short no digest day fingerprint"})
class HeadSheet(Message, frozen=True, kw_only=True):
    """The newest head of the log, to be printed.

    Attributes:
        text: what stands in the QR code.
        short: what a person can type.
        fingerprint: of the key that signs the log.
    """

    who: Who
    text: str
    short: str
    no: int
    digest: str
    day: date
    fingerprint: str


@shown({Action.READ_LOG: "last_printed fingerprint"})
class SheetState(Message, frozen=True, kw_only=True):
    """When a weekly sheet was printed last."""

    last_printed: date | None
    fingerprint: str


@shown({Action.READ_LOG: "no reason"})
class HeadVerdict(Message, frozen=True, kw_only=True):
    """Whether the log still holds the line of a head: without a reason it does."""

    no: int
    reason: str


@shown({Action.READ_LOG: "name content lines fingerprint"})
class Exported(Message, frozen=True, kw_only=True):
    """A signed excerpt of the log."""

    name: str
    content: bytes
    lines: int
    fingerprint: str


class PrintHead(Asked, frozen=True, kw_only=True):
    """Write the newest head out, for the weekly sheet."""


class AskSheet(Asked, frozen=True, kw_only=True):
    """When a weekly sheet was printed last."""


class CheckHead(Asked, frozen=True, kw_only=True):
    """Does the log still hold the line of this head?"""

    text: str


class ExportLog(Asked, frozen=True, kw_only=True):
    """A signed excerpt of the lines that a query asks for."""

    query: LogQuery = LogQuery()
