# SPDX-License-Identifier: MPL-2.0
"""Ids sort by time, and tell no more of it than the hour."""

import time
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import new_id

HOUR_MS = 3_600_000
LAST_MS = 2**48 - 1


@given(st.integers(0, LAST_MS))
def test_an_id_tells_the_hour_and_no_more(now_ms):
    made = new_id(now_ms)

    assert made.int >> 80 == now_ms // HOUR_MS * HOUR_MS


def test_an_id_is_a_uuid_of_version_7():
    for made in (new_id() for _ in range(100)):
        assert made.version == 7
        assert made.variant == RFC_4122


def test_no_two_ids_of_one_hour_are_the_same():
    made = {new_id(HOUR_MS) for _ in range(10_000)}

    assert len(made) == 10_000


def test_every_bit_below_the_hour_is_random_but_version_and_variant():
    made = [new_id(0).int for _ in range(200)]

    ones, zeros = 0, 0
    for each in made:
        ones |= each
        zeros |= ~each
    free = ((1 << 80) - 1) & ~(0xF << 76) & ~(0b11 << 62)
    assert ones & zeros & ((1 << 80) - 1) == free


def test_without_a_time_the_clock_of_the_machine_counts():
    before = time.time_ns() // 1_000_000

    made = new_id()

    after = time.time_ns() // 1_000_000
    assert before - HOUR_MS < made.int >> 80 <= after
    assert (made.int >> 80) % HOUR_MS == 0


def test_the_clock_is_read_to_the_millisecond(monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 500_000 * HOUR_MS * 1_000_000)

    assert new_id().int >> 80 == 500_000 * HOUR_MS
