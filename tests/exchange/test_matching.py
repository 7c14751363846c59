# SPDX-License-Identifier: MPL-2.0
"""Who is known already: insurance number and birth date decide, names ask, numbers do nothing."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core.patients import BirthDate, Sex
from arkanum.exchange.matching import Decision, Matcher
from arkanum.exchange.plan import (
    ImportPlan,
    Planner,
    UnknownPlanFormatError,
    UnknownPlannedPatientError,
)
from arkanum.exchange.report import ImportReport
from arkanum.guard.directory_cards import Card
from tests.exchange.builders import lines
from tests.exchange.people import DORA, EMIL, KVNR, START, TREATMENT, imported, known_dora

INSURED = (*DORA, ("3119", KVNR))
OTHER_KVNR = "B987654321"


def match(cards, *fields):
    (patient,), _ = imported(lines(START, *fields))
    return Matcher(cards).match(patient.patient, named=patient.named)


def planned(content, cards=()):
    patients, report = imported(content)
    planner = Planner(cards)
    for patient in patients:
        planner.add(patient)
    return planner.plan(name="a.bdt", file="f" * 32, source="BDT", report=report)


def test_insurance_number_and_birth_date_are_a_match():
    card = known_dora(kvnr=(KVNR,))

    found = match([known_dora(), card], *INSURED)

    assert (found.decision, found.patient) == (Decision.EXISTING, card.patient)


def test_a_new_last_name_does_not_hide_the_person():
    card = known_dora(last="Herbst", kvnr=(KVNR,))

    assert match([card], *INSURED).patient == card.patient


def test_another_name_altogether_under_one_insurance_number_is_asked():
    card = known_dora(last="Herbst", first="Klara", kvnr=(KVNR,))

    found = match([card], *INSURED)

    assert (found.decision, found.patient) == (Decision.ASK, None)
    assert [candidate.patient for candidate in found.candidates] == [card.patient]


def test_an_insurance_number_with_another_birth_date_is_asked():
    card = known_dora(kvnr=(KVNR,), birth=BirthDate(year=1966, month=4, day=3))

    assert match([card], *INSURED).decision is Decision.ASK


def test_an_insurance_number_without_birth_dates_is_asked():
    card = known_dora(kvnr=(KVNR,), birth=None)

    assert match([card], ("3101", "Sommer"), ("3102", "Dora"), ("3119", KVNR)).decision is Decision.ASK


def test_two_cards_with_one_insurance_number_are_asked():
    cards = [known_dora(kvnr=(KVNR,)), known_dora(kvnr=(KVNR,))]

    assert match(cards, *INSURED).decision is Decision.ASK


@pytest.mark.parametrize(("last", "first"), [("Sommer", "Dora"), ("SOMMER", "dora")])
def test_name_birth_date_and_sex_are_a_proposal(last, first):
    card = known_dora(last=last, first=first)

    found = match([card], *DORA)

    assert found.decision is Decision.ASK
    assert [candidate.patient for candidate in found.candidates] == [card.patient]


def test_an_unknown_sex_contradicts_nobody():
    assert match([known_dora(sex=Sex.X)], *DORA).decision is Decision.ASK


def test_another_sex_or_another_day_is_another_person():
    man = known_dora(sex=Sex.M)
    younger = known_dora(birth=BirthDate(year=1966, month=4, day=3))

    assert match([man, younger], *DORA).decision is Decision.NEW


def test_the_patient_number_alone_never_matches():
    card = known_dora(last="Herbst", number="17")

    assert match([card], *DORA).decision is Decision.NEW


def test_names_are_compared_as_lists_spell_them():
    card = known_dora(last="Müller-Groß", first="Dora")

    found = match([card], ("3101", "Mueller Gross"), *DORA[2:])

    assert found.decision is Decision.ASK


def test_a_nameless_patient_is_always_asked():
    found = match([known_dora(number="17")], ("3000", "17"))

    assert (found.decision, found.candidates) == (Decision.ASK, ())


def test_the_cards_of_the_directory_can_be_matched():
    card = Card(
        patient=uuid4(),
        last="Sommer",
        first="Dora",
        birth=BirthDate(year=1965, month=4, day=3),
        sex=Sex.W,
        kvnr=(KVNR,),
    )

    assert match([card], *INSURED).patient == card.patient


# -------------------------------------------------------------------- the plan


def test_two_equal_people_of_one_file_are_one():
    content = lines(START, *DORA, START, *EMIL, START, *INSURED)

    plan = planned(content)

    assert [person.name for person in plan.patients] == ["Sommer, Dora", "Winter, Emil"]
    assert len(plan.patients[0].fingerprints) == 2
    assert plan.patients[0].kvnr == (KVNR,)


def test_namesakes_with_two_insurance_numbers_are_two():
    content = lines(START, *INSURED, START, *DORA, ("3119", OTHER_KVNR))

    plan = planned(content)

    assert [person.kvnr for person in plan.patients] == [(KVNR,), (OTHER_KVNR,)]
    assert plan.count(Decision.NEW) == 2


def test_a_third_namesake_without_a_number_is_asked():
    emil = (START, *EMIL)
    content = lines(START, *INSURED, *emil, START, *DORA, ("3119", OTHER_KVNR), *emil, START, *DORA)

    plan = planned(content)

    assert [person.decision for person in plan.patients if person.name == "Sommer, Dora"] == [
        Decision.NEW,
        Decision.NEW,
        Decision.ASK,
    ]


def test_people_without_a_birth_date_are_not_joined():
    nameless_day = (("3000", "1"), ("3101", "Sommer"), ("3102", "Dora"))
    other = (("3000", "2"), ("3101", "Sommer"), ("3102", "Dora"), ("3119", KVNR))

    plan = planned(lines(START, *nameless_day, START, *other))

    assert len(plan.patients) == 2


def test_two_people_who_fit_one_card_are_asked():
    card = known_dora(kvnr=(KVNR, OTHER_KVNR))
    content = lines(START, *INSURED, START, *DORA, ("3119", OTHER_KVNR))

    plan = planned(content, [card])

    assert plan.count(Decision.ASK) == 2


def test_the_plan_counts_entries_by_kind_and_their_days():
    content = lines(START, *DORA, ("3656", "Nüsse"), TREATMENT, ("3000", "17"))
    content += lines(("6200", "05052020"), ("6220", "a"), ("6200", "07052020"), ("6220", "b"))

    (person,) = planned(content).patients

    assert person.entries == 3
    assert person.kinds == {"caution": 1, "finding": 2}
    assert (person.first_day, person.last_day) == ("2020-05-05", "2026-11-23")


def test_a_plan_is_ready_when_nothing_is_left_to_ask():
    plan = planned(lines(START, *DORA, START, *EMIL), [known_dora()])
    somebody = plan.open_questions[0].candidates[0].patient

    decided = plan.decided(0, Decision.EXISTING, somebody)

    assert not plan.is_ready
    assert decided.is_ready
    assert decided.patients[0].patient == somebody
    assert plan.patients[0].patient is None


@pytest.mark.parametrize(
    ("decision", "patient"),
    [(Decision.EXISTING, None), (Decision.NEW, uuid4()), (Decision.ASK, None)],
)
def test_a_decision_that_makes_no_sense_is_refused(decision, patient):
    plan = planned(lines(START, *DORA))

    with pytest.raises(ValueError, match="existing"):
        plan.decided(0, decision, patient)


def test_a_decision_about_nobody_is_refused():
    with pytest.raises(UnknownPlannedPatientError):
        planned(lines(START, *DORA)).decided(7, Decision.NEW)


def test_the_fingerprint_leads_from_the_file_to_the_decision():
    content = lines(START, *DORA, START, *EMIL, START, *INSURED)
    plan = planned(content)

    ways = plan.by_fingerprint()

    assert [ways[one.fingerprint].key for one in imported(content)[0]] == [0, 1, 0]


def test_a_plan_can_be_sealed_and_taken_up_again():
    plan = planned(lines(START, *INSURED, START, *EMIL) + b"lost\r\n", [known_dora(kvnr=(KVNR,))])

    assert ImportPlan.from_bytes(plan.to_bytes()) == plan


@given(st.binary(max_size=200))
def test_bytes_that_are_no_plan_are_refused(body):
    with pytest.raises(UnknownPlanFormatError):
        ImportPlan.from_bytes(body)


def test_the_error_about_a_plan_quotes_nothing_of_it():
    body = planned(lines(START, *DORA)).to_bytes().replace(b"Sommer, Dora", b"Sommer, \xff\xff\xff\xff")

    with pytest.raises(UnknownPlanFormatError) as caught:
        ImportPlan.from_bytes(body)

    assert caught.value.__cause__ is None
    assert "Sommer" not in str(caught.value)


# ------------------------------------------------------------------ the report


def test_the_report_says_in_german_what_became_of_each_line():
    content = lines(("8000", "0022"), ("9213", "02/94"), ("7654", "etwas"), START, *DORA)
    content += lines(TREATMENT, ("3000", "17"), ("6220", "frei"), ("6299", "x"), ("6299", "y"))
    content += b"lost\r\n" + b"0996220lang\r\n"

    _, report = imported(content)
    done = report.with_result(new=3, known=1)

    text = done.text()
    assert "Zeilen: 16, Felder: 16" in text
    assert "als Text behalten, nicht verstanden: 2" in text
    assert "6299 (unbekanntes Feld): 2" in text
    assert "Zeile 15: Zeile ohne Länge und Feldkennung; als Text behalten." in text
    assert "Zeile 3: 7654 etwas" in text
    assert "neu: 3, schon vorhanden: 1" in text
    assert "1 mal: Längenangabe stimmt nicht (...); das Zeilenende gilt." in text


def test_the_report_is_plain_values_for_json():
    _, report = imported(lines(START, *DORA))

    plain = report.as_dict()

    assert plain["fates"] == {"structure": 1, "understood": 5}
    assert plain["understood"][0] == {"id": "3000", "name": "Patientennummer", "count": 1}
    assert isinstance(report, ImportReport)
