# SPDX-License-Identifier: MPL-2.0
"""Finds words of names by ear, and in spite of a slip of the finger."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from arkanum.core.names import colognes

MOST_WORDS = 60
"""So many words at most are taken for one that was misheard or mistyped: the nearest."""

SHORTEST_HEARD = 3
SHORTEST_MISTYPED = 4
TWO_SLIPS_FROM = 6
"""From this length on two slips are forgiven, in shorter words one."""

Slips = dict[str, int]
"""Words, each with the number of letters left out, put in, replaced or swapped."""


class Sounds:
    """The words of all names by sound and by length."""

    __slots__ = ("_shelves", "_sounds")

    def __init__(self) -> None:
        """Begin without words."""
        self._sounds: defaultdict[str, list[str]] = defaultdict(list)
        self._shelves: defaultdict[tuple[str, int], list[str]] = defaultdict(list)

    def add(self, words: Sequence[str]) -> None:
        """Take some more words in."""
        for word, sound in zip(words, colognes(words), strict=True):
            self._sounds[sound].append(word)
            self._shelves[word[0], len(word)].append(word)

    def alike(self, word: str) -> Slips:
        """Return the words that sound like a folded word by the Kölner Phonetik.

        The code alone is coarse: Maier, Mohr and Neher have the same. So a word
        must also be spelled alike to some degree, the more freely the longer
        its code.
        """
        sound = colognes([word])[0]
        if len(word) < SHORTEST_HEARD or not sound.strip("0"):
            return {}
        return _near(word, self._sounds.get(sound, []), max(2, len(sound)))

    def mistyped(self, word: str) -> Slips:
        """Return the words from which a folded word differs by one slip, or two if it is long.

        The first letter is right, or changed places with the second, or was left
        out; for others see `anyhow`.
        """
        if len(word) < SHORTEST_MISTYPED:
            return {}
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        shelves = product(word[:2], range(len(word) - slips, len(word) + slips + 1))
        found: Slips = {}
        for shelf in shelves:
            if shelf in self._shelves:
                found |= _near(word, self._shelves[shelf], slips)
        return found

    def anyhow(self, word: str) -> Slips:
        """Return the words from which a folded word differs by one slip, the first letter included.

        Every word is tried, which takes a millisecond: for when nothing else has
        found anything.
        """
        lengths = range(len(word) - 1, len(word) + 2) if len(word) >= SHORTEST_MISTYPED else ()
        found: Slips = {}
        for (_, length), shelf in self._shelves.items():
            if length in lengths:
                found |= _near(word, shelf, 1)
        return found


def _near(word: str, words: list[str], slips: int) -> Slips:
    hits = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=MOST_WORDS)
    return {hit: distance for hit, distance, _ in hits}
