# SPDX-License-Identifier: MPL-2.0
"""Reads what somebody types into the patient search: names, birth dates and numbers in any order.

Nothing is ever wrong here. Every keystroke is a question of its own, so half a date or half a number means
all that it may still become: `3.4.19` is the 3rd of April of 1919, of 2019 and of 1900 to 1999.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from arkanum.core.names import fold

LONGEST_QUERY = 200
"""Characters that are looked at; nobody types more, and a pasted letter must not slow the others down."""

MOST_WORDS = 12
"""Words that are looked at."""

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Years of birth that somebody may mean."""

_MONTHS = range(1, 13)
_DAYS = range(1, 32)
_TYPED_YEAR = 4
_DATE_PARTS = 3
_DAY_AND_MONTH = len("0304")


@dataclass(frozen=True, slots=True)
class BirthRange:
    """Days of birth that one reading of what was typed allows.

    Attributes:
        day: day of the month, or `None` for any.
        month: 1 to 12, or `None` for any.
        first: first year.
        last: last year, included.
    """

    day: int | None
    month: int | None
    first: int
    last: int


Births = tuple[BirthRange, ...]
"""Readings of one date, of which any may be meant."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits that may be a patient number, a phone number or a date.

    Attributes:
        code: the digits, or the letter and digits of a KVNR, in lower case.
        phone: digits of a phone number with the sign `+` if it was typed.
        births: dates that they may mean, usually none.
    """

    code: str
    phone: str
    births: Births = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody is looking for; all parts must fit.

    Attributes:
        words: beginnings of names, folded.
        births: dates, each with its readings.
        digits: groups of digits, each with its meanings.
        typed: the words as they were typed, for showing.
    """

    words: tuple[str, ...] = ()
    births: tuple[Births, ...] = ()
    digits: tuple[Digits, ...] = ()
    typed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.words or self.births or self.digits)


_HONORIFICS = frozenset({"herr", "herrn", "frau", "fr", "hr", "dr", "med", "dent", "prof", "dipl", "ing", "pd", "phil"})

_KVNR = re.compile(r"(?<!\w)([a-z])\s?([0-9](?:\s?[0-9]){8})(?!\w)", re.IGNORECASE)
_PIECE = re.compile(
    r"(?P<number>[+(]*[0-9][0-9()/.+–-]*(?!\w))|(?P<code>(?:[^\W\d_]{1,3}-?)?[0-9][\w-]*)|(?P<word>[^\s0-9]+)"
)
_BETWEEN_PARTS = re.compile("[./–-]")
_NO_DIGIT = re.compile("[^0-9]")
_NOT_CODE = re.compile(r"[\W_]+")


def parse_query(text: str) -> Query:
    """Read a line of the patient search.

    Dates: `3.4.65`, `03.04.1965`, `3/4/65`, `1965-04-03`, `4.1965`, `3.4.`, and
    without points `03041965` and `030465`; `1965` is a year or a patient number.
    Two digits are too vague by themselves (only the patient of that number is
    found); after a name they are a year, or the day with which a date begins
    (`mül 65`, `mül 03`). One digit after a name says nothing yet and is passed
    over. Digits that blanks part are one number: `0221 47 11`.

    Titles before a name (`Frau Dr. Müller`) are passed over.

    Args:
        text: anything; looked at up to `LONGEST_QUERY` characters.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_QUERY])
    codes = [Digits(code=(letter + digits).lower(), phone="") for letter, digits in _kvnrs(plain)]
    rest = _KVNR.sub(" ", plain)
    words: list[tuple[str, str]] = []
    groups: list[list[str]] = [[]]
    for piece in _PIECE.finditer(rest):
        if piece.lastgroup == "number":
            groups[-1].append(piece[0])
            continue
        groups.append([])
        if piece.lastgroup == "code":
            codes.append(Digits(code=_NOT_CODE.sub("", piece[0]).lower(), phone=""))
        else:
            words += ((word, piece[0]) for word in fold(piece[0]).split())
    names = _without_honorifics(words)[:MOST_WORDS]
    births, digits = _numbers(groups, named=bool(names))
    return Query(
        words=tuple(word for word, _ in names),
        births=tuple(births),
        digits=(*codes, *digits),
        typed=tuple(typed.strip(" ,;.-") for _, typed in names),
    )


def _kvnrs(text: str) -> Iterator[tuple[str, str]]:
    for found in _KVNR.finditer(text):
        yield found[1], _NO_DIGIT.sub("", found[2])


def _without_honorifics(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    names = list(words)
    while len(names) > 1 and names[0][0] in _HONORIFICS:
        del names[0]
    return names


def _numbers(groups: list[list[str]], *, named: bool) -> tuple[list[Births], list[Digits]]:
    births: list[Births] = []
    digits: list[Digits] = []
    for group in groups:
        run: list[str] = []
        for piece in group:
            if readings := _dotted(piece):
                births.append(readings)
            else:
                run.append(piece)
        if run and (number := _digits(run, named=named)) is not None:
            digits.append(number)
    return births, digits


def _digits(run: list[str], *, named: bool) -> Digits | None:
    text = "".join(run)
    plain = _NO_DIGIT.sub("", text)
    if named and len(plain) == 1:
        return None
    births = _parts_date(run) if len(run) == _DATE_PARTS else _undotted(plain, named=named)
    return Digits(code=plain, phone="+" * text.startswith(("+", "(+")) + plain, births=births)


def _dotted(piece: str) -> Births:
    """Read a date whose parts are parted by a sign; nothing when it can be none."""
    parts = _BETWEEN_PARTS.split(piece)
    if not 1 < len(parts) <= _DATE_PARTS + 1 or parts[0] == "" or not all(map(str.isdigit, filter(None, parts))):
        return ()
    if len(parts[0]) == _TYPED_YEAR and "-" in piece:
        parts = [*reversed(parts[:_DATE_PARTS])]
        parts = parts if parts[0] else parts[1:]
    if len(parts) == 2:  # noqa: PLR2004 - day and month, or month and year
        return tuple(chain(_day_and_month(*parts), _month_and_year(*parts)))
    return _parts_date(parts)


def _parts_date(parts: Sequence[str]) -> Births:
    """Read day, month and the beginning of a year."""
    if any(parts[_DATE_PARTS:]) or not (_is_in(parts[0], _DAYS) and _is_in(parts[1], _MONTHS)):
        return ()
    return tuple(BirthRange(int(parts[0]), int(parts[1]), *years) for years in _years(parts[2]))


def _day_and_month(day: str, month: str) -> Iterator[BirthRange]:
    """Read a day and the beginning of a month: `3.`, `3.1`, `3.04`."""
    if not _is_in(day, _DAYS):
        return
    for number in (None,) if month == "" else _months(month):
        yield BirthRange(int(day), number, FIRST_YEAR, LAST_YEAR)


def _month_and_year(month: str, year: str) -> Iterator[BirthRange]:
    """Read a month and the beginning of a year that cannot be a month: `4.1965`, `4.19`."""
    if len(year) > 1 and not _is_in(year, _MONTHS) and _is_in(month, _MONTHS):
        for years in _years(year):
            yield BirthRange(None, int(month), *years)


def _undotted(digits: str, *, named: bool) -> Births:
    """Read digits without points; half a date only beside a name, since alone it is rather a number."""
    if not named and len(digits) not in {4, 6, 8}:
        return ()
    years = [(first, last) for first, last in _years(digits) if len(digits) > 1 and len(digits) <= _TYPED_YEAR]
    readings = [BirthRange(None, None, *span) for span in years]
    day, month, year = digits[:2], digits[2:_DAY_AND_MONTH], digits[_DAY_AND_MONTH:]
    if named and len(digits) < _DAY_AND_MONTH:
        readings += _day_and_month(day, month)
    elif named or len(digits) > _DAY_AND_MONTH:
        readings += _parts_date((day, month, year))
    return tuple(readings)


def _is_in(digits: str, numbers: range) -> bool:
    # A date may be cut in the middle of its separators: `0/` is no number.
    return 0 < len(digits) <= len("31") and digits.isdecimal() and int(digits) in numbers


def _months(beginning: str) -> list[int]:
    """Return the months that a typed beginning may become: `1` is 1, 10, 11 and 12; `0` is 1 to 9."""
    if len(beginning) > len("12"):
        return []
    return [month for month in _MONTHS if beginning in {str(month), f"{month:02}"} or f"{month:02}"[0] == beginning]


def _years(beginning: str) -> list[tuple[int, int]]:
    """Return the spans of years that a typed beginning may become: `65` is 1965, 2065; `196` is 1960 to 1969."""
    if beginning == "":
        return [(FIRST_YEAR, LAST_YEAR)]
    if len(beginning) > _TYPED_YEAR:
        return []
    spans = [_years_from(beginning)]
    if len(beginning) <= len("65"):
        spans += [_years_from(century + beginning) for century in ("19", "20")]
    inside = [(max(first, FIRST_YEAR), min(last, LAST_YEAR)) for first, last in spans]
    return [(first, last) for first, last in inside if first <= last]


def _years_from(beginning: str) -> tuple[int, int]:
    unknown = 10 ** (_TYPED_YEAR - len(beginning))
    return int(beginning) * unknown, int(beginning) * unknown + unknown - 1
