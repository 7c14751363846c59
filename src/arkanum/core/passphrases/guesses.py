# SPDX-License-Identifier: MPL-2.0
"""How many guesses a pass phrase withstands from someone who speaks German.

The pass phrase is cut into pieces (words, dates, walks over the keys, copies of
itself, single signs) in the way that is cheapest to guess. The costs are powers
of ten and add up. No order of the pieces costs anything, which makes the
estimate lower than zxcvbn's and errs on the side of the patient.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from arkanum.core.passphrases.folding import fold, lower_each, unleet
from arkanum.core.passphrases.keyboard import walks
from arkanum.core.passphrases.vocabulary import LONGEST_WORD, SHORTEST_WORD, Kind, Rank

_COST_OF_LEET = 0.4
_COST_OF_REVERSAL = 0.4
_COST_OF_ENDING = 0.3
_COST_OF_COPY = 0.8
_COST_OF_SEQUENCE = 1.3
_COST_OF_CAPITALS = 0.3
_COST_OF_MIXED_CASE = 0.8
_SHORTEST_COPY = 3
_SHORTEST_MIRROR = 4
_SHORTEST_SEQUENCE = 3
_WIDEST_STEP = 3
_SHORTEST_REASON = 4
"""Three letters are a word of some list by chance; nobody wants to read that."""


_COST_OF_REPEATED_SIGN = 0.3
_COST_OF_DIGIT = 1.0
_COST_OF_LETTER = 1.1
_COST_OF_CAPITAL_INSIDE = 1.4
_COST_OF_SIGN = 1.4
_COST_OF_USUAL_SIGN = 0.5
_COST_OF_ONE_MORE_SIGN = 0.1
_USUAL_SIGNS = "-_.,+*/&!?#'"

_ENDINGS = ("s", "e", "n", "er", "en", "es", "in", "ung", "innen", "chen", "lein", "ern", "te")
"""Endings and joints between the parts of a compound word."""

_DATES = (
    (re.compile(r"(?=(19\d\d|20[0-4]\d))"), 1.5),
    (re.compile(r"(?=((?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])))"), 2.6),
    (re.compile(r"(?=((?:19|20)\d\d(?:0[1-9]|1[0-2])))"), 2.6),
    (re.compile(r"(?=((?:19|20)\d\d([./\-]?)(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01])))"), 4.0),
    (
        re.compile(r"(?=((?:0?[1-9]|[12]\d|3[01])([./\- ]?)(?:0?[1-9]|1[0-2])\2(?:(?:19|20)?\d\d)))"),
        4.0,
    ),
)
"""Years, days of a year, months of a year and whole dates, with what each costs."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text from `start` to before `end`, and what it costs to guess."""

    start: int
    end: int
    cost: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Estimate:
    """The cheapest way to guess a text: cost as a power of ten, and what it is made of."""

    cost: float
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The folded words to look up: the vocabulary, and the practice's own names, which win."""

    words: Mapping[str, Rank]
    own: Mapping[str, Rank]


def estimate(text: str, dictionary: Dictionary, enough: float) -> Estimate:
    """Return the cheapest way to guess a text.

    Disguised words are looked for only in a text that withstands the plain ones.

    Args:
        text: the pass phrase in NFKC, as typed.
        dictionary: the words to look up.
        enough: power of ten of guesses below which nobody needs to look further.
    """
    lower = lower_each(text)
    pieces = [*_plain_words(text, lower, dictionary), *_patterns(lower)]
    found = _cheapest(text, pieces)
    if found.cost < enough:
        return found
    return _cheapest(text, [*pieces, *_disguised_words(text, lower, dictionary)])


def cost_of_parting(text: str) -> float:
    """Return what the signs between letters and digits add to a text without them.

    Of the usual signs the kind counts, as in `B-e-h-a-n-d-l-u-n-g`; blanks add nothing.
    """
    signs = [sign for sign in text if not sign.isalnum() and not sign.isspace()]
    usual = [sign for sign in signs if sign in _USUAL_SIGNS]
    rare = len(signs) - len(usual)
    return _COST_OF_USUAL_SIGN * len(set(usual)) + _COST_OF_ONE_MORE_SIGN * len(usual) + _COST_OF_SIGN * rare


def _plain_words(text: str, lower: str, dictionary: Dictionary) -> Iterator[Piece]:
    """Yield the words of a text."""
    for start, end, rank, cost in _spans(fold(lower), dictionary):
        yield Piece(start, end, cost + _cost_of_case(text[start:end]), rank.kind)


def _disguised_words(text: str, lower: str, dictionary: Dictionary) -> Iterator[Piece]:
    """Yield the words of a text that are written backwards or in l33t."""
    length = len(text)
    folded = fold(lower)
    for from_end, to_end, rank, cost in _spans(folded[::-1], dictionary):
        start, end = length - to_end, length - from_end
        disguised = cost + _COST_OF_REVERSAL + _cost_of_case(text[start:end][::-1])
        yield Piece(start, end, disguised, rank.kind)
    for reading in unleet(folded):
        for start, end, rank, cost in _spans(reading, dictionary):
            disguised = cost + _COST_OF_LEET + _cost_of_case(text[start:end])
            yield Piece(start, end, disguised, rank.kind)


def _spans(folded: list[str], dictionary: Dictionary) -> Iterator[tuple[int, int, Rank, float]]:
    """Yield start, end, rank and cost of each word, alone and with an ending.

    The folded text is one string for the look-up; `begins` leads from a character
    of the text to its place in that string.
    """
    own, known = dictionary.own.get, dictionary.words.get  # looked up 400 times a check
    whole = "".join(folded)
    begins = [0, *itertools.accumulate(map(len, folded))]
    place_of = {begin: place for place, begin in enumerate(begins)}
    for start in range(len(folded) - 1):
        first = begins[start]
        for end in range(start + 1, min(len(folded), start + LONGEST_WORD) + 1):
            last = begins[end]
            if last - first < SHORTEST_WORD:
                continue
            word = whole[first:last]
            rank = own(word) or known(word)
            if rank is None:
                continue
            yield start, end, rank, rank.cost
            for ending in _ENDINGS:
                place = place_of.get(last + len(ending))
                if place is not None and whole.startswith(ending, last):
                    yield start, place, rank, rank.cost + _COST_OF_ENDING


def _patterns(lower: str) -> Iterator[Piece]:
    """Yield what is easy without being a word."""
    for start, end, cost in walks(lower):
        yield Piece(start, end, cost, Kind.WALK)
    for pattern, cost in _DATES:
        for date in pattern.finditer(lower):
            yield Piece(date.start(), date.start() + len(date[1]), cost, Kind.DATE)
    yield from _sequences(lower)
    yield from _copies(lower)


def _sequences(lower: str) -> Iterator[Piece]:
    """Yield runs such as `abcd`, `4321` and `2468`."""
    start = 0
    while start < len(lower) - 2:
        step = ord(lower[start + 1]) - ord(lower[start])
        end = start + 2
        while end < len(lower) and ord(lower[end]) - ord(lower[end - 1]) == step:
            end += 1
        if 0 < abs(step) <= _WIDEST_STEP and end - start >= _SHORTEST_SEQUENCE + abs(step) - 1:
            yield Piece(start, end, _COST_OF_SEQUENCE, Kind.SEQUENCE)
        start = end - 1


def _copies(lower: str) -> Iterator[Piece]:
    """Yield what stood in the text before, forwards or backwards."""
    for start in range(1, len(lower)):
        last = min(len(lower), start + LONGEST_WORD)
        for end in range(start + _SHORTEST_COPY, last + 1):
            if lower.find(lower[start:end], 0, end - 1) < 0:
                break
            yield Piece(start, end, _COST_OF_COPY, Kind.COPY)
        for end in range(start + _SHORTEST_MIRROR, last + 1):
            if lower.find(lower[start:end][::-1], 0, start) < 0:
                break
            yield Piece(start, end, _COST_OF_COPY, Kind.COPY)


def _cheapest(text: str, pieces: Iterable[Piece]) -> Estimate:
    """Return the cheapest chain of pieces and single signs that makes up the text."""
    by_end: list[list[Piece]] = [[] for _ in range(len(text) + 1)]
    for piece in pieces:
        by_end[piece.end].append(piece)
    costs = [0.0]
    steps: list[Piece] = []
    for end in range(1, len(text) + 1):
        single = Piece(end - 1, end, _cost_of_sign(text, end - 1), Kind.RANDOM)
        step = min((single, *by_end[end]), key=lambda piece: costs[piece.start] + piece.cost)
        steps.append(step)
        costs.append(costs[step.start] + step.cost)
    kinds: set[Kind] = set()
    end = len(text)
    while end > 0:
        step = steps[end - 1]
        by_chance = step.end - step.start < _SHORTEST_REASON and step.kind != Kind.CONTEXT
        kinds.add(Kind.RANDOM if by_chance else step.kind)
        end = step.start
    return Estimate(costs[-1], frozenset(kinds))


def _cost_of_case(part: str) -> float:
    """Return what capitals add to a word: nothing for none or the first alone."""
    if part == part.lower() or part[1:] == part[1:].lower():
        return 0.0
    return _COST_OF_CAPITALS if part == part.upper() else _COST_OF_MIXED_CASE


def _cost_of_sign(text: str, place: int) -> float:
    """Return the cost of one sign that belongs to no piece.

    People put capitals at the beginning, and of all signs those that they find at
    once, so these are worth less; a sign like the one before is worth next to nothing.
    """
    sign = text[place]
    before = text[place - 1] if place else " "
    if sign.lower() == before.lower() or sign.isspace():
        return _COST_OF_REPEATED_SIGN
    if sign.isdigit():
        return _COST_OF_DIGIT
    if sign.isalpha():
        inside = sign.isupper() and before.isalpha()
        return _COST_OF_CAPITAL_INSIDE if inside else _COST_OF_LETTER
    return _COST_OF_USUAL_SIGN if sign in _USUAL_SIGNS else _COST_OF_SIGN
