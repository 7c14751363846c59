# SPDX-License-Identifier: MPL-2.0
"""What can be wrong with a line or a record, as a code and as a German sentence.

A flaw holds numbers and names of character sets, never content: reports of
flaws leave the practice.
"""

from dataclasses import dataclass
from enum import StrEnum


class FlawCode(StrEnum):
    """Which rule a line or record breaks."""

    LENGTH = "length"
    LENGTH_UNREADABLE = "length-unreadable"
    LINE_END_MISSING = "line-end-missing"
    LINE_BREAK_INSIDE = "line-break-inside"
    FIELD_ID_BLANK = "field-id-blank"
    LEADING_BYTES = "leading-bytes"
    NO_FIELD_ID = "no-field-id"
    BLANK_LINE = "blank-line"
    END_OF_FILE_MARK = "end-of-file-mark"
    BYTE_ORDER_MARK = "byte-order-mark"
    CONTROL_CHARACTER = "control-character"
    CHARSET_DIFFERS = "charset-differs"
    CHARSET_UNSURE = "charset-unsure"
    LINE_TOO_LONG = "line-too-long"
    RECORD_LENGTH = "record-length"
    RECORD_WITHOUT_START = "record-without-start"
    RECORD_DIVIDED = "record-divided"
    CHECKSUM = "checksum"


DAMAGING = frozenset(
    {
        FlawCode.NO_FIELD_ID,
        FlawCode.FIELD_ID_BLANK,
        FlawCode.LENGTH_UNREADABLE,
        FlawCode.LEADING_BYTES,
        FlawCode.LINE_TOO_LONG,
    }
)
"""Flaws that make a line count as damaged: its field id had to be guessed or is missing."""

_TEXTS: dict[FlawCode, str] = {
    FlawCode.LENGTH: "Längenangabe stimmt nicht ({detail}); das Zeilenende gilt.",
    FlawCode.LENGTH_UNREADABLE: "Längenangabe ist keine Zahl; das Zeilenende gilt.",
    FlawCode.LINE_END_MISSING: "Zeilenende zwischen zwei Feldern fehlt; an der Längenangabe geteilt.",
    FlawCode.LINE_BREAK_INSIDE: "Zeilenumbruch im Inhalt; nach der Längenangabe wieder verbunden.",
    FlawCode.FIELD_ID_BLANK: "Leerzeichen in Länge oder Feldkennung; ohne Leerzeichen gelesen.",
    FlawCode.LEADING_BYTES: "Fremde Zeichen vor der Längenangabe; übersprungen.",
    FlawCode.NO_FIELD_ID: "Zeile ohne Länge und Feldkennung; als Text behalten.",
    FlawCode.BLANK_LINE: "Leerzeile.",
    FlawCode.END_OF_FILE_MARK: "Dateiende-Zeichen statt eines Feldes.",
    FlawCode.BYTE_ORDER_MARK: "Byte-Reihenfolge-Marke (BOM) am Dateianfang.",
    FlawCode.CONTROL_CHARACTER: "Steuerzeichen im Inhalt; behalten.",
    FlawCode.CHARSET_DIFFERS: "Anderer Zeichensatz als angegeben ({detail}).",
    FlawCode.CHARSET_UNSURE: "Zeichensatz nicht eindeutig ({detail}).",
    FlawCode.LINE_TOO_LONG: "Zeile länger als {detail} Bytes; geteilt.",
    FlawCode.RECORD_LENGTH: "Satzlänge (8100) stimmt nicht ({detail}).",
    FlawCode.RECORD_WITHOUT_START: "Felder ohne Satzanfang (8000).",
    FlawCode.RECORD_DIVIDED: "Sehr langer Satz; nach {detail} Feldern geteilt gelesen.",
    FlawCode.CHECKSUM: "Prüfsumme (9300) stimmt nicht.",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, without any content.

    Attributes:
        code: which rule is broken.
        detail: numbers or charset names for the sentence.
    """

    code: FlawCode
    detail: str = ""

    @property
    def text(self) -> str:
        """The German sentence for the screen."""
        return _TEXTS[self.code].format(detail=self.detail)

    @property
    def damages(self) -> bool:
        """Whether the line counts as damaged."""
        return self.code in DAMAGING
