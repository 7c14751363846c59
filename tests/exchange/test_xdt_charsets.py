# SPDX-License-Identifier: MPL-2.0
"""Charsets decided line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.exchange.formats.xdt.charsets import decide, declared_charset
from tests.exchange.builders import codes_of, fields_of, line, lines

GERMAN = [
    "Müller",
    "Größe",
    "Straße 12",
    "ärztlicher Befund unauffällig",
    "Übelkeit, Erbrechen",
    "Österreich",
    "MÜLLER-LÜDENSCHEIDT",
    "Gefäßverschluß",
    "akute Lymphadenitis, Schwellung am Hals rückläufig",
    "T = 38,5 °C",
    "Ü-Schein für Röntgen",
]


@pytest.mark.parametrize("text", GERMAN)
@pytest.mark.parametrize("charset", ["cp437", "iso-8859-15", "cp1252", "utf-8"])
def test_german_text_is_read_in_any_charset_without_a_declaration(text, charset):
    assert decide(text.encode(charset)).text == text


@pytest.mark.parametrize("declared", ["", "din-66003", "cp437", "iso-8859-15", "cp1252"])
@pytest.mark.parametrize("charset", ["cp437", "iso-8859-15", "utf-8"])
@pytest.mark.parametrize("text", GERMAN[:9])
def test_a_declaration_that_lies_does_not_mislead(text, charset, declared):
    assert decide(text.encode(charset), declared).text == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Guttiérrez, René", "iso-8859-15"),
        ("Guttiérrez, René", "cp437"),
        ("Søren Kjær", "iso-8859-15"),
        ("Peña Núñez", "iso-8859-15"),
        ("Málaga", "iso-8859-15"),
        ("Zuzahlung 5 € bezahlt", "cp1252"),
        ("Zuzahlung 5 € bezahlt", "iso-8859-15"),
        ("er sagt „nein“ und geht", "cp1252"),
        ("O\u2019Neill", "cp1252"),
        ("5 µg Vitamin D", "iso-8859-15"),
        ("5 µg Vitamin D", "cp437"),
        ("BMI 27 kg/m² bei ½ Tablette", "cp1252"),
        ("Körperoberfläche 1,9 m²", "cp437"),
        ("1945 \u2013 1950", "cp1252"),
        ("─────────────", "cp437"),
    ],
)
def test_signs_beyond_german_are_read_by_their_neighbours(text, charset):
    assert decide(text.encode(charset)).text == text


def test_a_file_that_declares_seven_bit_and_carries_cp437_is_read_and_reported():
    content = lines(("8000", "6310"), ("9206", "1")) + line("3101", "Müller", charset="cp437")

    field = fields_of(content)[-1]

    assert (field.text, field.charset) == ("Müller", "cp437")
    assert codes_of(field) == ["charset-differs"]


def test_seven_bit_german_is_read_as_din_66003():
    content = lines(("8000", "6310"), ("9206", "1"), ("3101", "M}ller"), ("6220", "a [b] c"), ("3106", "\\sterreich"))

    fields = fields_of(content)

    assert (fields[2].text, fields[2].charset) == ("Müller", "din-66003")
    assert (fields[3].text, fields[3].charset) == ("a [b] c", "ascii")
    assert fields[4].text == "Österreich"


def test_one_file_may_change_its_charset_from_line_to_line():
    content = (
        lines(("8000", "6310"), ("9206", "3"))
        + line("3101", "Müller", charset="cp1252")
        + line("6220", "Gefäßgeräusch rechts", charset="cp437")
        + line("6227", "Übelkeit", charset="utf-8")
        + line("3107", "Böcklinstraße 5", charset="cp1252")
    )

    fields = fields_of(content)[2:]

    assert [field.text for field in fields] == [
        "Müller",
        "Gefäßgeräusch rechts",
        "Übelkeit",
        "Böcklinstraße 5",
    ]
    assert [field.charset for field in fields][1:3] == ["cp437", "utf-8"]


def test_an_unsure_charset_is_said():
    content = lines(("8000", "6310")) + b"0106220\xfd\r\n"

    field = fields_of(content)[-1]

    assert codes_of(field) == ["charset-unsure"]
    assert field.flaws[0].text == "Zeichensatz nicht eindeutig (iso-8859-15 oder cp437)."


@given(st.binary(max_size=60), st.sampled_from(["", "cp437", "iso-8859-15", "din-66003"]))
def test_no_byte_is_ever_dropped(content, declared):
    reading = decide(content, declared)

    if reading.charset == "utf-8":
        assert reading.text.encode("utf-8") == content
    else:
        assert len(reading.text) == len(content)
        assert "\ufffd" not in reading.text


@pytest.mark.parametrize(
    ("content", "charset"),
    [("1", "din-66003"), ("2", "cp437"), ("3", "iso-8859-1"), ("4", "iso-8859-15"), ("x", "")],
)
def test_the_codes_of_the_standard_are_known(content, charset):
    assert declared_charset(content) == charset
