# SPDX-License-Identifier: MPL-2.0
"""What waits to be let in, and the ten minutes in which new workplaces on the network may ask."""

from __future__ import annotations

from datetime import date, datetime

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown({ASKER: "pairing code seconds"})
class Pairing(Message, frozen=True, kw_only=True):
    """A device waits: `code` is shown there and typed by a signed-in person elsewhere."""

    pairing: bytes
    code: str
    seconds: int


@shown({ASKER: "device_secret token"})
class Paired(Message, frozen=True, kw_only=True):
    """The waiting device was let in (or still waits, while `device_secret` and `token` are empty)."""

    device_secret: bytes = b""
    token: bytes = b""


@shown({Action.MANAGE_DEVICES: "name purpose asked address guest"})
class AskerLine(Message, frozen=True, kw_only=True):
    """What waits, as the person who may let it in sees it: its own name, when it asked, and from which address."""

    name: str
    purpose: str
    asked: datetime
    address: str
    guest: bool


@shown({Action.MANAGE_DEVICES: "seconds waiting authority", ASKER: "who"})
class Enrolment(Message, frozen=True, kw_only=True):
    """Whether enrolment is open, for how many seconds yet, and who waits."""

    who: Who
    seconds: int
    waiting: tuple[AskerLine, ...]
    authority: bytes
    """The certificate (DER) that new workplaces are given to trust; nothing while the practice has no network."""


@shown({ASKER: "name practice password bundle bundle_for_apple authority expires seconds"})
class Handover(Message, frozen=True, kw_only=True):
    """What a workplace that was let in may fetch until its minutes are over.

    The private key is inside the files alone, sealed with the password; the guard has forgotten it already.
    """

    name: str
    practice: str
    password: str
    bundle: bytes
    bundle_for_apple: bytes
    authority: bytes
    expires: date
    seconds: int


class OpenEnrolment(Asked, frozen=True, kw_only=True):
    """Let new workplaces ask, for ten minutes."""


class CloseEnrolment(Asked, frozen=True, kw_only=True):
    """Enough: nobody may ask any more, and what waits is forgotten."""


class AskEnrolment(Asked, frozen=True, kw_only=True):
    """Is enrolment open, and who waits?"""


class BeginPairing(Message, frozen=True, kw_only=True):
    """A new device (or a command on the console) asks to be let in and shows a short code."""

    name: str
    purpose: str = "device"
    address: str = ""
    guest: bool = False
    """It came over the network without a certificate."""


class LookAtPairing(Asked, frozen=True, kw_only=True):
    """Who shows this code?"""

    code: str


class ApprovePairing(Asked, frozen=True, kw_only=True):
    """A signed-in person typed the code shown on the new device."""

    code: str


class RefusePairing(Asked, frozen=True, kw_only=True):
    """The person who typed the code does not know what they see: it is told so."""

    code: str


class AskPaired(Message, frozen=True, kw_only=True):
    """Was the waiting device let in?"""

    pairing: bytes


class AskHandover(Message, frozen=True, kw_only=True):
    """What may a workplace that was let in fetch?"""

    pairing: bytes
