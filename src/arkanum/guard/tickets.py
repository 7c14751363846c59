# SPDX-License-Identifier: MPL-2.0
"""One-time tickets for what leaves the practice as a file: bound to session, patient and purpose (weakness W19).

The address of a copy says nothing that could be counted up: without the ticket that the same session was given for the
same patient and the same purpose less than five minutes ago, there is no copy. Kept as hashes, in memory only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from arkanum.guard import braking
from arkanum.guard.brake import Kind
from arkanum.guard.errors import TicketRefused
from arkanum.guard.house import Guard
from arkanum.guard.protocol import AskPermit, AskTicket, Permit, RedeemTicket
from arkanum.guard.protocol import Ticket as Handed
from arkanum.guard.release import release_one, require_patient
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session

TICKET_BYTES = 32
TICKET_SECONDS = 5 * 60
MOST_TICKETS = 200
"""So many wait at most in a practice; the oldest go first."""

PURPOSES = frozenset({"print", "data"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket is good for."""

    session: Session
    patient: UUID
    purpose: str
    made_at: float


def ask_ticket(guard: Guard, question: AskTicket) -> Handed:
    """Make a ticket. It releases nothing yet, but counts: whoever collects tickets meets the brake.

    Raises:
        TicketRefused: there is no such purpose.
        NotFound: no such patient in this practice.
        Refused: a wall does not allow it.
        StepUp: so many patients were opened that the person must show that it is them.
        SecondPerson: a limit is reached.
    """
    session = guard.session(question.token, Action.COPY_CHART, question.patient)
    if question.purpose not in PURPOSES:
        raise TicketRefused
    braking.require(guard, session, Kind.CHARTS, [question.patient])
    require_patient(guard, session, question.patient, Action.COPY_CHART)
    ticket, waiting = secrets.token_bytes(TICKET_BYTES), session.practice.tickets
    with guard.lock:
        waiting[_hash(ticket)] = Ticket(session, question.patient, question.purpose, guard.seconds())
        while len(waiting) > MOST_TICKETS:
            del waiting[next(iter(waiting))]
    return Handed(ticket=ticket)


def redeem_ticket(guard: Guard, question: RedeemTicket) -> Permit:
    """Release the patient's keys to whoever shows their ticket for the first time.

    Raises:
        TicketRefused: unknown, used, too old, another session's, another patient's or for another purpose.
        NotFound: no such patient in this practice.
        Refused: a wall does not allow it.
    """
    session = guard.session(question.token, Action.COPY_CHART, question.patient)
    with guard.lock:
        # Gone with the first question, also with a wrong one: nobody tries a ticket on one patient after another.
        ticket = session.practice.tickets.pop(_hash(question.ticket), None)
    if (
        ticket is None
        or ticket.session is not session
        or (ticket.patient, ticket.purpose) != (question.patient, question.purpose)
        or not 0 <= guard.seconds() - ticket.made_at < TICKET_SECONDS
    ):
        guard.note(session, Action.COPY_CHART, patient=question.patient, outcome="refused", detail="ticket")
        raise TicketRefused
    asked = AskPermit(token=b"", action=Action.COPY_CHART, patient=ticket.patient, detail=ticket.purpose)
    return release_one(guard, session, asked)


def _hash(ticket: bytes) -> bytes:
    return sha256(ticket).digest()
