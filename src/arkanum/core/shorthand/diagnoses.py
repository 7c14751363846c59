# SPDX-License-Identifier: MPL-2.0
"""The diagnosis as a line: `d V J06.9 R dauer`, `d J06.9 grippaler Infekt`, `d akute Bronchitis`.

The letters G V A Z (certainty) and R L B (side) stand beside the code. Beside free
text they stand in front of it, as capitals, because "Hepatitis A" must never
become an excluded hepatitis: a letter at the end of a text is asked back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arkanum.core.catalogue import Catalogue, Code, spelled
from arkanum.core.entries import Certainty, Diagnosis, Side
from arkanum.core.errors import ShorthandError
from arkanum.core.labels import label
from arkanum.core.shorthand.tokens import Token, quote, text_of, tokens_of

PERMANENT = "dauer"
_CERTAINTIES = frozenset(Certainty)
_SIDES = frozenset(Side)
_LETTERS = _CERTAINTIES | _SIDES


@dataclass(slots=True)
class _Flags:
    """What the letters beside a code or text say; each may be said once."""

    certainty: Certainty | None = None
    side: Side | None = None
    permanent: bool = False

    def take(self, token: Token) -> None:
        """Note what a letter or `dauer` says."""
        word = token.text.upper()
        if word in _CERTAINTIES:
            _refuse_twice(token, self.certainty, "Die Sicherheit")
            self.certainty = Certainty(word)
        elif word in _SIDES:
            _refuse_twice(token, self.side, "Die Seite")
            self.side = Side(word)
        else:
            _refuse_twice(token, self.permanent, "„dauer“")
            self.permanent = True


def _refuse_twice(token: Token, said: object, what: str) -> None:
    if said:
        raise ShorthandError("twice", token.start, f"{what} steht zweimal in der Zeile.")


@dataclass(frozen=True, slots=True)
class _Parts:
    """A diagnosis before the catalogue was asked.

    Attributes:
        code: the code as it is spelled with its point, or `None`.
        code_at: where the code stands in the line; only then of meaning.
        text_at: where the text stands in the line, or would stand.
    """

    flags: _Flags
    code: str | None
    code_at: int
    text: str
    text_at: int


def parse_diagnosis(line: str, start: int, catalogue: Catalogue) -> Diagnosis:
    """Return the diagnosis that the rest of a line says.

    Raises:
        ShorthandError: the code is unknown or only groups others (with its
            children as choices), something is said twice, or nothing is said.
    """
    parts = _parts(line, start)
    code = None if parts.code is None else _terminal(parts.code, parts.code_at, catalogue)
    text = parts.text or (code.text if code else "")
    if not text:
        raise ShorthandError("empty", parts.text_at, "Hier fehlt die Diagnose: ein Kode wie J06.9 oder ein Text.")
    return _diagnosis(parts.flags, code.code if code else None, text)


def diagnosis_line(diagnosis: Diagnosis, catalogue: Catalogue | None) -> str:
    """Return the line that says a diagnosis; the catalogue's own text is left out."""
    head = " ".join(_head(diagnosis))
    known = catalogue.by_code(diagnosis.code) if catalogue and diagnosis.code else None
    if known is not None and known.text == diagnosis.text:
        return head
    plain = f"{head} {diagnosis.text}"
    return plain if _reads_back(plain, diagnosis) else f"{head} {quote(diagnosis.text)}"


def _head(diagnosis: Diagnosis) -> Iterator[str]:
    yield "d"
    if diagnosis.code is not None:
        yield diagnosis.code
    if diagnosis.certainty is not Certainty.G:
        yield diagnosis.certainty
    if diagnosis.side is not None:
        yield diagnosis.side
    if diagnosis.permanent:
        yield PERMANENT


def _reads_back(line: str, diagnosis: Diagnosis) -> bool:
    try:
        parts = _parts(line, len("d"))
    except ShorthandError:
        return False
    return _diagnosis(parts.flags, parts.code, parts.text) == diagnosis


def _diagnosis(flags: _Flags, code: str | None, text: str) -> Diagnosis:
    return Diagnosis(
        code=code, text=text, certainty=flags.certainty or Certainty.G, side=flags.side, permanent=flags.permanent
    )


def _parts(line: str, start: int) -> _Parts:
    flags = _Flags()
    rest = _take_flags(tokens_of(line, start), flags, capitals_only=True)
    code, code_at = _code(rest), _start(rest, line)
    if code is not None:
        rest = _take_flags(rest[1:], flags, capitals_only=False)
    rest = _take_last_permanent(rest, flags)
    _refuse_last_letter(line, code, rest)
    return _Parts(flags=flags, code=code, code_at=code_at, text=text_of(line, rest), text_at=_start(rest, line))


def _code(tokens: Sequence[Token]) -> str | None:
    return spelled(tokens[0].text) if tokens else None


def _start(tokens: Sequence[Token], line: str) -> int:
    return tokens[0].start if tokens else len(line)


def _take_flags(tokens: Sequence[Token], flags: _Flags, *, capitals_only: bool) -> Sequence[Token]:
    """Take letters and `dauer` from the front; return what is left."""
    for place, token in enumerate(tokens):
        word = token.text if capitals_only else token.text.upper()
        if word not in _LETTERS and token.text != PERMANENT:
            return tokens[place:]
        flags.take(token)
    return ()


def _take_last_permanent(tokens: Sequence[Token], flags: _Flags) -> Sequence[Token]:
    if tokens and tokens[-1].text == PERMANENT:
        flags.take(tokens[-1])
        return tokens[:-1]
    return tokens


def _refuse_last_letter(line: str, code: str | None, tokens: Sequence[Token]) -> None:
    if not tokens or tokens[-1].text not in _LETTERS:
        return
    head = "d" if code is None else f"d {code}"
    letter, text = tokens[-1].text, text_of(line, tokens[:-1])
    meaning = label(Certainty(letter) if letter in _CERTAINTIES else Side(letter))
    raise ShorthandError(
        "last_letter",
        tokens[-1].start,
        f"Heißt „{letter}“ hier „{meaning}“? Dann bitte vor den Text: {head} {letter} {text}. "
        f"Gehört es zum Text: {head} {quote(f'{text} {letter}')}.",
    )


def _terminal(spelling: str, at: int, catalogue: Catalogue) -> Code:
    """Return the code of the catalogue that may stand in a diagnosis."""
    code = catalogue.by_code(spelling)
    if code is not None and code.terminal:
        return code
    below = catalogue.children(spelling)
    if below:
        raise ShorthandError("not_terminal", at, f"{spelling} ist nur eine Gruppe. Bitte genauer verschlüsseln.", below)
    raise ShorthandError(
        "unknown_code",
        at,
        f"{spelling} steht nicht in der ICD-10-GM {catalogue.year}. Ist es Text: bitte in Anführungszeichen.",
        catalogue.children(spelling.partition(".")[0]),
    )
