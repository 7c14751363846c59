# SPDX-License-Identifier: MPL-2.0
"""One code of the catalogue, and how codes are spelled."""

import re
from dataclasses import dataclass
from enum import StrEnum

from arkanum.core.patients import Sex

_SPELLING = re.compile(r"([A-Z][0-9]{2})\.?([0-9]{0,2})-?[!*+†]?")
"""A code as people write it: `J06.9`, `J069`, `j06.-`, `D63.0*`, `A17.0+`."""


class Usage(StrEnum):
    """What a code may be used for in a doctor's practice, letters of the BfArM.

    Source: § 295 (1) SGB V, metadata of ICD-10-GM, field "Verwendung".
    """

    PRIMARY = "P"
    STAR = "O"
    MARK = "Z"
    NONE = "V"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of ICD-10-GM and what the catalogue says about it (*Schlüsselnummer*).

    Attributes:
        code: the code with its point, such as `J06.9`.
        shown: the code as the catalogue prints it, such as `J06.-` or `D63.0*`.
        text: the catalogue's text, unchanged.
        terminal: may stand in a diagnosis; the others only group.
        usage: whether it can stand alone.
        sex: the only sex it fits, or `None`.
        age_min: youngest usual age in completed years, or `None`.
        age_max: oldest usual age in completed years, or `None`.
        rare: hardly seen in Central Europe.
        has_content: false for numbers that are kept free.
        notifiable: may have to be reported (*Meldepflicht*).
    """

    code: str
    shown: str
    text: str
    terminal: bool
    usage: Usage = Usage.PRIMARY
    sex: Sex | None = None
    age_min: int | None = None
    age_max: int | None = None
    rare: bool = False
    has_content: bool = True
    notifiable: bool = False


def spelled(text: str) -> str | None:
    """Return the code that a text spells, with its point, or `None`.

    `j069`, `J06.9` and `J06.9!` all become `J06.9`; whether the catalogue has
    it is another question.
    """
    found = _SPELLING.fullmatch(text.upper())
    if found is None:
        return None
    group, detail = found.groups()
    return f"{group}.{detail}" if detail else group
