# SPDX-License-Identifier: MPL-2.0
"""The tables of field ids and record kinds: what each means, in German.

The tables are data (`fields.tsv`, `records.tsv`). They hold the ids of GDT 2.1
and 3.x, LDT 1 to 3, BDT 02/94 and KVDT 6.02, and the vendor fields that were
met in real files.

Source: the public descriptions of those formats (KBV, QMS).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

_FREE_CATEGORIES = range(6330, 6399)
_FREE_PERSON_CATEGORIES = range(3700, 3720)


class FieldGroup(StrEnum):
    """What a field is about, which decides where an import puts it."""

    STRUCTURE = "structure"
    SENDER = "sender"
    PERSON = "person"
    INSURANCE = "insurance"
    CHART = "chart"
    RESULT = "result"
    BILLING = "billing"
    CATEGORY = "category"


class FieldForm(StrEnum):
    """How the content of a field is written."""

    TEXT = "text"
    LONG = "long"
    TABLE = "table"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class FieldMeaning:
    """What is known about one field id.

    Attributes:
        id: four digits.
        name: German name.
        group: what it is about.
        form: how it is written.
    """

    id: str
    name: str
    group: FieldGroup
    form: FieldForm


def is_known_field(field_id: str) -> bool:
    """Tell whether the table has this field id."""
    return field_id in _fields()


def meaning_of(field_id: str) -> FieldMeaning | None:
    """Return what a field id means, or `None` for one that no table names."""
    return _fields().get(field_id)


def name_of_field(field_id: str) -> str:
    """Return the German name of a field, or a sentence that says there is none."""
    if not field_id:
        return "(ohne Feldkennung)"
    meaning = meaning_of(field_id)
    return meaning.name if meaning else "(unbekanntes Feld)"


def name_of_record(kind: str) -> str:
    """Return the German name of a record kind, or a sentence that says there is none."""
    if not kind:
        return "(ohne Satzanfang)"
    return _records().get(kind, "(unbekannte Satzart)")


def is_known_record(kind: str) -> bool:
    """Tell whether the table has this record kind."""
    return kind in _records()


def _rows(name: str) -> list[list[str]]:
    table = resources.files("arkanum.exchange.formats.xdt").joinpath(name)
    lines = table.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def _fields() -> dict[str, FieldMeaning]:
    listed = {
        field_id: FieldMeaning(field_id, name, FieldGroup(group), FieldForm(form))
        for field_id, group, form, name in _rows("fields.tsv")
    }
    return _categories() | listed


def _categories() -> dict[str, FieldMeaning]:
    """Return the free categories of BDT: even ids carry the name, odd ones the content."""
    categories = {}
    for ids, first in ((_FREE_CATEGORIES, 6330), (_FREE_PERSON_CATEGORIES, 3700)):
        for number in ids:
            place = (number - first) // 2 + 1
            part = "Inhalt" if number % 2 else "Name"
            form = FieldForm.LONG if number % 2 else FieldForm.TEXT
            name = f"Freie Kategorie {place}: {part}"
            categories[str(number)] = FieldMeaning(str(number), name, FieldGroup.CATEGORY, form)
    return categories


@cache
def _records() -> dict[str, str]:
    return {kind: name for kind, name in _rows("records.tsv")}  # noqa: C416
