# SPDX-License-Identifier: MPL-2.0
"""Sessions that rest at a workplace: lock, come back, change the person; and the PIN."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.shown import ASKER, shown


class Rest(Asked, frozen=True, kw_only=True):
    """Lock the screen now: the session answers nothing until its person comes back."""


class AskResting(Message, frozen=True, kw_only=True):
    """Whose sessions rest at this device?"""

    device_secret: bytes
    channel: bytes = b""


@shown({ASKER: "person name has_pin login"})
class RestingPerson(Message, frozen=True, kw_only=True):
    """Somebody whose session rests at this device; `login` only where a pass phrase is the way back."""

    person: UUID
    name: str
    has_pin: bool
    login: str = ""


@shown({ASKER: "people"})
class Resting(Message, frozen=True, kw_only=True):
    """Everybody whose session rests at this device, who was here last first; nobody for a stranger."""

    people: tuple[RestingPerson, ...]


class ChangePerson(Message, frozen=True, kw_only=True):
    """A person comes back to their resting session at this device; answers `SignedIn` with another token."""

    device_secret: bytes
    person: UUID
    pin: str
    channel: bytes = b""


class BeginJob(Asked, frozen=True, kw_only=True):
    """Let work in the background go on while the screen rests; answers `JobBegun`."""


@shown({ASKER: "token"})
class JobBegun(Message, frozen=True, kw_only=True):
    """A session of its own for work in the background: it moves records in and does nothing else."""

    token: bytes


class SignOutEverywhere(Asked, frozen=True, kw_only=True):
    """End every session of this person, at every device."""


class SetPin(Asked, frozen=True, kw_only=True):
    """Choose a PIN; the pass phrase is asked for once more."""

    passphrase: str
    pin: str


class RemovePin(Asked, frozen=True, kw_only=True):
    """Go without a PIN."""


class SetOwnStreet(Asked, frozen=True, kw_only=True):
    """Say where I live so that accesses to my neighbours stand out; empty to say it no more."""

    street: str


class AskOwnKeys(Asked, frozen=True, kw_only=True):
    """What opens my account besides the pass phrase?"""


@shown({ASKER: "passkey name host added"})
class PasskeyLine(Message, frozen=True, kw_only=True):
    """One passkey, as its owner sees it."""

    passkey: UUID
    name: str
    host: str
    added: date


@shown({ASKER: "who has_pin passkeys keys_lost street"})
class OwnKeys(Message, frozen=True, kw_only=True):
    """What opens a person's account besides the pass phrase."""

    who: Who
    has_pin: bool
    passkeys: tuple[PasskeyLine, ...]
    keys_lost: bool
    """PIN and passkeys were removed because somebody restored this person's access."""
    street: str = ""
    """Where this person lives, as they said it themselves; told to nobody else."""
