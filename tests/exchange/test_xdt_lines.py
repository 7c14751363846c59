# SPDX-License-Identifier: MPL-2.0
"""The line reader: what real files do to lines."""

import hashlib
from io import BytesIO

import pytest

from arkanum.exchange.formats import xdt
from arkanum.exchange.formats.xdt.lines import LINE_LIMIT, raw_fields
from tests.exchange.builders import codes_of, fields_of, line, lines, read

HEAD = lines(("8000", "6310"), ("9218", "02.10"))


def test_a_sound_line_has_an_id_a_content_and_no_flaw():
    content = HEAD + line("3101", "Sommer")

    field = fields_of(content)[-1]

    assert (field.id, field.text, field.line, field.flaws) == ("3101", "Sommer", 3, ())


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_every_kind_of_line_end_is_read(end):
    content = lines(("8000", "6310"), ("3101", "Sommer"), ("3102", "Dora"), end=end)

    fields = fields_of(content)

    assert [(field.id, field.text, field.line) for field in fields] == [
        ("8000", "6310", 1),
        ("3101", "Sommer", 2),
        ("3102", "Dora", 3),
    ]


def test_a_wrong_length_is_reported_and_the_line_end_wins():
    field = fields_of(HEAD + b"0993101Sommer\r\n")[-1]

    assert field.text == "Sommer"
    assert codes_of(field) == ["length"]
    assert field.flaws[0].text.startswith("Längenangabe stimmt nicht (angegeben 099, gezählt 015)")
    assert not field.is_damaged


def test_the_length_000_promises_nothing():
    field = fields_of(HEAD + b"0003101Sommer\r\n")[-1]

    assert field.flaws == ()


def test_a_missing_line_end_is_found_by_the_length():
    both = line("3101", "Sommer", end=b"") + line("3102", "Dora")

    first, second = fields_of(HEAD + both)[-2:]

    assert (first.id, first.text, first.line) == ("3101", "Sommer", 3)
    assert (second.id, second.text, second.line) == ("3102", "Dora", 3)
    assert codes_of(second) == ["line-end-missing"]


def test_three_fields_without_line_ends_are_three_fields():
    all_three = lines(("3101", "Sommer"), ("3102", "Dora"), ("3110", "W"), end=b"")

    fields = fields_of(HEAD + all_three + b"\r\n")[-3:]

    assert [field.text for field in fields] == ["Sommer", "Dora", "W"]


def test_a_missing_line_end_is_found_even_when_the_first_length_is_wrong():
    content = HEAD + b"0123101Sommer" + line("3102", "Dora")

    first, second = fields_of(content)[-2:]

    assert (first.text, second.text) == ("Sommer", "Dora")


def test_digits_that_look_like_a_field_stay_content_when_the_length_is_right():
    field = fields_of(HEAD + line("6220", "Tel. 0133101Dora"))[-1]

    assert field.text == "Tel. 0133101Dora"
    assert field.flaws == ()


def test_a_blank_inside_a_field_id_is_reported_and_read():
    field = fields_of(HEAD + b"012 3623079\r\n")[-1]

    assert (field.id, field.text) == ("3623", "079")
    assert codes_of(field) == ["field-id-blank"]
    assert field.is_damaged


def test_a_blank_line_is_kept_as_a_line_of_its_own():
    fields = fields_of(HEAD + b"\r\n" + line("3101", "Sommer"))

    assert fields[2].is_blank
    assert codes_of(fields[2]) == ["blank-line"]
    assert fields[3].line == 4


def test_a_line_without_an_id_keeps_its_text():
    field = fields_of(HEAD + b"Freitext ohne Kopf\r\n")[-1]

    assert (field.id, field.text) == ("", "Freitext ohne Kopf")
    assert codes_of(field) == ["no-field-id"]
    assert field.is_damaged


def test_a_line_break_inside_a_content_is_joined_when_the_length_says_so():
    content = HEAD + line("6220", "erste Zeile\r\nzweite Zeile") + line("6227", "danach")

    broken, after = fields_of(content)[-2:]

    assert broken.text == "erste Zeile\nzweite Zeile"
    assert (broken.line, broken.last_line) == (3, 4)
    assert codes_of(broken) == ["line-break-inside"]
    assert (after.text, after.line) == ("danach", 5)


def test_a_length_that_is_no_number_does_not_lose_the_field():
    field = fields_of(HEAD + b"0x53101Sommer\r\n")[-1]

    assert (field.id, field.text) == ("3101", "Sommer")
    assert codes_of(field) == ["length-unreadable"]


def test_bytes_before_the_length_are_skipped_and_reported():
    field = fields_of(HEAD + b" \t" + line("3101", "Sommer"))[-1]

    assert (field.id, field.text) == ("3101", "Sommer")
    assert "leading-bytes" in codes_of(field)


def test_the_end_mark_of_dos_is_no_field():
    field = fields_of(HEAD + b"\x1a")[-1]

    assert field.id == ""
    assert codes_of(field) == ["end-of-file-mark"]


def test_a_byte_order_mark_is_reported_and_the_first_field_is_read():
    first = fields_of(b"\xef\xbb\xbf" + HEAD)[0]

    assert (first.id, first.text) == ("8000", "6310")
    assert codes_of(first) == ["byte-order-mark"]


def test_line_separators_of_other_alphabets_are_content():
    field = fields_of(HEAD + line("6220", "a\x0bb\x0cc\x85d", charset="latin-1"))[-1]

    assert field.line == 3
    assert len(field.text) == 7


def test_a_line_without_end_does_not_fill_the_memory():
    endless = HEAD + b"9996220" + b"x" * (3 * LINE_LIMIT)

    fields = list(raw_fields([endless]))

    assert max(len(field.content) for field in fields) <= LINE_LIMIT
    assert sum(len(field.content) for field in fields[2:]) == 3 * LINE_LIMIT


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_the_cuts_of_the_stream_do_not_matter(size):
    content = HEAD + lines(("3101", "Sommer"), ("6220", "Husten")) + b"\r\nlose\r\n"
    chunks = [content[start : start + size] for start in range(0, len(content), size)]

    assert list(raw_fields(chunks)) == list(raw_fields([content]))


def test_a_file_in_ldt_3_proves_its_checksum():
    before = lines(("8000", "8220"), ("0001", "LDT3.2.19"), ("8002", "Obj_0032"))
    right = before + line("9300", hashlib.sha1(before, usedforsecurity=False).hexdigest())
    wrong = right.replace(b"LDT3.2.19", b"LDT3.2.20")

    assert codes_of(fields_of(right)[-1]) == []
    assert codes_of(fields_of(wrong)[-1]) == ["checksum"]


def test_a_wrong_record_length_is_a_flaw_of_the_record():
    content = lines(("8000", "6310"), ("8100", "00099"), ("3101", "Sommer"))

    (record,) = read(content)

    assert [flaw.code.value for flaw in record.flaws] == ["record-length"]


def test_a_right_record_length_is_none():
    tail = lines(("3101", "Sommer"))
    size = len(line("8000", "6310")) + len(line("8100", "00000")) + len(tail)
    content = lines(("8000", "6310"), ("8100", f"{size:05}")) + tail

    (record,) = read(content)

    assert record.flaws == ()


def test_fields_before_the_first_record_are_a_record_without_kind():
    content = lines(("3101", "Sommer"), ("3102", "Dora"), ("8000", "6310"), ("6220", "Husten"))

    headless, proper = read(content)

    assert (headless.kind, proper.kind) == ("", "6310")
    assert [flaw.code.value for flaw in headless.flaws] == ["record-without-start"]


def test_8001_ends_a_record_and_objects_stay_inside():
    content = lines(
        ("8000", "8205"),
        ("8002", "Obj_0045"),
        ("3101", "Sommer"),
        ("8003", "Obj_0045"),
        ("8001", "8205"),
        ("8000", "8221"),
    )

    first, second = read(content)

    assert (first.kind, len(first.fields), second.kind) == ("8205", 5, "8221")


def test_an_endless_record_comes_in_parts(monkeypatch):
    monkeypatch.setattr("arkanum.exchange.formats.xdt.reader.RECORD_LIMIT", 10)
    content = line("8000", "6200") + line("6220", "Husten") * 25

    parts = read(content)

    assert [len(part.fields) for part in parts] == [10, 10, 6]
    assert [part.continued for part in parts] == [False, True, True]
    assert {part.kind for part in parts} == {"6200"}


def test_an_empty_file_is_not_of_the_family():
    assert xdt.open_file(BytesIO(b"")) is None
