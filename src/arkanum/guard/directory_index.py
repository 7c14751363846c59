# SPDX-License-Identifier: MPL-2.0
"""An index over cards that stand in alphabetical order.

A card's place in that order is its rank. Sets of cards are whole numbers in which bit n stands for the card of rank n:
two sets are cut in half a microsecond, and the lowest fifty bits are the first fifty cards of the alphabet. The words
of all names are sorted, and the ranks of each stand one behind the other, so that all words that begin with `mue` are
one piece of one array.

An index never changes, except that cards are struck off.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from arkanum.core.names import variants
from arkanum.core.query import FIRST_YEAR, LAST_YEAR, BirthRange
from arkanum.guard.directory_cards import Card, sort_key
from arkanum.guard.directory_lines import comparable, lines_with, national
from arkanum.guard.directory_sounds import Sounds

MOST_NUMBERS = 2_000
"""So many cards at most are found by a number; more than fifty are never shown."""

SHORTEST_PHONE = 5
SHORTEST_BEGINNING = 3
"""So many digits of a patient number find all that begin with them; fewer find the very number."""

_AFTER_ALL = "\U0010ffff"
_REMEMBERED_FROM = 256
_REMEMBERED = 512
_DENSE = 1_500
_BLOCK_BITS = 4096
_BLOCK = (1 << _BLOCK_BITS) - 1
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
    """The cards born in each year, and on each day, which is 100 x month + day with 0 for unknown."""

    by_year: Mapping[int, Sequence[int]]
    by_day: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A line of numbers for each card: the practice's own, those of insurances, and phones."""

    own: str
    insured: str
    phones: str


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
        found = self.alive
        if (span.first, span.last) != (FIRST_YEAR, LAST_YEAR):
            years = range(span.first, span.last + 1)
            found &= self._any_of(self._births.by_year, years)
        if span.month is None and span.day is None:
            return found
        days = range(32) if span.day is None else (0, span.day) if vaguely else (span.day,)
        months = range(1, 13) if span.month is None else (0, span.month) if vaguely else (span.month,)
        return found & self._any_of(self._births.by_day, (month * 100 + day for month in months for day in days))

    def numbered(self, code: str, *, whole: bool = False) -> int:
        """Return the cards whose patient number begins with, or is, a number."""
        plain = comparable(f"|{code}")
        if plain == "|":
            return 0
        end = "|" if whole or len(plain) <= SHORTEST_BEGINNING else ""
        return self._set(lines_with(self._numbers.own, plain + end, MOST_NUMBERS))

    def insured(self, code: str) -> int:
        """Return the cards with an insurance number that begins with a letter and digits."""
        if not code[:1].isalpha():
            return 0
        return self._set(lines_with(self._numbers.insured, f"|{code}", MOST_NUMBERS))

    def called(self, phone: str) -> int:
        """Return the cards with a phone number that begins with, or ends with, digits."""
        if len(phone) < SHORTEST_PHONE:
            return 0
        plain = national(f"|{phone}")
        found = lines_with(self._numbers.phones, plain, MOST_NUMBERS)
        if phone[0] not in "0+":
            found += lines_with(self._numbers.phones, f"{phone}|", MOST_NUMBERS)
        return self._set(found)

    def find(self, card: Card, key: str) -> int | None:
        """Return a card's rank, or `None` when it does not stand here or was struck off."""
        rank = bisect_left(self.cards, key, key=sort_key)
        here = rank < len(self.cards) and self.cards[rank] is card and self.alive >> rank & 1
        return rank if here else None

    def strike(self, rank: int) -> None:
        """Strike a card off."""
        self.alive &= ~(1 << rank)

    def living(self) -> Iterator[Card]:
        """Return the cards that were not struck off."""
        return (self.cards[rank] for rank in lowest(self.alive, len(self.cards)))

    def _any_of(self, ranks: Mapping[int, Sequence[int]], keys: Iterable[int]) -> int:
        found = 0
        for key in keys:
            if key in ranks:
                found |= self._set(ranks[key])
        return found

    def _between(self, low: int, high: int) -> int:
        first, last = self._names.starts[low], self._names.starts[high]
        if last - first < _REMEMBERED_FROM:
            return self._set(self._names.ranks[first:last])
        found = self._remembered.get((low, high))
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = self._remembered[low, high] = self._set(self._names.ranks[first:last])
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
