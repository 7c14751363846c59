# SPDX-License-Identifier: MPL-2.0
"""An index over cards that stand in alphabetical order.

A card's place in that order is its rank. Sets of cards are whole numbers in which bit n stands for the card of rank n:
two sets are cut in half a microsecond, and the lowest fifty bits are the first fifty cards of the alphabet. The words
of all names are sorted, and the ranks of each stand one behind the other, so that all words that begin with `mue` are
one piece of one array.

An index never changes, except that cards are struck off.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from arkanum.core.names import variants
from arkanum.core.query import FIRST_YEAR, LAST_YEAR, BirthRange
from arkanum.guard.directory_cards import Card, sort_key
from arkanum.guard.directory_lines import Lines
from arkanum.guard.directory_sounds import Sounds

SHORTEST_PHONE = 5
SHORTEST_BEGINNING = 3
"""So many digits of a patient number find all that begin with them; fewer find the very number."""

REMEMBERED_FROM = 256
"""Sets of so many cards are kept, to be had at once the next time."""

MOVED_AT_ONCE = 500
"""When more patients than that have moved, the set of those whom a search leaves out is worked out anew."""

MOST_REMEMBERED = 512
"""Such sets are kept, of 7.5 KB each with 60,000 patients."""

_DENSE = 1_500
_BLOCK_BITS = 4096
_BLOCK = (1 << _BLOCK_BITS) - 1
_AFTER_ALL = "\U0010ffff"
_BIT = tuple(1 << bit for bit in range(8))


@dataclass(frozen=True, slots=True)
class Names:
    """The words of all names.

    Attributes:
        words: folded, sorted, each once.
        starts: where in `ranks` those of each word begin; one more at the end.
        ranks: the cards of the first word, of the second, and so on.
        sounds: how the words sound.
    """

    words: list[str]
    starts: Sequence[int]
    ranks: Sequence[int]
    sounds: Sounds


@dataclass(frozen=True, slots=True)
class Births:
    """Who was born when.

    Attributes:
        by_year: the cards born in each year.
        by_day: the cards born on each day, which is 100 x month + day with 0 for
            unknown, and the year of each.
    """

    by_year: Mapping[int, Sequence[int]]
    by_day: Mapping[int, tuple[Sequence[int], Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A line of numbers for each card: the practice's own, those of insurances, and phones."""

    own: Lines
    insured: Lines
    phones: Lines


@dataclass(frozen=True, slots=True)
class Unseen:
    """Patients whom a search leaves out.

    Attributes:
        walls: behind which walls they are.
        moved: who came behind a wall or out again, one after the other.
        hides: tells whether a patient is left out.
    """

    walls: frozenset[str]
    moved: Sequence[UUID]
    hides: Callable[[UUID], bool]


class Index:
    """Cards in alphabetical order, with all that finds them.

    Attributes:
        cards: in alphabetical order.
        alive: the cards that were not struck off.
        sounds: the words of all names, for finding them by ear.
    """

    def __init__(self, cards: Sequence[Card], names: Names, births: Births, numbers: Numbers) -> None:
        """Keep what `building` has prepared."""
        self.cards = cards
        self.alive = (1 << len(cards)) - 1
        self.sounds = names.sounds
        self._names = names
        self._births = births
        self._numbers = numbers
        self._remembered: dict[tuple[int, int], int] = {}
        self._unseen: dict[frozenset[str], tuple[int, int]] = {}

    def named(self, word: str) -> int:
        """Return the cards with a name that begins with a folded word, whichever way its umlauts are written."""
        found = self._between(bisect_left(self._names.words, word), bisect_left(self._names.words, word + _AFTER_ALL))
        for short in variants(word)[1:]:
            # `mü` may be all of the name Mu, but not the beginning of Munk: the next letter must say so.
            beyond = "\0" if word.endswith("e") else _AFTER_ALL
            found |= self._between(
                bisect_left(self._names.words, short), bisect_left(self._names.words, short + beyond)
            )
        return found

    def spelled(self, words: Iterable[str]) -> int:
        """Return the cards with one of these words, which are words of this index, among their names."""
        found = 0
        for word in words:
            at = bisect_left(self._names.words, word)
            found |= self._between(at, at + 1)
        return found

    def born(self, span: BirthRange, *, vaguely: bool = False) -> int:
        """Return the cards whose birth date is in a range.

        Args:
            span: day, month and years.
            vaguely: also those whose day, or day and month, nobody knows.
        """
        if span.month is None and span.day is None:
            return self._born_in(span.first, span.last)
        unknown = (0,) if vaguely else ()
        days = range(32) if span.day is None else (*unknown, span.day)
        months = range(1, 13) if span.month is None else (*unknown, span.month)
        born = self._births.by_day
        on_these = [born[month * 100 + day] for month in months for day in days if month * 100 + day in born]
        if (span.first, span.last) == (FIRST_YEAR, LAST_YEAR):
            return self._set(list(chain.from_iterable(ranks for ranks, _ in on_these)))
        pairs = chain.from_iterable(zip(ranks, years, strict=True) for ranks, years in on_these)
        return self._set([rank for rank, year in pairs if span.first <= year <= span.last])

    def numbered(self, code: str, *, most: int, whole: bool = False) -> int:
        """Return the cards, at most so many, whose patient number begins with, or is, a number."""
        if whole or len(code) < SHORTEST_BEGINNING:
            return self._set(self._numbers.own.equal(code, most))
        return self._set(self._numbers.own.beginning(code, most))

    def insured(self, code: str, *, most: int) -> int:
        """Return the cards, at most so many, with an insurance number that begins with a letter and digits."""
        return self._set(self._numbers.insured.beginning(code, most)) if code[:1].isalpha() else 0

    def called(self, phone: str, *, most: int) -> int:
        """Return the cards, at most so many, with a phone number that begins with, or ends with, digits."""
        if len(phone) < SHORTEST_PHONE:
            return 0
        found = self._numbers.phones.beginning(phone, most)
        if phone[0] not in "0+":
            found += self._numbers.phones.ending(phone, most)
        return self._set(found)

    def strike(self, card: Card, key: str) -> bool:
        """Strike a card off and tell whether it stood here.

        Args:
            card: the very card, not an equal one.
            key: its `sort_key`.
        """
        rank = bisect_left(self.cards, key, key=sort_key)
        here = rank < len(self.cards) and self.cards[rank] is card and bool(self.alive >> rank & 1)
        if here:
            self.alive ^= 1 << rank
        return here

    def unseen(self, unseen: Unseen, card_of: Callable[[UUID], Card | None]) -> int:
        """Return the cards that a search leaves out: worked out once, then only for those who have moved since.

        Args:
            unseen: whom to leave out.
            card_of: gives a patient's card.
        """
        until = len(unseen.moved)
        known = self._unseen.get(unseen.walls)
        if known is None or until - known[0] > MOVED_AT_ONCE or until < known[0]:
            ranks = self._set([rank for rank, card in enumerate(self.cards) if unseen.hides(card.patient)])
        else:
            ranks = known[1]
            for patient in unseen.moved[known[0] : until]:
                bit = self._bit(card_of(patient))
                ranks = ranks | bit if unseen.hides(patient) else ranks & ~bit
        self._unseen[unseen.walls] = (until, ranks)
        return ranks

    def _bit(self, card: Card | None) -> int:
        """Return the set of one card, empty if it does not stand here."""
        rank = len(self.cards) if card is None else bisect_left(self.cards, sort_key(card), key=sort_key)
        return 1 << rank if rank < len(self.cards) and self.cards[rank] is card else 0

    def living(self) -> Iterator[Card]:
        """Return the cards that were not struck off."""
        return (self.cards[rank] for rank in lowest(self.alive, len(self.cards)))

    def _born_in(self, first: int, last: int) -> int:
        by_year = self._births.by_year
        years = (by_year[year] for year in range(first, last + 1) if year in by_year)
        return self._remember((first, -last), lambda: list(chain.from_iterable(years)))

    def _between(self, low: int, high: int) -> int:
        first, last = self._names.starts[low], self._names.starts[high]
        if last - first < REMEMBERED_FROM:
            return self._set(self._names.ranks[first:last])
        return self._remember((low, high), lambda: self._names.ranks[first:last])

    def _remember(self, what: tuple[int, int], ranks: Callable[[], Sequence[int]]) -> int:
        """Return a large set, made once: `s` is the beginning of many searches."""
        found = self._remembered.get(what)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[what] = self._set(ranks())
        return found

    def _set(self, ranks: Sequence[int]) -> int:
        if len(ranks) > _DENSE:
            digits = bytearray(b"0") * len(self.cards)
            for rank in ranks:
                digits[rank] = 49
            return int(digits[::-1], 2)
        size = len(self.cards) // 8 + 1
        bits = bytearray(size)
        for rank in ranks:
            bits[rank >> 3] |= _BIT[rank & 7]
        return int.from_bytes(bits, "little")


def lowest(ranks: int, most: int) -> Iterator[int]:
    """Return the lowest bits that are set, block by block: a whole set is long to count through."""
    base = 0
    while ranks and most > 0:
        block = ranks & _BLOCK
        while block and most > 0:
            bit = block & -block
            yield base + bit.bit_length() - 1
            block ^= bit
            most -= 1
        ranks >>= _BLOCK_BITS
        base += _BLOCK_BITS
