# SPDX-License-Identifier: MPL-2.0
"""Entries: every content has its kind, and no number or time that could break something later."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given

from arkanum.core import EntryKind, Finding, ImpossibleValue, Measure, Sign, kind_of
from tests.core.strategies import contents, entry


@given(contents)
def test_the_kind_of_a_content_is_the_name_of_its_class(content):
    assert kind_of(content) is EntryKind(type(content).__name__.lower())


def test_an_entry_written_at_a_time_without_zone_is_refused():
    with pytest.raises(ImpossibleValue):
        entry(Finding(text="Lunge frei"), written=datetime(2026, 11, 23))  # noqa: DTZ001 -- the point of the test


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+7", "10000000", "0.0000001", "1E-7"])
def test_a_measure_that_is_no_usable_number_is_refused(number):
    with pytest.raises(ImpossibleValue) as refused:
        Measure(sign=Sign.TEMP, value=Decimal(number), unit="°C")

    assert refused.value.code == "measure"
    assert refused.value.german == "Dieser Messwert ist keine brauchbare Zahl."


@pytest.mark.parametrize("number", ["0", "-5", "37.8", "9999999", "0.000001", "1E+6"])
def test_any_other_number_is_kept_as_it_is(number):
    assert str(Measure(sign=Sign.TEMP, value=Decimal(number), unit="°C").value) == number
