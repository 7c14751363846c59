# SPDX-License-Identifier: MPL-2.0
"""Patients: names as they are spoken, birth dates of which a part may be unknown, and what looks wrong."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import BirthDate, ImpossibleValue, Insurance, InsuranceKind, Name, check, parse_birth
from tests.core.strategies import births, dora

ADA = Name(title="Dr.", first="Ada", last="Lovelace", prefix="von")


def codes(patient):
    return [hint.code for hint in check(patient)]


@pytest.mark.parametrize(
    ("name", "full", "in_a_list"),
    [
        (ADA, "Dr. Ada von Lovelace", "Lovelace, Ada von, Dr."),
        (Name(first="Dora", last="O'Neill"), "Dora O'Neill", "O'Neill, Dora"),
        (Name(first="", last="Şahin"), "Şahin", "Şahin"),
        (
            Name(first="Max", last="Tann-Öttinger", prefix="von und zu der", suffix="Freiherr"),
            "Max Freiherr von und zu der Tann-Öttinger",
            "Tann-Öttinger, Max Freiherr von und zu der",
        ),
    ],
)
def test_a_name_is_spoken_and_listed(name, full, in_a_list):
    assert name.full() == full
    assert name.sorted() == in_a_list


@pytest.mark.parametrize(
    ("birth", "shown"),
    [
        (BirthDate(year=1965, month=4, day=3), "03.04.1965"),
        (BirthDate(year=1965, month=4), "04.1965"),
        (BirthDate(year=1965), "1965"),
        (BirthDate(year=965), "0965"),
    ],
)
def test_a_birth_date_shows_what_is_known_of_it(birth, shown):
    assert birth.german() == shown


@pytest.mark.parametrize(
    "parts",
    [
        {"year": 0},
        {"year": 10_000},
        {"year": 1965, "month": 0},
        {"year": 1965, "month": 13},
        {"year": 1965, "month": 4, "day": 0},
        {"year": 1965, "month": 4, "day": 31},
        {"year": 1965, "month": 2, "day": 29},
        {"year": 1965, "day": 3},
    ],
)
def test_a_birth_date_that_no_calendar_has_is_refused(parts):
    with pytest.raises(ImpossibleValue) as refused:
        BirthDate(**parts)

    assert refused.value.code == "birth_date"
    assert refused.value.german == "Dieses Geburtsdatum gibt es nicht."
    assert str(refused.value) == "birth_date"


@pytest.mark.parametrize(
    "parts",
    [
        {"year": 1, "month": 1, "day": 1},
        {"year": 9999, "month": 12, "day": 31},
        {"year": 1964, "month": 2, "day": 29},
        {"year": 1964, "month": 12},
    ],
)
def test_the_edges_of_the_calendar_are_possible(parts):
    birth = BirthDate(**parts)

    assert (birth.year, birth.month, birth.day) == (parts["year"], parts.get("month"), parts.get("day"))


@given(st.dates())
def test_a_day_that_is_fully_known_is_one_day(day):
    birth = BirthDate.of(day)

    assert birth.earliest == birth.latest == day


def test_a_birth_date_of_which_a_part_is_unknown_is_a_span():
    month = BirthDate(year=1964, month=2)
    year = BirthDate(year=1964)

    assert (month.earliest, month.latest) == (date(1964, 2, 1), date(1964, 2, 29))
    assert (year.earliest, year.latest) == (date(1964, 1, 1), date(1964, 12, 31))


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (BirthDate(year=1965, month=4, day=3), date(2026, 4, 2), 60),
        (BirthDate(year=1965, month=4, day=3), date(2026, 4, 3), 61),
        (BirthDate(year=1965, month=4), date(2026, 4, 29), 60),
        (BirthDate(year=1965, month=4), date(2026, 4, 30), 61),
        (BirthDate(year=1965), date(2026, 12, 30), 60),
        (BirthDate(year=1965), date(2026, 12, 31), 61),
        (BirthDate(year=1964, month=2, day=29), date(1965, 2, 28), 0),
        (BirthDate(year=1964, month=2, day=29), date(1965, 3, 1), 1),
        (BirthDate(year=2030), date(2026, 1, 1), 0),
    ],
)
def test_age_counts_completed_years_that_are_certain(birth, day, age):
    assert birth.age(day) == age


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("3.4.1965", "03.04.1965"),
        (" 03.04.1965 ", "03.04.1965"),
        ("3.4.65", "03.04.1965"),
        ("3.4.26", "03.04.2026"),
        ("3.4.27", "03.04.1927"),
        ("03041965", "03.04.1965"),
        ("030465", "03.04.1965"),
        ("4.1965", "04.1965"),
        ("0.4.1965", "04.1965"),
        ("1965", "1965"),
        ("00.00.1965", "1965"),
        ("00001965", "1965"),
    ],
)
def test_a_birth_date_is_read_in_the_usual_forms(typed, shown, today):
    assert parse_birth(typed, today).german() == shown


@pytest.mark.parametrize(
    "typed", ["", "65", "3.4.", "3/4/1965", "31.4.1965", "3.0.1965", "3.4.196", "gestern", "٣.4.1965x"]
)
def test_what_is_no_birth_date_is_refused_with_a_sentence(typed, today):
    with pytest.raises(ImpossibleValue) as refused:
        parse_birth(typed, today)

    assert refused.value.code == "birth_date"
    assert refused.value.german in {
        "Bitte ein Geburtsdatum wie 3.4.1965 eingeben.",
        "Dieses Geburtsdatum gibt es nicht.",
    }


@given(births(), st.dates())
def test_what_a_birth_date_shows_is_read_as_the_same(birth, day):
    assert parse_birth(birth.german(), day) == birth


def test_a_patient_written_at_a_time_without_zone_is_refused():
    with pytest.raises(ImpossibleValue) as refused:
        dora(written=datetime(2026, 11, 23, 9, 15))  # noqa: DTZ001 -- the point of the test

    assert refused.value.code == "naive_time"
    assert refused.value.german == "Der Zeitpunkt hat keine Zeitzone."


def test_dora_has_no_hints():
    insured = Insurance(kind=InsuranceKind.STATUTORY, ik="109519005", number="K220645122")

    assert check(dora(insurance=(insured,))) == ()


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"birth": None}, "birth_missing", "Das Geburtsdatum fehlt."),
        ({"birth": BirthDate(year=2026, month=11, day=24)}, "birth_future", "Das Geburtsdatum liegt in der Zukunft."),
        ({"birth": BirthDate(year=1879)}, "birth_early", "Das Geburtsjahr 1879 kann kaum stimmen."),
        ({"died_on": date(1965, 4, 2)}, "died_before_birth", "Der Todestag liegt vor dem Geburtsdatum."),
    ],
)
def test_an_implausible_life_is_hinted_at(changes, code, text):
    (hint,) = check(dora(**changes))

    assert (hint.code, hint.text) == (code, text)


@pytest.mark.parametrize(
    "changes",
    [
        {"birth": BirthDate(year=2026, month=11, day=23)},
        {"birth": BirthDate(year=2026)},
        {"birth": BirthDate(year=1880)},
        {"died_on": date(1965, 4, 3)},
        {"birth": BirthDate(year=1965), "died_on": date(1965, 1, 1)},
    ],
)
def test_a_life_that_is_just_plausible_is_not(changes):
    assert codes(dora(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"number": "K220645123"}, "kvnr", "Die Prüfziffer der Versichertennummer stimmt nicht. Bitte vergleichen."),
        ({"ik": "109519006"}, "ik", "Die Prüfziffer der Kassennummer (IK) stimmt nicht."),
        (
            {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 31)},
            "insurance_period",
            "Die Versicherung endet, bevor sie beginnt.",
        ),
    ],
)
def test_an_insurance_that_looks_wrong_is_hinted_at(changes, code, text):
    (hint,) = check(dora(insurance=(Insurance(kind=InsuranceKind.STATUTORY, **changes),)))

    assert (hint.code, hint.text) == (code, text)


@pytest.mark.parametrize(
    "insurance",
    [
        Insurance(kind=InsuranceKind.STATUTORY),
        Insurance(kind=InsuranceKind.PRIVATE, number="any number of a policy"),
        Insurance(kind=InsuranceKind.STATUTORY, valid_from=date(2026, 1, 1)),
        Insurance(kind=InsuranceKind.STATUTORY, valid_until=date(2026, 1, 1)),
        Insurance(kind=InsuranceKind.STATUTORY, valid_from=date(2026, 1, 1), valid_until=date(2026, 1, 1)),
    ],
)
def test_an_insurance_of_which_little_is_known_is_not(insurance):
    assert codes(dora(insurance=(insurance,))) == []


def test_every_insurance_is_looked_at():
    wrong = Insurance(kind=InsuranceKind.STATUTORY, number="X", ik="1")

    assert codes(dora(birth=None, insurance=(wrong, wrong))) == ["birth_missing", "kvnr", "ik", "kvnr", "ik"]
