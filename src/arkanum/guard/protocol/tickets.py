# SPDX-License-Identifier: MPL-2.0
"""One-time tickets: what leaves the practice is bound to a session, a patient and a purpose."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.roles import Action
from arkanum.guard.shown import shown


class AskTicket(Asked, frozen=True, kw_only=True):
    """Make a ticket for a copy of one patient's chart."""

    patient: UUID
    purpose: str


class RedeemTicket(Asked, frozen=True, kw_only=True):
    """Use a ticket: answers `Permit` once."""

    ticket: bytes
    patient: UUID
    purpose: str


@shown({Action.COPY_CHART: "ticket"})
class Ticket(Message, frozen=True, kw_only=True):
    """Thirty-two random bytes, good once, for five minutes."""

    ticket: bytes
