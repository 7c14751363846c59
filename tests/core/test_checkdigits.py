# SPDX-License-Identifier: MPL-2.0
"""Check digits are found right in numbers that other people made, and wrong in slips of the finger."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import ik_is_valid, kvnr_is_valid, lanr_is_valid, pzn_is_valid


@pytest.mark.parametrize("number", ["K220645122", "K220635158", "K030182229", "S040464113", "M310119802", "A123456780"])
def test_a_right_kvnr(number):
    assert kvnr_is_valid(number)


@pytest.mark.parametrize(
    "number", ["", "K220645123", "A123456789", "k220645122", "K22064512", "K2206451220", "1220645122", "K22064512٢"]
)
def test_a_wrong_kvnr(number):
    assert not kvnr_is_valid(number)


@pytest.mark.parametrize("number", ["109519005", "104212505", "108416214", "260326822"])
def test_a_right_ik(number):
    assert ik_is_valid(number)


@pytest.mark.parametrize("number", ["", "109519006", "10951900", "1095190050", "10951900x"])
def test_a_wrong_ik(number):
    assert not ik_is_valid(number)


def test_the_first_two_digits_of_an_ik_are_not_checked():
    assert ik_is_valid("999519005")


@pytest.mark.parametrize("number", ["838382202", "754236701", "123456601", "000000000"])
def test_a_right_lanr(number):
    assert lanr_is_valid(number)


@pytest.mark.parametrize("number", ["", "838382302", "8383822", "83838220x", "8383822020"])
def test_a_wrong_lanr(number):
    assert not lanr_is_valid(number)


@pytest.mark.parametrize("number", ["00814665", "814665".zfill(7), "01234562", "1234562", "08585997"])
def test_a_right_pzn(number):
    assert pzn_is_valid(number)


@pytest.mark.parametrize("number", ["", "00814666", "123456", "012345620", "0123456x"])
def test_a_wrong_pzn(number):
    assert not pzn_is_valid(number)


def test_a_remainder_of_ten_is_never_given_out():
    weighted = 5 * 1 + 1 * 5
    assert weighted % 11 == 10

    assert not any(pzn_is_valid(f"5000100{digit}") for digit in range(10))


@given(st.from_regex(r"[A-Z][0-9]{8}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(start, place, shift):
    right = next(start + digit for digit in "0123456789" if kvnr_is_valid(start + digit))
    if place == 0:
        return

    wrong = str((int(right[place]) + shift) % 10)

    assert not kvnr_is_valid(right[:place] + wrong + right[place + 1 :])


FOREIGN = [
    (r'system value="http://fhir.de/sid/gkv/kvid-10" ?/>\s*<value value="([A-Z][0-9]{9})"', kvnr_is_valid),
    (r'system value="http://fhir.de/sid/arge-ik/iknr" ?/>\s*<value value="([0-9]{9})"', ik_is_valid),
    (r'system value="https://fhir.kbv.de/NamingSystem/KBV_NS_Base_ANR" ?/>\s*<value value="([0-9]{9})"', lanr_is_valid),
    (r'system value="http://fhir.de/CodeSystem/ifa/pzn" ?/>\s*<code value="([0-9]{8})"', pzn_is_valid),
]


@pytest.mark.parametrize(("pattern", "is_valid"), FOREIGN)
def test_most_numbers_in_foreign_prescriptions_are_right(foreign_files, pattern, is_valid):
    texts = (path.read_text(encoding="utf-8") for path in foreign_files.glob("fhir/erezept-*/*.xml"))
    numbers = {number for text in texts for number in re.findall(pattern, text)}

    right = sum(map(is_valid, numbers))

    assert numbers
    assert right / len(numbers) > 0.5, sorted(number for number in numbers if not is_valid(number))
