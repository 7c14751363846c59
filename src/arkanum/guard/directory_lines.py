# SPDX-License-Identifier: MPL-2.0
"""Finds numbers in one long text in which line 17 belongs to card 17.

Searching the text for `|4711` runs at the speed of memory. It needs neither sorting nor an object for each number,
which keeps an index of 60,000 patients small and quick to build.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

_NOT_IN_PHONE = {ord(sign): None for sign in " ()/.-–\u00a0\t\r"}
_NOT_IN_CODE = re.compile(r"[^\w|\n]|_")
_TIES = re.compile(r"[|\n]")


def national(text: str) -> str:
    """Return phone numbers without signs, and those of Germany without +49, 0049 or 0.

    Args:
        text: numbers that each begin after `|`.
    """
    plain = text.translate(_NOT_IN_PHONE).replace("|00", "|+")
    return plain.replace("|+49", "|").replace("|0", "|")


def comparable(text: str) -> str:
    """Return patient or insurance numbers in lower case, without signs and leading zeros.

    Args:
        text: numbers that each begin after `|`.
    """
    plain = text.lower()
    if not plain.replace("|", "").replace("\n", "").isalnum():
        plain = _NOT_IN_CODE.sub("", plain)
    while "|0" in plain:
        plain = plain.replace("|0", "|")
    return plain


class Lines:
    """The numbers of many cards, a line for each card."""

    __slots__ = ("_begins", "_blocks", "_plain", "_text")

    def __init__(self, plain: Callable[[str], str]) -> None:
        """Begin without lines.

        Args:
            plain: brings numbers that each begin after `|` into the form for comparing.
        """
        self._plain = plain
        self._text = ""
        self._blocks: list[str] = []
        self._begins: list[tuple[int, int]] = [(0, 0)]

    def add(self, numbers: Sequence[Sequence[str]]) -> None:
        """Add the numbers of some more cards; they are found after `close`."""
        lines = ["|".join(of_one) for of_one in numbers]
        text = "|\n|".join(lines)
        if text.count("\n") >= len(lines):
            # A line feed in a number would shift all lines after it.
            text = "|\n|".join([line.replace("\n", " ") for line in lines])
        block = self._plain(f"|{text}|\n")
        self._blocks.append(block)
        at, line = self._begins[-1]
        self._begins.append((at + len(block), line + len(lines)))

    def close(self) -> None:
        """Finish."""
        self._text = "".join(self._blocks)
        self._blocks = []

    def beginning(self, number: str, most: int) -> list[int]:
        """Return the lines, ascending, with a number that begins with this one; at most so many."""
        return list(self._with(self._plain(f"|{_TIES.sub('', number)}"), most))

    def equal(self, number: str, most: int) -> list[int]:
        """Return the lines, ascending, with this very number; at most so many."""
        return list(self._with(self._plain(f"|{_TIES.sub('', number)}|"), most))

    def ending(self, number: str, most: int) -> list[int]:
        """Return the lines, ascending, with a number that ends with these digits; at most so many."""
        return list(self._with(f"{number}|", most))

    def _with(self, part: str, most: int) -> Iterator[int]:
        at = self._text.find(part) if len(part.strip("|")) > 0 else -1
        while at >= 0 and most > 0:
            # The block's line first, so that only few line feeds must be counted.
            begin, line = self._begins[bisect_right(self._begins, (at, len(self._text))) - 1]
            yield line + self._text.count("\n", begin, at)
            at = self._text.find(part, self._text.find("\n", at))
            most -= 1
