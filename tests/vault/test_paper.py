# SPDX-License-Identifier: MPL-2.0
"""Two of three paper codes open the practice, and a typing error says where it is."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.vault import BadPaperCode, PaperCode, SamePaperCode, new_codes, pair_key, parse_code
from arkanum.vault.paper import ALPHABET, PaperCodes

letters = st.binary(min_size=26, max_size=26).map(lambda raw: bytes(n & 31 for n in raw))
codes = st.builds(PaperCode, st.sampled_from([1, 2, 3]), letters)
CODE = PaperCode(2, bytes(range(26)))
TEXT = CODE.expose()


def groups_of(text):
    return text.split("-")


@given(codes)
def test_a_printed_code_comes_back(code):
    printed = code.expose()

    assert parse_code(printed) == code
    assert [len(group) for group in groups_of(printed)] == [5] * 7
    assert printed[0] == str(code.number)
    assert set(printed) <= {*ALPHABET, "-"}


@given(
    codes,
    st.sampled_from(["", " ", "-", "\n", " \u2013 ", "\u00a0", "_", ".", "/"]),
    st.tuples(st.sampled_from("0Oo"), st.sampled_from("1IlLi"), st.sampled_from("VUu")),
)
def test_it_may_be_typed_as_hands_type(code, between, hands):
    typed = code.expose().replace("-", between)
    for printed, taken_for in zip("01V", hands, strict=True):
        typed = typed.replace(printed, taken_for)

    assert parse_code(f"  {typed.swapcase()}\n") == code


@given(codes, st.integers(0, 34), st.integers(1, 31))
def test_one_wrong_letter_is_found_in_its_group(code, at, shift):
    flat = code.expose().replace("-", "")
    wrong = ALPHABET[(ALPHABET.index(flat[at]) + shift) % 32]

    with pytest.raises(BadPaperCode) as caught:
        parse_code(flat[:at] + wrong + flat[at + 1 :])

    assert caught.value.groups == (at // 5 + 1,)


@given(codes, st.integers(0, 6), st.data())
def test_two_swapped_letters_are_found_in_their_group(code, group, data):
    parts = groups_of(code.expose())
    one, other = data.draw(st.permutations(range(5)))[:2]
    swapped = list(parts[group])
    swapped[one], swapped[other] = swapped[other], swapped[one]
    same = "".join(swapped) == parts[group]
    parts[group] = "".join(swapped)

    if same:
        assert parse_code("-".join(parts)) == code
        return
    with pytest.raises(BadPaperCode) as caught:
        parse_code("-".join(parts))

    assert caught.value.groups == (group + 1,)


@given(codes, st.permutations(range(7)))
def test_groups_in_another_order_are_found(code, order):
    parts = groups_of(code.expose())
    moved = tuple(n + 1 for n, came_from in enumerate(order) if n != came_from)

    if not moved:
        return
    with pytest.raises(BadPaperCode) as caught:
        parse_code(" ".join(parts[n] for n in order))

    assert caught.value.groups == moved


def test_every_wrong_group_is_named():
    parts = groups_of(TEXT)
    parts[1] = "*" + parts[1][1:]
    parts[4] = "\u00c4" + parts[4][1:]

    with pytest.raises(BadPaperCode, match=r"^paper code is mistyped, group 2$"):
        parse_code("-".join(parts))
    parts[1] = "\u00c4" + parts[1][1:]
    with pytest.raises(BadPaperCode, match=r"^paper code is mistyped, group 2, 5$") as caught:
        parse_code("-".join(parts))

    assert caught.value.groups == (2, 5)


@pytest.mark.parametrize("group", range(1, 8))
def test_a_letter_too_few_or_too_many_is_found_in_its_group(group):
    few, many = groups_of(TEXT), groups_of(TEXT)
    few[group - 1] = few[group - 1][:-1]
    many[group - 1] += "7"

    for typed in (few, many):
        with pytest.raises(BadPaperCode) as caught:
            parse_code(" ".join(typed))
        assert caught.value.groups == (group,)


def test_two_groups_of_wrong_length_that_make_up_for_each_other_are_found():
    parts = groups_of(TEXT)
    typed = [parts[0] + parts[1][0], parts[1][1:], *parts[2:]]

    assert parse_code(" ".join(typed)) == CODE


@pytest.mark.parametrize("group", range(1, 8))
def test_without_blanks_the_first_group_that_does_not_fit_is_named(group):
    flat = TEXT.replace("-", "")
    start = (group - 1) * 5
    missing = flat[:start] + flat[start + 1 :]

    with pytest.raises(BadPaperCode) as caught:
        parse_code(missing)

    assert caught.value.groups == (group,)


@pytest.mark.parametrize("kept", range(7))
def test_a_code_that_ends_early_names_the_group_that_is_missing(kept):
    with pytest.raises(BadPaperCode) as caught:
        parse_code("-".join(groups_of(TEXT)[:kept]))

    assert caught.value.groups == (kept + 1,)


@pytest.mark.parametrize("more", ["7", " 7", "77777", " 77777 77777"])
def test_a_code_that_goes_on_names_the_last_group(more):
    with pytest.raises(BadPaperCode) as caught:
        parse_code(TEXT + more)

    assert caught.value.groups == (7,)


@given(st.text(max_size=60))
def test_any_text_is_answered_with_a_code_or_with_groups(text):
    with pytest.raises(BadPaperCode) as caught:
        parse_code(text)

    assert all(1 <= group <= 7 for group in caught.value.groups)
    assert text.strip() == "" or text not in str(caught.value) or len(text) < 15


def test_a_number_that_no_code_has_is_found_in_the_first_group():
    forged = object.__new__(PaperCode)
    forged._number = 4
    forged._letters = bytes(26)

    with pytest.raises(BadPaperCode) as caught:
        parse_code(forged.expose())

    assert caught.value.groups == (1,)


def test_errors_that_fit_their_groups_are_found_by_the_last_letter():
    mine = groups_of(PaperCode(1, bytes(26)).expose())
    yours = groups_of(PaperCode(1, b"\x01" * 26).expose())

    for n in range(1, 6):
        mixed = [*mine[:n], yours[n], *mine[n + 1 :]]

        with pytest.raises(BadPaperCode, match=r"^paper code is mistyped, group unknown$") as caught:
            parse_code("-".join(mixed))

        assert caught.value.groups == ()


def test_new_codes_are_numbered_and_random():
    three = new_codes()

    assert [code.number for code in three] == [1, 2, 3]
    assert len({code.expose()[1:] for _ in range(20) for code in new_codes()}) == 60


def test_new_codes_use_every_letter():
    seen = set("".join(code.expose()[1:] for _ in range(40) for code in new_codes()))

    assert seen == {*ALPHABET, "-"}


def test_the_alphabet_has_no_look_alikes():
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set(ALPHABET) & set("ILOU")
    assert set(ALPHABET.lower()).isdisjoint("ilou")


def test_any_two_of_three_make_a_key_of_their_own():
    three = new_codes()

    keys = {pair_key(a, b).expose() for a, b in three.pairs()}

    assert len(keys) == 3
    assert [(a.number, b.number) for a, b in three.pairs()] == [(1, 2), (1, 3), (2, 3)]


def test_the_order_of_the_two_does_not_matter():
    for a, b in itertools.combinations(new_codes(), 2):
        assert pair_key(a, b) == pair_key(b, a)


def test_the_same_number_twice_is_refused():
    one, other = PaperCode(1, bytes(26)), PaperCode(1, b"\x01" * 26)

    with pytest.raises(SamePaperCode, match=r"^two different paper codes are needed$"):
        pair_key(one, other)


def test_one_code_of_another_practice_makes_another_key():
    first, second, _ = new_codes()
    _, foreign, _ = new_codes()

    assert pair_key(first, second) != pair_key(first, foreign)


@pytest.mark.parametrize("number", [0, 4])
def test_a_code_has_a_number_from_1_to_3(number):
    with pytest.raises(ValueError, match=r"^paper codes are numbered 1 to 3$"):
        PaperCode(number, bytes(26))


@pytest.mark.parametrize("size", [25, 27])
def test_a_code_has_26_secret_letters(size):
    with pytest.raises(ValueError, match=r"^a paper code has 26 secret letters$"):
        PaperCode(1, bytes(size))


def test_codes_compare_by_number_and_letters():
    assert PaperCode(1, bytes(26)) == PaperCode(1, bytearray(26))
    assert PaperCode(1, bytes(26)) != PaperCode(2, bytes(26))
    assert PaperCode(1, bytes(26)) != PaperCode(1, bytes(25) + b"\x01")
    assert PaperCode(1, bytes(26)) != TEXT
    with pytest.raises(TypeError, match="unhashable"):
        hash(CODE)


def test_the_three_hide_themselves_when_printed():
    assert repr(PaperCodes((CODE, CODE, CODE))).count("<PaperCode: secret>") == 3
