# SPDX-License-Identifier: MPL-2.0
"""The devices of the practice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown({Action.MANAGE_DEVICES: "device name added own until"})
class DeviceLine(Message, frozen=True, kw_only=True):
    """One enrolled device."""

    device: UUID
    name: str
    added: date
    own: bool
    until: date | None = None
    """When its certificate ends; nothing for the server's own machine."""


@shown({ASKER: "who", Action.MANAGE_DEVICES: "devices"})
class Devices(Message, frozen=True, kw_only=True):
    """The devices of the practice."""

    who: Who
    devices: tuple[DeviceLine, ...]


class AskDevices(Asked, frozen=True, kw_only=True):
    """Which devices are enrolled?"""


class InviteDevice(Asked, frozen=True, kw_only=True):
    """Make a device in transit; answers `Handed` with the fragment of its link."""

    name: str


class RedeemLink(Message, frozen=True, kw_only=True):
    """Take a device out of its link: its secret changes, the link is of no further use."""

    link: str


class RemoveDevice(Asked, frozen=True, kw_only=True):
    """A device is lost, stolen or old: it opens nothing any more."""

    device: UUID


class RenewDevice(Asked, frozen=True, kw_only=True):
    """Make a fresh certificate for the device at which I sit; answers `Pairing`, with which it is fetched."""


class RenameDevice(Asked, frozen=True, kw_only=True):
    """Call a device something else."""

    device: UUID
    name: str
