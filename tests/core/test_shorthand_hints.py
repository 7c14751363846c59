# SPDX-License-Identifier: MPL-2.0
"""What is about to be written is looked at once more; hints stop nobody."""

from decimal import Decimal

import pytest

from arkanum.core import Caution, Certainty, Diagnosis, Finding, Measure, Medication, Sex, Sign, Vitals
from arkanum.core.shorthand import hints_of


def hinted(catalogue, content, **known):
    return [(hint.code, hint.text) for hint in hints_of(content, catalogue, **known)]


@pytest.mark.parametrize(
    "content",
    [
        Finding(text="V. a. Pneumonie"),
        Caution(text="Penicillin"),
        Medication(name="Ramipril"),
        Medication(name="Ramipril", pzn="01234562"),
        Diagnosis(code="J06.9", text="V. a. Infekt", certainty=Certainty.V),
    ],
)
def test_most_contents_have_no_hints(catalogue, content):
    assert hinted(catalogue, content, sex=Sex.W, age=61) == []


def test_a_diagnosis_without_a_code_is_hinted_at(catalogue):
    assert hinted(catalogue, Diagnosis(text="Grippe")) == [
        ("no_code", "Diagnose ohne Kode: für die Abrechnung fehlt die Verschlüsselung.")
    ]


def test_a_diagnosis_gets_the_hints_of_its_code(catalogue):
    prostate = Diagnosis(code="N40", text="Prostatahyperplasie")
    anaemia = Diagnosis(code="D63.0", text="Anämie bei Neubildungen")

    assert [code for code, _ in hinted(catalogue, prostate, sex=Sex.W, age=3)] == ["sex", "age"]
    assert [code for code, _ in hinted(catalogue, anaemia)] == ["needs_primary"]
    assert hinted(catalogue, anaemia, beside=["C50.9"]) == []


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("V. a. Pneumonie", "V"),
        ("V.a. Pneumonie", "V"),
        ("va Pneumonie", "V"),
        ("Verdacht auf Pneumonie", "V"),
        ("Z. n. Apoplex", "Z"),
        ("Zn Apoplex", "Z"),
        ("Zustand nach Apoplex", "Z"),
        ("Ausschluss Pneumonie", "A"),
        ("ausschluß Pneumonie", "A"),
    ],
)
def test_a_text_that_says_another_certainty_is_hinted_at(catalogue, text, letter):
    other = Diagnosis(code="J18.9", text=text)
    same = Diagnosis(code="J18.9", text=text, certainty=Certainty(letter))

    assert hinted(catalogue, other) == [
        ("certainty", f"Der Text klingt nach „{letter}“, eingetragen ist „G“. Bitte vergleichen.")
    ]
    assert hinted(catalogue, same) == []


@pytest.mark.parametrize("text", ["Vater hatte Pneumonie", "Pneumonie, V. a. viral", "Zunge belegt", "Znüni"])
def test_a_text_that_says_nothing_of_certainty_is_not(catalogue, text):
    assert hinted(catalogue, Diagnosis(code="J18.9", text=text)) == []


def test_a_package_number_that_is_wrong_is_hinted_at(catalogue):
    assert hinted(catalogue, Medication(name="Ramipril", pzn="01234563")) == [
        ("pzn", "Die Prüfziffer der PZN stimmt nicht.")
    ]


def test_unusual_vital_signs_are_hinted_at(catalogue):
    taken = Vitals(measures=(Measure(sign=Sign.PULSE, value=Decimal(180), unit="/min"),))

    assert hinted(catalogue, taken) == [("unusual_pulse", "Puls 180 /min: bitte prüfen.")]
