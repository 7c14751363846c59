# SPDX-License-Identifier: MPL-2.0
"""Names in one spelling, in all their spellings, and by ear."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core.names import cologne, colognes, fold, tokens, variants

GERMAN = string.ascii_lowercase + "äöüß"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Müller", "mueller"),
        ("MU\u0308LLER", "mueller"),
        ("Groß", "gross"),
        ("GROẞ", "gross"),
        ("Müller-Lüdenscheidt", "mueller luedenscheidt"),
        ("Şahin", "sahin"),
        ("Yıldız", "yildiz"),
        ("İbrahim", "ibrahim"),
        ("Nguyễn Thị Hương", "nguyen thi huong"),
        ("Đặng", "dang"),
        ("Łukasz Wałęsa", "lukasz walesa"),
        ("Jürgensen-Sørensen", "juergensen soerensen"),
        ("Zoë André", "zoe andre"),
        ("Erdős", "erdoes"),
        ("O'Neill", "oneill"),
        ("O\u2019Neill", "oneill"),
        ("O\u00b4Neill", "oneill"),
        ("  von  der _ Tann. ", "von der tann"),
        ("Иванов", "иванов"),
        ("ﬁnk ℡", "fink tel"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_name_folds_to_the_spelling_of_german_lists(name, folded):
    assert fold(name) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    once = fold(text)

    assert fold(once) == once


@given(st.text())
def test_a_folded_text_has_words_parted_by_one_blank(text):
    folded = fold(text)

    assert folded == " ".join(folded.split())


@pytest.mark.parametrize("name", ["Müller", "Mueller", "Muller"])
@pytest.mark.parametrize("typed", ["müller", "mueller", "muller"])
def test_each_spelling_of_an_umlaut_meets_each_other(name, typed):
    assert set(variants(fold(name))) & set(variants(fold(typed)))


@given(st.text(GERMAN, min_size=1))
def test_a_name_meets_itself_without_its_umlaut_dots(name):
    bare = name.translate(str.maketrans("äöü", "aou"))
    # Only bare sounds that look like an umlaut of their own are another matter.
    if not any(pair in fold(bare) for pair in ("ae", "oe", "ue")) and not any(two in name for two in _TWO_SOUNDS):
        assert fold(bare) in variants(fold(name))


_TWO_SOUNDS = [before + umlaut for before in "aeoqäöü" for umlaut in "äöü"]


@pytest.mark.parametrize(
    "word", ["bauer", "neuer", "enrique", "michael", "raphaela", "samuel", "manuel", "joel", "koch"]
)
def test_two_sounds_are_not_taken_for_an_umlaut(word):
    assert variants(word) == (word,)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Müller", ("mueller",)),
        ("Anna-Lena", ("anna", "lena", "annalena")),
        ("Karl Heinz", ("karl", "heinz", "karlheinz")),
        ("O'Neill", ("oneill", "o", "neill")),
        ("d’Angelo-Weiß", ("dangelo", "weiss", "d", "angelo", "dangeloweiss")),
        ("von und zu der Tann", ("von", "und", "zu", "der", "tann", "vonundzudertann")),
        ("", ()),
        (" - ", ()),
    ],
)
def test_a_name_is_found_by_its_words_and_by_all_of_them_as_one(name, words):
    assert tokens(name) == words
    assert tokens(name, fold(name)) == words


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("Müller-Lüdenscheidt", "65752682"),
        ("Wikipedia", "3412"),
        ("Breschnew", "17863"),
        ("Müller", "657"),
        ("Mueller", "657"),
        ("Maier", "67"),
        ("Meyer", "67"),
        ("Philipp", "351"),
        ("Filip", "351"),
        ("Schmidt", "862"),
        ("Schmitt", "862"),
        ("Claus", "458"),
        ("Klaus", "458"),
        ("Cäsar", "487"),
        ("Celik", "854"),
        ("Asche", "08"),
        ("Scholz", "858"),
        ("Buchs", "148"),
        ("Max", "648"),
        ("Fuchsx", "34848"),
        ("Jacx", "048"),
        ("Tschüss", "88"),
        ("Anna", "06"),
        ("Hahn", "06"),
        ("Иванов", ""),
        ("2", ""),
        ("", ""),
    ],
)
def test_a_name_sounds_as_the_cologne_phonetics_say(name, sound):
    assert cologne(name) == sound


@given(st.lists(st.text(GERMAN + string.digits)))
def test_many_words_sound_as_one_by_one(words):
    folded = [fold(word) for word in words]

    assert colognes(folded) == [cologne(word) for word in words]
