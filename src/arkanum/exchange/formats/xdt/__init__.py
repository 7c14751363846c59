# SPDX-License-Identifier: MPL-2.0
"""xDT: the line formats of German practices (GDT, LDT, BDT, KVDT), read tolerantly.

The reader takes any bytes and reports what is wrong with them. Nothing is
dropped: every line of a file is in exactly one record, readable or not.
"""

from arkanum.exchange.formats.xdt.dates import (
    PartialDate,
    read_date,
    read_month_end,
    read_partial_date,
    read_time,
)
from arkanum.exchange.formats.xdt.dialects import HEAD_SIZE, sniff
from arkanum.exchange.formats.xdt.flaws import Flaw, FlawCode
from arkanum.exchange.formats.xdt.reader import open_file, read_records
from arkanum.exchange.formats.xdt.table import (
    FieldForm,
    FieldGroup,
    FieldMeaning,
    is_known_field,
    is_known_record,
    meaning_of,
    name_of_field,
    name_of_record,
)
from arkanum.exchange.formats.xdt.texts import is_cut, joined, joined_table
from arkanum.exchange.formats.xdt.values import DateOrder, Dialect, Field, Head, Record

__all__ = [
    "HEAD_SIZE",
    "DateOrder",
    "Dialect",
    "Field",
    "FieldForm",
    "FieldGroup",
    "FieldMeaning",
    "Flaw",
    "FlawCode",
    "Head",
    "PartialDate",
    "Record",
    "is_cut",
    "is_known_field",
    "is_known_record",
    "joined",
    "joined_table",
    "meaning_of",
    "name_of_field",
    "name_of_record",
    "open_file",
    "read_date",
    "read_month_end",
    "read_partial_date",
    "read_records",
    "read_time",
    "sniff",
]
