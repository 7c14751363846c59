# SPDX-License-Identifier: MPL-2.0
"""One line writes anything into the chart, and every content can be written back as its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import (
    Caution,
    Certainty,
    Content,
    Diagnosis,
    EntryKind,
    Finding,
    Foreign,
    History,
    Medication,
    Note,
    ShorthandError,
    Side,
    Therapy,
    kind_of,
)
from arkanum.core.shorthand import KEYS, line_of, parse_line
from tests.core.strategies import words


@pytest.fixture
def read(catalogue, today):
    """Read a line."""
    return lambda line: parse_line(line, catalogue, today)


@pytest.fixture
def refusal(read):
    """Read a line that must be refused; return reason, place and sentence."""

    def refuse(line):
        with pytest.raises(ShorthandError) as refused:
            read(line)
        assert str(refused.value) == refused.value.code
        return refused.value.code, refused.value.position, refused.value.german

    return refuse


# --- every kind of line -----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("b Lunge frei", Finding(text="Lunge frei")),
        ("  B   Lunge  frei ", Finding(text="Lunge  frei")),
        ("b Lunge frei\nHerz rein", Finding(text="Lunge frei\nHerz rein")),
        ("t Ruhe, Tee", Therapy(text="Ruhe, Tee")),
        ("a Husten seit drei Tagen", History(text="Husten seit drei Tagen")),
        ('n "ruft" an', Note(text='"ruft" an')),
        ("c Penicillin", Caution(text="Penicillin")),
        ("c allergie Penicillin", Caution(text="Penicillin", allergy=True)),
        ("C Allergie Penicillin", Caution(text="Penicillin", allergy=True)),
        ('c "allergie unklar"', Caution(text="allergie unklar")),
        ('c allergie "allergie"', Caution(text="allergie", allergy=True)),
    ],
)
def test_a_letter_says_what_a_text_is(read, line, content):
    assert read(line) == content


@pytest.mark.parametrize("letter", KEYS)
def test_every_letter_alone_is_asked_for_more(refusal, letter):
    code, position, german = refusal(letter)

    assert (code, position) == ("empty", 1)
    assert german.startswith("Hier fehl")


@pytest.mark.parametrize(
    ("line", "position"), [("", 0), ("   ", 0), ("  x Lunge", 2), ("befund Lunge", 0), ("dJ06.9", 0)]
)
def test_a_line_without_its_letter_is_refused_with_all_letters(refusal, line, position):
    assert refusal(line) == (
        "unknown_key",
        position,
        (
            "Die Zeile beginnt mit einem Kürzel: d Diagnose, b Befund, t Therapie, a Anamnese, m Medikation, n Notiz, "
            "c CAVE, v Vitalwerte."
        ),
    )


def test_an_empty_text_is_asked_for_by_its_name(refusal):
    assert refusal("b  ") == ("empty", 3, "Hier fehlt der Text: Befund.")
    assert refusal("c allergie") == ("empty", 10, "Hier fehlt, wovor gewarnt werden soll.")
    assert refusal('c ""')[0] == "empty"


def test_foreign_content_has_no_line():
    with pytest.raises(ShorthandError) as refused:
        line_of(Foreign(label="Kürzel", field="6330", text="x"))

    assert refused.value.code == "foreign"
    assert refused.value.position == 0
    assert refused.value.german == "Übernommene Inhalte lassen sich nicht als Zeile schreiben."


@given(st.sampled_from([Finding, Therapy, History, Note]), words)
def test_a_text_is_read_back_from_its_line(catalogue_and_day, kind, text):
    content = kind(text=text)

    assert parse_line(line_of(content), *catalogue_and_day) == content


def test_a_caution_that_looks_like_a_keyword_is_quoted():
    assert line_of(Caution(text="Penicillin", allergy=True)) == "c allergie Penicillin"
    assert line_of(Caution(text="allergie")) == 'c "allergie"'
    assert line_of(Caution(text="allergie unklar")) == 'c "allergie unklar"'


@given(words, st.booleans())
def test_a_caution_is_read_back_from_its_line(catalogue_and_day, text, allergy):
    content = Caution(text=text, allergy=allergy)

    assert parse_line(line_of(content), *catalogue_and_day) == content


@pytest.fixture(scope="module")
def catalogue_and_day(catalogue):
    """What reading a line needs, for tests that hypothesis repeats."""
    return catalogue, date(2026, 11, 23)


PIECES = [
    *"dbtamncvGVAZRLB",
    "J06.9",
    "j069",
    "J06",
    "dauer",
    "allergie",
    "Ramipril",
    "1-0-1",
    "bei",
    "Bedarf",
    "seit",
    "bis",
    "3.4.24",
    "31.2.24",
    "wegen",
    "dosis",
    "pzn",
    "01234562",
    "rr",
    "135/85",
    "t",
    "37,8",
    '"',
    '"V"',
    '""',
    "\n",
]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)))
def test_a_line_is_understood_or_refused_and_says_the_same_when_written_back(catalogue_and_day, line):
    try:
        content = parse_line(line, *catalogue_and_day)
    except ShorthandError as refused:
        where, why = refused.position, refused.german
    else:
        where, why = 0, "understood"
        assert parse_line(line_of(content), *catalogue_and_day) == content
        assert parse_line(line_of(content, catalogue_and_day[0]), *catalogue_and_day) == content
    assert 0 <= where <= len(line)
    assert why.strip()


@pytest.mark.parametrize("letter", KEYS)
def test_a_letter_makes_its_kind(read, letter):
    rest = {"d": "J06.9", "v": "p 72"}.get(letter, "Wort")

    assert kind_of(read(f"{letter} {rest}")) is KEYS[letter]


def test_every_kind_but_foreign_has_a_letter():
    assert set(KEYS.values()) == set(EntryKind) - {EntryKind.FOREIGN}


# --- diagnoses --------------------------------------------------------------------

COLD = "Akute Infektion der oberen Atemwege, nicht näher bezeichnet"


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("d J06.9", Diagnosis(code="J06.9", text=COLD)),
        ("d j069", Diagnosis(code="J06.9", text=COLD)),
        ("d J06.9!", Diagnosis(code="J06.9", text=COLD)),
        ("d J06.9 G R dauer", Diagnosis(code="J06.9", text=COLD, side=Side.R, permanent=True)),
        ("d J06.9 dauer l z", Diagnosis(code="J06.9", text=COLD, certainty=Certainty.Z, side=Side.L, permanent=True)),
        ("d V J06.9 B", Diagnosis(code="J06.9", text=COLD, certainty=Certainty.V, side=Side.B)),
        ("d A dauer J06.9", Diagnosis(code="J06.9", text=COLD, certainty=Certainty.A, permanent=True)),
        ("d J06.9 grippaler Infekt", Diagnosis(code="J06.9", text="grippaler Infekt")),
        (
            "d J06.9 v grippaler  Infekt dauer",
            Diagnosis(code="J06.9", text="grippaler  Infekt", certainty=Certainty.V, permanent=True),
        ),
        ("d J06.9 R grippaler V Infekt", Diagnosis(code="J06.9", text="grippaler V Infekt", side=Side.R)),
        ("d akute bronchitis", Diagnosis(text="akute bronchitis")),
        ("d V akute Bronchitis", Diagnosis(text="akute Bronchitis", certainty=Certainty.V)),
        (
            "d V L dauer Schulterschmerz",
            Diagnosis(text="Schulterschmerz", certainty=Certainty.V, side=Side.L, permanent=True),
        ),
        ("d Diabetes dauer", Diagnosis(text="Diabetes", permanent=True)),
        ("d v akute Bronchitis", Diagnosis(text="v akute Bronchitis")),
        ("d hepatitis a", Diagnosis(text="hepatitis a")),
        ('d "Hepatitis A"', Diagnosis(text="Hepatitis A")),
        ('d "Hepatitis A" dauer', Diagnosis(text="Hepatitis A", permanent=True)),
        ('d V "J06.9"', Diagnosis(text="J06.9", certainty=Certainty.V)),
        ('d "B12 Mangel"', Diagnosis(text="B12 Mangel")),
        ('d sagt "Grippe"', Diagnosis(text='sagt "Grippe"')),
        ('d "er sagt ""Grippe"""', Diagnosis(text='er sagt "Grippe"')),
        ('d "offen', Diagnosis(text='"offen')),
    ],
)
def test_a_diagnosis_is_read_with_its_letters(read, line, content):
    assert read(line) == content


def test_a_letter_at_the_end_of_a_text_is_asked_back_never_guessed(refusal):
    assert refusal("d Hepatitis A") == (
        "last_letter",
        12,
        'Heißt „A“ hier „Ausschluss von“? Dann bitte vor den Text: d A Hepatitis. Gehört es zum Text: d "Hepatitis A".',
    )
    assert refusal("d chronisch aktive Hepatitis A") == (
        "last_letter",
        29,
        (
            "Heißt „A“ hier „Ausschluss von“? Dann bitte vor den Text: d A chronisch aktive Hepatitis. "
            'Gehört es zum Text: d "chronisch aktive Hepatitis A".'
        ),
    )
    assert refusal("d M75.4 Knie R") == (
        "last_letter",
        13,
        'Heißt „R“ hier „rechts“? Dann bitte vor den Text: d M75.4 R Knie. Gehört es zum Text: d M75.4 "Knie R".',
    )


def test_what_the_question_offers_is_understood(read):
    assert read("d A Hepatitis") == Diagnosis(text="Hepatitis", certainty=Certainty.A)
    assert read('d M75.4 "Knie R"') == Diagnosis(code="M75.4", text="Knie R")


@pytest.mark.parametrize(
    ("line", "position", "what"),
    [
        ("d J06.9 G V", 10, "Die Sicherheit"),
        ("d V J06.9 V", 10, "Die Sicherheit"),
        ("d J06.9 R L", 10, "Die Seite"),
        ("d R L Knie", 4, "Die Seite"),
        ("d dauer Knie dauer", 13, "„dauer“"),
        ("d dauer Knie und Hüfte dauer", 23, "„dauer“"),
    ],
)
def test_nothing_is_said_twice(refusal, line, position, what):
    assert refusal(line) == ("twice", position, f"{what} steht zweimal in der Zeile.")


@pytest.mark.parametrize(("line", "position"), [("d", 1), ("d  ", 3), ("d V dauer", 9), ('d ""', 2), ('d V ""', 4)])
def test_a_diagnosis_without_code_and_text_is_refused(refusal, line, position):
    assert refusal(line) == ("empty", position, "Hier fehlt die Diagnose: ein Kode wie J06.9 oder ein Text.")


@pytest.mark.parametrize(
    ("line", "position", "code", "choices"),
    [
        ("d j06", 2, "J06", ["J06.0", "J06.8", "J06.9"]),
        ("d V J06.- R", 4, "J06", ["J06.0", "J06.8", "J06.9"]),
        ("d A00", 2, "A00", ["A00.0", "A00.1", "A00.9"]),
        ("d E11.0", 2, "E11.0", ["E11.01"]),
    ],
)
def test_a_code_that_only_groups_is_refused_with_its_children(read, line, position, code, choices):
    with pytest.raises(ShorthandError) as refused:
        read(line)

    assert refused.value.code == "not_terminal"
    assert refused.value.position == position
    assert refused.value.german == f"{code} ist nur eine Gruppe. Bitte genauer verschlüsseln."
    assert [choice.code for choice in refused.value.choices] == choices


@pytest.mark.parametrize(
    ("line", "code", "choices"), [("d J06.7", "J06.7", ["J06.0", "J06.8", "J06.9"]), ("d B12 Mangel", "B12", [])]
)
def test_a_code_that_the_catalogue_does_not_have_is_refused_with_its_neighbours(read, line, code, choices):
    with pytest.raises(ShorthandError) as refused:
        read(line)

    assert refused.value.code == "unknown_code"
    assert refused.value.position == 2
    assert refused.value.german == (
        f"{code} steht nicht in der ICD-10-GM 2023. Ist es Text: bitte in Anführungszeichen."
    )
    assert [choice.code for choice in refused.value.choices] == choices


def test_other_refusals_offer_no_codes(read):
    with pytest.raises(ShorthandError) as refused:
        read("d")

    assert refused.value.choices == ()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (Diagnosis(code="J06.9", text=COLD), "d J06.9"),
        (Diagnosis(code="J06.9", text=COLD, certainty=Certainty.V, side=Side.R, permanent=True), "d J06.9 V R dauer"),
        (Diagnosis(code="J06.9", text="Infekt", certainty=Certainty.Z), "d J06.9 Z Infekt"),
        (Diagnosis(text="Hepatitis A"), 'd "Hepatitis A"'),
        (Diagnosis(text="Infekt", side=Side.L), "d L Infekt"),
        (Diagnosis(code="X99.99", text="Infekt"), "d X99.99 Infekt"),
    ],
)
def test_the_line_of_a_diagnosis_is_short(catalogue, content, line):
    assert line_of(content, catalogue) == line


def test_without_a_catalogue_the_text_is_written_out():
    assert line_of(Diagnosis(code="J06.9", text=COLD)) == f"d J06.9 {COLD}"


TRICKY = st.lists(st.sampled_from([*PIECES, "Hepatitis"]), min_size=1, max_size=4).map(" ".join)


@given(
    st.builds(
        Diagnosis,
        code=st.sampled_from([None, "J06.9", "M54.4", "D63.0"]),
        text=st.one_of(words, TRICKY.map(str.strip).filter(bool)),
        certainty=st.sampled_from(Certainty),
        side=st.none() | st.sampled_from(Side),
        permanent=st.booleans(),
    )
)
def test_a_diagnosis_is_read_back_from_its_line(catalogue_and_day, content):
    catalogue, day = catalogue_and_day

    assert parse_line(line_of(content), catalogue, day) == content
    assert parse_line(line_of(content, catalogue), catalogue, day) == content


def test_every_content_is_one_that_a_line_can_hold_or_is_foreign():
    writable = {Caution, Diagnosis, Finding, History, Medication, Note, Therapy}

    assert writable < set(Content.__args__)
