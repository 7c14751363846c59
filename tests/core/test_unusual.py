# SPDX-License-Identifier: MPL-2.0
"""Accesses that somebody should look at twice."""

from datetime import datetime, timedelta

import pytest

from arkanum.core.unusual import (
    LEARNT_DAYS,
    MANY_PATIENTS,
    REASONS,
    RUSH,
    USUAL_DAYS,
    Hours,
    Mark,
    PersonName,
    Rush,
    is_common,
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


def test_each_mark_has_its_reason():
    assert set(REASONS) == set(Mark)
    assert all(reason.endswith(".") for reason in REASONS.values())
