# SPDX-License-Identifier: MPL-2.0
"""The demo's people and charts: believable, repeatable, nobody real, quick to make."""

import random
import time
from collections import Counter
from datetime import date
from uuid import UUID

import pytest

from arkanum.cli.demo.cases import CASES, CONDITIONS
from arkanum.cli.demo.history import FEWEST, MOST, history, long_history
from arkanum.cli.demo.people import NASTY_AMONG_FIRST, people
from arkanum.core.catalogue import Catalogue
from arkanum.core.checkdigits import ik_is_valid, kvnr_is_valid
from arkanum.core.codec import decode, encode
from arkanum.core.entries import Diagnosis, Medication, Sign, Vitals, kind_of
from arkanum.core.patients import InsuranceKind, Sex, check

TODAY = date(2026, 11, 23)
ADA, BEN = UUID(int=1), UUID(int=2)


@pytest.fixture(scope="module")
def crowd():
    return list(people(3_000, seed=7, by=ADA, today=TODAY))


@pytest.fixture(scope="module")
def charts(crowd):
    rng = random.Random(8)
    return [(patient, history(patient, rng, TODAY, (ADA, BEN))) for patient in crowd[:400]]


def test_the_same_seed_gives_the_same_people():
    first, again, other = (list(people(60, seed, today=TODAY)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


@pytest.mark.parametrize("seed", range(5))
def test_the_difficult_names_are_among_the_first_forty(seed):
    first = list(people(NASTY_AMONG_FIRST, seed, today=TODAY))

    full = {patient.name.full() for patient in first}
    last = {patient.name.last for patient in first}
    assert "Dr. Karl Theodor Freiherr von und zu der Tann-Öttinger" in full
    assert {"O'Neill", "Şahin", "Nguyễn", "Müller", "Mueller", "E"} <= last
    assert max(map(len, last)) == 45
    assert any(patient.birth is None for patient in first)
    assert any(patient.birth and patient.birth.day is None for patient in first)


def test_twins_in_spelling_share_their_day_of_birth():
    first = people(NASTY_AMONG_FIRST, seed=3, today=TODAY)

    twins = [
        patient for patient in first if patient.name.last in {"Müller", "Mueller"} and patient.name.first == "Hans"
    ]

    assert len(twins) == 2
    assert twins[0].birth == twins[1].birth


def test_a_handful_of_patients_is_a_handful():
    assert [patient.number for patient in people(3, seed=1, today=TODAY)] == ["1", "2", "3"]


def test_every_number_that_has_a_check_digit_has_the_right_one(crowd):
    episodes = [episode for patient in crowd for episode in patient.insurance]

    assert all(kvnr_is_valid(one.number) for one in episodes if one.kind is InsuranceKind.STATUTORY)
    assert all(ik_is_valid(one.ik) for one in episodes if one.ik)
    assert not [patient.number for patient in crowd if patient.birth is not None and check(patient)]


def test_insurance_numbers_are_as_different_as_people(crowd):
    numbers = [patient.insurance[0].number for patient in crowd if patient.insurance[0].number]

    assert len(set(numbers)) > 0.99 * len(numbers)


def test_no_telephone_number_can_belong_to_anyone(crowd):
    for patient in crowd:
        for phone in patient.phones:
            assert phone.number.split(" ")[1].startswith("0")


def test_the_names_are_spread_as_in_germany(crowd):
    last = Counter(patient.name.last for patient in crowd)

    assert len(last) > 1_000
    assert 0.004 < last["Müller"] / len(crowd) < 0.03
    assert 0.4 < sum(patient.sex is Sex.W for patient in crowd) / len(crowd) < 0.6


def test_all_ages_come_and_nobody_is_born_tomorrow(crowd):
    ages = [patient.birth.age(TODAY) for patient in crowd if patient.birth]

    assert min(ages) < 3
    assert max(ages) > 90
    assert all(patient.birth.earliest <= TODAY for patient in crowd if patient.birth)
    assert all(patient.written.date() <= TODAY for patient in crowd)


def test_a_patient_survives_storage(crowd):
    for patient in crowd[:200]:
        assert decode(encode(patient)) == patient


def test_five_thousand_people_take_less_than_a_second():
    best = min(_seconds_for(5_000) for _ in range(3))

    assert best < 1.0


def _seconds_for(count):
    before = time.perf_counter()
    for _ in people(count, seed=count, today=TODAY):
        pass
    return time.perf_counter() - before


def test_a_year_has_a_believable_number_of_entries(charts):
    assert all(FEWEST <= len(entries) <= MOST for _, entries in charts)


def test_a_chart_is_in_order_and_within_the_life_of_the_patient(charts):
    for patient, entries in charts:
        days = [entry.happened for entry in entries]
        assert days == sorted(days)
        assert days[-1] <= (patient.died_on or TODAY)
        assert patient.birth is None or days[0] >= patient.birth.earliest


def test_only_the_doctors_write(charts):
    assert {entry.by for _, entries in charts for entry in entries} == {ADA, BEN}


def test_every_diagnosis_stands_in_the_catalogue_and_fits_the_patient(charts):
    catalogue = Catalogue.load()

    for patient, entries in charts:
        for entry in entries:
            if isinstance(entry.content, Diagnosis):
                known = catalogue.by_code(entry.content.code)
                assert known.terminal
                assert known.text == entry.content.text
                assert known.sex in {None, patient.sex}


def test_every_case_and_condition_stands_in_the_catalogue():
    catalogue = Catalogue.load()

    for one in (*CASES, *CONDITIONS):
        assert catalogue.by_code(one.code).terminal


def test_charts_hold_everything_that_can_be_written(charts):
    kinds = Counter(kind_of(entry.content).value for _, entries in charts for entry in entries)

    assert set(kinds) == {"diagnosis", "finding", "therapy", "history", "note", "medication", "caution", "vitals"}


def test_high_blood_pressure_comes_down_over_the_year(charts):
    falls = []
    for _, entries in charts:
        if any(isinstance(entry.content, Diagnosis) and entry.content.code == "I10.90" for entry in entries):
            values = [
                float(measure.value)
                for entry in entries
                if isinstance(entry.content, Vitals)
                for measure in entry.content.measures
                if measure.sign is Sign.RR_SYS
            ]
            falls.append(values[0] - values[-1] if len(values) > 3 else 0)

    assert len(falls) > 20
    assert sum(falls) / len(falls) > 3


def test_what_stays_is_marked_as_permanent(charts):
    entries = [entry.content for _, chart in charts for entry in chart]

    assert any(isinstance(content, Diagnosis) and content.permanent for content in entries)
    assert any(isinstance(content, Medication) and content.permanent for content in entries)


def test_no_choice_is_left_open_in_a_text(charts):
    for _, entries in charts:
        for entry in entries:
            text = getattr(entry.content, "text", "")
            assert not set(text) & set("{|}")


@pytest.mark.parametrize("count", [1, 12, 500, 2_000])
def test_a_long_chart_has_exactly_so_many_entries(crowd, count):
    for patient in crowd[:25]:
        entries = long_history(patient, random.Random(1), TODAY, (ADA,), count)

        days = [entry.happened for entry in entries]
        assert len(entries) == count
        assert days == sorted(days)
        assert days[-1] <= TODAY


def test_an_entry_survives_storage(charts):
    for _, entries in charts[:40]:
        for entry in entries:
            assert decode(encode(entry)) == entry
