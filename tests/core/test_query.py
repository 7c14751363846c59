# SPDX-License-Identifier: MPL-2.0
"""What people type into the patient search, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core.query import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_QUERY,
    MOST_WORDS,
    BirthRange,
    Digits,
    Query,
    parse_query,
)

ANY = (FIRST_YEAR, LAST_YEAR)


def span(day, month, *years):
    first, last = years if len(years) == 2 else years * 2
    return BirthRange(day, month, first, last)


def short_year(day, month, year):
    return (span(day, month, 1900 + year), span(day, month, 2000 + year))


@pytest.mark.parametrize(
    ("typed", "births"),
    [
        ("3.4.65", short_year(3, 4, 65)),
        ("03.04.1965", (span(3, 4, 1965),)),
        ("3.4.1965.", (span(3, 4, 1965),)),
        ("3/4/65", short_year(3, 4, 65)),
        ("3-4-1965", (span(3, 4, 1965),)),
        ("1965-04-03", (span(3, 4, 1965),)),
        ("1965-04", (span(None, 4, 1965),)),
        ("4.1965", (span(None, 4, 1965),)),
        ("4.196", (span(None, 4, 1960, 1969),)),
        ("4.65", short_year(None, 4, 65)),
        ("3.", (span(3, None, *ANY),)),
        ("3.4", (span(3, 4, *ANY),)),
        ("3.4.", (span(3, 4, *ANY),)),
        ("3.1", (span(3, 1, *ANY), span(3, 10, *ANY), span(3, 11, *ANY), span(3, 12, *ANY))),
        ("3.0", tuple(span(3, month, *ANY) for month in range(1, 10))),
        ("3.4.6", (span(3, 4, 1960, 1969), span(3, 4, 2060, 2069))),
        ("3.4.19", (span(3, 4, 1900, 1999), span(3, 4, 1919), span(3, 4, 2019))),
        ("3.4.196", (span(3, 4, 1960, 1969),)),
    ],
)
def test_a_date_is_read_in_any_usual_form_and_while_it_is_typed(typed, births):
    query = parse_query(typed)

    assert query == Query(births=(births,))


@pytest.mark.parametrize(
    ("typed", "births"),
    [
        ("03041965", (span(3, 4, 1965),)),
        ("030465", short_year(3, 4, 65)),
        ("030419", (span(3, 4, 1900, 1999), span(3, 4, 1919), span(3, 4, 2019))),
        ("1965", (span(None, None, 1965),)),
        ("0304", ()),
        ("4711", ()),
        ("65", ()),
        ("6", ()),
        ("45131965", ()),
        ("0304196", ()),
        ("123456789", ()),
    ],
)
def test_digits_alone_are_a_number_and_perhaps_a_whole_date(typed, births):
    query = parse_query(typed)

    assert query == Query(digits=(Digits(typed, typed, births),))


@pytest.mark.parametrize(
    ("typed", "births"),
    [
        ("65", short_year(None, None, 65)),
        ("03", (*short_year(None, None, 3), span(3, None, *ANY))),
        ("0304", (span(3, 4, *ANY),)),
        ("196", (span(None, None, 1960, 1969), span(19, 6, *ANY))),
        ("030", tuple(span(3, month, *ANY) for month in range(1, 10))),
        ("03046", (span(3, 4, 1960, 1969), span(3, 4, 2060, 2069))),
        ("0304196", (span(3, 4, 1960, 1969),)),
        ("030419655", ()),
    ],
)
def test_after_a_name_digits_may_be_the_beginning_of_a_date(typed, births):
    query = parse_query(f"mül {typed}")

    assert query == Query(words=("muel",), digits=(Digits(typed, typed, births),), typed=("mül",))


def test_one_digit_after_a_name_says_nothing_yet():
    assert parse_query("mül 3") == parse_query("mül")


@pytest.mark.parametrize("typed", ["a123456780", "A123456780", "A 123 456 780", " a 123456780 "])
def test_an_insurance_number_may_be_typed_with_blanks(typed):
    assert parse_query(typed) == Query(digits=(Digits("a123456780", ""),))


@pytest.mark.parametrize(("typed", "code"), [("A12", "a12"), ("P-123", "p123"), ("12b", "12b")])
def test_letters_beside_digits_are_part_of_a_number(typed, code):
    assert parse_query(typed) == Query(digits=(Digits(code, ""),))


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0221 47 11", "02214711"),
        ("0221/4711", "02214711"),
        ("(0221) 47-11", "02214711"),
        ("+49 (0)221 4711", "+4902214711"),
        ("(+49) 221 4711", "+492214711"),
        ("0049 221 4711", "00492214711"),
        ("45.13.77", "451377"),
        ("1.2.3.4.5", "12345"),
        ("3..4711", "34711"),
    ],
)
def test_digits_that_signs_and_blanks_part_are_one_phone_number(typed, phone):
    query = parse_query(typed)

    assert [digits.phone for digits in query.digits] == [phone]
    assert query.births == ()


def test_three_groups_of_digits_may_be_a_date():
    [digits] = parse_query("3 4 1965").digits

    assert digits == Digits("341965", "341965", (span(3, 4, 1965),))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Müller, Anna", ("mueller", "anna")),
        ("von und zu der Tann-Öttinger", ("von", "und", "zu", "der", "tann", "oettinger")),
        ("O'Neill", ("oneill",)),
        ("o neill", ("o", "neill")),
        ("Frau Dr. Müller", ("mueller",)),
        ("Herr", ("herr",)),
        ("Max Herr", ("max", "herr")),
        ("Dr.", ("dr",)),
        ("*", ()),
        ("", ()),
        (" \t\n", ()),
    ],
)
def test_words_are_folded_and_titles_before_a_name_passed_over(typed, words):
    query = parse_query(typed)

    assert query.words == words
    assert bool(query) is bool(words)
    assert not query.digits
    assert not query.births


def test_names_dates_and_numbers_come_in_any_order():
    query = parse_query("3.4.65 Müller, 0221/4711 Anna")

    assert query.words == ("mueller", "anna")
    assert query.typed == ("Müller", "Anna")
    assert query.births == (short_year(3, 4, 65),)
    assert query.digits == (Digits("02214711", "02214711"),)


def test_a_date_may_follow_a_name_without_a_blank():
    assert parse_query("müller3.4.65") == parse_query("müller 3.4.65")


def test_only_the_beginning_of_a_long_text_is_looked_at():
    query = parse_query("an " * 1_000)

    assert len(query.words) == MOST_WORDS
    assert parse_query("a" * 1_000).words == ("a" * LONGEST_QUERY,)


@given(st.text() | st.text("0123456789./-+() aAüP", max_size=30))
def test_nothing_that_is_typed_is_an_error(text):
    query = parse_query(text)

    assert len(query.words) == len(query.typed)


@given(st.dates())
def test_every_date_is_read_back_from_its_german_form(day):
    for typed in (f"{day.day}.{day.month}.{day.year:04}", f"{day:%d.%m.}{day.year:04}"):
        births = parse_query(typed).births

        in_time = FIRST_YEAR <= day.year <= LAST_YEAR
        assert births == (((span(day.day, day.month, day.year),),) if in_time else births)


def test_a_separator_in_the_place_of_a_digit_is_no_error():
    assert parse_query("1 0/ 0") is not None
