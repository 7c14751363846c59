# SPDX-License-Identifier: MPL-2.0
"""What each piece of a pass phrase is worth, and how words are recognised in disguise."""

import pytest

from arkanum.core.passphrases import WeakPassphrase, check
from arkanum.core.passphrases.folding import fold, folded_spellings, lower_each, unleet
from arkanum.core.passphrases.guesses import Dictionary, cost_of_parting, estimate
from arkanum.core.passphrases.keyboard import walks
from arkanum.core.passphrases.vocabulary import Kind, Rank, _learn, _sections, read_lines, vocabulary

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


def test_the_lists_are_read_without_their_comments():
    diceware = list(read_lines("diceware.txt.gz"))
    own = list(read_lines("own.txt"))

    assert (len(diceware), diceware[0]) == (7776, "aalen")
    assert own[0] == "[calendar 1.7]"
    assert own[1].startswith("januar februar")
    assert all(own)


def test_the_whole_vocabulary_has_a_kind_and_a_cost():
    words = vocabulary.__wrapped__()

    assert words["januar"] == Rank(Kind.CALENDAR, 1.7)
    assert words["buxtehude"] == Rank(Kind.TOWN, 2.3)
    assert words["zwietracht"].kind == Kind.WORD
    assert words["dragon"] == Rank(Kind.LEAKED, 1.0)
    assert words["monkey"] == Rank(Kind.LEAKED, 1.2)
    assert words["elizabeth"].cost < words["zeppelin"].cost < words["zwietracht"].cost
    assert not {"666666", "of"} & set(words)
    assert {type(rank.kind) for rank in words.values()} == {Kind}
    assert {type(rank.cost) for rank in words.values()} == {float}
    assert len({id(rank) for rank in words.values()}) < 300


def test_the_cheapest_rank_of_a_word_wins():
    ranks: dict[str, Rank] = {}

    _learn(ranks, [("Rose", Rank(Kind.NAME, 2.0)), ("rose", Rank(Kind.WORD, 4.0)), ("Öl", Rank(Kind.WORD, 3.0))])
    _learn(ranks, [("öl", Rank(Kind.FAVOURITE, 2.0))])

    assert ranks["rose"] == Rank(Kind.NAME, 2.0)
    assert ranks["oel"] == ranks["ol"] == Rank(Kind.FAVOURITE, 2.0)


def test_words_before_the_first_head_are_the_rarest():
    words = dict(_sections(["eins zwei", "[town 2.5]", "drei"]))

    assert words == {"eins": Rank(Kind.WORD, 4.3), "zwei": Rank(Kind.WORD, 4.3), "drei": Rank(Kind.TOWN, 2.5)}


def test_an_error_says_its_reasons():
    assert str(WeakPassphrase(("Zu kurz.", "Zu leicht."))) == "Zu kurz. Zu leicht."


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (" x", ("Sie beginnt oder endet mit einem Leerzeichen; das sieht man nicht.",)),
        ("x\ny", ("Sie enthält unsichtbare Zeichen.",)),
        ("x" * 257, ("Sie ist zu lang: höchstens 256 Zeichen.",)),
    ],
)
def test_what_cannot_be_typed_again_is_said_in_one_sentence(text, reasons):
    with pytest.raises(WeakPassphrase) as caught:
        check(text, context=())

    assert caught.value.reasons == reasons


def test_the_longest_and_the_shortest_pass_phrase_are_still_allowed():
    check("Zwieback Trompete Gurkenhobel Leuchtqualle ".ljust(256, "k"), context=())
    check("hG7kQ2mZrW58", context=())


def test_leet_is_no_reason_where_it_is_not_used():
    with pytest.raises(WeakPassphrase) as plain:
        check("Behandlungsraum1", context=())
    with pytest.raises(WeakPassphrase) as chance:
        check("hg7kq2mzrw58", context=())

    assert not any("statt Buchstaben" in reason for reason in (*plain.value.reasons, *chance.value.reasons))


def test_a_sentence_of_six_usual_signs_is_not_weakened_by_them():
    parted, joined = (estimate(text, ALONE, enough=0.0).cost for text in ("x-k-w-f", "xkwf"))

    assert parted == pytest.approx(joined + 3 * 0.5)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mlmxkwmlmxkw", Kind.COPY),
        ("xqxqxqxqxq", Kind.COPY),
        ("fghijkl", Kind.SEQUENCE),
        ("adgjmps", Kind.SEQUENCE),
        ("3.4.1965", Kind.DATE),
        ("yxcvbnm", Kind.WALK),
        ("grütze", Kind.WORD),
    ],
)
def test_each_kind_of_piece_is_named(text, kind):
    assert kind in estimate(text, ALONE, enough=0.0).kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xabc", 2.4),
        ("abcx", 2.4),
        ("abcxyz", 2.6),
        ("abab", 4.4),
        ("BEHANDLUNG", 2.3),
        ("GNULDNAHEB", 2.7),
        ("B3H4NDLUNG", 2.7),
        ("gnuldnaHEB", 3.2),
        ("xkbehandlung", 4.2),
        ("Xk", 2.2),
        ("qwertqwert", 2.9),
        ("xqwertz", 3.2),
    ],
)
def test_pieces_are_found_wherever_they_stand(text, expected):
    assert cost(text) == expected
