# SPDX-License-Identifier: MPL-2.0
"""The command line: what is typed, what it means, and which codes could be meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from arkanum.core import Content, Hint, Sex, ShorthandError, kind_of, label
from arkanum.core.catalogue import Catalogue, Code, spelled
from arkanum.core.shorthand import hints_of, parse_line
from arkanum.web.chart.rows import text_of

LONGEST_LINE = 20_000
MOST_SENT = LONGEST_LINE + 4_000
"""A browser counts the end of a line as one letter and sends two."""

FIELDS = {"line": MOST_SENT, "sex": 1, "age": 3}
"""What the form of a line sends, with the most letters of each."""

MOST_CODES = 12

_DIAGNOSIS = re.compile(r"\s*[dD]\s+(?P<asked>.*)", re.DOTALL)
_LAST_FLAGS = re.compile(r"(\s+([GVAZRLBgvazrlb]|dauer))*\s*$")
_CODE_BEGINS = re.compile(r"\s*d\s+[a-z]\d", re.IGNORECASE)
_SHORTEST_QUESTION = 2


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line says so far.

    Attributes:
        asked: the line itself.
        kind: name of the kind, once the line is whole.
        text: the content as it will be shown.
        problem: why it cannot be written yet.
        wanted: the line is not wrong, merely not finished.
        hints: worth a second look.
        codes: codes that could be meant, each with the line that it makes.
        obvious: they were found by words, so Enter takes the first into the line; a code is typed whole.
    """

    asked: str
    kind: str = ""
    text: str = ""
    problem: str = ""
    wanted: bool = False
    hints: tuple[Hint, ...] = ()
    codes: tuple[tuple[Code, str], ...] = ()
    obvious: bool = False


@cache
def catalogue() -> Catalogue:
    """Return the ICD-10-GM, read once a process; a newer year in the data folder wins."""
    return Catalogue.load(Path(settings.DATA) / "catalogues")


def content_of(line: str, today: date) -> Content:
    """Return what a line says.

    Raises:
        ShorthandError: it cannot be understood.
    """
    return parse_line(line[:LONGEST_LINE], catalogue(), today)


@dataclass(frozen=True, slots=True)
class About:
    """What of a patient decides whether a code is odd."""

    sex: Sex | None = None
    age: int | None = None


def hints_on(content: Content, about: About, beside: Collection[str] = ()) -> tuple[Hint, ...]:
    """Return what is worth a second look about a content for this patient."""
    return hints_of(content, catalogue(), sex=about.sex, age=about.age, beside=beside)


def meaning_of(line: str, today: date, about: About) -> Meaning:
    """Return what a line means while it is typed."""
    codes = codes_for(line)
    obvious = bool(codes) and not _CODE_BEGINS.match(line)
    try:
        content = content_of(line, today)
    except ShorthandError as error:
        choices = tuple((code, _line_with(line, code)) for code in error.choices)
        unfinished = bool(codes) or error.position >= len(line.rstrip()) or len(line.strip()) == 1
        return Meaning(line, problem=error.german, wanted=unfinished, codes=codes or choices, obvious=obvious)
    kind, hints = label(kind_of(content)), hints_on(content, about)
    return Meaning(line, kind, text_of(content), hints=hints, codes=codes, obvious=obvious)


def codes_for(line: str) -> tuple[tuple[Code, str], ...]:
    """Return the codes that a diagnosis in the making could mean; none once it has its code."""
    found = _DIAGNOSIS.match(line)
    if found is None:
        return ()
    asked = _LAST_FLAGS.sub("", found["asked"])
    first = asked.split(maxsplit=1)[0] if asked.strip() else ""
    exact = catalogue().by_code(first) if spelled(first) else None
    if len(asked.strip()) < _SHORTEST_QUESTION or (exact is not None and exact.terminal):
        return ()
    return tuple((code, _line_with(line, code)) for code in _found(asked))


def _found(asked: str) -> Sequence[Code]:
    return [code for code in catalogue().search(asked, limit=MOST_CODES) if code.has_content]


def _line_with(line: str, code: Code) -> str:
    """Return the line with a code in place of the words it was found by; flags stay."""
    found = _DIAGNOSIS.match(line)
    flags = _LAST_FLAGS.search(found["asked"]) if found else None
    tail = flags.group(0).strip() if flags else ""
    return f"d {code.code} {tail} ".replace("  ", " ") if code.terminal else f"d {code.code}"


def missing() -> str:
    """Return what is said when nothing was typed."""
    return _("Bitte erst etwas eintippen.")
