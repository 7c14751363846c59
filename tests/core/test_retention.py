# SPDX-License-Identifier: MPL-2.0
"""A record is kept for ten years after the treatment has ended, and never a day less."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import keep_until


@pytest.mark.parametrize(
    ("ended", "last"),
    [
        (date(2026, 11, 23), date(2036, 11, 23)),
        (date(2024, 2, 29), date(2034, 2, 28)),
        (date(2024, 2, 28), date(2034, 2, 28)),
        (date(2023, 1, 29), date(2033, 1, 29)),
        (date(2022, 12, 31), date(2032, 12, 31)),
    ],
)
def test_a_record_is_kept_for_ten_years(ended, last):
    assert keep_until(ended) == last


@given(st.dates(max_value=date(9989, 12, 31)), st.dates(max_value=date(9989, 12, 31)))
def test_a_later_treatment_never_shortens_retention(one, other):
    assert (keep_until(one) <= keep_until(other)) or one > other
