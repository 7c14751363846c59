# SPDX-License-Identifier: MPL-2.0
"""Different ways of writing the same word, undone.

A folded text is a list with one string for each character of the text, so that
a place in it stays a place in the text even where `ü` has become `ue`.
"""

import itertools
import unicodedata
from collections.abc import Iterator

_UMLAUTS = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "ł": "l", "ı": "i", "đ": "d",
    "ð": "d", "þ": "th",
}  # fmt: skip

_LEET = {
    "4": "a", "@": "a", "8": "b", "(": "c", "{": "c", "<": "c", "3": "e", "€": "e", "6": "g",
    "9": "g", "0": "o", "$": "s", "5": "s", "§": "s", "+": "t", "2": "z", "%": "x", "µ": "u",
}  # fmt: skip
_ONE_OR_ELL = "1!|"
_SEVEN = "7"


def fold_character(character: str) -> str:
    """Return a lower case character without umlaut or accent; one or two letters."""
    if character < "\x80":
        return character
    known = _UMLAUTS.get(character)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFKD", character)
    return "".join(part for part in plain if not unicodedata.combining(part)) or character


def lower_each(text: str) -> str:
    """Return a text in lower case and of the same length, unlike `str.lower` with `İ`."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(sign if len(sign.lower()) > 1 else sign.lower() for sign in text)


def fold(lower: str) -> list[str]:
    """Return the folded characters of a lower case text, one string each."""
    return [fold_character(character) for character in lower]


def folded_spellings(word: str) -> set[str]:
    """Return how a word is typed: `mueller` and `muller` for `Müller`.

    Someone without German keys leaves the dots out, so both are the same word to
    whoever guesses.
    """
    lower = word.lower()
    if lower.isascii():
        return {lower}
    plain = unicodedata.normalize("NFKD", lower.replace("ß", "ss"))
    return {
        "".join(map(fold_character, lower)),
        "".join(part for part in plain if not unicodedata.combining(part)),
    }


def unleet(folded: list[str]) -> Iterator[list[str]]:
    """Yield the readings of a text in which digits and signs stand for letters.

    `1` may be an i or an l, `7` a t or an l; each reading takes one choice for the
    whole text. A text without such signs has no reading.
    """
    ones = [("i", "l")] if any(sign in _ONE_OR_ELL for sign in folded) else [("",)]
    sevens = [("t", "l")] if _SEVEN in folded else [("",)]
    if ones == sevens and not any(sign in _LEET for sign in folded):
        return
    for one, seven in itertools.product(*ones, *sevens):
        table = _LEET | dict.fromkeys(_ONE_OR_ELL, one) | {_SEVEN: seven}
        yield [table.get(sign, sign) for sign in folded]
