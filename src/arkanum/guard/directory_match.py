# SPDX-License-Identifier: MPL-2.0
"""Which cards of an index fit a query, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from operator import or_
from typing import Self

from arkanum.core.query import Births, Digits, Query
from arkanum.guard.directory_cards import Hit
from arkanum.guard.directory_index import Index, lowest
from arkanum.guard.directory_sounds import Slips

MOST_NUMBERS = 2_000
"""So many cards at most are found by a number that is not the only thing typed."""

ENOUGH_NUMBERS = 50
"""So many at most if it is; more are never shown."""

CHEAP_GRADES = 3
"""Grades of likeness that are found quickly."""

BY_NUMBER = "Patientennummer"
BY_INSURANCE = "Versichertennummer"
BY_PHONE = "Telefon"
BY_SLIP = "ähnlich geschrieben"
BY_VAGUE_BIRTH = "Geburtstag nicht genau bekannt"


Reasons = Sequence[tuple[int, str]]
"""Sets of ranks, each with the reason why a card is found although what was typed is not plain to see in it."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The cards that all digits fit: all cards if there were none."""

    ranks: int
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Match:
    """Cards of an index that fit.

    Attributes:
        index: whose cards they are.
        ranks: the set of their ranks.
        numbers: what the digits alone have found.
        reasons: why names or birth dates that differ were found.
        first: the cards that must be shown even if fifty others come before them.
    """

    index: Index
    ranks: int
    numbers: Numbered
    reasons: Reasons = ()
    first: int = 0

    def only(self, ranks: int) -> Self:
        """Return the same for those cards alone that are in a set."""
        return replace(self, ranks=self.ranks & ranks)

    def hits(self, most: int) -> list[Hit]:
        """Return the first cards of the alphabet, at most so many."""
        return [Hit(self.index.cards[rank], self._why(rank)) for rank in lowest(self.ranks, most)]

    def _why(self, rank: int) -> str | None:
        reasons = chain(self.reasons, self.numbers.reasons)
        return next((reason for ranks, reason in reasons if ranks >> rank & 1), None)


def literal(index: Index, query: Query) -> Match:
    """Return the cards in which everything stands as it was typed."""
    # Nothing else narrows the numbers down, and of a set that is shown in order only the beginning matters.
    alone = len(query.digits) == 1 and not query.words and not query.births
    numbers = _numbered(index, query.digits, most=ENOUGH_NUMBERS if alone else MOST_NUMBERS)
    ranks = _words(index, query.words) & numbers.ranks
    for births in query.births:
        ranks &= _born(index, births)
    first = 0
    if len(query.digits) == 1 and ranks.bit_count() > ENOUGH_NUMBERS:
        first = index.numbered(query.digits[0].code, most=MOST_NUMBERS, whole=True)
    return Match(index, ranks, numbers, first=first)


def near(exactly: Match, query: Query) -> Iterator[Match]:
    """Return further cards, which sound or look like what was typed, from the nearest to the farthest.

    Each grade holds the former ones too. Up to `CHEAP_GRADES` a grade forgives
    as many slips in a word, if the word sounds the same or begins the same; the
    one after them forgives one slip anywhere and is slow.

    Args:
        exactly: what `literal` gave for the same query.
        query: what was typed.
    """
    index, ranks, reasons = exactly.index, exactly.numbers.ranks, []
    for births in query.births:
        vague = _born(index, births, vaguely=True)
        ranks &= vague
        reasons.append((vague & ~_born(index, births), BY_VAGUE_BIRTH))
    words = [_Alike(index, word, typed) for word, typed in zip(query.words, query.typed, strict=True)]
    for grade in range(1, CHEAP_GRADES + 2):
        fitting, why = ranks, list(reasons)
        for word in words:
            fitting &= word.add(grade)
            why += word.reasons()
        yield Match(index, fitting & ~exactly.ranks, exactly.numbers, why)


class _Alike:
    """The cards of one word as it stands, by ear, and in spite of slips."""

    def __init__(self, index: Index, word: str, typed: str) -> None:
        self._index, self._word, self._typed = index, word, typed
        self._exact = index.named(word)
        self._words_heard = index.sounds.alike(word)
        self._words_mistyped = index.sounds.mistyped(word)
        self._heard = self._mistyped = 0

    def add(self, grade: int) -> int:
        """Add the cards of a grade and return all so far."""
        if grade > CHEAP_GRADES:
            self._mistyped |= self._index.spelled(self._index.sounds.anyhow(self._word))
        self._heard |= self._index.spelled(_of_grade(self._words_heard, grade))
        self._mistyped |= self._index.spelled(_of_grade(self._words_mistyped, grade))
        return self._exact | self._heard | self._mistyped

    def reasons(self) -> list[tuple[int, str]]:
        """Return why cards fit that do not hold the word."""
        heard = self._heard & ~self._exact
        return [(heard, f"klingt wie {self._typed}"), (self._mistyped & ~self._exact & ~heard, BY_SLIP)]


def _of_grade(words: Slips, grade: int) -> Iterator[str]:
    """Return the words with so many slips; the last grade takes all that have more."""
    return (word for word, slips in words.items() if min(slips, CHEAP_GRADES) == grade)


def _words(index: Index, words: Sequence[str]) -> int:
    """Cut the cards of all words, in which neighbours may stand together: `o neill` finds Oneill."""
    fits = [0] * len(words) + [index.alive]
    for begin in reversed(range(len(words))):
        joined = ""
        for end in range(begin, len(words)):
            joined += words[end]
            named = index.named(joined)
            if not named:
                break
            fits[begin] |= named & fits[end + 1]
    return fits[0]


def _born(index: Index, births: Births, *, vaguely: bool = False) -> int:
    return _union(index.born(span, vaguely=vaguely) for span in births)


def _numbered(index: Index, digits: Sequence[Digits], *, most: int) -> Numbered:
    ranks, reasons = index.alive, []
    for group in digits:
        born = _born(index, group.births)
        by_reason = [
            (index.numbered(group.code, most=most) & ~born, BY_NUMBER),
            (index.insured(group.code, most=most) & ~born, BY_INSURANCE),
            (index.called(group.phone, most=most) & ~born, BY_PHONE),
        ]
        reasons += by_reason
        ranks &= born | _union(found for found, _ in by_reason)
    return Numbered(ranks, reasons)


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
