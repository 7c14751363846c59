# SPDX-License-Identifier: MPL-2.0
"""Rows of a list of patients, as plain strings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from arkanum.guard.directory import Card


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient in a list."""

    patient: UUID
    last: str
    given: str
    born: str
    age: str
    number: str
    town: str
    why: str | None
    locked: bool = False


def rows_of(
    cards: Iterable[tuple[Card, str | None]], today: date, locked: frozenset[UUID] = frozenset()
) -> list[PatientRow]:
    """Return a row for each card with its reason; `locked` are the charts behind a wall of others."""
    return [_row(card, why, today, card.patient in locked) for card, why in cards]


def _row(card: Card, why: str | None, today: date, locked: bool) -> PatientRow:  # noqa: FBT001 -- of one caller
    given = " ".join(part for part in (card.title, card.first, card.suffix, card.prefix) if part)
    born = card.birth.german() if card.birth else ""
    age = str(card.birth.age(today)) if card.birth else ""
    return PatientRow(card.patient, card.last, given, born, age, card.number, card.town, why, locked)
