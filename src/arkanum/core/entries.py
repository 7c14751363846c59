# SPDX-License-Identifier: MPL-2.0
"""The entries of a chart: what can be written down about a treatment."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from arkanum.core.errors import ImpossibleValue
from arkanum.core.origins import Origin, require_zone

_LARGEST_EXPONENT = 6
_SMALLEST_EXPONENT = -6


class EntryKind(StrEnum):
    """What kind of content an entry holds."""

    DIAGNOSIS = "diagnosis"
    FINDING = "finding"
    THERAPY = "therapy"
    HISTORY = "history"
    NOTE = "note"
    MEDICATION = "medication"
    CAUTION = "caution"
    VITALS = "vitals"
    FOREIGN = "foreign"


class Certainty(StrEnum):
    """How certain a diagnosis is (*Diagnosesicherheit*), KBV letters."""

    G = "G"
    V = "V"
    A = "A"
    Z = "Z"


class Side(StrEnum):
    """On which side of the body (*Seitenlokalisation*), KBV letters."""

    R = "R"
    L = "L"
    B = "B"


class Sign(StrEnum):
    """A vital sign that is measured as one number (*Vitalzeichen*)."""

    RR_SYS = "rr_sys"
    RR_DIA = "rr_dia"
    PULSE = "pulse"
    TEMP = "temp"
    WEIGHT = "weight"
    HEIGHT = "height"
    SPO2 = "spo2"
    GLUCOSE = "glucose"
    RESP = "resp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A diagnosis (*Diagnose*).

    Attributes:
        code: ICD-10-GM code with its point, such as `J06.9`; `None` for free text.
        text: the catalogue's text or the doctor's own.
        certainty: how certain it is.
        side: side of the body, if it has one.
        permanent: stays in view over the quarters (*Dauerdiagnose*).
    """

    code: str | None = None
    text: str
    certainty: Certainty = Certainty.G
    side: Side | None = None
    permanent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding (*Befund*)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy:
    """What was done or advised (*Therapie*)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the patient tells (*Anamnese*)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note (*Notiz*)."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """A medicine that the patient takes (*Medikation*).

    Attributes:
        name: name and strength, such as `Ramipril 5 mg`.
        dose: `1-0-1`, `1-0-1-0` or free text.
        reason: why it is taken.
        since: first day, or `None` when unknown.
        until: last day, or `None` when open.
        permanent: taken for good (*Dauermedikation*).
        pzn: number of the package (*Pharmazentralnummer*), or empty.
    """

    name: str
    dose: str = ""
    reason: str = ""
    since: date | None = None
    until: date | None = None
    permanent: bool = False
    pzn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A warning that stays in view (*CAVE*), perhaps an allergy."""

    text: str
    allergy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measured vital sign.

    Attributes:
        sign: what was measured.
        value: the number, in `unit`.
        unit: `mmHg`, `/min`, `°C`, `kg`, `cm`, `%`, `mg/dl` or `mmol/l`.

    Raises:
        ImpossibleValue: the number is not finite or beyond any unit.
    """

    sign: Sign
    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        """Refuse numbers that would break arithmetic or fill the screen."""
        value = self.value
        if not value.is_finite() or not _has_sane_size(value):
            raise ImpossibleValue("measure", "Dieser Messwert ist keine brauchbare Zahl.")


def _has_sane_size(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT and value.adjusted() <= _LARGEST_EXPONENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Vital signs that were taken together (*Vitalwerte*)."""

    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """Imported content that nobody understands, kept as text.

    Attributes:
        label: name of the field, if the file or a table gives one.
        field: id of the field in its format, such as `6330`.
        text: the content as it was read.
        columns: the text is a table whose blanks matter.
    """

    label: str
    field: str
    text: str
    columns: bool = False


Content = Diagnosis | Finding | Therapy | History | Note | Medication | Caution | Vitals | Foreign
"""What an entry may hold."""

_KINDS: dict[type[Content], EntryKind] = {
    Diagnosis: EntryKind.DIAGNOSIS,
    Finding: EntryKind.FINDING,
    Therapy: EntryKind.THERAPY,
    History: EntryKind.HISTORY,
    Note: EntryKind.NOTE,
    Medication: EntryKind.MEDICATION,
    Caution: EntryKind.CAUTION,
    Vitals: EntryKind.VITALS,
    Foreign: EntryKind.FOREIGN,
}


def kind_of(content: Content) -> EntryKind:
    """Return the kind of a content."""
    return _KINDS[type(content)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version of an entry in a chart (*Karteieintrag*).

    Attributes:
        content: what it says.
        happened: day of the treatment it belongs to.
        at: local time of that day, if it matters.
        by: id of the person who wrote this version.
        written: aware time at which this version was written.
        origin: where it came from when it was imported.
        struck: reason if this version strikes the entry out; the original
            stays readable.

    Raises:
        ImpossibleValue: `written` has no time zone.

    Source: § 630f (1) BGB: corrections keep the original content and the
    time of the change visible.
    """

    content: Content
    happened: date
    at: time | None = None
    by: UUID
    written: datetime
    origin: Origin | None = None
    struck: str | None = None

    def __post_init__(self) -> None:
        """Refuse a time that could mean several moments."""
        require_zone(self.written)
