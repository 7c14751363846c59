# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the door on the network."""

from __future__ import annotations

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksAboutTheDoor(Asking):
    """Questions about the door on the network."""

    def door(self, *, known: int = 0, wait_seconds: float = 0.0) -> p.DoorState:
        """Tell how the door stands; with a known version, wait for a change.

        Raises:
            GuardAway: the guard does not answer.
        """
        return self.ask(p.AskDoor(known=known, wait_seconds=wait_seconds), p.DoorState)

    def save_door(self, token: bytes, setting: p.DoorSetting) -> None:
        """Turn the access on or off, or move it.

        Raises:
            DoorRefused: with the German reason.
        """
        self.ask(p.SaveDoor(token=token, setting=setting), p.Done)

    def sign_server(self, request: bytes) -> bytes:
        """Return the server's certificate (DER) for its signing request (DER).

        Raises:
            PracticeSealed: nobody is signed in.
            DoorRefused: the practice cannot vouch for a name of the setting.
        """
        return self.ask(p.SignServer(request=request), p.ServerCertificate).certificate
