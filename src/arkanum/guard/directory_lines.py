# SPDX-License-Identifier: MPL-2.0
"""Finds numbers among lines of text: one text in which line 17 belongs to card 17.

Searching one long text for `|4711` runs at the speed of memory. It needs neither sorting nor an object for each
number, which is what makes an index of 60,000 patients small and quick to build.
"""

import re
from collections.abc import Iterable

_NOT_IN_PHONE = {ord(sign): None for sign in " ()/.-–\u00a0\t\r"}
_NOT_IN_CODE = re.compile(r"[^\w|\n]|_")
_LEADING_ZEROS = re.compile(r"(?<=\|)0+")


def line(numbers: Iterable[str]) -> str:
    """Return the line of one card's numbers."""
    return f"|{'|'.join(numbers)}|".replace("\n", "") + "\n"


def national(text: str) -> str:
    """Return phone numbers without signs, and those of Germany without +49, 0049 or 0.

    Args:
        text: numbers that each begin after `|`.
    """
    plain = text.translate(_NOT_IN_PHONE).replace("|00", "|+")
    return plain.replace("|+49", "|").replace("|0", "|")


def comparable(text: str) -> str:
    """Return patient numbers in lower case, without signs and leading zeros.

    Args:
        text: numbers that each begin after `|`.
    """
    return _LEADING_ZEROS.sub("", _NOT_IN_CODE.sub("", text.lower()))


def lines_with(text: str, part: str, most: int) -> list[int]:
    """Return the numbers of the lines that hold a part, ascending and each once.

    Args:
        text: lines, each ended by a line feed.
        part: what is looked for; begins or ends with `|` to tie it to a number's begin or end.
        most: so many lines at most are looked for.
    """
    found: list[int] = []
    number, passed = 0, 0
    at = text.find(part)
    while at >= 0 and len(found) < most:
        number += text.count("\n", passed, at)
        found.append(number)
        passed = at
        at = text.find(part, text.find("\n", at))
    return found
