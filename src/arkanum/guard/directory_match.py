# SPDX-License-Identifier: MPL-2.0
"""Which cards of an index fit a query, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Self

from arkanum.core.query import Births, Digits, Query
from arkanum.guard.directory_cards import Hit
from arkanum.guard.directory_index import Index, lowest

BY_NUMBER = "Patientennummer"
BY_INSURANCE = "Versichertennummer"
BY_PHONE = "Telefon"
BY_SLIP = "ähnlich geschrieben"
BY_VAGUE_BIRTH = "Geburtstag nicht genau bekannt"


@dataclass(frozen=True, slots=True)
class Match:
    """Cards of an index that fit.

    Attributes:
        index: whose cards they are.
        ranks: the set of their ranks.
        reasons: sets of ranks with the reason why a card is found although the words do not stand there.
        first: the cards that must be shown even if others come before them.
    """

    index: Index
    ranks: int
    reasons: Sequence[tuple[int, str]] = ()
    first: int = 0

    def only(self, ranks: int) -> Self:
        """Return the same for those cards alone that are in a set."""
        return replace(self, ranks=self.ranks & ranks)

    def hits(self, most: int) -> list[Hit]:
        """Return the first cards of the alphabet, at most so many."""
        return [Hit(self.index.cards[rank], self._why(rank)) for rank in lowest(self.ranks, most)]

    def _why(self, rank: int) -> str | None:
        """Return the reason for a card, or `None` when it is plain to see."""
        return next((reason for ranks, reason in self.reasons if ranks >> rank & 1), None)


def literal(index: Index, query: Query) -> Match:
    """Return the cards in which everything stands as it was typed."""
    ranks = _words(index, query.words)
    for births in query.births:
        ranks &= _born(index, births)
    ranks, reasons = _with_digits(index, query.digits, ranks)
    first = _exactly_numbered(index, query)
    return Match(index, ranks, reasons, first)


def near(index: Index, query: Query) -> Match:
    """Return the cards that sound or look like what was typed; the literal ones are among them."""
    ranks, reasons = index.alive, []
    for word, typed in zip(query.words, query.typed, strict=True):
        exact = index.named(word)
        heard = index.spelled(index.sounds.alike(word)) & ~exact
        mistyped = index.spelled(index.sounds.mistyped(word)) & ~(exact | heard)
        ranks &= exact | heard | mistyped
        reasons += [(heard, f"klingt wie {typed}"), (mistyped, BY_SLIP)]
    for births in query.births:
        exact, vague = _born(index, births), _born(index, births, vaguely=True)
        ranks &= vague
        reasons.append((vague & ~exact, BY_VAGUE_BIRTH))
    ranks, more = _with_digits(index, query.digits, ranks)
    return Match(index, ranks, [*reasons, *more])


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


def _with_digits(index: Index, digits: Sequence[Digits], ranks: int) -> tuple[int, list[tuple[int, str]]]:
    reasons = []
    for group in digits:
        born = _born(index, group.births)
        by_reason = [
            (index.numbered(group.code) & ~born, BY_NUMBER),
            (index.insured(group.code) & ~born, BY_INSURANCE),
            (index.called(group.phone) & ~born, BY_PHONE),
        ]
        reasons += by_reason
        ranks &= born | _union(found for found, _ in by_reason)
    return ranks, reasons


def _exactly_numbered(index: Index, query: Query) -> int:
    """The patient of that very number is shown even where fifty people of that year of birth come before."""
    if len(query.digits) != 1:
        return 0
    return index.numbered(query.digits[0].code, whole=True)


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
