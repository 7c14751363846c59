# SPDX-License-Identifier: MPL-2.0
"""How unlikely a text is as German medical writing, sign by sign.

The same byte is `ä` in one charset and an opening quotation mark in another, so
the sign alone decides nothing: its neighbours do. A cost of 0 means expected,
about 2 unusual, 5 and more very unlikely. The numbers are weights that were
tried on real files, nothing more.
"""

import re
from collections.abc import Callable
from itertools import islice

_GERMAN = frozenset("äöüÄÖÜß")
_FRAMES = range(0x2500, 0x25A0)
_BEYOND_LATIN = "\u0180"
_NEVER = 20.0
_NO_WORD = 3.0
_CAPITAL_INSIDE = 4.0
_REPEATED = 5.0
_FOREIGN_LETTER = 2.0
_STRANGE = 7.0
_MISPLACED = 8.0

_UNUSUAL = re.compile(r"[^\t\n -~]")
_ENOUGH = 500
"""Signs that are weighed: more would not change the answer, only make hostile files slow."""

_Rule = Callable[[str, str, str], float]
"""Cost by the sign before, the sign after, and the whole text."""


def cost_of(text: str) -> float:
    """Return how unlikely the signs beyond plain ASCII are at their places."""
    padded = f" {text} "
    places = (found.start() for found in _UNUSUAL.finditer(padded, 1, len(padded) - 1))
    return sum(_cost_of_sign(padded, place) for place in islice(places, _ENOUGH))


def _cost_of_sign(padded: str, place: int) -> float:
    before, sign, after = padded[place - 1], padded[place], padded[place + 1]
    rule = _RULES.get(sign)
    if rule is not None:
        return rule(before, after, padded)
    if sign < " " or "\x7f" <= sign <= "\x9f":
        return _NEVER
    if ord(sign) in _FRAMES:
        return 0.5 if ord(before) in _FRAMES or ord(after) in _FRAMES else _MISPLACED
    if sign.isalpha() and sign < _BEYOND_LATIN:
        return _letter(sign, before, after)
    return _STRANGE


def _letter(sign: str, before: str, after: str) -> float:
    """German letters are free and others cost little, but each needs its place in a word."""
    cost = 0.0 if sign in _GERMAN else _FOREIGN_LETTER
    if not before.isalpha() and not after.isalpha():
        cost += _NO_WORD
    if before == sign == after:
        cost += _REPEATED
    if sign.isupper() and before.islower():
        cost += _CAPITAL_INSIDE
    if sign.islower() and before.isupper() and after.isupper():
        cost += 1.0
    return cost


def _sharp_s(before: str, after: str, _text: str) -> float:
    """`ß` follows a vowel; cp437 has it where the Latin charsets have `á`."""
    if before.lower() not in "aeiouäöüy":
        return 6.0
    return _NO_WORD if after in "zdjpvwxq" else 0.0


def _small_a_umlaut(before: str, after: str, _text: str) -> float:
    """In cp1252 the byte is an opening quotation mark, so a word in capitals speaks against `ä`."""
    misplaced = not before.isalpha() and after.isupper()
    return _letter("ä", before, after) + (6.0 if misplaced else 0.0)


def _small_o_umlaut(before: str, after: str, _text: str) -> float:
    """In cp1252 the byte is a closing quotation mark; few German words end in `ö`."""
    at_end = before.isalpha() and not after.isalpha()
    return _letter("ö", before, after) + (2.0 if at_end else 0.0)


def _opening_quote(before: str, after: str, text: str) -> float:
    if before.isalnum() or after.isspace():
        return _MISPLACED
    return 1.0 if any(sign in text for sign in "“”") else 4.0


def _closing_quote(before: str, after: str, text: str) -> float:
    if before.isspace() or after.isalnum():
        return _MISPLACED
    return 1.0 if any(sign in text for sign in "„“") else 4.0


def _between_letters(before: str, after: str, _text: str) -> float:
    return 1.0 if before.isalpha() and after.isalnum() else 4.0


def _dash(before: str, after: str, _text: str) -> float:
    return 1.0 if before.isspace() == after.isspace() else _NO_WORD


def _beside_number(before: str, after: str, _text: str) -> float:
    """`°`, `½`, `±` and their like never stand between two letters."""
    if before.isalpha() and after.isalpha():
        return 6.0
    return 1.0 if before.isdigit() or after.isdigit() or before.isspace() else 2.0


def _degree(before: str, after: str, text: str) -> float:
    return _beside_number(before, after, text) - 0.5


def _before_unit(before: str, after: str, _text: str) -> float:
    """`µ` begins a unit."""
    return 1.0 if not before.isalpha() and after.isalpha() else 5.0


def _power(before: str, after: str, _text: str) -> float:
    """`²` follows a number or a metre."""
    return 1.0 if before.isdigit() or (before in "mM" and not after.isalpha()) else 5.0


def _sign(cost: float) -> _Rule:
    """Return a rule for a sign that costs this much, and much more inside a word."""

    def rule(before: str, after: str, _text: str) -> float:
        return cost + (_CAPITAL_INSIDE if before.isalpha() and after.isalpha() else 0.0)

    return rule


_RULES: dict[str, _Rule] = {
    "ß": _sharp_s,
    "ä": _small_a_umlaut,
    "ö": _small_o_umlaut,
    "„": _opening_quote,
    "“": _closing_quote,
    "”": _closing_quote,
    "\u2018": _opening_quote,
    "\u2019": _between_letters,
    "\u00b4": _between_letters,
    "\u2013": _dash,
    "\u2014": _dash,
    "°": _degree,
    "½": _beside_number,
    "¼": _beside_number,
    "¾": _beside_number,
    "±": _beside_number,
    "‰": _beside_number,
    "≥": _beside_number,
    "≤": _beside_number,
    "\u00d7": _beside_number,
    "÷": _beside_number,
    "µ": _before_unit,
    "²": _power,
    "³": _power,
    "€": _sign(1.0),
    "§": _sign(1.0),
    "…": _sign(1.0),
    "®": _sign(2.0),
    "™": _sign(2.0),
    "•": _sign(2.0),
    "·": _sign(2.0),
    "»": _sign(2.0),
    "«": _sign(2.0),
    "\xa0": _sign(2.0),
    "¿": _sign(4.0),
    "¡": _sign(4.0),
    "ª": _sign(4.0),
    "º": _sign(3.0),
    "†": _sign(3.0),
    "¹": _sign(3.0),
    "\u201a": _sign(4.0),
    "\u2039": _sign(3.0),
    "\u203a": _sign(3.0),
    "\u02dc": _sign(5.0),
    "\u02c6": _sign(5.0),
    "ƒ": _sign(6.0),
    "¤": _sign(6.0),
    "¦": _sign(5.0),
    "¨": _sign(5.0),
    "\u00b8": _sign(5.0),
    "¬": _sign(5.0),
    "¯": _sign(5.0),
}
