# SPDX-License-Identifier: MPL-2.0
"""Dialects, days, long text and the field table."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.exchange.formats import xdt
from tests.exchange.builders import lines


@pytest.mark.parametrize(
    ("fields", "dialect", "version"),
    [
        ([("8000", "6310"), ("9218", "02.10")], xdt.Dialect.GDT_2, "02.10"),
        ([("8000", "6310"), ("9218", "03.00")], xdt.Dialect.GDT_3, "03.00"),
        ([("8000", "6302"), ("8002", "Obj_0045"), ("8001", "6302")], xdt.Dialect.GDT_3, ""),
        ([("8000", "8220"), ("9212", "LDT1014.01")], xdt.Dialect.LDT_2, "LDT1014.01"),
        ([("8000", "8220"), ("8300", "Labor")], xdt.Dialect.LDT_1, ""),
        ([("8000", "8220"), ("0001", "LDT3.2.19")], xdt.Dialect.LDT_3, "LDT3.2.19"),
        ([("8000", "0020"), ("8000", "0022"), ("9213", "02/94")], xdt.Dialect.BDT, "02/94"),
        ([("8000", "6100"), ("3101", "Sommer")], xdt.Dialect.BDT, ""),
        ([("8000", "con0"), ("9106", "4"), ("8000", "adt0")], xdt.Dialect.KVDT, ""),
        ([("3101", "Sommer"), ("3102", "Dora")], xdt.Dialect.UNKNOWN, ""),
    ],
)
def test_a_dialect_is_known_by_its_first_lines(fields, dialect, version):
    head = xdt.sniff(lines(*fields))

    assert head is not None
    assert (head.dialect, head.version) == (dialect, version)


@pytest.mark.parametrize(
    "content",
    [b"", b"Sehr geehrte Frau Kollegin,\r\nvielen Dank\r\n", b"<MP/>", b"\x00" * 500, b"%PDF-1.7"],
)
def test_other_files_are_not_of_the_family(content):
    assert xdt.sniff(content) is None


def test_dates_are_year_first_in_kvdt_and_day_first_in_gdt():
    kvdt = xdt.sniff(lines(("8000", "con0")))
    gdt = xdt.sniff(lines(("8000", "6310")))

    assert kvdt is not None
    assert gdt is not None
    assert kvdt.date_order is xdt.DateOrder.YEAR_FIRST
    assert gdt.date_order is xdt.DateOrder.DAY_FIRST


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_is_read_in_both_orders(day):
    assert xdt.read_date(day.strftime("%d%m%Y")) == day
    assert xdt.read_date(day.strftime("%Y%m%d")) == day
    assert xdt.read_date(day.strftime("%d.%m.%Y")) == day
    assert xdt.read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("00091981", xdt.PartialDate(1981, 9, None)),
        ("19810900", xdt.PartialDate(1981, 9, None)),
        ("00001981", xdt.PartialDate(1981, None, None)),
        ("19810000", xdt.PartialDate(1981, None, None)),
    ],
)
def test_an_unknown_day_or_month_stays_unknown(content, expected):
    assert xdt.read_partial_date(content) == expected
    assert xdt.read_date(content) is None


@pytest.mark.parametrize("content", ["", "31021999", "00000000", "abc", "99999999", "²²²²²²²²"])
def test_what_is_no_day_is_none(content):
    assert xdt.read_partial_date(content) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [("163400", time(16, 34)), ("0312", time(3, 12)), ("08:15", time(8, 15)), ("2561", None)],
)
def test_times_are_read_with_and_without_seconds(content, expected):
    assert xdt.read_time(content) == expected


def test_the_end_of_a_card_is_the_last_day_of_its_month():
    assert xdt.read_month_end("0228") == date(2028, 2, 29)
    assert xdt.read_month_end("20261231") == date(2026, 12, 31)
    assert xdt.read_month_end("1326") is None


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_days_and_times(content):
    xdt.read_partial_date(content)
    xdt.read_month_end(content)
    xdt.read_time(content)


def test_cut_text_is_joined_without_a_blank():
    first = "Der Patient klagt seit drei Tagen ueber Husten und Halsschmerzen, Schnu"

    assert xdt.joined([first, "pfen besteht nicht."]) == first + "pfen besteht nicht."


def test_a_short_line_was_ended_on_purpose():
    assert xdt.joined(["Lunge frei", "Herz rein"]) == "Lunge frei\nHerz rein"


def test_a_table_keeps_its_columns():
    assert xdt.joined_table(["Ps   143  ", "  Pd  92"]) == "Ps   143  \n  Pd  92"


def test_the_table_knows_fields_records_and_free_categories():
    assert xdt.name_of_field("3101") == "Name"
    assert xdt.name_of_field("6330") == "Freie Kategorie 1: Name"
    assert xdt.name_of_field("6331") == "Freie Kategorie 1: Inhalt"
    assert xdt.name_of_field("3632") == "(unbekanntes Feld)"
    assert xdt.name_of_record("6310") == "Untersuchungsdaten übermitteln"
    assert xdt.meaning_of("3632") is None
