# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about patients: found, released, filed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.directory import Card
from arkanum.guard.grant import Grant, grant_of, grants_of
from arkanum.guard.roles import Action


class AsksForPatients(Asking):
    """Questions about patients: found, released, filed."""

    def permit(
        self,
        token: bytes,
        action: Action,
        *,
        patient: UUID | None = None,
        record: UUID | None = None,
        detail: str = "",
    ) -> Grant:
        """Have the log line written and return the grant with the patient's keys."""
        question = p.AskPermit(token=token, action=action, patient=patient, record=record, detail=detail)
        return grant_of(self.ask(question, p.Permit), token)

    def permit_batch(
        self, token: bytes, action: Action, *, patients: Sequence[UUID], detail: str = ""
    ) -> dict[UUID, Grant]:
        """Have one log line written and return a grant a patient; for jobs that move records in."""
        question = p.AskBatch(token=token, action=action, patients=tuple(patients), detail=detail)
        return grants_of(self.ask(question, p.Batch), token)

    def ticket(self, token: bytes, patient: UUID, *, purpose: str) -> bytes:
        """Make a one-time ticket for one patient and one purpose."""
        return self.ask(p.AskTicket(token=token, patient=patient, purpose=purpose), p.Ticket).ticket

    def redeem(self, token: bytes, ticket: bytes, *, patient: UUID, purpose: str) -> Grant:
        """Turn a ticket into a grant; it is of no further use."""
        question = p.RedeemTicket(token=token, ticket=ticket, patient=patient, purpose=purpose)
        return grant_of(self.ask(question, p.Permit), token)

    def filed(self, grant: Grant, *, patients: Sequence[UUID] = (), rows: int = 1) -> None:
        """Tell that the rows of a grant are committed, and whose master data changed."""
        self.ask(p.Filed(token=grant.token, log_no=grant.log_no, patients=tuple(patients), rows=rows), p.Done)

    def search(self, token: bytes, text: str, *, limit: int = 50) -> p.Found:
        """Answer one keystroke of the patient search."""
        return self.ask(p.SearchPatients(token=token, text=text, limit=limit), p.Found)

    def cards(self, token: bytes, patients: Sequence[UUID]) -> tuple[Card, ...]:
        """Return the names of a few charts."""
        return self.ask(p.AskCards(token=token, patients=tuple(patients)), p.Cards).cards
