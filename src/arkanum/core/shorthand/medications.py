# SPDX-License-Identifier: MPL-2.0
"""The medicine as a line: `m Ramipril 5 mg 1-0-1 dauer seit 3.4.2024 wegen Hypertonie`.

The name comes first. A dose such as `1-0-1`, the words `bei Bedarf`, or the keyword
`dosis` begin the dose, which goes on to the next keyword: `wegen`, `seit`, `bis`,
`pzn`, `dauer`. What must not be taken for a keyword stands in quotation marks.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from arkanum.core.checkdigits import pzn_is_valid
from arkanum.core.entries import Medication
from arkanum.core.errors import ShorthandError
from arkanum.core.shorthand.tokens import Token, date_of, german_date, looks_like_date, quote, text_of, tokens_of

_AMOUNT = r"(?:[0-9]{1,3}(?:[.,][0-9]{1,2}|/[0-9])?|[¼½¾])"
_DOSE = re.compile(rf"{_AMOUNT}(?:-{_AMOUNT}){{2,3}}")
_PZN = re.compile(r"[0-9]{7,8}")
_PZN_DIGITS = 8
_PARTS = {"dosis": "dose", "wegen": "reason"}
_DAYS = {"seit": "since", "bis": "until"}
_SAID_TWICE = {
    "dose": "Die Dosis",
    "reason": "Der Grund",
    "since": "Der Beginn",
    "until": "Das Ende",
    "pzn": "Die PZN",
    "permanent": "„dauer“",
}


@dataclass(slots=True)
class _Reading:
    """What has been read of a medicine's line so far.

    Attributes:
        texts: the pieces of each part that is text.
        days: first and last day, when said.
        open_part: the part to which further text belongs.
    """

    line: str
    texts: dict[str, list[Token]] = field(default_factory=lambda: {"name": [], "dose": [], "reason": []})
    days: dict[str, date] = field(default_factory=dict)
    permanent: bool = False
    pzn: str = ""
    said: set[str] = field(default_factory=set)
    open_part: str | None = "name"

    def say(self, part: str, token: Token) -> None:
        """Note that a part has been said, and close the one before."""
        if part in self.said:
            raise ShorthandError("twice", token.start, f"{_SAID_TWICE[part]} steht zweimal in der Zeile.")
        self.said.add(part)
        self.open_part = None

    def open(self, part: str, token: Token) -> None:
        """Let what follows belong to a part."""
        self.say(part, token)
        self.open_part = part

    def add(self, token: Token) -> None:
        """Let a piece belong to the open part."""
        if self.open_part is None:
            raise ShorthandError(
                "misplaced",
                token.start,
                f"Wozu gehört „{token.text}“? Ein Grund beginnt mit wegen, eine Dosis mit dosis.",
            )
        self.texts[self.open_part].append(token)

    def text(self, part: str) -> str:
        """Return the text of a part, empty when it was not said."""
        return text_of(self.line, self.texts[part])


def parse_medication(line: str, start: int, today: date) -> Medication:
    """Return the medicine that the rest of a line says.

    Raises:
        ShorthandError: no name, something said twice or in no place, an
            impossible day, an end before the beginning, or a wrong PZN.
    """
    tokens = tokens_of(line, start)
    reading = _Reading(line=line)
    at = 0
    while at < len(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        at += _read(reading, tokens[at], after, today)
    return _medication(reading)


def _read(reading: _Reading, token: Token, after: Token | None, today: date) -> int:
    """Read one piece, or a keyword with its value; return how many pieces that were."""
    if after is not None and token.text in _DAYS and looks_like_date(after):
        reading.say(_DAYS[token.text], token)
        reading.days[_DAYS[token.text]] = date_of(after, today)
        return 2
    if after is not None and token.text == "pzn" and _PZN.fullmatch(after.text):
        reading.say("pzn", token)
        reading.pzn = _pzn(after)
        return 2
    _read_single(reading, token, after)
    return 1


def _read_single(reading: _Reading, token: Token, after: Token | None) -> None:
    if token.text in _PARTS:
        reading.open(_PARTS[token.text], token)
        return
    if token.text == "dauer":
        reading.say("permanent", token)
        reading.permanent = True
        return
    if reading.open_part == "name" and _begins_dose(token, after):
        reading.open("dose", token)
    reading.add(token)


def _begins_dose(token: Token, after: Token | None) -> bool:
    if _DOSE.fullmatch(token.text):
        return True
    return token.text == "bei" and after is not None and after.text == "Bedarf"


def _pzn(token: Token) -> str:
    if not pzn_is_valid(token.text):
        raise ShorthandError("pzn", token.start, "Die Prüfziffer dieser PZN stimmt nicht.")
    return token.text.zfill(_PZN_DIGITS)


def _medication(reading: _Reading) -> Medication:
    if not reading.text("name"):
        raise ShorthandError("empty", len(reading.line), "Hier fehlt der Name des Mittels.")
    for part in ("dose", "reason"):
        if part in reading.said and not reading.text(part):
            raise ShorthandError("empty", len(reading.line), f"{_SAID_TWICE[part]} fehlt noch.")
    since, until = reading.days.get("since"), reading.days.get("until")
    if since and until and until < since:
        raise ShorthandError("backwards", len(reading.line), "Das Ende liegt vor dem Beginn.")
    return Medication(
        name=reading.text("name"),
        dose=reading.text("dose"),
        reason=reading.text("reason"),
        since=since,
        until=until,
        permanent=reading.permanent,
        pzn=reading.pzn,
    )


def medication_line(medication: Medication) -> str:
    """Return the line that says a medicine, with quotation marks only where they are needed."""
    plain = " ".join(_written(medication, str))
    return plain if _reads_back(plain, medication) else " ".join(_written(medication, quote))


def _reads_back(line: str, medication: Medication) -> bool:
    try:
        return parse_medication(line, len("m"), date.min) == medication
    except ShorthandError:
        return False


def _written(medication: Medication, write: Callable[[str], str]) -> Iterator[str]:
    yield f"m {write(medication.name)}"
    if medication.dose:
        yield _written_dose(write(medication.dose))
    if medication.reason:
        yield f"wegen {write(medication.reason)}"
    if medication.since:
        yield f"seit {german_date(medication.since)}"
    if medication.until:
        yield f"bis {german_date(medication.until)}"
    if medication.pzn:
        yield f"pzn {medication.pzn}"
    if medication.permanent:
        yield "dauer"


def _written_dose(dose: str) -> str:
    tokens = [*tokens_of(dose, 0), None, None]
    first, second = tokens[:2]
    return dose if first and _begins_dose(first, second) else f"dosis {dose}"
