# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the devices of the practice."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.codes import from_link


class AsksAboutDevices(Asking):
    """Questions about the devices of the practice."""

    def devices(self, token: bytes) -> p.Devices:
        """List the devices."""
        return self.ask(p.AskDevices(token=token), p.Devices)

    def invite_device(self, token: bytes, *, name: str) -> str:
        """Make a device in transit and return its link's fragment."""
        return self.ask(p.InviteDevice(token=token, name=name), p.Handed).secret

    def redeem_link(self, link: str) -> bytes:
        """Take a device out of its link and return its secret."""
        return from_link(self.ask(p.RedeemLink(link=link), p.Handed).secret)

    def remove_device(self, token: bytes, device: UUID) -> None:
        """End a device's access at once."""
        self.ask(p.RemoveDevice(token=token, device=device), p.Done)

    def renew_device(self, token: bytes) -> bytes:
        """Make a fresh certificate for the device at which one sits; return what it is fetched with."""
        return self.ask(p.RenewDevice(token=token), p.Pairing).pairing

    def rename_device(self, token: bytes, device: UUID, *, name: str) -> None:
        """Call a device something else."""
        self.ask(p.RenameDevice(token=token, device=device, name=name), p.Done)
