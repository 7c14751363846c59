# SPDX-License-Identifier: MPL-2.0
"""Accesses that somebody should look at twice."""

from datetime import datetime, timedelta

import pytest

from arkanum.core.unusual import (
    LEARNT_DAYS,
    MANY_PATIENTS,
    MOST_NEIGHBOURS,
    NEAR_NUMBERS,
    REASONS,
    RUSH,
    SHORT_STREET,
    USUAL_DAYS,
    Home,
    Hours,
    Mark,
    PersonName,
    Rush,
    is_common,
    neighbours,
    relations,
)

ADA = PersonName.of_staff("Dr. med. Ada Lovelace")
BEN = PersonName.of_staff("Ben Thorsen")
CORA = PersonName.of_staff("Cora Maria Müller-Groß")
MONDAY = datetime(2026, 6, 1, 9, 30)  # noqa: DTZ001 - the practice's own time


def named(last, first):
    return PersonName.of_patient(last, first)


def seen_by(reader, patient, *, common=False):
    return relations(reader, [one for one in (ADA, BEN, CORA) if one is not reader], patient, common=common)


def test_titles_and_words_of_nobility_are_no_names():
    assert PersonName.of_staff("Prof. Dr. Ida von Zeit") == PersonName("zeit", frozenset({"ida"}))


@pytest.mark.parametrize(
    ("last", "first"), [("Lovelace", "Ada"), ("LOVELACE", "Ada Augusta"), ("Mueller-Gross", "Maria")]
)
def test_whoever_opens_somebody_of_their_own_name_is_marked(last, first):
    reader = CORA if "ue" in last else ADA

    assert seen_by(reader, named(last, first)) == [Mark.OWN_NAME]


def test_a_patient_who_is_called_like_a_colleague_is_marked():
    assert seen_by(ADA, named("Thorsen", "Ben")) == [Mark.COLLEAGUE]


def test_the_same_last_name_is_marked_unless_it_is_common():
    assert seen_by(BEN, named("Thorsen", "Inge")) == [Mark.SAME_LAST_NAME]
    assert seen_by(BEN, named("Thorsen", "Inge"), common=True) == []


def test_anybody_else_is_not_marked():
    assert seen_by(BEN, named("Müller", "Dora")) == []
    assert seen_by(PersonName.of_staff(""), named("", "")) == []


def test_a_name_is_common_when_more_than_one_in_five_hundred_has_it():
    assert is_common(121, 60_000)
    assert not is_common(120, 60_000)
    assert not is_common(5, 10)


@pytest.mark.parametrize("hour", [22, 23, 0, 5])
def test_the_night_is_unusual_from_the_first_day(hour):
    assert Hours().is_unusual(MONDAY.replace(hour=hour))


def test_no_hour_of_the_day_is_unusual_before_the_hours_are_learnt():
    assert not any(Hours().is_unusual(MONDAY.replace(hour=hour)) for hour in range(6, 22))


def learnt():
    hours = Hours()
    day, worked = MONDAY, 0
    while worked < LEARNT_DAYS:
        if day.weekday() < 5:
            hours.is_unusual(day)
            worked += 1
        day += timedelta(days=1)
    return hours, day


def test_an_hour_in_which_nobody_works_is_unusual_once_the_hours_are_learnt():
    hours, day = learnt()
    sunday = day + timedelta(days=6 - day.weekday())

    assert hours.is_unusual(sunday)
    assert not hours.is_unusual(sunday + timedelta(days=1))


def test_an_hour_becomes_usual_when_there_was_work_in_it_on_several_days():
    hours, day = learnt()
    saturday = day + timedelta(days=5 - day.weekday())

    told = [hours.is_unusual(saturday + timedelta(weeks=week)) for week in range(USUAL_DAYS + 1)]

    assert told == [True] * USUAL_DAYS + [False]


def test_many_accesses_on_one_day_make_no_hour_usual():
    hours, day = learnt()
    saturday = day + timedelta(days=5 - day.weekday())

    assert all(hours.is_unusual(saturday + timedelta(seconds=second)) for second in range(50))


def opened(rush, patients, *, each=timedelta(seconds=1)):
    return [rush.is_many(1, patient, MONDAY + each * at) for at, patient in enumerate(patients)]


def test_many_different_patients_in_a_short_time_are_marked():
    assert opened(Rush(), range(MANY_PATIENTS + 2)) == [False] * MANY_PATIENTS + [True, True]


def test_the_same_patient_again_and_again_is_one():
    assert not any(opened(Rush(), [1, 2] * 50))


def test_many_patients_over_a_day_are_none_too_many():
    assert not any(opened(Rush(), range(200), each=RUSH / 20))


@pytest.mark.parametrize(
    ("street", "house_no"),
    [
        ("Hauptstraße", "12"),
        ("HAUPTSTR.", "12a"),
        ("Haupt-Str.", " 12 - 14"),
        ("Hauptstrasse 12", ""),
        ("Hauptstr.12 b", " "),
        ("Hauptstraße 12/3", ""),
    ],
)
def test_one_street_is_written_in_many_ways(street, house_no):
    assert Home.of(street, house_no, " 50667") == Home("50667 hauptstrasse", 12)


@pytest.mark.parametrize(
    "text", ["Ahornweg 12, 50667 Köln", "Ahornweg 12 50667", "50667 Köln, Ahornweg 12", "Ahornweg 12a, Köln, D-50667"]
)
def test_a_home_is_read_from_one_line(text):
    assert Home.read(text) == Home("50667 ahornweg", 12)


@pytest.mark.parametrize("text", ["", "Ahornweg 12", "50667", "50667,", "Ahornweg 12, 5066", "..., 50667"])
def test_without_street_and_postcode_there_is_no_home(text):
    assert Home.read(text) is None
    assert Home.of("", "12", "50667") is Home.of("Ahornweg", "12", "") is None


def test_a_number_in_the_name_of_a_street_is_no_house_number():
    assert Home.of("Straße des 17. Juni", "135", "10623") == Home("10623 strassedes17juni", 135)
    assert Home.of("Q7", "", "68161") == Home("68161 q7")


def test_in_a_short_street_all_are_neighbours():
    street = {at: at * 20 for at in range(SHORT_STREET)}

    assert neighbours(1, street) == neighbours(0, street) == frozenset(street)


def test_in_a_long_street_those_are_who_live_near():
    street = {number: number for number in range(1, 200)} | {999: 0}

    assert neighbours(50, street) == set(range(50 - NEAR_NUMBERS, 50 + NEAR_NUMBERS + 1))
    assert neighbours(0, street) == frozenset()


def test_where_very_many_live_near_only_the_nearest_are():
    blocks = {(number, flat): number for number in range(1, 40) for flat in range(8)}
    one_house = dict.fromkeys(range(MOST_NEIGHBOURS + 60), 7) | {-1: 8}

    assert {number for number, _ in neighbours(20, blocks)} == {18, 19, 20, 21, 22}
    assert neighbours(7, one_house) == frozenset(one_house) - {-1}


def test_each_mark_has_its_reason():
    assert set(REASONS) == set(Mark)
    assert all(reason.endswith(".") for reason in REASONS.values())
