# SPDX-License-Identifier: MPL-2.0
"""The brake by itself: what counts, for whom, how long, and what a pass phrase or a second person changes."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from arkanum.guard import brake as b
from arkanum.guard.brake import Asker, Brake, Counted, Kind, Limits, Stop
from tests.cast import Clock


@pytest.fixture
def clock():
    return Clock(seconds=1_000_000.0)


@pytest.fixture
def brake(clock):
    return Brake(clock)


@pytest.fixture
def ada():
    return Asker(uuid4(), uuid4())


def ids(count):
    return [uuid4() for _ in range(count)]


def opened(brake, asker, patients, kind=Kind.CHARTS):
    """Open one after the other until the brake stops it; return how many, and the stop."""
    for number, patient in enumerate(patients):
        braked = brake.take(asker, kind, [patient])
        if braked is not None:
            return number, braked.stop
    return len(patients), None


def test_twenty_four_charts_pass_and_the_next_needs_the_pass_phrase(brake, ada):
    assert opened(brake, ada, ids(60)) == (24, Stop.STEP_UP)


def test_the_same_chart_again_is_never_stopped(brake, ada):
    patients = ids(24)
    opened(brake, ada, patients)
    assert opened(brake, ada, ids(1)) == (0, Stop.STEP_UP)

    assert opened(brake, ada, patients * 3) == (72, None)


def test_a_pass_phrase_leads_to_the_limit_and_a_second_person_past_it(brake, ada, clock):
    opened(brake, ada, ids(24))

    proved = replace(ada, proved_at=clock())
    assert opened(brake, proved, ids(60)) == (6, Stop.SECOND_PERSON)
    agreed = replace(proved, agreed_at=clock())
    assert opened(brake, agreed, ids(60)) == (15, Stop.SECOND_PERSON)


def test_waiting_is_no_answer_to_the_question_for_the_pass_phrase(brake, ada, clock):
    opened(brake, ada, ids(25))
    clock.go(b.HOUR_SECONDS)

    assert opened(brake, ada, ids(1)) == (0, Stop.STEP_UP)
    assert opened(brake, replace(ada, began_at=clock()), ids(1)) == (1, None)


def test_who_stays_below_each_limit_still_meets_the_next_one(brake, ada, clock):
    total = 0
    for _ in range(10):
        count, stop = opened(brake, ada, ids(20))
        total += count
        clock.go(b.TEN_MINUTES + 1)
        if stop:
            break

    assert (total, stop) == (96, Stop.STEP_UP)


def test_a_device_counts_for_everybody_who_sits_there(brake, ada):
    ben = replace(ada, person=uuid4())
    opened(brake, ada, ids(14))

    assert opened(brake, ben, ids(20)) == (10, Stop.STEP_UP)


def test_a_person_counts_at_all_their_devices(brake, ada):
    opened(brake, ada, ids(14))

    assert opened(brake, replace(ada, device=uuid4()), ids(20)) == (10, Stop.STEP_UP)


def test_a_proof_of_one_session_is_none_of_another(brake, ada, clock):
    opened(brake, ada, ids(24))
    proved = replace(ada, proved_at=clock())
    opened(brake, proved, ids(3))

    assert opened(brake, ada, ids(1)) == (0, Stop.STEP_UP)


def test_after_a_day_everything_begins_anew(brake, ada, clock):
    opened(brake, ada, ids(24))
    clock.go(b.DAY_SECONDS + 1)

    assert opened(brake, ada, ids(24)) == (24, None)
    assert brake.patients_within(ada.person, b.DAY_SECONDS) == 24


def test_many_at_once_count_as_many(brake, ada):
    assert brake.take(ada, Kind.CHARTS, ids(25)).stop is Stop.STEP_UP
    assert brake.take(ada, Kind.CHARTS, ids(31)).stop is Stop.SECOND_PERSON


def test_names_on_the_way_to_a_chart_are_forgiven(brake, ada):
    for _ in range(20):
        shown = ids(30)
        assert brake.take(ada, Kind.NAMES, shown) is None
        assert brake.take(ada, Kind.CHARTS, shown[:1]) is None

    assert brake.patients_within(ada.person, b.HOUR_SECONDS, Kind.NAMES) == 0


def test_who_only_looks_through_the_names_is_stopped(brake, ada):
    assert opened(brake, ada, ids(1000), Kind.NAMES) == (480, Stop.STEP_UP)


def test_whose_chart_is_open_has_a_known_name(brake, ada):
    patients = ids(20)
    opened(brake, ada, patients)

    assert brake.take(ada, Kind.NAMES, patients) is None
    assert brake.patients_within(ada.person, 60, Kind.NAMES) == 0


def test_what_was_counted_can_be_kept_and_remembered(clock, ada):
    kept: list[Counted] = []
    first = Brake(clock, kept.append)
    names = ids(5)
    opened(first, ada, names, Kind.NAMES)
    opened(first, ada, [*names[:1], *ids(22)])
    second = Brake(clock)

    second.remember(kept)

    assert opened(second, ada, ids(5)) == (1, Stop.STEP_UP)
    assert second.patients_within(ada.person, 60, Kind.NAMES) == 0


@pytest.mark.parametrize("wished", [Limits(0, 0, 0), Limits(10_000, 10_000, 10_000), Limits(-5, 10**9, 60_000)])
def test_no_wish_leaves_the_hard_bounds(wished):
    got = b.bounded(wished)

    for low, limit, high in zip(*map(b._numbers, (b.LOWEST, got, b.HIGHEST)), strict=True):
        assert low <= limit <= high
    for _, most in b.windows(wished, Kind.CHARTS, agreed=True):
        assert most <= b.CEILING.day


def test_even_an_agreement_on_the_highest_limits_keeps_the_ceiling():
    most = [most for _, most in b.windows(b.HIGHEST, Kind.CHARTS, agreed=True)]

    assert most == [b.CEILING.ten_minutes, b.CEILING.hour, b.CEILING.day]


def test_the_hundred_and_twenty_of_the_highest_hour_need_no_pass_phrase_and_no_more():
    assert b.HIGHEST.hour * b.STEP_UP_PERCENT // 100 == 120


def test_unknown_ids_are_told_once_in_ten(brake):
    ada: UUID = uuid4()

    told = [brake.unknown(ada, one) for one in ids(2 * b.UNKNOWN_IDS)]

    assert told.count(b.UNKNOWN_IDS) == 2
