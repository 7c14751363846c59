# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about passkeys."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksAboutPasskeys(Asking):
    """Questions about passkeys."""

    def begin_passkey(self, token: bytes, *, passphrase: str, host: str, origin: str) -> p.PasskeyToMake:
        """Say what the authenticator is to make."""
        question = p.BeginPasskey(token=token, passphrase=passphrase, host=host, origin=origin)
        return self.ask(question, p.PasskeyToMake)

    def add_passkey(self, token: bytes, *, name: str, client_data: bytes, attestation: bytes, prf: bytes) -> None:
        """Keep what the authenticator made."""
        question = p.AddPasskey(token=token, name=name, client_data=client_data, attestation=attestation, prf=prf)
        self.ask(question, p.Done)

    def rename_passkey(self, token: bytes, passkey: UUID, *, name: str) -> None:
        """Call one's own passkey something else."""
        self.ask(p.RenamePasskey(token=token, passkey=passkey, name=name), p.Done)

    def remove_passkey(self, token: bytes, passkey: UUID) -> None:
        """End what one's own passkey opens."""
        self.ask(p.RemovePasskey(token=token, passkey=passkey), p.Done)

    def remove_passkeys_of(self, token: bytes, person: UUID) -> None:
        """End what all passkeys of another person open."""
        self.ask(p.RemovePasskeysOf(token=token, person=person), p.Done)

    def challenge(self, *, host: str, origin: str) -> p.Challenge:
        """Return something to sign for whoever wants in."""
        return self.ask(p.AskChallenge(host=host, origin=origin), p.Challenge)

    def sign_in_by_passkey(self, question: p.SignInByPasskey) -> p.SignedIn:
        """Begin a session with what an authenticator signed and computed."""
        return self.ask(question, p.SignedIn)
