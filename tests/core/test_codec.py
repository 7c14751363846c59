# SPDX-License-Identifier: MPL-2.0
"""Records become bytes and come back the same; what is no record is refused, whatever it is."""

import dataclasses
from datetime import date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import (
    Diagnosis,
    EntryKind,
    Finding,
    ImpossibleValue,
    Malformed,
    Measure,
    Name,
    Sign,
    UnknownFormat,
    Vitals,
    decode,
    encode,
)
from tests.core.strategies import dora, entries, entry, records

LUNGS = entry(Finding(text="Lunge frei"))


@given(records)
def test_a_record_comes_back_as_it_was(record):
    assert decode(encode(record)) == record


@given(records)
def test_every_field_comes_back_in_its_own_class(record):
    back = decode(encode(record))

    for field in dataclasses.fields(record):
        assert type(getattr(back, field.name)) is type(getattr(record, field.name))


@given(records)
def test_a_record_says_kind_and_format_first(record):
    kind, number, _ = msgspec.msgpack.decode(encode(record))

    assert kind == "patient" or kind in set(EntryKind)
    assert number == 1


@given(st.binary())
def test_any_bytes_are_a_record_or_refused(noise):
    with pytest.raises((Malformed, UnknownFormat)):
        decode(noise)


@given(entries, st.data())
def test_a_record_with_a_wrong_byte_is_a_record_or_refused(record, data):
    body = bytearray(encode(record))
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))

    try:
        decode(bytes(body))
    except (Malformed, UnknownFormat):
        return


@given(records, st.data())
def test_a_record_that_was_cut_is_refused(record, data):
    body = encode(record)

    with pytest.raises(Malformed):
        decode(body[: data.draw(st.integers(0, len(body) - 1))])


@given(records, st.binary(min_size=1))
def test_a_record_with_something_behind_it_is_refused(record, noise):
    with pytest.raises(Malformed):
        decode(encode(record) + noise)


@given(
    st.sampled_from(["patient", *EntryKind]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**64 - 1)
        | st.floats()
        | st.text(max_size=9)
        | st.binary(max_size=17),
        lambda inner: st.lists(inner, max_size=14) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
)
def test_a_payload_of_any_other_shape_is_refused(kind, payload):
    with pytest.raises(Malformed):
        decode(msgspec.msgpack.encode([kind, 1, payload]))


@pytest.mark.parametrize("head", [["diagnosis", 2], ["diagnosis", 0], ["invoice", 1], ["", -1]])
def test_a_kind_or_format_of_tomorrow_is_unknown(head):
    with pytest.raises(UnknownFormat):
        decode(msgspec.msgpack.encode([*head, {"anything": [1, 2]}]))


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"\x91" * 5_000, b"\x93\xa1\xff\x01\xc0", b"\x93\xa7finding\x01\x91\x91\xa1\xff"]
)
def test_garbage_is_refused_without_a_trace_of_its_content(body):
    with pytest.raises(Malformed) as refused:
        decode(body)

    assert str(refused.value) == ""
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, [5]),  # a text that is a number
        (0, ["Lunge frei", "more"]),
        (1, "2026-02-30"),
        (1, 20261123),
        (2, "25:00:00"),
        (3, b"too short"),
        (4, "2026-11-23T09:15:00"),  # no zone
        (5, ["BDT", "file", "record", 1]),
        (6, 0),
    ],
)
def test_decoding_is_strict_about_every_field(place, value):
    kind, number, payload = msgspec.msgpack.decode(encode(LUNGS))
    payload[place] = value

    with pytest.raises(Malformed):
        decode(msgspec.msgpack.encode([kind, number, payload]))


def test_a_value_that_the_core_finds_impossible_is_no_record_either():
    body = encode(entry(Vitals(measures=(Measure(sign=Sign.TEMP, value=Decimal("37.8"), unit="°C"),))))

    with pytest.raises(Malformed):
        decode(body.replace(b"37.8", b"-NaN"))


@pytest.mark.parametrize(
    "record",
    [
        entry(Finding(text="half a pair: \ud83d")),
        entry(Finding(text=5)),
        entry(Finding(text=None)),
        entry(Diagnosis(text="a list", code=["J06.9"])),
        entry(Finding(text="no day"), happened="2026-11-23x"),
        entry(Finding(text="a moment is no day"), happened=datetime(2026, 11, 23)),  # noqa: DTZ001
        entry(Finding(text="not an id"), by="Ada"),
        entry(Finding(text="not a reason"), struck=True),
        entry(Finding(text="no format keeps sets"), struck={1}),
        entry("not a content"),
        dora(number=4711),
        dora(name=Name(first="Dora", last=None)),
        dora(name="Dora"),
        dora(died_on=date),
        dora(number=2**70),
    ],
)
def test_what_could_not_be_read_back_is_never_written(record):
    with pytest.raises(ImpossibleValue) as refused:
        encode(record)

    assert refused.value.code == "unwritable"
    assert refused.value.german == "Dieser Inhalt lässt sich nicht speichern."


def test_what_would_come_back_as_something_else_is_never_written():
    almost = entry(Finding(text="an ISO day reads back as a day"), happened="2026-11-23")

    with pytest.raises(ImpossibleValue):
        encode(almost)
