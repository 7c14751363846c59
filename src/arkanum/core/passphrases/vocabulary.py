# SPDX-License-Identifier: MPL-2.0
"""The words that an attacker tries, and how early."""

import gzip
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from arkanum.core.passphrases.folding import folded_spellings

SHORTEST_WORD = 2
SHORTEST_LISTED_WORD = 3
"""Characters in lists not our own: shorter ones there are abbreviations of everything."""

LONGEST_WORD = 36
"""Characters; longer entries of a list are taken apart by what they are made of."""

CONTEXT_COST = 0.5
"""Power of ten of guesses for a name of the practice: the first few that anyone tries."""

_RAREST_FOREIGN_COST = 4.3
_CHEAPEST_FOREIGN_COST = 1.0


class Kind(StrEnum):
    """What a piece of a pass phrase is to whoever guesses it."""

    CALENDAR = "calendar"
    CONTEXT = "context"
    COPY = "copy"
    DATE = "date"
    FAVOURITE = "favourite"
    FUNCTION = "function"
    LEAKED = "leaked"
    NAME = "name"
    PHRASE = "phrase"
    PRACTICE = "practice"
    RANDOM = "random"
    SEQUENCE = "sequence"
    TOWN = "town"
    WALK = "walk"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Rank:
    """How early a word is tried: kind, and cost as a power of ten of guesses."""

    kind: Kind
    cost: float


_FOREIGN = {
    "passwords": Kind.LEAKED,
    "english_wikipedia": Kind.WORD,
    "us_tv_and_film": Kind.WORD,
    "female_names": Kind.NAME,
    "male_names": Kind.NAME,
    "surnames": Kind.NAME,
}


@cache
def vocabulary() -> Mapping[str, Rank]:
    """Return the rank of every folded word we know, the lowest where lists differ.

    Loaded when the first pass phrase is chosen, not at start: about 230,000 words.
    """
    ranks: dict[str, Rank] = {}
    for name in ("own.txt", "words.txt.gz"):
        _learn(ranks, _sections(read_lines(name)))
    _learn(ranks, _foreign())
    return ranks


def context_words(context: Iterable[str]) -> dict[str, Rank]:
    """Return the ranks of the practice's own names, whole and in their parts.

    Args:
        context: names of the practice and its people, sign-in names, town, street.
    """
    rank = Rank(Kind.CONTEXT, CONTEXT_COST)
    words: dict[str, Rank] = {}
    for name in context:
        parts = "".join(sign if sign.isalnum() else " " for sign in name).split()
        for word in (*parts, "".join(parts)):
            for spelling in folded_spellings(word):
                if len(spelling) >= SHORTEST_LISTED_WORD:
                    words[spelling] = rank
    return words


def read_lines(name: str) -> Iterator[str]:
    """Yield the lines of a list of this package without its comments."""
    raw = (files("arkanum.core.passphrases") / "data" / name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    return (line for line in text.decode().splitlines() if line and not line.startswith("#"))


def _learn(ranks: dict[str, Rank], words: Iterable[tuple[str, Rank]]) -> None:
    """Add words, keeping the lower cost."""
    for word, rank in words:
        for spelling in folded_spellings(word):
            known = ranks.get(spelling)
            if known is None or rank.cost < known.cost:
                ranks[spelling] = rank


def _sections(lines: Iterable[str]) -> Iterator[tuple[str, Rank]]:
    """Yield the words of a list in which `[kind cost]` stands above its words."""
    rank = Rank(Kind.WORD, _RAREST_FOREIGN_COST)
    for line in lines:
        if line.startswith("["):
            kind, cost = line.strip("[]").split()
            rank = Rank(Kind(kind), float(cost))
        else:
            yield from ((word, rank) for word in line.split())


def _foreign() -> Iterator[tuple[str, Rank]]:
    """Yield zxcvbn's English words, names and leaked passwords by their place in the list.

    Costs are rounded to tenths, so that few ranks serve all words.
    """
    for list_name, words in FREQUENCY_LISTS.items():
        kind = _FOREIGN[list_name]
        ranks: dict[float, Rank] = {}
        for place, word in enumerate(words, 1):
            if len(word) >= SHORTEST_LISTED_WORD and not word.isdigit():
                cost = round(max(_CHEAPEST_FOREIGN_COST, math.log10(place)), 1)
                yield word, ranks.setdefault(cost, Rank(kind, cost))
