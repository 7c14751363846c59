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

    def require_proof(self, token: bytes) -> None:
        """Go on only if the pass phrase was given within the hour; for work that will need it later."""
        self.ask(p.RequireProof(token=token), p.Done)

    def vouch(self, token: bytes, *, login: str, passphrase: str) -> None:
        """Let a colleague agree at this device."""
        self.ask(p.Vouch(token=token, login=login, passphrase=passphrase), p.Done)

    def wishes(self, token: bytes) -> p.Wishes:
        """List who waits for somebody to agree."""
        return self.ask(p.AskWishes(token=token), p.Wishes)

    def agree(self, token: bytes, wish: UUID, *, passphrase: str) -> None:
        """Agree at one's own screen."""
        self.ask(p.Agree(token=token, wish=wish, passphrase=passphrase), p.Done)

    def rules(self, token: bytes) -> p.Rules:
        """Return the practice's limits and planted patients."""
        return self.ask(p.AskRules(token=token), p.Rules)

    def set_limits(self, token: bytes, limits: tuple[int, int, int]) -> None:
        """Set how many charts may be opened in ten minutes, in an hour, in a day."""
        self.ask(p.SetLimits(token=token, limits=limits), p.Done)

    def plant_canary(self, token: bytes, patient: UUID) -> None:
        """Mark an invented patient as planted."""
        self.ask(p.PlantCanary(token=token, patient=patient), p.Done)

    def remove_canary(self, token: bytes, patient: UUID) -> None:
        """Make a planted patient an ordinary one again."""
        self.ask(p.RemoveCanary(token=token, patient=patient), p.Done)
