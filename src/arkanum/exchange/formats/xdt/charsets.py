# SPDX-License-Identifier: MPL-2.0
"""Which charset a line is written in, decided from the line itself.

Files declare one charset and use another, and some change it from line to
line. Each reading of the bytes gets a cost: how unlikely are these characters
in German medical text, at this place in a word? The cheapest reading wins; what
the file declares, and what its earlier lines turned out to be, count as small
discounts. No reading drops or replaces a character.
"""

import re
from dataclasses import dataclass

from arkanum.exchange.formats.xdt.plausibility import cost_of

UNDECIDED = "ascii"
"""Name of the charset of a line for which there was nothing to decide."""

DIN_66003 = "din-66003"
"""The German 7-bit code, in which `{` is `ä`; Python has no codec for it."""

_CANDIDATES = ("iso-8859-15", "cp1252", "iso-8859-1", "cp437")
_LATIN = frozenset({"iso-8859-15", "cp1252", "iso-8859-1"})

_DECLARED_CODES = {"1": DIN_66003, "2": "cp437", "3": "iso-8859-1", "4": "iso-8859-15"}
"""Source: GDT 2.1, field 9206; KVDT 6.02, field 9106."""

_DECLARED_NAMES = {
    "UTF8": "utf-8",
    "IBMCP437": "cp437",
    "CP437": "cp437",
    "7BIT": DIN_66003,
    "ISO88591": "iso-8859-1",
    "ISO885915": "iso-8859-15",
    "ANSI": "cp1252",
    "CP1252": "cp1252",
    "WINDOWS1252": "cp1252",
}

_DIN_TABLE = str.maketrans("[\\]{|}~", "ÄÖÜäöüß")
_DIN_IN_WORD = re.compile(r"(?<=[A-Za-z])(?:[\[\\\]](?=[A-Za-z])|[{|}~])|[{|}](?=[a-z])")
_DIN_AT_START = re.compile(r"(?<!\S)[\[\\\]](?=[a-z]{2})")
# Code page 437 shows these two where other charsets have control characters.
_CP437_SIGNS = str.maketrans({"\x14": "¶", "\x15": "§"})

_DECLARED_DISCOUNT = 1.5
_EARLIER_DISCOUNT = 1.5
_SURE_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One line's text and how it was read.

    Attributes:
        text: the content.
        charset: Python codec name, `ascii`, or `din-66003`.
        rival: charset of a different reading that is nearly as likely, or empty.
    """

    text: str
    charset: str
    rival: str = ""


def declared_charset(content: str) -> str:
    """Return the codec that the content of field 9106 or 9206 stands for, or empty."""
    plain = re.sub(r"[^A-Z0-9]", "", content.upper())
    return _DECLARED_CODES.get(plain) or _DECLARED_NAMES.get(plain, "")


def decide(content: bytes, declared: str = "", earlier: str = "") -> Reading:
    """Decide the charset of one line and decode it.

    Args:
        content: the bytes of one field.
        declared: charset that the file declares, or empty.
        earlier: charset of the last line that was certain, or empty.

    Returns:
        The most likely reading; every byte is a character of it.
    """
    if content.isascii():
        return _seven_bit(content.decode("ascii"), declared)
    utf8 = _utf8(content)
    if utf8 is not None:
        return Reading(utf8, "utf-8")
    ranked = sorted(
        (
            (cost_of(text) - _discount(charset, declared, earlier), rank, charset, text)
            for rank, charset in enumerate(_CANDIDATES)
            if (text := _decoded(content, charset)) is not None
        )
    )
    cost, _, charset, text = ranked[0]
    rivals = (other for other in ranked[1:] if other[3] != text)
    rival = next((other[2] for other in rivals if other[0] - cost < _SURE_MARGIN), "")
    return Reading(text, charset, rival)


def same_family(first: str, second: str) -> bool:
    """Tell whether two charsets are Latin ones that differ in a few signs only."""
    return first == second or {first, second} <= _LATIN


def _seven_bit(text: str, declared: str) -> Reading:
    if declared == "cp437" and ("\x14" in text or "\x15" in text):
        return Reading(text.translate(_CP437_SIGNS), "cp437")
    if declared == DIN_66003 and _is_seven_bit_german(text):
        return Reading(text.translate(_DIN_TABLE), DIN_66003)
    return Reading(text, UNDECIDED)


def _is_seven_bit_german(text: str) -> bool:
    """Look for brackets and bars that can only be letters: inside words, or unpaired before one."""
    if _DIN_IN_WORD.search(text):
        return True
    is_pair = "[" in text and "]" in text
    return not is_pair and _DIN_AT_START.search(text) is not None


def _utf8(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if any("\x80" <= sign <= "\x9f" for sign in text) else text


def _decoded(content: bytes, charset: str) -> str | None:
    try:
        text = content.decode(charset)
    except UnicodeDecodeError:
        return None
    return text.translate(_CP437_SIGNS) if charset == "cp437" else text


def _discount(charset: str, declared: str, earlier: str) -> float:
    discount = 0.0
    if declared and same_family(charset, declared):
        discount += _DECLARED_DISCOUNT
    if earlier and same_family(charset, earlier):
        discount += _EARLIER_DISCOUNT
    # Between Latin charsets that read alike, the name that was declared is the honest one.
    return discount + (0.1 if charset == declared else 0.0)
