# SPDX-License-Identifier: MPL-2.0
"""The pieces of a typed line, each with its place in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from arkanum.core.errors import ShorthandError

_TOKEN = re.compile(r'"((?:[^"]|"")*)"(?=\s|$)|\S+')
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})?")
_CENTURY = 100
_YEARS_AHEAD = 20


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line between blanks, or between quotation marks.

    Attributes:
        text: the piece as typed, with its quotation marks if it has some.
        start: index of its first character in the line.
        end: index after its last character.
        quoted: what stands between the quotation marks, or `None`.
    """

    text: str
    start: int
    end: int
    quoted: str | None


def tokens_of(line: str, start: int) -> list[Token]:
    """Return the pieces of a line from a place on.

    Quotation marks make one piece of text that is never taken for a code, a
    letter or a keyword; inside of them a mark is written twice.
    """
    return [_token(found) for found in _TOKEN.finditer(line, start)]


def _token(found: re.Match[str]) -> Token:
    inner = found[1]
    quoted = None if inner is None else inner.replace('""', '"')
    return Token(text=found[0], start=found.start(), end=found.end(), quoted=quoted)


def text_of(line: str, tokens: Sequence[Token]) -> str:
    """Return the text that neighbouring pieces of the line make up, blanks included."""
    if not tokens:
        return ""
    if len(tokens) == 1 and tokens[0].quoted is not None:
        return tokens[0].quoted
    return line[tokens[0].start : tokens[-1].end]


def quote(text: str) -> str:
    """Return a text between quotation marks, so that it is read as text alone."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def looks_like_date(token: Token) -> bool:
    """Say whether a piece is meant as a day, such as `3.4.2024`, `3.4.24` or `3.4.`."""
    return _DATE.fullmatch(token.text) is not None


def date_of(token: Token, today: date) -> date:
    """Return the day that a piece names.

    Args:
        token: a piece that looks like a date.
        today: gives the year that is left out; two digits mean a year from 79
            years ago to 20 years ahead.

    Raises:
        ShorthandError: the calendar has no such day.
    """
    day, month, year = _DATE.findall(token.text)[0]
    try:
        return date(_full_year(year, today), int(month), int(day))
    except ValueError:
        raise ShorthandError("impossible_date", token.start, f"Den Tag {token.text} gibt es nicht.") from None


def _full_year(digits: str, today: date) -> int:
    if not digits:
        return today.year
    if len(digits) > len("24"):
        return int(digits)
    ahead = (int(digits) - today.year) % _CENTURY
    return today.year + (ahead if ahead <= _YEARS_AHEAD else ahead - _CENTURY)


def german_date(day: date) -> str:
    """Return a day as `03.04.2024`."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"
