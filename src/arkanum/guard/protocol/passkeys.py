# SPDX-License-Identifier: MPL-2.0
"""Passkeys: added on one's own account, and a way in without pass phrase and device secret."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.shown import ANYBODY, ASKER, shown


class BeginPasskey(Asked, frozen=True, kw_only=True):
    """I want to add a passkey here; the pass phrase is asked for once more. Answers `PasskeyToMake`."""

    passphrase: str
    host: str
    origin: str


@shown({ASKER: "challenge user login name known salt"})
class PasskeyToMake(Message, frozen=True, kw_only=True):
    """What the authenticator is asked to make; `known` are the passkeys of this person that it may have already."""

    challenge: bytes
    user: bytes
    login: str
    name: str
    known: tuple[bytes, ...]
    salt: bytes


class AddPasskey(Asked, frozen=True, kw_only=True):
    """What the authenticator made, and what it computes for the salt."""

    name: str
    client_data: bytes
    attestation: bytes
    prf: bytes


class RenamePasskey(Asked, frozen=True, kw_only=True):
    """Call one's own passkey something else."""

    passkey: UUID
    name: str


class RemovePasskey(Asked, frozen=True, kw_only=True):
    """One's own passkey is lost or old: it opens nothing any more."""

    passkey: UUID


class RemovePasskeysOf(Asked, frozen=True, kw_only=True):
    """Somebody else's passkeys are lost: none of them opens anything any more."""

    person: UUID


class AskChallenge(Message, frozen=True, kw_only=True):
    """Somebody wants to come in with a passkey."""

    host: str
    origin: str


@shown({ANYBODY: "challenge salt"})
class Challenge(Message, frozen=True, kw_only=True):
    """Random bytes that the authenticator must sign within minutes, once; and the salt of all passkeys."""

    challenge: bytes
    salt: bytes


class SignInByPasskey(Message, frozen=True, kw_only=True):
    """What the authenticator signed, and what it computes for the salt; answers `SignedIn`."""

    credential: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    prf: bytes
    device_secret: bytes = b""
    channel: bytes = b""
    leaves: bytes = b""
