# SPDX-License-Identifier: MPL-2.0
"""Who is found, by what, in which order, and why."""

import pytest

from arkanum.core.patients import BirthDate
from arkanum.guard.directory import ENOUGH_HITS, MOST_HITS, Directory
from arkanum.guard.directory_match import BY_INSURANCE, BY_NUMBER, BY_PHONE, BY_SLIP, BY_VAGUE_BIRTH
from tests.guard.directory_cards import PRACTICE, card

MULLERS = ["Müller Anna", "Mueller Bernd", "Muller Carl"]


@pytest.fixture(params=["at once", "one by one"])
def practice(request):
    directory = Directory()
    if request.param == "at once":
        directory.replace(PRACTICE)
    else:
        for patient in PRACTICE:
            directory.put(patient)
    return directory


def found(directory, text, *, literal=True):
    return [f"{hit.card.last} {hit.card.first}" for hit in directory.search(text) if (hit.why is None) is literal]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("müller", MULLERS),
        ("MUELLER", MULLERS),
        ("Muller", MULLERS),
        ("mül", MULLERS),
        ("muel", MULLERS),
        ("mul", MULLERS),
        ("mue", MULLERS[:2]),
        ("mu", [*MULLERS[:2], "Muller Carl", "Munk Dora"]),
        ("anna mül", ["Müller Anna"]),
        ("mül anna", ["Müller Anna"]),
        ("Müller, Anna", ["Müller Anna"]),
        ("Frau Dr. Müller", MULLERS),
        ("michael", ["Hahn Michael"]),
        ("michal", ["Michalski Jan"]),
        ("o'neill", ["Oneill Kate", "O'Neill Sean"]),
        ("oneill", ["Oneill Kate", "O'Neill Sean"]),
        ("o neill", ["Oneill Kate", "O'Neill Sean"]),
        ("neill", ["O'Neill Sean"]),
        ("von und zu der Tann-Öttinger", ["Tann-Öttinger Ute"]),
        ("ottinger", ["Tann-Öttinger Ute"]),
        ("oettinger ute", ["Tann-Öttinger Ute"]),
        ("tannött", ["Tann-Öttinger Ute"]),
        ("freifrau", ["Tann-Öttinger Ute"]),
        ("sahin ayse", ["Şahin Ayşe"]),
        ("ŞAHİN", ["Şahin Ayşe"]),
        ("nguyen huong", ["Nguyễn Thị Hương"]),
        ("lukasz wal", ["Wałęsa Łukasz"]),
        ("vandenberg", ["Berg Piet"]),
        ("van den berg", ["Berg Piet"]),
        ("karlheinz", ["Mayr Karlheinz", "Meyer Karl-Heinz"]),
        ("karl heinz", ["Mayr Karlheinz", "Meyer Karl-Heinz"]),
        ("gross", ["Groß Zoë"]),
        ("groß zoe", ["Groß Zoë"]),
        ("lü", ["Lu Wei", "Lü Bo"]),
        ("lu", ["Lu Wei", "Lü Bo", "Wałęsa Łukasz"]),
        ("max herr", ["Herr Max"]),
        ("herr", ["Herr Max"]),
        ("müller müller", MULLERS),
        ("müller munk", []),
    ],
)
def test_a_name_is_found_by_its_parts_in_any_order_and_spelling(practice, typed, names):
    assert found(practice, typed) == names


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("3.4.65", ["Müller Anna"]),
        ("03.04.1965", ["Müller Anna"]),
        ("03041965", ["Müller Anna"]),
        ("030465", ["Müller Anna"]),
        ("3.4.", MULLERS[:2]),
        ("3.", MULLERS[:2]),
        ("4.1965", ["Hahn Michael", "Müller Anna", "Muller Carl"]),
        ("1965", ["Hahn Michael", "Michalski Jan", "Müller Anna", "Muller Carl"]),
        ("muel 65", ["Müller Anna", "Muller Carl"]),
        ("65 muel", ["Müller Anna", "Muller Carl"]),
        ("oneill 03", ["Oneill Kate", "O'Neill Sean"]),
        ("munk 1312", ["Munk Dora"]),
        ("munk 13122003", ["Munk Dora"]),
        ("munk 3.4.65", []),
        ("müller 3.4.65", ["Müller Anna"]),
        ("29.2.2000", ["Meyer Karl-Heinz"]),
        ("1.1.03", ["Oneill Kate", "O'Neill Sean"]),
        ("31.2.2000", []),
    ],
)
def test_a_birth_date_is_found_in_any_usual_form_alone_and_with_a_name(practice, typed, names):
    assert found(practice, typed) == names


@pytest.mark.parametrize(
    ("typed", "why", "names"),
    [
        ("1", BY_NUMBER, ["Müller Anna"]),
        ("12", BY_NUMBER, ["Mueller Bernd"]),
        ("120", BY_NUMBER, ["Muller Carl", "Munk Dora"]),
        ("471", BY_NUMBER, ["Hahn Michael", "Michalski Jan"]),
        ("00471", BY_NUMBER, ["Hahn Michael", "Michalski Jan"]),
        ("P-123", BY_NUMBER, ["Şahin Ayşe"]),
        ("p123", BY_NUMBER, ["Şahin Ayşe"]),
        ("0", BY_NUMBER, []),
        ("A123456780", BY_INSURANCE, ["Müller Anna"]),
        ("a 123 456 780", BY_INSURANCE, ["Müller Anna"]),
        ("t2223", BY_INSURANCE, ["Şahin Ayşe"]),
        ("0221 4711", BY_PHONE, ["Müller Anna"]),
        ("+49 221-471", BY_PHONE, MULLERS[:2]),
        ("0049221471", BY_PHONE, MULLERS[:2]),
        ("0151/23456", BY_PHONE, ["Muller Carl"]),
        ("471100", BY_PHONE, ["Muller Carl"]),
        ("345678", BY_PHONE, ["Muller Carl"]),
        ("345679", BY_PHONE, []),
    ],
)
def test_a_number_is_found_and_the_hit_says_which_it_was(practice, typed, why, names):
    assert [(f"{hit.card.last} {hit.card.first}", hit.why) for hit in practice.search(typed)] == [
        (name, why) for name in names
    ]


def test_a_name_and_a_number_must_both_fit(practice):
    assert found(practice, "müller 12", literal=False) == ["Mueller Bernd"]
    assert found(practice, "munk 4711", literal=False) == []


@pytest.mark.parametrize(
    ("typed", "last", "why"),
    [
        ("Maier", "Meyer", "klingt wie Maier"),
        ("maier", "Mayr", "klingt wie maier"),
        ("Mühler", "Müller", "klingt wie Mühler"),
        ("Schmitt", "Schmidt", "klingt wie Schmitt"),
        ("Mülelr", "Müller", BY_SLIP),
        ("Mnuk", "Munk", BY_SLIP),
        ("Kaztenmeier", "Katzenmeier", BY_SLIP),
        ("Fatzenmeier", "Katzenmeier", BY_SLIP),
        ("Bertg Piet", "Berg", BY_SLIP),
        ("Schmidt Manuwl", "Schmidt", BY_SLIP),
    ],
)
def test_a_misheard_or_mistyped_name_is_found_with_a_reason(practice, typed, last, why):
    reasons = {hit.card.last: hit.why for hit in practice.search(typed)}

    assert reasons[last] == why


def test_a_name_that_only_has_the_same_code_does_not_sound_alike(practice):
    directory = Directory()
    directory.replace([card("Mohr", id_=1), card("Neher", id_=2), card("Mayr", id_=3)])

    assert found(directory, "maier", literal=False) == ["Mayr "]


@pytest.mark.parametrize("typed", ["y", "xy", "qqqq", "ё", "ooo"])
def test_what_nothing_resembles_finds_nothing(practice, typed):
    assert practice.search(typed) == []


def test_a_birth_date_that_is_only_roughly_known_comes_after_the_literal_hits(practice):
    hits = [(hit.card.last, hit.why) for hit in practice.search("3.4.1965")]

    assert hits == [("Müller", None), ("Hahn", BY_VAGUE_BIRTH), ("Michalski", BY_VAGUE_BIRTH)]


def test_similar_names_are_left_out_when_there_are_enough_literal_hits():
    directory = Directory()
    directory.replace([card("Maier", f"{n:02}", id_=n) for n in range(ENOUGH_HITS)] + [card("Meyer", id_=99)])

    assert {hit.card.last for hit in directory.search("maier")} == {"Maier"}


def test_similar_names_come_after_the_literal_ones():
    directory = Directory()
    directory.replace([card("Maier", id_=1), card("Abele", "Meier", id_=2), card("Meyer", id_=3)])

    assert [hit.card.last for hit in directory.search("maier")] == ["Maier", "Abele", "Meyer"]


def test_hits_stand_in_the_order_of_german_lists():
    lasts = ["Muck", "Mueller", "Müller", "Müller-Au", "Muhr", "Mull", "Muller"]
    directory = Directory()
    directory.replace([card(last, id_=n) for n, last in enumerate(reversed(lasts))])

    assert [hit.card.last for hit in directory.search("mu")] == lasts


def test_namesakes_stand_by_first_name_prefix_birth_and_number():
    directory = Directory()
    order = [
        card("Abel", "Ada", id_=7, number="9"),
        card("Abel", "Ada", id_=6, birth="1.1.1950", number="1"),
        card("Abel", "Ada", id_=5, birth="1.1.1950", number="2"),
        card("Abel", "Ada", id_=4, birth="1.1.1951"),
        card("Abel", "Ada", id_=3, prefix="von"),
        card("Abel", "Änne", id_=2),
        card("Abel", "Al", id_=1),
    ]
    directory.replace(reversed(order))

    assert [hit.card.patient.int for hit in directory.search("abel")] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(("limit", "hits"), [(-1, 0), (0, 0), (1, 1), (7, 7), (50, 50), (1_000, MOST_HITS)])
def test_there_are_never_more_hits_than_asked_for_nor_than_fifty(limit, hits):
    directory = Directory()
    directory.replace([card("Maier", f"{n:03}", id_=n) for n in range(200)])

    assert [hit.card.first for hit in directory.search("m", limit)] == [f"{n:03}" for n in range(hits)]


def test_the_patient_of_that_very_number_is_shown_among_many_of_that_year():
    directory = Directory()
    many = [card("Adam", f"{n:03}", id_=n, birth=BirthDate(year=1965)) for n in range(100)]
    directory.replace([*many, card("Zander", id_=500, number="1965")])

    hits = directory.search("1965")

    assert [hit.card.first for hit in hits] == [*(f"{n:03}" for n in range(49)), ""]
    assert (hits[-1].card.last, hits[-1].why) == ("Zander", BY_NUMBER)


def test_a_title_alone_is_searched_as_a_name():
    directory = Directory()
    directory.replace([card("Drescher", id_=1), card("Adam", title="Dr.", id_=2)])

    assert found(directory, "dr") == ["Drescher "]


def test_an_empty_directory_finds_nothing():
    assert Directory().search("müller 1965") == []
    assert Directory().search("") == []
