# SPDX-License-Identifier: MPL-2.0
"""Which member of the xDT family a file is, decided from its first lines."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from arkanum.exchange.formats.xdt.charsets import declared_charset
from arkanum.exchange.formats.xdt.flaws import FlawCode
from arkanum.exchange.formats.xdt.lines import RawField, raw_fields
from arkanum.exchange.formats.xdt.table import is_known_field, is_known_record
from arkanum.exchange.formats.xdt.values import (
    OBJECT_START,
    RECORD_END,
    RECORD_START,
    Dialect,
    Head,
)

HEAD_SIZE = 1 << 16
"""Bytes at the beginning of a file that are looked at."""

_SOUND_SHARE = 0.5
_EMPTY = frozenset({FlawCode.BLANK_LINE, FlawCode.END_OF_FILE_MARK})
_CHARSET_FIELDS = ("9106", "9206")
_LDT_VERSION = re.compile(r"LDT\s*(\d)")

_GDT_RECORDS = frozenset({"6300", "6301", "6302", "6303", "6310", "6311"})
_LDT_RECORDS = frozenset(
    "8201 8202 8203 8204 8205 8215 8218 8219 8220 8221 8230 8231".split()  # noqa: SIM905
)
_KVDT_RECORDS = frozenset(
    "con0 con9 besa rvsa adt0 adt9 kad0 kad9 sad0 sad9 hdrg0 hdrg9".split()  # noqa: SIM905
)
_BDT_RECORDS = frozenset(
    "0010 0020 0021 0022 0023 6100 6200 0190 0191 0199 0080 0081 0082 0083 0084".split()  # noqa: SIM905
)
_CASE_RECORDS = frozenset({"0101", "0102", "0103", "0104"})


def sniff(head: bytes) -> Head | None:
    """Recognise the dialect from the beginning of a file.

    Args:
        head: the first bytes, at best `HEAD_SIZE` of them.

    Returns:
        What the head says, or `None` if this is no file of the family.
    """
    fields = list(raw_fields([head]))
    if len(head) >= HEAD_SIZE and len(fields) > 1:
        fields = fields[:-1]  # cut off by the size of the head
    if not _looks_like_xdt(fields):
        return None
    kinds = Counter(_ascii(field) for field in fields if field.id == RECORD_START)
    dialect, evidence = _dialect(fields, kinds)
    return Head(
        dialect=dialect,
        version=_version(fields, dialect),
        declared=_declared(fields, dialect),
        evidence=evidence,
    )


def _looks_like_xdt(fields: Sequence[RawField]) -> bool:
    """Ask for a majority of sound lines: prose has none that begin with seven digits."""
    filled = [field for field in fields if not _codes(field) & _EMPTY]
    if filled and _starts_record(filled[0]):
        return True
    sound = [field for field in filled if field.id and _is_sound(field)]
    if not sound:
        return False
    enough = _SOUND_SHARE / 2 if any(map(_starts_record, filled)) else _SOUND_SHARE
    return len(sound) / len(filled) >= enough


def _starts_record(field: RawField) -> bool:
    return field.id == RECORD_START and is_known_record(_ascii(field))


def _is_sound(field: RawField) -> bool:
    return is_known_field(field.id) or not _codes(field) & {
        FlawCode.LENGTH,
        FlawCode.LENGTH_UNREADABLE,
    }


def _codes(field: RawField) -> set[FlawCode]:
    return {flaw.code for flaw in field.flaws}


def _dialect(fields: Sequence[RawField], kinds: Counter[str]) -> tuple[Dialect, str]:
    seen = set(kinds)
    for records, dialect_of in _BY_RECORD:
        if seen & records:
            return dialect_of(fields), "Satzart " + ", ".join(sorted(seen & records))
    for version_field, dialect_of in _BY_VERSION:
        if _first(fields, version_field):
            return dialect_of(fields), f"Versionsfeld {version_field}"
    if seen & _CASE_RECORDS:
        return Dialect.BDT, "Satzart " + ", ".join(sorted(seen & _CASE_RECORDS))
    return Dialect.UNKNOWN, "Form der Zeilen; keine bekannte Satzart"


def _ldt(fields: Sequence[RawField]) -> Dialect:
    found = _LDT_VERSION.match(_first(fields, "0001") or _first(fields, "9212"))
    if (found and found[1] == "3") or any(field.id == OBJECT_START for field in fields):
        return Dialect.LDT_3
    return Dialect.LDT_2 if found else Dialect.LDT_1


def _gdt(fields: Sequence[RawField]) -> Dialect:
    version = _first(fields, "9218") or _first(fields, "0001")
    if version.lstrip("0").startswith("3") or version.startswith("GDT3"):
        return Dialect.GDT_3
    objects = any(field.id in {OBJECT_START, RECORD_END} for field in fields)
    return Dialect.GDT_3 if objects else Dialect.GDT_2


_BY_RECORD: tuple[tuple[frozenset[str], Callable[[Sequence[RawField]], Dialect]], ...] = (
    (_KVDT_RECORDS, lambda _: Dialect.KVDT),
    (_LDT_RECORDS, _ldt),
    (_GDT_RECORDS, _gdt),
    (_BDT_RECORDS, lambda _: Dialect.BDT),
)
_BY_VERSION: tuple[tuple[str, Callable[[Sequence[RawField]], Dialect]], ...] = (
    ("9213", lambda _: Dialect.BDT),
    ("9218", _gdt),
)
_VERSION_FIELDS = {
    Dialect.GDT_2: ("9218",),
    Dialect.GDT_3: ("9218", "0001"),
    Dialect.LDT_1: ("9212",),
    Dialect.LDT_2: ("9212",),
    Dialect.LDT_3: ("0001", "9212"),
    Dialect.BDT: ("9213", "9210"),
    Dialect.KVDT: ("9212", "9210"),
    Dialect.UNKNOWN: (),
}


def _version(fields: Sequence[RawField], dialect: Dialect) -> str:
    return next((v for name in _VERSION_FIELDS[dialect] if (v := _first(fields, name))), "")


def _declared(fields: Sequence[RawField], dialect: Dialect) -> str:
    if dialect is Dialect.LDT_3:
        return "iso-8859-15"
    told = (declared_charset(_first(fields, name)) for name in _CHARSET_FIELDS)
    return next((charset for charset in told if charset), "")


def _first(fields: Sequence[RawField], field_id: str) -> str:
    return next((_ascii(field) for field in fields if field.id == field_id), "")


def _ascii(field: RawField) -> str:
    """Return a content of the structure, which is plain ASCII where it means something."""
    return field.content.decode("ascii", errors="replace").strip()
