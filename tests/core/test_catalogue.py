# SPDX-License-Identifier: MPL-2.0
"""The catalogue: every code of the year is there unchanged, and found with few letters."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import Sex
from arkanum.core.catalogue import Catalogue, Usage, spelled
from arkanum.core.catalogue.files import shipped
from arkanum.core.catalogue.tables import Table
from tests.core.catalogue_rows import row


def found(catalogue, text, limit=20):
    return [code.code for code in catalogue.search(text, limit)]


def hinted(catalogue, code, **known):
    return [hint.code for hint in catalogue.hints(code, **known)]


def test_the_shipped_catalogue_is_complete_and_names_its_source(catalogue):
    assert catalogue.year == 2023
    assert len(catalogue) == 16_755
    assert catalogue.source.startswith("ICD-10-GM Version 2023, abgeleitetes Format.")
    assert "Bundesinstituts fuer Arzneimittel und Medizinprodukte (BfArM)" in catalogue.source


def test_the_shipped_file_is_the_derived_table_unchanged(foreign_files):
    (ours,) = shipped().glob("*.gz")

    theirs = foreign_files / "catalogues" / "icd10gm-2023-derived.tsv.gz"

    assert gzip.decompress(ours.read_bytes()) == gzip.decompress(theirs.read_bytes())


def small(*rows):
    """Return a catalogue of few rows, made while the test runs."""
    return Catalogue(Table(year=2024, source="Quelle", rows=rows))


def test_a_catalogue_is_what_its_table_says():
    one = small(row("A00.1", label="Herzstein"), row("A00", terminal="N", icd_code="A00.-", label="Steine"))

    assert (one.year, one.source, len(one)) == (2024, "Quelle", 2)
    assert one.by_code("a00").shown == "A00.-"
    assert [child.code for child in one.children("A00")] == ["A00.1"]
    assert found(one, "a0") == found(one, "A00") == ["A00.1", "A00"]
    assert found(one, "herzstein") == ["A00.1"]
    assert found(one, "stein") == ["A00", "A00.1"]
    assert found(one, "zst") == ["A00.1"]
    assert found(one, "zs") == []
    assert found(one, "krankheit") == []


def test_usable_codes_come_before_groups_and_free_numbers_short_texts_before_long_ones():
    one = small(
        row("A00", terminal="N", label="Stein"),
        row("A01.0", code_with_content="N", label="Stein frei"),
        row("A02.1", label="Stein im Nierenbecken"),
        row("A02.0", label="Stein im Nierenbecken"),
        row("A03.0", label="Stein, lang"),
    )

    assert found(one, "stein") == ["A03.0", "A02.0", "A02.1", "A00", "A01.0"]


def test_words_at_the_edges_of_the_index_are_found_inside_too():
    one = small(row("A00.0", label="Aabbb"), row("A00.1", label="Zzyyy"))

    assert found(one, "bbb") == ["A00.0"]
    assert found(one, "yyy") == ["A00.1"]
    assert found(one, "aab") == ["A00.0"]


def test_a_code_knows_what_the_catalogue_says(catalogue):
    code = catalogue.by_code("N40")

    assert code.text == "Prostatahyperplasie"
    assert (code.code, code.shown) == ("N40", "N40")
    assert code.terminal
    assert code.usage is Usage.PRIMARY
    assert code.sex is Sex.M
    assert (code.age_min, code.age_max) == (30, 124)
    assert (code.rare, code.has_content, code.notifiable) == (False, True, False)


def test_ages_in_days_are_those_of_a_child_of_no_years(catalogue):
    assert catalogue.by_code("P07.3").age_min is None or catalogue.by_code("P07.3").age_min == 0
    assert catalogue.by_code("E12.50").age_min == 0
    assert catalogue.by_code("E12.50").age_max == 124


@pytest.mark.parametrize("typed", ["J06.9", "j06.9", "J069", "j069", "J06.9!", "J06.9-"])
def test_a_code_is_found_however_it_is_spelled(catalogue, typed):
    assert catalogue.by_code(typed).code == "J06.9"


@pytest.mark.parametrize("typed", ["", "J06.7", "grippe", "J", "J06.99", "J06.9 G", "٣٠٦"])
def test_what_the_catalogue_does_not_have_is_no_code(catalogue, typed):
    assert catalogue.by_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a17.0+", "A17.0"),
        ("A17.0†", "A17.0"),
        ("d63.0*", "D63.0"),
        ("B95.4-!", "B95.4"),
        ("J06.-", "J06"),
        ("m5440", "M54.40"),
    ],
)
def test_marks_of_the_printed_book_are_no_part_of_the_code(typed, code):
    assert spelled(typed) == code


@pytest.mark.parametrize("text", ["", "J6", "J0", "JJ6", "J06..9", "J06.999", "x J06", "J06 x", "Grippe"])
def test_other_texts_spell_no_code(text):
    assert spelled(text) is None


def test_a_group_has_terminal_children_in_their_order(catalogue):
    assert [code.code for code in catalogue.children("J06")] == ["J06.0", "J06.8", "J06.9"]
    assert [code.code for code in catalogue.children("A00")] == ["A00.0", "A00.1", "A00.9"]
    assert all(code.terminal for code in catalogue.children("E10"))
    assert catalogue.children("J06.9") == ()
    assert catalogue.children("J06.7") == ()


@pytest.mark.parametrize("typed", ["j06", "J06", " J06. ", "J06.-"])
def test_the_beginning_of_a_code_finds_its_codes_and_the_group_last(catalogue, typed):
    assert found(catalogue, typed) == ["J06.0", "J06.8", "J06.9", "J06"]


def test_a_letter_and_a_digit_are_the_beginning_of_a_code(catalogue):
    hits = found(catalogue, "j0", limit=100)

    assert hits[0] == "J00"
    assert {hit[:2] for hit in hits} == {"J0"}


def test_one_letter_is_the_beginning_of_words(catalogue):
    assert all("x" in code.text.lower() for code in catalogue.search("x"))


def test_what_looks_like_a_code_but_is_none_is_a_word(catalogue):
    assert found(catalogue, "b12")[0] == "D51.8"


@pytest.mark.parametrize("typed", ["akute bronchitis", "bronchitis akute", "AKUT BRONCH", "  akut,  bronch "])
def test_all_words_must_begin_a_word_in_any_order(catalogue, typed):
    hits = catalogue.search(typed, 100)

    assert "J20.9" in {hit.code for hit in hits}
    assert all("bronch" in hit.text.lower() and "akut" in hit.text.lower() for hit in hits)


@pytest.mark.parametrize(
    "typed", ["Hämatom der Milz", "haematom der milz", "hamatom milz", "HÄMATOM MILZ", "ha\u0308matom milz"]
)
def test_umlauts_are_found_both_ways(catalogue, typed):
    assert found(catalogue, typed)[0] == "S36.01"


@pytest.mark.parametrize("typed", ["äußere fußränder", "aeussere fussraender", "AUSSERE FUSSRANDER"])
def test_sharp_s_is_found_both_ways(typed):
    one = small(row(label="Äußere Fußränder"), row("A00.1"))

    assert found(one, typed) == ["A00.0"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("akute cystitis", "N30.0"),
        ("akute zystitis", "N30.0"),
        ("carcinoma in situ auge", "D09.2"),
        ("karzinoma in situ auge", "D09.2"),
        ("coeliakie", "K90.0"),
        ("cöliakie", "K90.0"),
        ("caekum", "C18.0"),
        ("apendix cancer", None),
        ("hepatitis c", "B17.1"),
    ],
)
def test_latin_and_german_spelling_meet(catalogue, typed, code):
    assert (code in found(catalogue, typed, 100)) is (code is not None)


@pytest.mark.parametrize(
    "word", ["carcinoma", "zystitis", "cystitis", "bronchitis", "becken", "actinomykose", "sclerose"]
)
def test_every_beginning_of_a_word_from_four_letters_on_finds_it(catalogue, word):
    whole = set(found(catalogue, word, 1000))

    assert whole
    for length in range(4, len(word)):
        assert whole <= set(found(catalogue, word[:length], 20_000))


def test_a_part_of_a_compound_is_found_after_the_beginnings(catalogue):
    hits = catalogue.search("insuffizienz niere", 100)
    texts = [hit.text.lower() for hit in hits]

    assert "niereninsuffizienz" in " ".join(texts)
    begins = [" insuffizienz" in f" {text}" for text in texts]
    assert begins == sorted(begins, reverse=True)


def test_fewer_parts_of_compounds_come_before_more():
    one = small(
        row("A00.0", label="Zwei Teile: Rechtsherzschwäche"),
        row("A00.1", label="Ein Teil von zweien, dafür recht lang: Herz und Nierenschwäche"),
        row("A00.2", label="Kein Teil von zweien, und noch länger als alle anderen: Herz und Niere der Schwäche"),
        row("A00.3", label="Nur Schwäche"),
    )

    assert found(one, "herz schwäche") == ["A00.2", "A00.1", "A00.0"]
    assert found(one, "herz schwäche", limit=2) == ["A00.2", "A00.1"]
    assert found(one, "herz schwäche", limit=1) == ["A00.2"]


def test_two_letters_are_not_looked_for_inside_of_words(catalogue):
    assert all(
        any(word.startswith("ox") for word in hit.text.lower().replace("-", " ").split())
        for hit in catalogue.search("ox", 100)
    )


def test_terminal_codes_come_first_then_short_texts(catalogue):
    hits = catalogue.search("diabetes", 100)

    order = [(not hit.terminal, len(hit.text)) for hit in hits]
    assert order == sorted(order)


def test_numbers_that_are_kept_free_come_last(catalogue):
    assert not catalogue.search("nicht belegte", 1)[0].has_content
    assert [hit for hit in catalogue.search("nicht", 500) if not hit.has_content] == []


def test_a_code_and_a_word_together_narrow_down(catalogue):
    assert found(catalogue, "e11.0 entgleist") == ["E11.01"]
    assert found(catalogue, "koma e11") == ["E11.01", "E11.0"]


def test_a_limit_is_kept(catalogue):
    assert len(catalogue.search("krankheit", 7)) == 7
    assert len(catalogue.search("e1", 7)) == 7
    assert len(catalogue.search("krankheit")) == 20


@pytest.mark.parametrize("typed", ["", "  ", "-", "qqqq", "grippe qqqq", "!!"])
def test_nothing_is_found_for_nothing(catalogue, typed):
    assert catalogue.search(typed) == []


@given(st.text(max_size=30))
def test_no_text_breaks_the_search(catalogue, text):
    assert len(catalogue.search(text)) <= 20


@given(st.data())
def test_a_code_is_found_by_the_words_of_its_text_in_any_order(catalogue, data):
    code = catalogue.by_code(
        data.draw(st.sampled_from(["J06.9", "I10.90", "M54.4", "K29.7", "F32.1", "S52.50", "Z96.6"]))
    )
    words = data.draw(st.permutations(code.text.split()))

    assert code in catalogue.search(" ".join(words), 200)


def test_a_code_without_peculiarities_has_no_hints(catalogue):
    assert hinted(catalogue, "J06.9", sex=Sex.W, age=61) == []
    assert hinted(catalogue, "J06.7", sex=Sex.W, age=61) == []


@pytest.mark.parametrize(("sex", "hints"), [(Sex.W, ["sex"]), (Sex.M, []), (Sex.D, []), (Sex.X, []), (None, [])])
def test_a_code_of_the_other_sex_is_hinted_at(catalogue, sex, hints):
    assert hinted(catalogue, "N40", sex=sex) == hints


def test_the_hint_names_the_sex_that_fits(catalogue):
    (hint,) = catalogue.hints("N40", Sex.W)

    assert hint.text == "N40 passt sonst nur zum Geschlecht männlich."


@pytest.mark.parametrize(("age", "hints"), [(29, ["age"]), (30, []), (90, []), (None, [])])
def test_a_code_before_its_age_is_hinted_at(catalogue, age, hints):
    assert hinted(catalogue, "N40", sex=Sex.M, age=age) == hints


@pytest.mark.parametrize(("age", "hints"), [(0, []), (124, []), (125, ["age"])])
def test_a_code_after_its_age_is_hinted_at(catalogue, age, hints):
    assert [hint for hint in hinted(catalogue, "E12.50", age=age) if hint == "age"] == hints


def test_the_hint_names_the_age_that_fits(catalogue):
    early = catalogue.hints("N40", age=3)
    late = catalogue.hints("E12.50", age=130)

    assert early[0].text == "N40 ist vor dem Alter von 30 Jahren ungewöhnlich."
    assert late[0].text == "E12.50 ist nach dem Alter von 124 Jahren ungewöhnlich."


@pytest.mark.parametrize(
    ("code", "hint", "text"),
    [
        ("E12.50", "rare", "E12.50 ist in Mitteleuropa sehr selten."),
        ("A01.0", "notifiable", "A01.0 kann meldepflichtig sein (Infektionsschutzgesetz)."),
        ("U13.0", "no_content", "U13.0 ist im Katalog nicht mit Inhalt belegt."),
    ],
)
def test_what_the_catalogue_marks_is_hinted_at(catalogue, code, hint, text):
    assert (hint, text) in [(each.code, each.text) for each in catalogue.hints(code)]


@pytest.mark.parametrize(("code", "shown"), [("D63.0", "D63.0*"), ("B95.0", "B95.0!")])
def test_a_code_that_cannot_stand_alone_needs_a_primary_one(catalogue, code, shown):
    (hint,) = catalogue.hints(code)

    assert hint.code == "needs_primary"
    assert hint.text == f"{shown} braucht daneben eine Hauptdiagnose (Primärkode)."
    assert hinted(catalogue, code, beside=["J06.9"]) == []
    assert hinted(catalogue, code, beside=["J06.7", "B95.1", "J06"]) == ["needs_primary"]
