# SPDX-License-Identifier: MPL-2.0
"""A medicine is one line: name, dose, and what is known of why, since when and until when."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import Medication, ShorthandError
from arkanum.core.shorthand import line_of, parse_line
from tests.core.strategies import words

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def read(catalogue):
    """Read a line on 23 November 2026."""
    return lambda line: parse_line(line, catalogue, DAY)


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("m Ramipril", Medication(name="Ramipril")),
        ("m Ramipril 5 mg 1-0-1", Medication(name="Ramipril 5 mg", dose="1-0-1")),
        ("m Ramipril 5 mg 1-0-1-0 dauer", Medication(name="Ramipril 5 mg", dose="1-0-1-0", permanent=True)),
        ("m Ramipril ½-0-0,5", Medication(name="Ramipril", dose="½-0-0,5")),
        ("m L-Thyroxin 1/2-0-0", Medication(name="L-Thyroxin", dose="1/2-0-0")),
        ("m Insulin 10-0-12.5 IE s.c.", Medication(name="Insulin", dose="10-0-12.5 IE s.c.")),
        ("m Ibuprofen 600 bei Bedarf", Medication(name="Ibuprofen 600", dose="bei Bedarf")),
        ("m Ibuprofen 600 bei Bedarf bis 3x", Medication(name="Ibuprofen 600", dose="bei Bedarf bis 3x")),
        ("m Amoxicillin dosis alle 8 h", Medication(name="Amoxicillin", dose="alle 8 h")),
        ("m Amoxicillin dosis 1-0-1 zum Essen", Medication(name="Amoxicillin", dose="1-0-1 zum Essen")),
        ("m Salbe bei Juckreiz", Medication(name="Salbe bei Juckreiz")),
        ("m Salbe bei", Medication(name="Salbe bei")),
        ("m Ramipril seit 3.4.2024", Medication(name="Ramipril", since=date(2024, 4, 3))),
        (
            "m Ramipril seit 3.4.24 bis 1.2.27",
            Medication(name="Ramipril", since=date(2024, 4, 3), until=date(2027, 2, 1)),
        ),
        ("m Ramipril seit 3.4.", Medication(name="Ramipril", since=date(2026, 4, 3))),
        ("m Ramipril seit 3.4.46", Medication(name="Ramipril", since=date(2046, 4, 3))),
        ("m Ramipril seit 3.4.47", Medication(name="Ramipril", since=date(1947, 4, 3))),
        ("m Ramipril seit 3.4.26", Medication(name="Ramipril", since=date(2026, 4, 3))),
        ("m Ramipril bis auf weiteres", Medication(name="Ramipril bis auf weiteres")),
        ("m Ramipril seit", Medication(name="Ramipril seit")),
        ("m Ramipril wegen hohem Druck", Medication(name="Ramipril", reason="hohem Druck")),
        (
            "m Ramipril wegen hohem Druck seit 3.4.2024 1-0-0",
            ShorthandError,
        ),
        (
            "m Ramipril 5 mg 1-0-1 dauer seit 3.4.2024 bis 1.5.2027 pzn 1234562 wegen Hypertonie",
            Medication(
                name="Ramipril 5 mg",
                dose="1-0-1",
                reason="Hypertonie",
                since=date(2024, 4, 3),
                until=date(2027, 5, 1),
                permanent=True,
                pzn="01234562",
            ),
        ),
        ("m Ramipril pzn", Medication(name="Ramipril pzn")),
        ("m Ramipril pzn 123", Medication(name="Ramipril pzn 123")),
        ('m "Ramipril dauer" dauer', Medication(name="Ramipril dauer", permanent=True)),
        ('m "Kur 1-0-1" dosis "bis 3.4.2024"', Medication(name="Kur 1-0-1", dose="bis 3.4.2024")),
        (
            "m Ramipril seit 3.4.2024 bis 3.4.2024",
            Medication(name="Ramipril", since=date(2024, 4, 3), until=date(2024, 4, 3)),
        ),
        ("m A wegen B wegen", ShorthandError),
    ],
)
def test_a_medicine_is_read_with_its_keywords(read, line, content):
    if content is ShorthandError:
        with pytest.raises(ShorthandError):
            read(line)
    else:
        assert read(line) == content


@pytest.mark.parametrize(
    ("line", "code", "position", "german"),
    [
        ("m dauer", "empty", 7, "Hier fehlt der Name des Mittels."),
        ("m 1-0-1", "empty", 7, "Hier fehlt der Name des Mittels."),
        ('m ""', "empty", 4, "Hier fehlt der Name des Mittels."),
        ("m Ramipril wegen", "empty", 16, "Der Grund fehlt noch."),
        ("m Ramipril dosis", "empty", 16, "Die Dosis fehlt noch."),
        ("m Ramipril dosis dauer", "empty", 22, "Die Dosis fehlt noch."),
        ("m Ramipril seit 31.2.2024", "impossible_date", 16, "Den Tag 31.2.2024 gibt es nicht."),
        ("m Ramipril bis 1.13.", "impossible_date", 15, "Den Tag 1.13. gibt es nicht."),
        ("m Ramipril seit 1.1.0000", "impossible_date", 16, "Den Tag 1.1.0000 gibt es nicht."),
        ("m Ramipril bis 1.1.24 seit 2.1.24", "backwards", 33, "Das Ende liegt vor dem Beginn."),
        ("m Ramipril pzn 01234563", "pzn", 15, "Die Prüfziffer dieser PZN stimmt nicht."),
        ("m Ramipril dauer dauer", "twice", 17, "„dauer“ steht zweimal in der Zeile."),
        ("m Ramipril 1-0-1 dosis 2", "twice", 17, "Die Dosis steht zweimal in der Zeile."),
        ("m Ramipril wegen A wegen B", "twice", 19, "Der Grund steht zweimal in der Zeile."),
        ("m Ramipril seit 1.1.24 seit 1.1.24", "twice", 23, "Der Beginn steht zweimal in der Zeile."),
        ("m Ramipril bis 1.1.24 bis 1.1.24", "twice", 22, "Das Ende steht zweimal in der Zeile."),
        ("m Ramipril pzn 01234562 pzn 01234562", "twice", 24, "Die PZN steht zweimal in der Zeile."),
        (
            "m Ramipril dauer täglich",
            "misplaced",
            17,
            "Wozu gehört „täglich“? Ein Grund beginnt mit wegen, eine Dosis mit dosis.",
        ),
        (
            "m Ramipril dauer 1-0-1",
            "misplaced",
            17,
            "Wozu gehört „1-0-1“? Ein Grund beginnt mit wegen, eine Dosis mit dosis.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(read, line, code, position, german):
    with pytest.raises(ShorthandError) as refused:
        read(line)

    assert (refused.value.code, refused.value.position, refused.value.german) == (code, position, german)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (Medication(name="Ramipril"), "m Ramipril"),
        (Medication(name="Ramipril 5 mg", dose="1-0-1"), "m Ramipril 5 mg 1-0-1"),
        (Medication(name="Ibuprofen", dose="bei Bedarf"), "m Ibuprofen bei Bedarf"),
        (Medication(name="Ibuprofen", dose="alle 8 h"), "m Ibuprofen dosis alle 8 h"),
        (Medication(name="Ibuprofen", dose="bei"), "m Ibuprofen dosis bei"),
        (
            Medication(
                name="Ramipril",
                dose="1-0-0",
                reason="Hypertonie",
                since=date(2024, 4, 3),
                until=date(2027, 1, 1),
                permanent=True,
                pzn="01234562",
            ),
            "m Ramipril 1-0-0 wegen Hypertonie seit 03.04.2024 bis 01.01.2027 pzn 01234562 dauer",
        ),
        (Medication(name="Ramipril dauer", dose="1-0-0"), 'm "Ramipril dauer" dosis "1-0-0"'),
        (Medication(name="Ramipril seit 3.4."), 'm "Ramipril seit 3.4."'),
        (Medication(name="Ramipril seit 3.4.24"), 'm "Ramipril seit 3.4.24"'),
        (Medication(name="Ramipril", reason="bis 3.4.2024"), 'm "Ramipril" wegen "bis 3.4.2024"'),
    ],
)
def test_the_line_of_a_medicine_is_short(content, line):
    assert line_of(content) == line


PIECES = [
    "dauer",
    "1-0-1",
    "bei",
    "Bedarf",
    "seit",
    "bis",
    "3.4.24",
    "wegen",
    "dosis",
    "pzn",
    "01234562",
    '"',
    '"x"',
    "5 mg",
]
texts = st.one_of(words, st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join))
days = st.none() | st.dates()


@given(st.data())
def test_a_medicine_is_read_back_from_its_line(read, data):
    since, until = sorted(data.draw(st.tuples(st.dates(), st.dates())))
    content = Medication(
        name=data.draw(texts),
        dose=data.draw(st.just("") | texts),
        reason=data.draw(st.just("") | texts),
        since=data.draw(st.sampled_from([None, since])),
        until=data.draw(st.sampled_from([None, until])),
        permanent=data.draw(st.booleans()),
        pzn=data.draw(st.sampled_from(["", "01234562"])),
    )

    assert read(line_of(content)) == content
