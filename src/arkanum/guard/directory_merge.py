# SPDX-License-Identifier: MPL-2.0
"""Merges small indexes into one, a little at a time."""

import time
from collections.abc import Sequence
from itertools import chain

from arkanum.guard.directory_build import building
from arkanum.guard.directory_cards import Card, sort_key
from arkanum.guard.directory_index import Index

MUCH_LARGER = 4
"""An index so many times larger than all smaller ones together is left alone."""


class Merger:
    """Work in progress: some indexes that become one.

    Attributes:
        sources: the indexes that the new one replaces.
        struck: cards struck off meanwhile; the new index may hold them already.
    """

    def __init__(self, indexes: Sequence[Index]) -> None:
        """Choose the small ones: so each card is moved a few times only, however many come."""
        by_size = sorted(indexes, key=_size, reverse=True)
        sizes = [_size(index) for index in by_size]
        begin = next(at for at, size in enumerate(sizes) if size <= MUCH_LARGER * sum(sizes[at + 1 :]))
        self.sources = by_size[begin:]
        self.struck: list[Card] = []
        # One sorted source behind the other: sorting them again takes little more than looking at them.
        self._steps = building(chain.from_iterable(index.living() for index in self.sources))

    def carry_on(self, seconds: float) -> Index | None:
        """Work for so long, and return the new index when it is finished."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            try:
                next(self._steps)
            except StopIteration as finished:
                index: Index = finished.value
                return self._without_struck(index)
        return None

    def _without_struck(self, index: Index) -> Index:
        for card in self.struck:
            index.strike(card, sort_key(card))
        return index


def _size(index: Index) -> int:
    return index.alive.bit_count()
