# SPDX-License-Identifier: MPL-2.0
"""Search, and the names of a few charts."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.directory import Card
from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action
from arkanum.guard.shown import ASKER, shown


@shown({Action.FIND_PATIENT: "card why locked"})
class FoundPatient(Message, frozen=True, kw_only=True):
    """One hit of the search: the patient's card and the reason where it is not literal."""

    card: Card
    why: str | None
    locked: bool = False


@shown({ASKER: "who", Action.FIND_PATIENT: "hits cut"})
class Found(Message, frozen=True, kw_only=True):
    """The hits of one keystroke, in alphabetical order."""

    who: Who
    hits: tuple[FoundPatient, ...]
    cut: bool = False
    """Whether there are more, so that it is worth typing on."""


@shown({Action.FIND_PATIENT: "cards"})
class Cards(Message, frozen=True, kw_only=True):
    """The cards of some patients, in the order asked for."""

    cards: tuple[Card, ...]


class SearchPatients(Asked, frozen=True, kw_only=True):
    """One keystroke of the patient search."""

    text: str
    limit: int = 50


class AskCards(Asked, frozen=True, kw_only=True):
    """Names of a few charts."""

    patients: tuple[UUID, ...]
