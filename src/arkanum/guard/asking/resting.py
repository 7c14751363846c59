# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about sessions that rest, and about the PIN that lets them go on."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksToComeBack(Asking):
    """Questions about locking, coming back, and leaving everywhere."""

    def rest(self, token: bytes) -> None:
        """Lock the screen now."""
        self.ask(p.Rest(token=token), p.Done)

    def resting(self, *, device_secret: bytes, channel: bytes = b"") -> tuple[p.RestingPerson, ...]:
        """Return whose sessions rest at a device; nobody for a stranger."""
        return self.ask(p.AskResting(device_secret=device_secret, channel=channel), p.Resting).people

    def change_person(self, *, device_secret: bytes, person: UUID, pin: str, channel: bytes = b"") -> p.SignedIn:
        """Let a person's resting session at this device go on; everybody else there rests."""
        question = p.ChangePerson(device_secret=device_secret, person=person, pin=pin, channel=channel)
        return self.ask(question, p.SignedIn)

    def begin_job(self, token: bytes) -> bytes:
        """Return the token of a session of its own for work in the background; sign it out when the work is done."""
        return self.ask(p.BeginJob(token=token), p.JobBegun).token

    def sign_out_everywhere(self, token: bytes) -> None:
        """End every session of this person."""
        self.ask(p.SignOutEverywhere(token=token), p.Done)

    def own_sessions(self, token: bytes) -> tuple[p.OwnSession, ...]:
        """Return every session of this person, the one used last first."""
        return self.ask(p.AskOwnSessions(token=token), p.OwnSessions).sessions

    def end_own_session(self, token: bytes, session: UUID) -> None:
        """End one session of this person, wherever it is."""
        self.ask(p.EndOwnSession(token=token, session=session), p.Done)

    def set_pin(self, token: bytes, *, passphrase: str, pin: str) -> None:
        """Choose a PIN."""
        self.ask(p.SetPin(token=token, passphrase=passphrase, pin=pin), p.Done)

    def remove_pin(self, token: bytes) -> None:
        """Go without a PIN."""
        self.ask(p.RemovePin(token=token), p.Done)

    def set_own_street(self, token: bytes, street: str) -> None:
        """Say where the asker lives, `Ahornweg 12, 50667`; empty to say it no more."""
        self.ask(p.SetOwnStreet(token=token, street=street), p.Done)

    def own_keys(self, token: bytes) -> p.OwnKeys:
        """Tell what opens the account besides the pass phrase."""
        return self.ask(p.AskOwnKeys(token=token), p.OwnKeys)
