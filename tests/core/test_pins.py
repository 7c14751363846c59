# SPDX-License-Identifier: MPL-2.0
"""Which PINs are refused: those a neighbour tries first."""

import pytest

from arkanum.core.errors import WeakPin
from arkanum.core.pins import check_pin


def is_refused(pin: str) -> bool:
    try:
        check_pin(pin)
    except WeakPin:
        return True
    return False


@pytest.mark.parametrize("pin", ["", "1", "739", "739184625", "73a9", "٣٧٩١", "73 91", "-739", "7391\n"])
def test_what_is_no_number_of_four_to_eight_digits_is_refused(pin):
    assert is_refused(pin)


@pytest.mark.parametrize("pin", ["0000", "1212", "123123", "77777777", "1112", "2111", "39393939"])
def test_repetitions_are_refused(pin):
    assert is_refused(pin)


@pytest.mark.parametrize("pin", ["1234", "4321", "123456", "87654321", "7890", "2468", "1122", "2580", "0852", "1221"])
def test_rows_and_walks_over_the_keys_are_refused(pin):
    assert is_refused(pin)


@pytest.mark.parametrize("pin", ["1965", "2011", "1999", "0304", "2412", "030465", "650403", "03041965", "19650403"])
def test_years_and_birthdays_are_refused(pin):
    assert is_refused(pin)


@pytest.mark.parametrize("pin", ["7391", "4857", "92738", "481739", "7391846", "48173926"])
def test_other_numbers_are_taken(pin):
    assert not is_refused(pin)


def test_most_numbers_of_four_digits_are_left():
    refused = sum(is_refused(f"{number:04}") for number in range(10_000))

    assert 500 < refused < 1_500


def test_the_reason_never_repeats_the_pin():
    with pytest.raises(WeakPin) as weak:
        check_pin("2580")

    assert "2580" not in str(weak.value)
    assert weak.value.reason.startswith("Reihen")
