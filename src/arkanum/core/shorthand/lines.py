# SPDX-License-Identifier: MPL-2.0
"""From line to content and back."""

import re
from collections.abc import Mapping
from datetime import date

from arkanum.core.catalogue import Catalogue
from arkanum.core.entries import (
    Caution,
    Content,
    Diagnosis,
    EntryKind,
    Finding,
    Foreign,
    History,
    Medication,
    Note,
    Therapy,
    Vitals,
    kind_of,
)
from arkanum.core.errors import ShorthandError
from arkanum.core.labels import label
from arkanum.core.shorthand.diagnoses import diagnosis_line, parse_diagnosis
from arkanum.core.shorthand.medications import medication_line, parse_medication
from arkanum.core.shorthand.signs import parse_vitals, vitals_line
from arkanum.core.shorthand.tokens import quote, text_of, tokens_of

KEYS: Mapping[str, EntryKind] = {
    "d": EntryKind.DIAGNOSIS,
    "b": EntryKind.FINDING,
    "t": EntryKind.THERAPY,
    "a": EntryKind.HISTORY,
    "m": EntryKind.MEDICATION,
    "n": EntryKind.NOTE,
    "c": EntryKind.CAUTION,
    "v": EntryKind.VITALS,
}
"""The letter with which a line begins, and what it makes."""

ALLERGY = "allergie"
_FIRST_WORD = re.compile(r"\s*(\S+)")
_LETTER_OF = {kind: letter for letter, kind in KEYS.items()}
_TEXTS: Mapping[EntryKind, type[Finding | Therapy | History | Note]] = {
    EntryKind.FINDING: Finding,
    EntryKind.THERAPY: Therapy,
    EntryKind.HISTORY: History,
    EntryKind.NOTE: Note,
}


def parse_line(line: str, catalogue: Catalogue, today: date) -> Content:
    """Return the content that a typed line says.

    Args:
        line: such as `d J06.9 G R dauer` or `v rr 135/85 p 72`.
        catalogue: gives a code its text, and knows which codes are terminal.
        today: completes dates whose year was left out or shortened.

    Raises:
        ShorthandError: the line cannot be understood; it says where and why.
    """
    kind, start = _kind(line)
    match kind:
        case EntryKind.DIAGNOSIS:
            return parse_diagnosis(line, start, catalogue)
        case EntryKind.MEDICATION:
            return parse_medication(line, start, today)
        case EntryKind.VITALS:
            return parse_vitals(line, start)
        case EntryKind.CAUTION:
            return _caution(line, start)
    text = line[start:].strip()
    if not text:
        raise ShorthandError("empty", len(line), f"Hier fehlt der Text: {label(kind)}.")
    return _TEXTS[kind](text=text)


def line_of(content: Content, catalogue: Catalogue | None = None) -> str:
    """Return the line that says a content.

    Args:
        content: anything but what was taken over from another program.
        catalogue: leaves out the text of a diagnosis that is the catalogue's own.

    Raises:
        ShorthandError: foreign content; it can be struck out, but not retyped.
    """
    match content:
        case Diagnosis():
            return diagnosis_line(content, catalogue)
        case Medication():
            return medication_line(content)
        case Vitals():
            return vitals_line(content)
        case Caution():
            return _caution_line(content)
        case Foreign():
            raise ShorthandError("foreign", 0, "Übernommene Inhalte lassen sich nicht als Zeile schreiben.")
    return f"{_LETTER_OF[kind_of(content)]} {content.text}"


def _kind(line: str) -> tuple[EntryKind, int]:
    """Return what the first word of a line makes, and where the rest begins."""
    found = _FIRST_WORD.match(line)
    kind = KEYS.get(found[1].lower()) if found else None
    if found is None or kind is None:
        known = ", ".join(f"{letter} {label(each)}" for letter, each in KEYS.items())
        raise ShorthandError(
            "unknown_key", found.start(1) if found else 0, f"Die Zeile beginnt mit einem Kürzel: {known}."
        )
    return kind, found.end()


def _caution(line: str, start: int) -> Caution:
    tokens = tokens_of(line, start)
    allergy = bool(tokens) and tokens[0].text.lower() == ALLERGY
    text = text_of(line, tokens[1:] if allergy else tokens)
    if not text:
        raise ShorthandError("empty", len(line), "Hier fehlt, wovor gewarnt werden soll.")
    return Caution(text=text, allergy=allergy)


def _caution_line(caution: Caution) -> str:
    head = f"c {ALLERGY}" if caution.allergy else "c"
    plain = f"{head} {caution.text}"
    return plain if _says(plain, caution) else f"{head} {quote(caution.text)}"


def _says(line: str, caution: Caution) -> bool:
    try:
        return _caution(line, len("c")) == caution
    except ShorthandError:
        return False
