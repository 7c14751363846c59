# SPDX-License-Identifier: MPL-2.0
"""Days and times as the xDT family writes them, in both orders.

Eight digits are `TTMMJJJJ` or `JJJJMMTT`. For the years of living people no
eight digits are a day in both orders (in the other order the century would have
to be a month), so the content itself decides and the dialect is not needed.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time

_YEARS = range(1850, 2200)
_LAST_MONTH = 12
_PIVOT = 70
"""Two-digit years from here on belong to the last century: the family began in 1987."""

_EIGHT = re.compile(r"\d{8}")
_SIX = re.compile(r"\d{6}")
_FOUR = re.compile(r"\d{4}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_DASHED = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{2}):?(\d{2})(?::?(\d{2}))?(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day of which the day, or day and month, may be unknown (written as 00).

    Attributes:
        year: four digits.
        month: 1 to 12, or `None`.
        day: 1 to 31, or `None`.
    """

    year: int
    month: int | None
    day: int | None

    def complete(self) -> date | None:
        """Return the day, or `None` when a part is unknown."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def read_partial_date(content: str) -> PartialDate | None:
    """Read a day in any order, with unknown parts as 00.

    Returns:
        The day, or `None` if the content is not one.
    """
    plain = content.strip()
    if _EIGHT.fullmatch(plain) and plain.isascii():
        day_first = _partial(plain[4:], plain[2:4], plain[:2])
        return day_first or _partial(plain[:4], plain[4:6], plain[6:])
    if _SIX.fullmatch(plain) and plain.isascii():
        return _partial(_century(plain[4:]), plain[2:4], plain[:2])
    dotted = _DOTTED.fullmatch(plain)
    if dotted is not None and plain.isascii():
        return _partial(_century(dotted[3]), dotted[2], dotted[1])
    dashed = _DASHED.fullmatch(plain)
    if dashed is not None and plain.isascii():
        return _partial(dashed[1], dashed[2], dashed[3])
    return None


def read_date(content: str) -> date | None:
    """Read a fully known day, or return `None`."""
    partial = read_partial_date(content)
    return partial.complete() if partial else None


def read_month_end(content: str) -> date | None:
    """Read a month written `MMJJ` as its last day, or a full day, or return `None`.

    Source: BDT 02/94, field 4110 (end of the card's validity).
    """
    plain = content.strip()
    if not (_FOUR.fullmatch(plain) and plain.isascii()):
        return read_date(plain)
    year, month = int(_century(plain[2:])), int(plain[:2])
    if not 1 <= month <= _LAST_MONTH:
        return None
    return date(year, month, monthrange(year, month)[1])


def read_time(content: str) -> time | None:
    """Read `HHMM`, `HHMMSS` or `HH:MM:SS`, with or without milliseconds, or return `None`."""
    found = _TIME.fullmatch(content.strip())
    if found is None or not content.isascii():
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _century(year: str) -> str:
    if len(year) > len("65"):
        return year
    return ("19" if int(year) >= _PIVOT else "20") + year


def _partial(year: str, month: str, day: str) -> PartialDate | None:
    numbers = int(year), int(month), int(day)
    if numbers[0] not in _YEARS or numbers[1] > _LAST_MONTH:
        return None
    if numbers[1] == 0:
        return PartialDate(numbers[0], None, None) if numbers[2] == 0 else None
    if numbers[2] > monthrange(numbers[0], numbers[1])[1]:
        return None
    return PartialDate(numbers[0], numbers[1], numbers[2] or None)
