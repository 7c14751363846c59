# SPDX-License-Identifier: MPL-2.0
"""The rule: which pass phrases open a practice."""

import re
import unicodedata
from collections.abc import Iterable

from zxcvbn import zxcvbn

from arkanum.core.passphrases.diceware import is_diceware
from arkanum.core.passphrases.errors import WeakPassphrase
from arkanum.core.passphrases.guesses import Dictionary, Estimate, cost_of_parting, estimate
from arkanum.core.passphrases.vocabulary import Kind, context_words, vocabulary

SHORTEST = 12
"""Characters. Most pass phrases of this length are still refused for what they are made of."""

LONGEST = 256
"""Characters. Nobody types more; whoever sends more wants to keep the server busy."""

ENOUGH = 14.0
"""Power of ten of guesses that a pass phrase must withstand.

Behind Argon2id at a third of a second, 10^14 guesses take a thousand processor
cores a thousand years, and none can be tried without a device of the practice.
"""

ENOUGH_FOR_ZXCVBN = 12.0
"""The same in zxcvbn's count, which gives every unknown sign the same one power of ten."""

CLEARLY_ENOUGH = 20.0
"""From here on zxcvbn is not asked: on long texts full of signs it takes a second."""

_REASONS = {
    Kind.CONTEXT: "Sie enthält Namen aus Ihrer Praxis; die probiert jeder zuerst.",
    Kind.LEAKED: "Sie steht so oder ähnlich in Listen gestohlener Kennwörter.",
    Kind.PHRASE: "Sie ist eine bekannte Redensart oder Zeile.",
    Kind.WALK: "Sie folgt den Tasten nebeneinander auf der Tastatur.",
    Kind.SEQUENCE: "Sie enthält eine Reihe wie abcd oder 4321.",
    Kind.COPY: "Sie wiederholt sich selbst.",
    Kind.DATE: "Sie enthält eine Jahreszahl oder ein Datum.",
    Kind.CALENDAR: "Sie enthält Monat, Wochentag, Jahreszeit oder Fest.",
    Kind.NAME: "Sie enthält verbreitete Vor- oder Nachnamen.",
    Kind.TOWN: "Sie enthält einen Ortsnamen.",
    Kind.PRACTICE: "Sie besteht aus Wörtern, die in jeder Praxis naheliegen.",
    Kind.FAVOURITE: "Sie enthält Wörter, die besonders viele Menschen nehmen.",
    Kind.WORD: "Sie besteht aus zu wenigen Wörtern, die im Wörterbuch stehen.",
}
_LEET = re.compile(r"[^\W\d][0134578@$!€][^\W\d]")
_NO_USE = "Ziffern und Zeichen statt Buchstaben (3 statt e) halten niemanden auf."
_TOO_FEW_SIGNS = "Zufällige Zeichen genügen erst, wenn es 16 oder mehr sind."
_TOO_EASY = "Sie ist zu leicht zu erraten. Nehmen Sie sechs zufällige Wörter."


def check(passphrase: str, *, context: Iterable[str]) -> None:
    """Refuse a pass phrase that is too easy to guess.

    Six or more words of the diceware list are always enough. Everything else must
    withstand 10^14 guesses by someone who speaks German and knows the practice.

    Args:
        passphrase: as typed, at most 256 characters.
        context: names of the practice and its people, sign-in names, town, street.

    Raises:
        WeakPassphrase: with the reasons in German, none of which quotes it.

    Source: § 390 SGB V asks for strong passwords without saying which; ASVS 5.0
    6.2 asks for a list of at least 3,000 refused ones and for words of the context.
    """
    text = unicodedata.normalize("NFKC", passphrase)
    unusable = _unusable(text)
    if unusable:
        raise WeakPassphrase(unusable)
    if is_diceware(text):
        return
    found = _weakest_reading(text, context)
    if found.cost < ENOUGH or len(text) < SHORTEST:
        raise WeakPassphrase(_reasons(text, found.kinds))
    if found.cost < CLEARLY_ENOUGH and zxcvbn(text[:72])["guesses_log10"] < ENOUGH_FOR_ZXCVBN:
        raise WeakPassphrase(_reasons(text, found.kinds))


def _unusable(text: str) -> tuple[str, ...]:
    """Return what would keep the person from typing it again, or keep the server busy."""
    if len(text) > LONGEST:
        return (f"Sie ist zu lang: höchstens {LONGEST} Zeichen.",)
    if text != text.strip():
        return ("Sie beginnt oder endet mit einem Leerzeichen; das sieht man nicht.",)
    if any(unicodedata.category(sign).startswith("C") for sign in text):
        return ("Sie enthält unsichtbare Zeichen.",)
    return ()


def _weakest_reading(text: str, context: Iterable[str]) -> Estimate:
    """Return the lower estimate of the text as it is and without what parts its letters.

    The second reading finds `B-e-h-a-n-d-l-u-n-g` and proverbs with their blanks.
    """
    dictionary = Dictionary(vocabulary(), context_words(context))
    as_typed = estimate(text, dictionary, ENOUGH)
    letters = "".join(sign for sign in text if sign.isalnum())
    if as_typed.cost < ENOUGH or letters in {"", text}:
        return as_typed
    joined = estimate(letters, dictionary, ENOUGH)
    joined_cost = joined.cost + cost_of_parting(text)
    return min(as_typed, Estimate(joined_cost, joined.kinds), key=lambda found: found.cost)


def _reasons(text: str, kinds: frozenset[Kind]) -> tuple[str, ...]:
    """Return the sentences for what the pass phrase was found to be made of."""
    short = (f"Sie ist zu kurz: mindestens {SHORTEST} Zeichen.",) if len(text) < SHORTEST else ()
    found = tuple(sentence for kind, sentence in _REASONS.items() if kind in kinds)
    if not short and not found:
        return (_TOO_FEW_SIGNS, _TOO_EASY)
    leet = (_NO_USE,) if found and _LEET.search(text) else ()
    return (*short, *found, *leet, _TOO_EASY)
