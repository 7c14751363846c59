# SPDX-License-Identifier: MPL-2.0
"""Pass phrases of random words: proposing them and knowing them again."""

import re
import secrets
from functools import cache

from arkanum.core.passphrases.vocabulary import read_lines

ENOUGH_WORDS = 6
"""Six of 7,776 words are 77 bits: out of reach even for whoever has the whole disk."""

_ENOUGH_DIFFERENT = 5
_BETWEEN_WORDS = re.compile(r"[\s\-_.,;:+/]+")


def suggest(words: int = ENOUGH_WORDS) -> str:
    """Return random German words with a blank between them.

    Args:
        words: how many, at least six.

    Raises:
        ValueError: for fewer words than `check` would accept.
    """
    if words < ENOUGH_WORDS:
        raise ValueError(f"a pass phrase needs {ENOUGH_WORDS} words")
    return " ".join(secrets.SystemRandom().sample(_in_order(), words))


def is_diceware(passphrase: str) -> bool:
    """Tell whether a pass phrase is six or more words of the list, five of them different.

    Whoever throws real dice may well throw a word twice; that costs nothing.
    """
    words = [word for word in _BETWEEN_WORDS.split(passphrase.lower()) if word]
    if len(words) < ENOUGH_WORDS or not _known().issuperset(words):
        return False
    return len(set(words)) >= _ENOUGH_DIFFERENT


@cache
def _in_order() -> list[str]:
    """Return the list in the order of the dice."""
    return list(read_lines("diceware.txt.gz"))


@cache
def _known() -> frozenset[str]:
    """Return the list for looking up."""
    return frozenset(_in_order())
