# SPDX-License-Identifier: MPL-2.0
"""Which fields of a record belong together: a diagnosis and its code, a test and its value.

The standard says it by order alone. A field belongs to the group before it if
it is of the same family and that group still has room for it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from arkanum.exchange.formats import xdt


class Family(StrEnum):
    """What a group of fields says."""

    STRUCTURE = "structure"
    SENDER = "sender"
    PERSON = "person"
    DAY = "day"
    TIME = "time"
    PERMANENT_DIAGNOSIS = "permanent-diagnosis"
    DIAGNOSIS = "diagnosis"
    PERMANENT_MEDICATION = "permanent-medication"
    MEDICATION = "medication"
    BODY = "body"
    PRESSURE = "pressure"
    TEXT = "text"
    ITEM = "item"
    TABLE = "table"
    RESULT = "result"
    CATEGORY = "category"
    SICK_NOTE = "sick-note"
    HOSPITAL = "hospital"
    CERTIFICATE = "certificate"
    ATTEST = "attest"
    LETTER = "letter"
    AID = "aid"
    ATTACHMENT = "attachment"
    SERVICE = "service"
    CASE = "case"
    LOOSE = "loose"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """Which part of a diagnosis or medicine a field is."""

    DATE = "date"
    TEXT = "text"
    CODE = "code"
    CERTAINTY = "certainty"
    SIDE = "side"
    NOTE = "note"
    PZN = "pzn"
    SIZE = "size"


PARTS: dict[str, Part] = {
    "3649": Part.DATE,
    "3650": Part.TEXT,
    "3673": Part.CODE,
    "3674": Part.CERTAINTY,
    "3675": Part.SIDE,
    "3676": Part.NOTE,
    "6205": Part.TEXT,
    "6000": Part.TEXT,
    "6001": Part.CODE,
    "6003": Part.CERTAINTY,
    "6004": Part.SIDE,
    "6005": Part.NOTE,
    "6006": Part.NOTE,
    "6008": Part.NOTE,
    "3651": Part.DATE,
    "3652": Part.TEXT,
    "0950": Part.PZN,
    "6210": Part.TEXT,
    "6211": Part.TEXT,
    "6215": Part.TEXT,
    "0915": Part.PZN,
    "0951": Part.PZN,
    "0952": Part.PZN,
    "0917": Part.SIZE,
    "0918": Part.SIZE,
    "0953": Part.SIZE,
}
"""Parts of diagnoses and medicines by field id."""

_MEMBERS: dict[Family, tuple[str, ...]] = {
    Family.DAY: ("6200",),
    Family.TIME: ("6201",),
    Family.PERMANENT_DIAGNOSIS: ("3649", "3650", "3673", "3674", "3675", "3676"),
    Family.DIAGNOSIS: ("6205", "6000", "6001", "6003", "6004", "6005", "6006", "6008"),
    Family.PERMANENT_MEDICATION: ("3651", "3652", "0950"),
    Family.MEDICATION: ("6210", "6211", "6215", "0915", "0951", "0952", "0917", "0918", "0953"),
    Family.BODY: ("3622", "3623"),
    Family.PRESSURE: ("6230",),
    Family.TEXT: (
        *("6220", "6221", "6222", "6225", "6227", "6240", "6260", "6265", "6280"),
        *("3658", "3660", "3662", "3664", "3666", "3668", "3670", "3672"),
    ),
    Family.ITEM: ("3654", "3656"),
    Family.TABLE: ("6228",),
    Family.SICK_NOTE: ("6285", "6286", "6287", "6288", "6289"),
    Family.HOSPITAL: ("6290", "6291", "6292", "6293", "6294"),
    Family.CERTIFICATE: ("6300", "6301"),
    Family.ATTEST: ("6306", "6307"),
    Family.LETTER: (*("6310", "6311", "6312", "6313", "6314", "6315", "6316", "6317", "6319", "6320"),),
    Family.AID: ("0919", "0920", "0922", "0923", "0925"),
    Family.ATTACHMENT: ("6302", "6303", "6304", "6305", "6325", "6326", "6327"),
}
_FAMILY_OF = {field_id: family for family, ids in _MEMBERS.items() for field_id in ids}
_BY_TABLE = {
    xdt.FieldGroup.STRUCTURE: Family.STRUCTURE,
    xdt.FieldGroup.SENDER: Family.SENDER,
    xdt.FieldGroup.PERSON: Family.PERSON,
    xdt.FieldGroup.INSURANCE: Family.PERSON,
    xdt.FieldGroup.RESULT: Family.RESULT,
    xdt.FieldGroup.CATEGORY: Family.CATEGORY,
    xdt.FieldGroup.CHART: Family.UNKNOWN,
}
_STRUCTURE_TOO = frozenset({"6226"})
_SERVICES = ("5", "27")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that say one thing together.

    Attributes:
        family: what kind of thing.
        fields: the fields in the order of the file; never empty.
    """

    family: Family
    fields: tuple[xdt.Field, ...]

    @property
    def lines(self) -> tuple[int, int]:
        """First and last line in the file."""
        return self.fields[0].line, self.fields[-1].last_line

    def texts(self, *parts: Part) -> list[str]:
        """Return the contents of the fields that are one of these parts."""
        return [field.text for field in self.fields if PARTS.get(field.id) in parts]


def family_of(field: xdt.Field) -> Family:
    """Return the family of one field."""
    if not field.id:
        return Family.LOOSE
    if field.id in _STRUCTURE_TOO:
        return Family.STRUCTURE
    named = _FAMILY_OF.get(field.id)
    if named is not None:
        return named
    meaning = xdt.meaning_of(field.id)
    if meaning is None:
        return Family.UNKNOWN
    if meaning.group is xdt.FieldGroup.BILLING:
        return Family.SERVICE if field.id.startswith(_SERVICES) else Family.CASE
    return _BY_TABLE[meaning.group]


def grouped(fields: Iterable[xdt.Field]) -> Iterator[Group]:
    """Part the fields of a record into groups; each field is in exactly one."""
    held: list[xdt.Field] = []
    family = Family.UNKNOWN
    for field in fields:
        own = family_of(field)
        if held and own is family and _continues(family, held, field):
            held.append(field)
            continue
        if held:
            yield Group(family, tuple(held))
        family, held = own, [field]
    if held:
        yield Group(family, tuple(held))


def _continues(family: Family, held: list[xdt.Field], field: xdt.Field) -> bool:
    rule = _RULES.get(family, _repeats_or_is_new)
    return rule(held, field)


def _has_room(held: list[xdt.Field], field: xdt.Field) -> bool:
    """Tell whether a diagnosis or medicine still lacks this part."""
    part = PARTS[field.id]
    if part is Part.DATE:
        return False
    if part is Part.TEXT and any(one.id != field.id and PARTS[one.id] is part for one in held):
        return False
    taken = any(PARTS[one.id] is part for one in held)
    return not taken or _goes_on(held[-1], field)


def _goes_on(last: xdt.Field, field: xdt.Field) -> bool:
    """Tell whether a long text was cut after the last field and goes on in this one."""
    return last.id == field.id and xdt.is_cut(last.text)


def _names(last: xdt.Field, field: xdt.Field) -> bool:
    """Tell whether the last field is the name of the category whose content this is."""
    number = int(field.id)
    return number % 2 == 1 and int(last.id) == number - 1


def _never(_held: list[xdt.Field], _field: xdt.Field) -> bool:
    return False


def _always(_held: list[xdt.Field], _field: xdt.Field) -> bool:
    return True


def _repeats(held: list[xdt.Field], field: xdt.Field) -> bool:
    return held[-1].id == field.id


def _repeats_or_is_new(held: list[xdt.Field], field: xdt.Field) -> bool:
    return held[-1].id == field.id or all(one.id != field.id for one in held)


def _same_item(held: list[xdt.Field], field: xdt.Field) -> bool:
    return _goes_on(held[-1], field)


def _same_category(held: list[xdt.Field], field: xdt.Field) -> bool:
    return field.id == held[-1].id or _names(held[-1], field)


def _until(starter: str) -> "_Rule":
    """Return a rule for families in which one field id begins anew."""

    def rule(_held: list[xdt.Field], field: xdt.Field) -> bool:
        return field.id != starter

    return rule


_Rule = Callable[[list[xdt.Field], xdt.Field], bool]
_RULES: dict[Family, _Rule] = {
    **dict.fromkeys((Family.DAY, Family.TIME, Family.PRESSURE), _never),
    **dict.fromkeys((Family.DIAGNOSIS, Family.PERMANENT_DIAGNOSIS), _has_room),
    **dict.fromkeys((Family.MEDICATION, Family.PERMANENT_MEDICATION), _has_room),
    **dict.fromkeys((Family.TEXT, Family.TABLE, Family.UNKNOWN), _repeats),
    **dict.fromkeys((Family.STRUCTURE, Family.SENDER, Family.PERSON), _always),
    **dict.fromkeys((Family.CASE, Family.LOOSE), _always),
    Family.ITEM: _same_item,
    Family.CATEGORY: _same_category,
    Family.RESULT: _until("8402"),
    Family.SERVICE: _until("5000"),
}
