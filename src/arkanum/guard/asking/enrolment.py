# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about new workplaces and commands that want to be let in."""

from __future__ import annotations

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksToBeLetIn(Asking):
    """Questions about what wants to be let in."""

    def open_enrolment(self, token: bytes) -> None:
        """Let workplaces without a certificate ask, for ten minutes."""
        self.ask(p.OpenEnrolment(token=token), p.Done)

    def close_enrolment(self, token: bytes) -> None:
        """Hear nobody any more."""
        self.ask(p.CloseEnrolment(token=token), p.Done)

    def enrolment(self, token: bytes) -> p.Enrolment:
        """Tell whether enrolment is open and who waits."""
        return self.ask(p.AskEnrolment(token=token), p.Enrolment)

    def begin_pairing(self, name: str, *, purpose: str = "device", address: str = "", guest: bool = False) -> p.Pairing:
        """Ask to be let in and get a short code to show."""
        question = p.BeginPairing(name=name, purpose=purpose, address=address, guest=guest)
        return self.ask(question, p.Pairing)

    def look_at_pairing(self, token: bytes, *, code: str) -> p.AskerLine:
        """Tell who shows this code."""
        return self.ask(p.LookAtPairing(token=token, code=code), p.AskerLine)

    def approve_pairing(self, token: bytes, *, code: str) -> None:
        """Let in what shows this code."""
        self.ask(p.ApprovePairing(token=token, code=code), p.Done)

    def refuse_pairing(self, token: bytes, *, code: str) -> None:
        """Say no to what shows this code."""
        self.ask(p.RefusePairing(token=token, code=code), p.Done)

    def paired(self, pairing: bytes) -> p.Paired:
        """Ask whether one was let in."""
        return self.ask(p.AskPaired(pairing=pairing), p.Paired)

    def handover(self, pairing: bytes) -> p.Handover:
        """Fetch what is kept for a workplace that was let in."""
        return self.ask(p.AskHandover(pairing=pairing), p.Handover)
