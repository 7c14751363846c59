# SPDX-License-Identifier: MPL-2.0
"""What the reader hands out: fields, records, and what the file's head tells."""

from dataclasses import dataclass
from enum import StrEnum

from arkanum.exchange.formats.xdt.flaws import Flaw

RECORD_START = "8000"
RECORD_LENGTH = "8100"
RECORD_END = "8001"
OBJECT_START = "8002"
OBJECT_END = "8003"


class Dialect(StrEnum):
    """A member of the xDT family."""

    GDT_2 = "GDT 2"
    GDT_3 = "GDT 3"
    LDT_1 = "LDT 1"
    LDT_2 = "LDT 2"
    LDT_3 = "LDT 3"
    BDT = "BDT"
    KVDT = "KVDT"
    UNKNOWN = "xDT"


class DateOrder(StrEnum):
    """How a dialect writes a day as eight digits."""

    DAY_FIRST = "TTMMJJJJ"
    YEAR_FIRST = "JJJJMMTT"


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines of a file say about the rest.

    Attributes:
        dialect: member of the family.
        version: version as the file writes it, such as `02.10`, or empty.
        declared: charset that the file declares, as a Python codec name, or empty.
        evidence: German sentence that says by what the dialect was recognised.
    """

    dialect: Dialect
    version: str = ""
    declared: str = ""
    evidence: str = ""

    @property
    def date_order(self) -> DateOrder:
        """How this dialect usually writes a day."""
        year_first = {Dialect.LDT_2, Dialect.LDT_3, Dialect.KVDT}
        return DateOrder.YEAR_FIRST if self.dialect in year_first else DateOrder.DAY_FIRST


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a file, in the order of the file.

    Attributes:
        id: field id (*Feldkennung*) of four digits, or empty for a line without one.
        text: content, decoded; never shortened.
        charset: codec the content was decoded with; `ascii` when no choice was needed.
        line: number of its first line in the file, counted from 1.
        last_line: number of its last line; differs if the content holds a line break.
        flaws: what is wrong with the line.
    """

    id: str
    text: str
    charset: str
    line: int
    last_line: int
    flaws: tuple[Flaw, ...] = ()

    @property
    def is_damaged(self) -> bool:
        """Whether the line could not be read by the rules."""
        return any(flaw.damages for flaw in self.flaws)

    @property
    def is_blank(self) -> bool:
        """Whether the line holds nothing at all."""
        return not self.id and not self.text


@dataclass(frozen=True, slots=True)
class Record:
    """One record (*Satz*) with everything that stands in it, its start line included.

    Attributes:
        kind: record kind (*Satzart*), the content of 8000; empty without one.
        fields: all lines, structure and blank lines too.
        continued: the record goes on from the one before, which grew too long.
        flaws: what is wrong with the record as a whole.
    """

    kind: str
    fields: tuple[Field, ...]
    continued: bool = False
    flaws: tuple[Flaw, ...] = ()

    @property
    def first_line(self) -> int:
        """Number of the first line."""
        return self.fields[0].line

    @property
    def last_line(self) -> int:
        """Number of the last line."""
        return self.fields[-1].last_line

    def first(self, field_id: str) -> str:
        """Return the content of the first field with this id, or an empty text."""
        return next((field.text for field in self.fields if field.id == field_id), "")
