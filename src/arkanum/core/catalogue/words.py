# SPDX-License-Identifier: MPL-2.0
"""An index of the words in the catalogue's texts."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable

SHORTEST_PART = 3
"""Fewer letters than this are not looked for inside of words: they are everywhere."""

_WORD = re.compile(r"[a-z0-9]+")
_DOTS = re.compile(r"[\u0300-\u036f]+")
_SHARP = (("ß", "ss"), ("æ", "ae"), ("ø", "o"), ("œ", "oe"))


_LATIN = (
    *((f"c{after}", f"z{after}") for after in ("e", "i", "y", "ä", "ö", "ae", "oe")),
    *((f"c{after}", f"k{after}") for after in "cabdfgjklmnopqrstuvwxzüß"),
)
"""How German writes a Latin `c`, by what comes after it; `ch` stays."""

_BROAD = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """Return a text in the one spelling that the index knows.

    Umlauts lose their dots and `ae`, `oe`, `ue` lose their `e`, on both sides of
    the comparison: `Hämatom`, `Haematom` and `Hamatom` meet, and what is typed
    so far is still the beginning of the word. Latin `c` becomes what German makes
    of it: `Carcinom` meets `Karzinom`, `Cystitis` meets `Zystitis`.
    """
    # Many plain replacements are much faster than one regular expression or table.
    german = _replaced(_replaced(text.lower(), _LATIN), _SHARP)
    return _replaced(_DOTS.sub("", unicodedata.normalize("NFKD", german)), _BROAD)


def _replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def typed_words(text: str) -> list[str]:
    """Return the words of a text that is being typed, folded.

    A `c` at the end does not count yet: the next letter says how it sounds.
    """
    return [word[:-1] if len(word) > 1 and word.endswith("c") else word for word in _WORD.findall(fold(text))]


class WordIndex:
    """Which rows hold a word that begins with, or has inside, some letters."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Index texts of one line each; a row is the place of its text in the sequence."""
        rows: dict[str, array[int]] = {}
        # One call for all texts: folding them one by one takes three times as long.
        for row, text in enumerate(fold("\n".join(texts)).split("\n")):
            for word in set(_WORD.findall(text)):
                rows.setdefault(word, array("I")).append(row)
        self._words = sorted(rows)
        self._rows = [rows[word] for word in self._words]
        # All words in one string: a search inside of words is a search in it.
        self._line = "\n" + "\n".join(self._words)
        self._starts = array("I", (at for at, letter in enumerate(self._line) if letter == "\n"))

    def beginning(self, letters: str) -> set[int]:
        """Return the rows with a word that begins with the letters."""
        first = bisect_left(self._words, letters)
        last = bisect_left(self._words, letters + "\x7f", lo=first)
        return set[int]().union(*self._rows[first:last])

    def inside(self, letters: str) -> set[int]:
        """Return the rows with a word that has the letters anywhere."""
        found = set[int]()
        at = self._line.find(letters)
        while at >= 0:
            place = bisect_left(self._starts, at) - 1
            found.update(self._rows[place])
            at = self._line.find(letters, at + 1)
        return found
