# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the brake."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksAboutTheBrake(Asking):
    """Questions about the brake."""

    def prove(self, token: bytes, *, passphrase: str) -> None:
        """Show once more who is at the screen."""
        self.ask(p.Prove(token=token, passphrase=passphrase), p.Done)

    def vouch(self, token: bytes, *, login: str, passphrase: str) -> None:
        """Let a colleague agree at this device."""
        self.ask(p.Vouch(token=token, login=login, passphrase=passphrase), p.Done)

    def wishes(self, token: bytes) -> p.Wishes:
        """List who waits for somebody to agree."""
        return self.ask(p.AskWishes(token=token), p.Wishes)

    def agree(self, token: bytes, wish: UUID, *, passphrase: str) -> None:
        """Agree at one's own screen."""
        self.ask(p.Agree(token=token, wish=wish, passphrase=passphrase), p.Done)
