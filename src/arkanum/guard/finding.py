# SPDX-License-Identifier: MPL-2.0
"""Search and names. A window of one minute has one durable log line before its first name goes out.

A line for every keystroke would say less and cost more: the window's closing note counts the keystrokes and the
names that were shown (docs/decisions/0021).
"""

from __future__ import annotations

import time

from arkanum.guard import braking
from arkanum.guard.brake import Kind
from arkanum.guard.directory import Hit
from arkanum.guard.directory_index import Unseen
from arkanum.guard.errors import Refused
from arkanum.guard.house import Guard
from arkanum.guard.protocol import AskCards, Cards, Found, FoundPatient, SearchPatients
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session
from arkanum.guard.walls import hidden_walls, is_hidden, is_locked, walls_of

WINDOW_SECONDS = 60.0
MOST_HITS = 50
FEW_HITS = 12
"""Where more than the most are found, nobody looks through them: so many are shown, and the person types on."""

MOST_CARDS = 200


def search(guard: Guard, question: SearchPatients) -> Found:
    """Answer one keystroke of the patient search, alphabetically, at most 50 hits, or the first 12 of more.

    Raises:
        StepUp: so many names were shown that the person must show that it is them.
        SecondPerson: a limit is reached.
    """
    session = guard.session(question.token, Action.FIND_PATIENT)
    _note_window(guard, session)
    limit = max(1, min(question.limit, MOST_HITS))
    hits = session.practice.directory.names().search(question.text, limit, unseen_by(session))
    cut = len(hits) == MOST_HITS
    hits = hits[:FEW_HITS] if cut else hits
    braking.require(guard, session, Kind.NAMES, [hit.card.patient for hit in hits])
    session.searches += 1
    session.names_shown += len(hits)
    return Found(who=session.who(), hits=tuple(_found(session, hit) for hit in hits), cut=cut)


def cards(guard: Guard, question: AskCards) -> Cards:
    """Return the names of a few charts; ids the practice does not know are left out.

    Raises:
        Refused: more than 200 at once.
        StepUp: so many names were shown that the person must show that it is them.
        SecondPerson: a limit is reached.
    """
    session = guard.session(question.token, Action.FIND_PATIENT)
    if len(question.patients) > MOST_CARDS:
        raise Refused
    _note_window(guard, session)
    braking.require(guard, session, Kind.NAMES, question.patients)
    directory = session.practice.directory.names()
    found = tuple(
        card for card in map(directory.get, question.patients) if card and not is_hidden(session, card.patient)
    )
    session.names_shown += len(found)
    return Cards(cards=found)


def unseen_by(session: Session) -> Unseen | None:
    """Return whom the search leaves out for this person; nobody where no wall says so."""
    walls = hidden_walls(session)
    book = walls_of(session.practice)
    return Unseen(walls, book.moved, lambda patient: book.patients.get(patient) in walls) if walls else None


def _found(session: Session, hit: Hit) -> FoundPatient:
    return FoundPatient(card=hit.card, why=hit.why, locked=is_locked(session, hit.card.patient))


def _note_window(guard: Guard, session: Session) -> None:
    now = time.monotonic()
    if now < session.search_window_until:
        return
    guard.note(session, Action.FIND_PATIENT, detail=session.window())
    session.search_window_until = now + WINDOW_SECONDS
