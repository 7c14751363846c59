# SPDX-License-Identifier: MPL-2.0
"""The devices of the practice, and what waits to be let in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown({Action.MANAGE_DEVICES: "device name added own"})
class DeviceLine(Message, frozen=True, kw_only=True):
    """One enrolled device."""

    device: UUID
    name: str
    added: date
    own: bool


@shown({ASKER: "who", Action.MANAGE_DEVICES: "devices"})
class Devices(Message, frozen=True, kw_only=True):
    """The devices of the practice."""

    who: Who
    devices: tuple[DeviceLine, ...]


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


class AskDevices(Asked, frozen=True, kw_only=True):
    """Which devices are enrolled?"""


class InviteDevice(Asked, frozen=True, kw_only=True):
    """Make a device in transit; answers `Handed` with the fragment of its link."""

    name: str


class RedeemLink(Message, frozen=True, kw_only=True):
    """Take a device out of its link: its secret changes, the link is of no further use."""

    link: str


class BeginPairing(Message, frozen=True, kw_only=True):
    """A new device (or a command on the console) asks to be let in and shows a short code."""

    name: str
    purpose: str = "device"


class ApprovePairing(Asked, frozen=True, kw_only=True):
    """A signed-in person typed the code shown on the new device."""

    code: str


class AskPaired(Message, frozen=True, kw_only=True):
    """Was the waiting device let in?"""

    pairing: bytes


class RemoveDevice(Asked, frozen=True, kw_only=True):
    """A device is lost, stolen or old: it opens nothing any more."""

    device: UUID
