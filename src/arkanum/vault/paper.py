# SPDX-License-Identifier: MPL-2.0
"""Paper codes: two of three open the practice again when everything else is lost.

A code looks like `1QG7K-M2C4D-...`: seven groups of four letters and one check letter. The first
letter is the code's number, the last one of the seventh group's four checks the whole code.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arkanum.vault.errors import BadPaperCode, SamePaperCode
from arkanum.vault.key import KEY_BYTES, Key
from arkanum.vault.secret import Secret

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which are read as 1, 1, 0, V."""

GROUPS = 7
_LETTERS = 4
_GROUP_LENGTH = _LETTERS + 1
_SECRET_LETTERS = GROUPS * _LETTERS - 2
NUMBERS = (1, 2, 3)

_VALUE: Final = {letter: value for value, letter in enumerate(ALPHABET)} | {
    "O": 0,
    "I": 1,
    "L": 1,
    "U": ALPHABET.index("V"),
}
_BETWEEN = re.compile(r"[\W_]+")


@final
class PaperCode(Secret):
    """One of the three codes: its number and 130 random bits."""

    __slots__ = ("_letters", "_number")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, number: int, letters: bytes) -> None:
        if number not in NUMBERS:
            raise ValueError("paper codes are numbered 1 to 3")
        if len(letters) != _SECRET_LETTERS:
            raise ValueError(f"a paper code has {_SECRET_LETTERS} secret letters")
        self._number = number
        self._letters = bytes(letters)

    @property
    def number(self) -> int:
        """1, 2 or 3; printed with the code and not secret."""
        return self._number

    def secret_bytes(self) -> bytes:
        """Return number and secret letters, one byte each: the input of `pair_key`."""
        return bytes((self._number,)) + self._letters

    def expose(self) -> str:
        """Return the code as it is printed, in groups parted by `-`."""
        values = self.secret_bytes()
        values += bytes((_check_of_all(values),))
        groups = (values[i : i + _LETTERS] for i in range(0, len(values), _LETTERS))
        return "-".join(
            "".join(ALPHABET[value] for value in (*group, _check_of_group(place, group)))
            for place, group in enumerate(groups, start=1)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PaperCode):
            return NotImplemented
        return bytes_eq(self.secret_bytes(), other.secret_bytes())


@dataclass(frozen=True, slots=True)
class PaperCodes:
    """The three codes of a practice, in the order of their numbers."""

    codes: tuple[PaperCode, PaperCode, PaperCode]

    def __iter__(self) -> Iterator[PaperCode]:
        return iter(self.codes)

    def pairs(self) -> tuple[tuple[PaperCode, PaperCode], ...]:
        """Return the three pairs, each of which opens the practice."""
        first, second, third = self.codes
        return (first, second), (first, third), (second, third)


def new_codes() -> PaperCodes:
    """Return three fresh random codes."""
    first, second, third = (PaperCode(number, _random_letters()) for number in NUMBERS)
    return PaperCodes((first, second, third))


def parse_code(text: str) -> PaperCode:
    """Read a code as a person typed it.

    Upper and lower case, blanks and dashes do not matter, O is 0, I and L are 1, U is V.

    Raises:
        BadPaperCode: mistyped; `groups` says where.
    """
    typed = unicodedata.normalize("NFKC", text).upper()
    chunks = [chunk for chunk in _BETWEEN.split(typed) if chunk]
    letters = "".join(chunks)
    groups = [letters[i : i + _GROUP_LENGTH] for i in range(0, len(letters), _GROUP_LENGTH)]
    bad = [place for place, group in enumerate(groups, start=1) if not _is_group(place, group)]
    if len(letters) != GROUPS * _GROUP_LENGTH:
        raise BadPaperCode(_where_length_differs(chunks, groups, bad))
    if bad:
        raise BadPaperCode(bad)
    values = b"".join(_values(group)[:_LETTERS] for group in groups)
    if values[0] not in NUMBERS:
        raise BadPaperCode([1])
    if values[-1] != _check_of_all(values[:-1]):
        raise BadPaperCode([])
    return PaperCode(values[0], values[1:-1])


def pair_key(a: PaperCode, b: PaperCode) -> Key:
    """Return the key that two codes make together, in whichever order.

    Raises:
        SamePaperCode: both have the same number.
    """
    if a.number == b.number:
        raise SamePaperCode("two different paper codes are needed")
    first, second = sorted((a, b), key=lambda code: code.number)
    joined = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"arkanum/1/paper\0")
    return Key.from_bytes(joined.derive(first.secret_bytes() + second.secret_bytes()))


def _random_letters() -> bytes:
    return bytes(value & 31 for value in secrets.token_bytes(_SECRET_LETTERS))


def _values(group: str) -> bytes:
    return bytes(_VALUE[letter] for letter in group)


def _is_group(place: int, group: str) -> bool:
    if len(group) != _GROUP_LENGTH or not all(letter in _VALUE for letter in group):
        return False
    values = _values(group)
    return values[_LETTERS] == _check_of_group(place, values[:_LETTERS])


def _where_length_differs(chunks: list[str], groups: list[str], bad: list[int]) -> list[int]:
    """Point at the groups that were typed too short or too long.

    Without blanks or dashes to go by, it is the first group that does not fit: a letter too many
    or too few shifts all that follows.
    """
    if len(chunks) == GROUPS:
        return [n for n, chunk in enumerate(chunks, start=1) if len(chunk) != _GROUP_LENGTH]
    first = bad[0] if bad else len(groups) + 1
    return [min(first, GROUPS)]


def _check_of_group(place: int, values: bytes) -> int:
    """Return the check letter's value: a sum over GF(32) with weights 2, 4, 8, 16 (and 1).

    Different weights other than zero find every single wrong letter and every swap of two
    letters; the place in the sum finds every swap of two groups.
    """
    check = place
    for value in reversed(values):
        check = _double(check ^ value)
    return check


def _double(value: int) -> int:
    """Multiply by x in GF(32) with the polynomial x^5 + x^2 + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def _check_of_all(values: bytes) -> int:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"arkanum/1/paper check\0" + values)
    return digest.finalize()[0] & 31
