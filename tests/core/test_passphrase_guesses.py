# SPDX-License-Identifier: MPL-2.0
"""What each piece of a pass phrase is worth, and how words are recognised in disguise."""

import pytest

from arkanum.core.passphrases import WeakPassphrase, check
from arkanum.core.passphrases.folding import fold, folded_spellings, lower_each, unleet
from arkanum.core.passphrases.guesses import Dictionary, cost_of_parting, estimate
from arkanum.core.passphrases.keyboard import walks
from arkanum.core.passphrases.vocabulary import Kind, Rank

WORDS = {
    "behandlung": Rank(Kind.PRACTICE, 2.0),
    "sonnenblume": Rank(Kind.FAVOURITE, 3.0),
    "gruetze": Rank(Kind.WORD, 4.0),
    "illwil": Rank(Kind.WORD, 2.5),
}
OWN = {"husum": Rank(Kind.CONTEXT, 0.5), "behandlung": Rank(Kind.CONTEXT, 0.5)}
ALONE = Dictionary(WORDS, {})


def cost(text, dictionary=ALONE):
    return round(estimate(text, dictionary, enough=0.0).cost, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("behandlung", 2.0),
        ("Behandlung", 2.0),
        ("BEHANDLUNG", 2.3),
        ("behandLung", 2.8),
        ("gnuldnaheb", 2.4),
        ("gnuldnaheB", 2.4),
        ("b3h4ndlung", 2.4),
        ("Grütze", 4.0),
        ("1llw1l", 2.9),
        ("i77wi7", 2.9),
        ("behandlungsonnenblume", 5.0),
        ("behandlungssonnenblumen", 5.6),
        ("behandlungbehandlung", 2.8),
        ("behandlunggnuldnaheb", 2.8),
        ("behandlung2024", 3.5),
        ("behandlung1924", 3.5),
        ("behandlung3112", 4.6),
        ("behandlung202411", 4.6),
        ("behandlung03.04.1965", 6.0),
        ("behandlung19650403", 6.0),
        ("behandlung-2024", 4.0),
        ("behandlung~", 3.4),
        ("behandlung!!", 2.8),
        ("behandlung7", 3.0),
        ("behandlungx", 3.1),
        ("xX", 1.4),
        ("xK", 2.5),
        ("x k", 2.5),
        ("hijk", 1.3),
        ("9753", 1.3),
        ("qwert", 2.1),
        ("qwertgb", 2.9),
        ("", 0.0),
    ],
)
def test_each_piece_has_its_price(text, expected):
    assert cost(text) == expected


def test_names_of_the_practice_win_over_the_vocabulary():
    assert cost("behandlunghusum", Dictionary(WORDS, OWN)) == 1.0
    assert cost("behandlunghusum") == 7.5


def test_the_kinds_of_the_cheapest_way_are_told():
    found = estimate("Sonnenblume-2024-mbxkwf", ALONE, enough=0.0)

    assert found.kinds == {Kind.FAVOURITE, Kind.DATE, Kind.RANDOM}


def test_a_short_piece_is_no_reason_unless_it_names_the_practice():
    assert estimate("345", ALONE, enough=0.0).kinds == {Kind.RANDOM}
    assert estimate("ada", Dictionary({}, {"ada": OWN["husum"]}), enough=0.0).kinds == {Kind.CONTEXT}


def test_disguises_are_not_looked_for_in_what_is_weak_anyway():
    assert estimate("gnuldnaheb", ALONE, enough=20.0).cost > 5
    assert estimate("gnuldnaheb", ALONE, enough=5.0).cost < 5


def test_signs_between_letters_count_by_kind():
    assert cost_of_parting("B-e-h-a") == pytest.approx(0.8)
    assert cost_of_parting("B-e.h-a") == pytest.approx(1.3)
    assert cost_of_parting("be ha~nd") == pytest.approx(1.4)


def test_a_spelling_without_umlauts_is_the_same_word():
    assert folded_spellings("Größe") == {"groesse", "grosse"}
    assert folded_spellings("Łódź") == {"lodz", "łodz"}
    assert folded_spellings("Rose") == {"rose"}


def test_folding_keeps_the_places():
    assert fold("größe") == ["g", "r", "oe", "ss", "e"]
    assert fold("éa") == ["e", "a"]
    assert fold("yılđ") == ["y", "i", "l", "d"]
    assert fold("日a") == ["日", "a"]


def test_lower_case_keeps_the_length():
    assert lower_each("İSTANBUL") == "İstanbul"
    assert lower_each("HUSUM") == "husum"


def test_leet_is_read_in_every_way_it_can_mean():
    assert ["".join(reading) for reading in unleet(list("1a7"))] == ["iat", "ial", "lat", "lal"]
    assert ["".join(reading) for reading in unleet(list("3a"))] == ["ea"]
    assert list(unleet(list("abc"))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("qwe", [(0, 3)]),
        ("qwa", []),
        ("qws", []),
        ("qwsx", [(0, 4)]),
        ("hhhh", []),
        ("xqwe", [(1, 4)]),
        ("zuiopü", [(0, 3), (0, 4), (0, 5), (0, 6)]),
        ("7410", [(0, 3), (0, 4)]),
    ],
)
def test_a_walk_needs_three_keys_in_a_row_or_four_with_a_turn(text, found):
    assert [(start, end) for start, end, _ in walks(text)] == found


def test_the_second_judge_knows_keyboards_that_ours_does_not():
    with pytest.raises(WeakPassphrase):
        check("pyfgcrlaoeuidhtns", context=())


def test_the_second_judge_is_not_asked_for_what_is_clearly_strong():
    check("pyfgcrlaoeuidhtns Zwieback Trompete Gurkenhobel", context=())
