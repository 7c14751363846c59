# SPDX-License-Identifier: MPL-2.0
"""The directory: every patient's card in memory, and the search that finds them while somebody types."""

import gc
from bisect import insort
from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import islice
from threading import RLock
from uuid import UUID

from arkanum.core.query import parse_query
from arkanum.guard.directory_build import build
from arkanum.guard.directory_cards import Card, Hit, card_of, decode_cards, encode_cards, sort_key
from arkanum.guard.directory_index import Index, Unseen
from arkanum.guard.directory_match import CHEAP_GRADES, Match, literal, near
from arkanum.guard.directory_merge import Merger

__all__ = ["Card", "Directory", "Hit", "card_of", "decode_cards", "encode_cards"]

MOST_HITS = 50
"""So many hits at most; whoever needs more types one letter more."""

ENOUGH_HITS = 10
"""With fewer literal hits than that, names that sound or look alike are shown after them."""

NEW_CARDS = 32
"""So many changed cards stand in an index that is built again with the next search, in 0.3 ms."""

MOST_INDEXES = 8
"""With more indexes than that the small ones are merged into one."""

MANY_CARDS = 10_000
"""So many cards are kept out of garbage collection."""

STEP_SECONDS = 0.000_3
"""So long a changed card may carry on with merging."""


class Directory:
    """All patients of a practice; safe to use from several threads.

    Changed cards stand in small indexes beside the large one. When there are many, they are merged: each further
    change does a little of that work, so that neither a change nor a search ever waits for all of it.
    """

    def __init__(self) -> None:
        """Begin without patients."""
        self._lock = RLock()
        self._cards: dict[UUID, Card] = {}
        self._clear()

    def _clear(self) -> None:
        self._indexes: list[Index] = []
        self._new: dict[UUID, Card] = {}
        self._new_index: Index | None = None
        self._merger: Merger | None = None

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self._cards)

    def cards(self) -> Iterable[Card]:
        """Return all cards as they are now, in no order."""
        with self._lock:
            return tuple(self._cards.values())

    def get(self, patient: UUID) -> Card | None:
        """Return a patient's card, or `None`."""
        return self._cards.get(patient)

    def replace(self, cards: Iterable[Card]) -> None:
        """Take these cards in place of all others; of a patient who comes twice the later one."""
        by_patient = {card.patient: card for card in cards}
        with self._lock:
            self._clear()
            self._indexes = [build(by_patient.values())]
            self._cards = by_patient
        if len(by_patient) >= MANY_CARDS:
            # Garbage collection would look through all of this again and again, 30 ms each time, for nothing.
            gc.freeze()

    def put(self, card: Card) -> None:
        """Take a card, in place of the patient's former one."""
        with self._lock:
            self._strike(card.patient)
            self._cards[card.patient] = card
            self._new[card.patient] = card
            self._new_index = None
            if len(self._new) >= NEW_CARDS:
                self._indexes.append(self._index_of_new())
                self._new, self._new_index = {}, None
            self._merge()

    def drop(self, patient: UUID) -> None:
        """Forget a patient; nothing happens if there is none."""
        with self._lock:
            self._strike(patient)
            self._cards.pop(patient, None)

    def search(self, text: str, limit: int = MOST_HITS, unseen: Unseen | None = None) -> list[Hit]:
        """Find patients by what somebody has typed so far.

        Args:
            text: see `parse_query`.
            limit: hits wanted, at most `MOST_HITS`.
            unseen: whom to leave out.

        Returns:
            The literal hits in alphabetical order. Only if they are fewer than
            `ENOUGH_HITS`: then those that sound or look alike, in alphabetical
            order too, each with its reason.
        """
        query = parse_query(text)
        most = min(limit, MOST_HITS)
        if not query or most <= 0:
            return []
        with self._lock:
            indexes = [*self._indexes, self._index_of_new()]
            found = [literal(index, query) for index in indexes]
            hits = _first_hits(self._seen(found, unseen), most)
            if len(hits) < min(most, ENOUGH_HITS) and (query.words or query.births):
                grades = zip(*(near(match, query) for match in found), strict=True)
                hits += _nearest((self._seen(grade, unseen) for grade in grades), len(hits), most)
            return hits

    def _seen(self, matches: Sequence[Match], unseen: Unseen | None) -> Sequence[Match]:
        """Leave out whom this person does not see; before anything is counted, or their number would tell."""
        if unseen is None:
            return matches
        return [match.only(~match.index.unseen(unseen, self._cards.get)) for match in matches]

    def _index_of_new(self) -> Index:
        if self._new_index is None:
            self._new_index = build(self._new.values())
        return self._new_index

    def _strike(self, patient: UUID) -> None:
        card = self._cards.get(patient)
        if card is None:
            return
        if self._new.pop(patient, None) is not None:
            self._new_index = None
            return
        key = sort_key(card)
        any(index.strike(card, key) for index in self._indexes)
        if self._merger is not None:
            self._merger.struck.append(card)

    def _merge(self) -> None:
        if self._merger is None:
            if len(self._indexes) <= MOST_INDEXES:
                return
            self._merger = Merger(self._indexes)
        merged = self._merger.carry_on(STEP_SECONDS)
        if merged is not None:
            self._indexes = [merged, *(index for index in self._indexes if index not in self._merger.sources)]
            self._merger = None


def _first_hits(matches: Sequence[Match], most: int) -> list[Hit]:
    """Return the hits in alphabetical order, and among them those that must be shown."""
    if not any(match.first for match in matches):
        return _alphabetical(matches, most)
    musts = _alphabetical([match.only(match.first) for match in matches], most)
    hits = _alphabetical([match.only(~match.first) for match in matches], most - len(musts))
    for must in musts:
        insort(hits, must, key=_hit_key)
    return hits


def _nearest(grades: Iterable[Sequence[Match]], literal_hits: int, most: int) -> list[Hit]:
    """Return the hits of the nearest grades, of as few as give enough, in alphabetical order."""
    hits: list[Hit] = []
    for grade, matches in enumerate(grades, 1):
        hits = _alphabetical(matches, most - literal_hits)
        found = literal_hits + len(hits)
        # Only when there is nothing at all the last grade is worth its time.
        if found >= min(most, ENOUGH_HITS) or (grade == CHEAP_GRADES and found):
            break
    return hits


def _alphabetical(matches: Sequence[Match], most: int) -> list[Hit]:
    runs = [match.hits(most) for match in matches if match.ranks]
    if len(runs) > 1:
        return list(islice(merge(*runs, key=_hit_key), most))
    return runs[0] if runs else []


def _hit_key(hit: Hit) -> str:
    return sort_key(hit.card)
