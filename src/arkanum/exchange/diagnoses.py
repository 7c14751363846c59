# SPDX-License-Identifier: MPL-2.0
"""Diagnoses from xDT fields: text, code, certainty and side."""

import re
from collections.abc import Callable

from arkanum.core.catalogue.codes import spelled
from arkanum.core.entries import Certainty, Diagnosis, Side
from arkanum.exchange.families import Group, Part
from arkanum.exchange.formats import xdt

CodeText = Callable[[str], str]
"""Gives the catalogue's text of a code, or an empty text."""

_IN_BRACKETS = re.compile(r"\s*[{(\[]\s*([A-Z]\d{2}(?:\.\d{1,2}|\.-)?)\s*,?\s*([GVAZ])?\s*,?\s*([RLB])?\s*[})\]]\s*$")
_MARKS = "!*+†"
_BY_WORDS = (
    (re.compile(r"(?:V\.\s?a\.|Verdacht auf\b|Verd\. )", re.IGNORECASE), Certainty.V),
    (re.compile(r"(?:Z\.\s?n\.|Zustand nach\b)", re.IGNORECASE), Certainty.Z),
    (re.compile(r"(?:Ausschlu(?:ss|ß) |A\.\s?v\.)", re.IGNORECASE), Certainty.A),
)


def diagnosis_of(group: Group, code_text: CodeText, *, permanent: bool) -> Diagnosis | None:
    """Read a group of diagnosis fields.

    Args:
        group: the fields of one diagnosis.
        code_text: asked when the file gives a code and no words.
        permanent: the file calls it permanent.

    Returns:
        The diagnosis, or `None` when neither a text nor a code is in the group.
        What cannot be read as a code, a certainty or a side stays in the text.
    """
    text = xdt.joined(group.texts(Part.TEXT)).strip()
    raw_code = "".join(group.texts(Part.CODE)).strip()
    letters = [word.strip() for word in group.texts(Part.CERTAINTY, Part.SIDE)]
    inside = _IN_BRACKETS.search(text) if not raw_code else None
    if inside is not None:
        text, raw_code = text[: inside.start()], inside[1]
        letters += [letter for letter in inside.groups()[1:] if letter]
    code = spelled(raw_code)
    leftovers = [xdt.joined(group.texts(Part.NOTE)).strip()]
    if raw_code and (code is None or raw_code[-1:] in _MARKS):
        leftovers.append(f"[{raw_code}]")
    certainty, side, strange = _letters(letters)
    leftovers += strange
    if not text and not code and not any(leftovers):
        return None
    words = [text or (code_text(code) if code else ""), *leftovers]
    return Diagnosis(
        code=code,
        text=" ".join(word for word in words if word),
        certainty=certainty or _certainty_in_words(text),
        side=side,
        permanent=permanent,
    )


def _letters(letters: list[str]) -> tuple[Certainty | None, Side | None, list[str]]:
    certainty, side, strange = None, None, []
    for letter in letters:
        upper = letter.upper()
        if upper in Certainty.__members__ and certainty is None:
            certainty = Certainty(upper)
        elif upper in Side.__members__ and side is None:
            side = Side(upper)
        elif letter:
            strange.append(f"[{letter}]")
    return certainty, side, strange


def _certainty_in_words(text: str) -> Certainty:
    """Read `V.a.` and `Z.n.`, so that a suspicion is not taken over as certain."""
    return next((meaning for words, meaning in _BY_WORDS if words.match(text)), Certainty.G)
