# SPDX-License-Identifier: MPL-2.0
"""The door on the practice's network: where it stands, who is let through, and the server's certificate."""

from __future__ import annotations

from uuid import UUID

import msgspec

from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.shown import ANYBODY, shown


@shown({ANYBODY: "on address port names"})
class DoorSetting(msgspec.Struct, frozen=True, kw_only=True):
    """Where this installation is reached on the network. Nothing of it is secret."""

    on: bool = False
    address: str = ""
    port: int = 8420
    names: tuple[str, ...] = ()


@shown({ANYBODY: "version founded can_sign setting authorities revoked devices enrolment_seconds"})
class DoorState(Message, frozen=True, kw_only=True):
    """Everything that whoever stands at the door must know, also while the practice is sealed.

    Attributes:
        version: another number whenever anything of it changed.
        founded: there is a practice at all.
        can_sign: the practice is open, so the server's certificate can be signed now.
        setting: where the door is.
        authorities: certificates (DER) of the practices; the first one vouches for the server.
        revoked: their lists of revoked certificates (DER), in the same order.
        devices: the fingerprints that may come in, and whose they are.
        enrolment_seconds: so long a workplace without a certificate may still come to the enrolment pages.
    """

    version: int
    founded: bool
    can_sign: bool
    setting: DoorSetting
    authorities: tuple[bytes, ...]
    revoked: tuple[bytes, ...]
    devices: dict[bytes, UUID]
    enrolment_seconds: float


@shown({ANYBODY: "certificate"})
class ServerCertificate(Message, frozen=True, kw_only=True):
    """The server's certificate (DER), for the names and the address of the setting."""

    certificate: bytes


class AskDoor(Message, frozen=True, kw_only=True):
    """How does the door stand? Waits so long for a change while nothing differs from the version already known."""

    known: int = 0
    wait_seconds: float = 0.0


class SaveDoor(Asked, frozen=True, kw_only=True):
    """Turn the access over the network on or off, or move it."""

    setting: DoorSetting


class SignServer(Message, frozen=True, kw_only=True):
    """Sign the server's certificate. Needs no person, only an open practice: names come from the setting alone."""

    request: bytes
