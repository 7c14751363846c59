# SPDX-License-Identifier: MPL-2.0
"""Which short numbers a person may choose to come back to a screen: none that a neighbour tries first."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from arkanum.core.errors import WeakPin

FEWEST_DIGITS = 4
MOST_DIGITS = 8
FIRST_YEAR, LAST_YEAR = 1900, 2099

KEYPAD_ROWS = ("1234567890", "7894561230", "2580", "0852", "147", "258", "369", "159", "357", "13579", "24680")
"""Ways a finger walks over the keys; a PIN that is a piece of one, forwards or backwards, is no secret."""


def check_pin(pin: str) -> None:
    """Refuse a PIN that is too short, too long or among the first that anybody would try.

    Raises:
        WeakPin: with the reason.
    """
    for reason, applies in _REASONS:
        if applies(pin):
            raise WeakPin(reason)


def _is_no_number(pin: str) -> bool:
    return not (pin.isascii() and pin.isdecimal() and FEWEST_DIGITS <= len(pin) <= MOST_DIGITS)


def _repeats(pin: str) -> bool:
    """Tell whether it is one short piece again and again (0000, 1212, 123123), or hardly more than one digit."""
    pieces = range(1, len(pin) // 2 + 1)
    again = any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in pieces)
    return again or max(map(pin.count, pin)) >= len(pin) - 1


def _runs(pin: str) -> bool:
    """Tell whether it counts up or down (1234, 8642), goes in pairs (1122), or walks over the keys (2580)."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    pairs = len(pin) % 2 == 0 and pin[::2] == pin[1::2] and _steps_alike(pin[::2])
    walks = any(pin in row or pin[::-1] in row for row in KEYPAD_ROWS)
    return len(steps) == 1 or pairs or pin == pin[::-1] or walks


def _steps_alike(digits: str) -> bool:
    return len({(int(after) - int(before)) % 10 for before, after in pairwise(digits)}) <= 1


def _is_year_or_day(pin: str) -> bool:
    """Tell whether it is a year, or a day as people write theirs: 0304, 030465, 03041965, 19650403."""
    if len(pin) == len("1965"):
        return FIRST_YEAR <= int(pin) <= LAST_YEAR or _is_day(2000, pin[2:], pin[:2]) or _is_day(2000, pin[:2], pin[2:])
    if len(pin) == len("030465"):
        return _is_day(2000 + int(pin[4:]), pin[2:4], pin[:2]) or _is_day(2000 + int(pin[:2]), pin[2:4], pin[4:])
    if len(pin) == len("03041965"):
        return _in_living_memory(pin[4:], pin[2:4], pin[:2]) or _in_living_memory(pin[:4], pin[4:6], pin[6:])
    return False


def _in_living_memory(year: str, month: str, day: str) -> bool:
    return FIRST_YEAR <= int(year) <= LAST_YEAR and _is_day(int(year), month, day)


def _is_day(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


_REASONS = (
    ("Eine PIN hat 4 bis 8 Ziffern.", _is_no_number),
    ("Wiederholungen wie 0000 oder 1212 errät jeder.", _repeats),
    ("Reihen wie 1234, 4321 oder 2580 errät jeder.", _runs),
    ("Jahreszahlen und Geburtstage errät, wer Sie kennt.", _is_year_or_day),
)
