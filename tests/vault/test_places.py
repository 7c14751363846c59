# SPDX-License-Identifier: MPL-2.0
"""A place has bytes that no other place has."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.vault import Place

ROW = UUID("018f0000-0000-7000-8000-000000000001")
CHART = UUID("018f0000-0000-7000-8000-00000000000d")

names = st.text(min_size=1, max_size=3)
places = st.builds(
    Place,
    names,
    names,
    st.sampled_from([ROW, CHART]),
    st.integers(0, 2),
    st.none() | st.sampled_from([ROW, CHART]),
)


@given(places, places)
def test_different_places_have_different_bytes(one, other):
    assert (one == other) == (one.to_bytes() == other.to_bytes())


def test_a_name_does_not_flow_into_the_next():
    assert Place("ab", "c", ROW).to_bytes() != Place("a", "bc", ROW).to_bytes()


def test_every_byte_of_a_place_is_known():
    place = Place("record", "body", ROW, 258, CHART)

    assert place.to_bytes() == (b"\x06record\x04body\x01" + CHART.bytes + ROW.bytes + b"\0\0\0\0\0\0\x01\x02")
    assert Place("é", "b", ROW).to_bytes() == b"\x02\xc3\xa9\x01b\x00" + ROW.bytes + bytes(8)


@pytest.mark.parametrize("version", [-1, 2**64])
def test_a_version_that_does_not_fit_is_refused(version):
    with pytest.raises(ValueError, match=r"^a version is a number from 0 that fits into 64 bits$"):
        Place("record", "body", ROW, version)


def test_the_first_and_the_last_version_fit():
    assert Place("a", "b", ROW, 0).to_bytes()[-8:] == bytes(8)
    assert Place("a", "b", ROW, 2**64 - 1).to_bytes()[-8:] == b"\xff" * 8


@pytest.mark.parametrize(("table", "column"), [("", "b"), ("a", ""), ("a" * 256, "b")])
def test_a_name_that_does_not_fit_is_refused(table, column):
    with pytest.raises(ValueError, match=r"^a name has 1 to 255 bytes$"):
        Place(table, column, ROW).to_bytes()


def test_the_longest_name_fits():
    assert Place("a" * 255, "b", ROW).to_bytes()[:2] == b"\xffa"


def test_a_place_says_where_it_is_without_the_chart():
    assert str(Place("record", "body", ROW, 2, CHART)) == f"record.body of {ROW} version 2"
