# SPDX-License-Identifier: MPL-2.0
"""Builds an index in small steps, so that building one need not hold up the next keystroke."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import TypeVar

from arkanum.core.names import fold, tokens, variants
from arkanum.guard.directory_cards import Card, sort_key
from arkanum.guard.directory_index import Births, Index, Names, Numbers
from arkanum.guard.directory_lines import Lines, comparable, national
from arkanum.guard.directory_sounds import Sounds

CHUNK = 128
"""So many things are done in one step, which takes some tenths of a millisecond."""

T = TypeVar("T")
Steps = Generator[None, None, T]
"""Work that pauses after each step, and its result at the end."""


def build(cards: Iterable[Card]) -> Index:
    """Return an index of cards in any order; no patient stands among them twice."""
    steps = building(cards)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            index: Index = finished.value
            return index


def building(cards: Iterable[Card]) -> Steps[Index]:
    """Build an index step by step; cards that are nearly in order make the longest step short."""
    folded = cache(fold)  # 60,000 patients have some 25,000 names
    ordered = yield from _ordered(cards, folded)
    names = yield from _names(ordered, folded)
    births = yield from _births(ordered)
    numbers = yield from _numbers(ordered)
    return Index(ordered, names, births, numbers)


def _ordered(cards: Iterable[Card], folded: Callable[[str], str]) -> Steps[list[Card]]:
    by_name: dict[str, Card] = {}
    namesakes: dict[str, list[Card]] = {}
    for chunk in _chunks(cards):
        for card in chunk:
            name = f"{folded(card.last)}\0{folded(card.first)}"
            first = by_name.setdefault(name, card)
            if first is not card:
                namesakes.setdefault(name, [first]).append(card)
        yield
    ordered: list[Card] = []
    for names in _chunks(sorted(by_name)):
        for name in names:
            # What is no longer needed goes at once: forgetting all of it at the end would be one long step.
            card = by_name.pop(name)
            if name in namesakes:
                ordered += sorted(namesakes.pop(name), key=sort_key)
            else:
                ordered.append(card)
        yield
    return ordered


def _names(cards: Sequence[Card], folded: Callable[[str], str]) -> Steps[Names]:
    by_word = yield from _by_word((yield from _holders(cards)), folded)
    words = yield from _sorted_words(by_word)
    starts, ranks_of_words, sounds = array("I", [0]), array("I"), Sounds()
    for chunk in _chunks(words):
        for word in chunk:
            for ranks in by_word.pop(word):
                ranks_of_words.extend(ranks)
            starts.append(len(ranks_of_words))
        sounds.add(chunk)
        yield
    return Names(words, starts, ranks_of_words, sounds)


def _by_word(
    holders: Mapping[str, list[int]], folded: Callable[[str], str]
) -> Steps[defaultdict[str, list[list[int]]]]:
    """Return for each word of a name, in each of its spellings, who has it."""
    by_word: defaultdict[str, list[list[int]]] = defaultdict(list)
    for parts in _chunks(holders.items()):
        for name, ranks in parts:
            for word in chain.from_iterable(map(variants, tokens(name, folded(name)))):
                by_word[word].append(ranks)
        yield
    return by_word


def _holders(cards: Sequence[Card]) -> Steps[dict[str, list[int]]]:
    """Return for each part of a name who has it."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for chunk in _chunks(enumerate(cards)):
        for rank, card in chunk:
            holders[card.last].append(rank)
            holders[card.first].append(rank)
            if card.prefix:
                # Together, so that vandenberg finds van den Berg.
                holders[f"{card.prefix} {card.last}"].append(rank)
            if card.suffix:
                holders[card.suffix].append(rank)
        yield
    return holders


def _sorted_words(words: Iterable[str]) -> Steps[list[str]]:
    """Sort words letter by letter, since sorting all of them would be one long step."""
    shelves: defaultdict[str, list[str]] = defaultdict(list)
    for chunk in _chunks(words):
        for word in chunk:
            shelves[word[0]].append(word)
        yield
    ordered: list[str] = []
    for first in sorted(shelves):
        ordered += sorted(shelves[first])
        yield
    return ordered


def _births(cards: Sequence[Card]) -> Steps[Births]:
    by_year: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
    by_day: defaultdict[int, tuple[array[int], array[int]]] = defaultdict(lambda: (array("I"), array("I")))
    for chunk in _chunks(enumerate(cards)):
        for rank, card in chunk:
            born = card.birth
            if born is not None:
                year = born.year
                by_year[year].append(rank)
                ranks, years = by_day[(born.month or 0) * 100 + (born.day or 0)]
                ranks.append(rank)
                years.append(year)
        yield
    return Births(dict(by_year), dict(by_day))


def _numbers(cards: Sequence[Card]) -> Steps[Numbers]:
    numbers = Numbers(Lines(comparable), Lines(comparable), Lines(national))
    for chunk in _chunks(cards):
        numbers.own.add([(card.number,) for card in chunk])
        numbers.insured.add([card.kvnr for card in chunk])
        numbers.phones.add([card.phones for card in chunk])
        yield
    for lines in (numbers.own, numbers.insured, numbers.phones):
        lines.close()
    return numbers


def _chunks(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
