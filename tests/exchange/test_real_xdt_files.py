# SPDX-License-Identifier: MPL-2.0
"""Files that nobody of this project wrote."""

from tests.exchange.builders import codes_of, fields_of, read, shared


def test_the_worked_example_of_the_standard_has_eleven_wrong_lengths():
    fields = fields_of(shared("gdt", "albertzak-gdt2_1-6310.gdt").read_bytes())

    assert len(fields) == 37
    assert sum("length" in codes_of(field) for field in fields) == 11
    assert not any(field.is_damaged for field in fields)


def test_the_blank_in_a_field_id_is_line_twelve():
    fields = fields_of(shared("gdt", "druc-corrupt_sample.gdt").read_bytes())

    damaged = [field for field in fields if field.is_damaged]

    assert [(field.line, field.id, field.text) for field in damaged] == [(12, "3632", "079")]


def test_the_empty_line_is_line_fourteen():
    fields = fields_of(shared("gdt", "druc-empty_line_sample.gdt").read_bytes())

    assert [field.line for field in fields if field.is_blank] == [14]
    assert len(fields) == 38


def test_a_hand_over_without_header_records_is_one_patient():
    (record,) = read(shared("bdt", "dgmann-m1-aow_pat.bdt").read_bytes())

    assert record.kind == "6100"
    assert record.first("3107") == "Musterstraße 1"
    assert sum(bool(field.flaws) for field in record.fields) == 5
