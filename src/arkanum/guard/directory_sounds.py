# SPDX-License-Identifier: MPL-2.0
"""Finds words of names by ear, and in spite of a slip of the finger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from arkanum.core.names import colognes

MOST_WORDS = 200
"""So many words at most are taken for one that was misheard or mistyped."""

SHORTEST_HEARD = 3
SHORTEST_MISTYPED = 4
TWO_SLIPS_FROM = 6
"""From this length on two slips are forgiven, in shorter words one."""


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

    def alike(self, word: str) -> list[str]:
        """Return the words that sound like a folded word by the Kölner Phonetik.

        The code alone is coarse: Maier, Mohr and Neher have the same. So a word
        must also be spelled alike to some degree, the more freely the longer
        its code.
        """
        sound = colognes([word])[0]
        if len(word) < SHORTEST_HEARD or not sound.strip("0"):
            return []
        return _near(word, self._sounds.get(sound, []), max(2, len(sound)))

    def mistyped(self, word: str) -> list[str]:
        """Return the words from which a folded word differs by one slip, or two if it is long.

        The first letter is right, or changed places with the second, or was left
        out; for others see `anyhow`.
        """
        if len(word) < SHORTEST_MISTYPED:
            return []
        slips = 2 if len(word) >= TWO_SLIPS_FROM else 1
        lengths = range(len(word) - slips, len(word) + slips + 1)
        return [hit for first in dict.fromkeys(word[:2]) for hit in self._on_shelves(word, first, lengths, slips)]

    def anyhow(self, word: str) -> list[str]:
        """Return the words from which a folded word differs by one slip, the first letter included.

        Every word is tried, which takes a millisecond: for when nothing else has
        found anything.
        """
        lengths = {len(word) - 1, len(word), len(word) + 1} if len(word) >= SHORTEST_MISTYPED else ()
        found: list[str] = []
        for (_, length), shelf in self._shelves.items():
            if length in lengths:
                hits = process.extract(word, shelf, scorer=Levenshtein.distance, score_cutoff=1, limit=MOST_WORDS)
                found += (hit for hit, _, _ in hits)
        return found

    def _on_shelves(self, word: str, first: str, lengths: Iterable[int], slips: int) -> list[str]:
        shelves = (self._shelves[first, length] for length in lengths if (first, length) in self._shelves)
        return [hit for shelf in shelves for hit in _near(word, shelf, slips)]


def _near(word: str, words: list[str], slips: int) -> list[str]:
    hits = process.extract(word, words, scorer=OSA.distance, score_cutoff=slips, limit=MOST_WORDS)
    return [hit for hit, _, _ in hits]
