# SPDX-License-Identifier: MPL-2.0
"""Check digits of the numbers that German health care lives by.

Each function answers yes or no and raises nothing: wrong check digits are common
in real data, so callers warn and let a person decide.
"""

import re
from collections.abc import Sequence

_KVNR = re.compile(r"[A-Z][0-9]{9}")
_IK = re.compile(r"[0-9]{9}")
_LANR = re.compile(r"[0-9]{9}")
_PZN = re.compile(r"[0-9]{7,8}")
_PZN_LENGTH = 8


def kvnr_is_valid(number: str) -> bool:
    """Say whether a health insurance number (*KVNR*) is right in itself.

    Args:
        number: one capital letter and nine digits, the last of which checks.

    Source: § 290 SGB V; the letter counts as its two-digit place in the
    alphabet, weights 1, 2, 1, 2 ..., sum of digit sums modulo 10.
    """
    if _KVNR.fullmatch(number) is None:
        return False
    letter = f"{ord(number[0]) - ord('A') + 1:02}"
    return _alternating(letter + number[1:9], (1, 2)) % 10 == int(number[9])


def ik_is_valid(number: str) -> bool:
    """Say whether an institution code (*Institutionskennzeichen*, IK) is right in itself.

    Args:
        number: nine digits, the last of which checks digits three to eight.

    Source: § 293 SGB V; weights 2, 1, 2, 1, 2, 1, sum of digit sums modulo 10.
    """
    if _IK.fullmatch(number) is None:
        return False
    return _alternating(number[2:8], (2, 1)) % 10 == int(number[8])


def lanr_is_valid(number: str) -> bool:
    """Say whether a doctor's number (*Lebenslange Arztnummer*, LANR) is right in itself.

    Args:
        number: nine digits; the seventh checks the first six, the last two
            name the speciality.

    Source: KBV guideline on § 75 (7) SGB V; weights 4, 9, 4, 9, 4, 9, what is
    missing to the next ten.
    """
    if _LANR.fullmatch(number) is None:
        return False
    total = _weighted(number[:6], (4, 9, 4, 9, 4, 9))
    return -total % 10 == int(number[6])


def pzn_is_valid(number: str) -> bool:
    """Say whether a package number (*Pharmazentralnummer*, PZN) is right in itself.

    Args:
        number: eight digits, the last of which checks; seven digits are an
            older number without its leading zero.

    Source: IFA; weights 1 to 7, modulo 11; a remainder of 10 is never given out.
    """
    if _PZN.fullmatch(number) is None:
        return False
    padded = number.zfill(_PZN_LENGTH)
    return _weighted(padded[:7], range(1, 8)) % 11 == int(padded[7])


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weights[place] for place, digit in enumerate(digits))


def _alternating(digits: str, weights: tuple[int, int]) -> int:
    """Add the digit sums of the products with two weights in turn."""
    products = (int(digit) * weights[place % 2] for place, digit in enumerate(digits))
    return sum(product // 10 + product % 10 for product in products)
