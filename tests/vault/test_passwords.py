# SPDX-License-Identifier: MPL-2.0
"""Pass phrases are slow to guess, the same from every keyboard, and two at once at most."""

import threading
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arkanum.vault import FLOOR, Cost, Key, calibrate, passwords, person_key, stretch
from arkanum.vault.passwords import seconds_of

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
SALT = bytes(range(16))


def test_the_same_phrase_salt_and_cost_give_the_same_key():
    assert stretch("drei Igel im Schnee", SALT, CHEAP) == stretch("drei Igel im Schnee", SALT, CHEAP)


@pytest.mark.parametrize(
    ("phrase", "salt", "cost"),
    [
        ("Drei Igel im Schnee", SALT, CHEAP),
        ("drei Igel im Schnee ", SALT, CHEAP),
        ("drei Igel im Schnee", bytes(16), CHEAP),
        ("drei Igel im Schnee", SALT + b"\0", CHEAP),
        ("drei Igel im Schnee", SALT, Cost(72, 1, 1)),
        ("drei Igel im Schnee", SALT, Cost(64, 2, 1)),
        ("drei Igel im Schnee", SALT, Cost(64, 1, 2)),
    ],
)
def test_another_phrase_salt_or_cost_gives_another_key(phrase, salt, cost):
    assert stretch(phrase, salt, cost) != stretch("drei Igel im Schnee", SALT, CHEAP)


@pytest.mark.parametrize(
    ("typed_here", "typed_there"),
    [("K\u00e4se", "Ka\u0308se"), ("\ufb01nden", "finden"), ("drei\u00a0Igel", "drei Igel")],
)
def test_another_keyboard_gives_the_same_key(typed_here, typed_there):
    assert stretch(typed_here, SALT, CHEAP) == stretch(typed_there, SALT, CHEAP)


def test_stretching_is_argon2id():
    argon = Argon2id(salt=SALT, length=32, iterations=3, lanes=2, memory_cost=80)

    assert stretch("K\u00e4se", SALT, Cost(80, 3, 2)).expose() == argon.derive(b"K\xc3\xa4se")


def test_half_a_character_does_not_put_the_phrase_into_an_error():
    assert stretch("geheim\udc80", SALT, CHEAP) != stretch("geheim", SALT, CHEAP)


def test_a_short_salt_is_refused():
    with pytest.raises(ValueError, match=r"^a salt has at least 16 bytes$"):
        stretch("drei Igel im Schnee", bytes(15), CHEAP)


def test_at_most_two_run_at_once(monkeypatch):
    running = []
    most = []

    class SlowArgon:
        def __init__(self, **_):
            running.append(self)
            most.append(len(running))

        def derive(self, _):
            time.sleep(0.02)
            running.remove(self)
            return bytes(32)

    monkeypatch.setattr(passwords, "Argon2id", SlowArgon)
    threads = [threading.Thread(target=stretch, args=("x", SALT, CHEAP)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(most) == 2
    assert len(most) == 8


def test_an_error_gives_the_turn_back():
    for _ in range(3):
        with pytest.raises(AttributeError):
            stretch("x", SALT, None)

    assert stretch("x", SALT, CHEAP) == stretch("x", SALT, CHEAP)


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes", "error"),
    [
        (64, 1, 0, "^lanes are 1 to 16$"),
        (1024, 1, 17, "^lanes are 1 to 16$"),
        (7, 1, 1, "^memory is 8 KiB a lane to 1048576 KiB$"),
        (15, 1, 2, "^memory is 8 KiB a lane to 1048576 KiB$"),
        (1024 * 1024 + 1, 1, 1, "^memory is 8 KiB a lane to 1048576 KiB$"),
        (64, 0, 1, "^passes are 1 to 64$"),
        (64, 65, 1, "^passes are 1 to 64$"),
    ],
)
def test_a_cost_that_would_stop_the_server_is_refused(memory_kib, passes, lanes, error):
    with pytest.raises(ValueError, match=error):
        Cost(memory_kib, passes, lanes)


@pytest.mark.parametrize("cost", [(8, 1, 1), (128, 64, 16), (1024 * 1024, 1, 1)])
def test_the_smallest_and_the_largest_cost_are_allowed(cost):
    assert Cost(*cost).memory_kib == cost[0]


def test_the_floor_is_what_the_handbook_says():
    assert Cost(memory_kib=131_072, passes=2, lanes=2) == FLOOR


@pytest.mark.parametrize(
    ("floor_s", "target_s", "passes"),
    [
        (0.3, 0.3, 2),
        (9.0, 0.3, 2),
        (0.2, 0.3, 3),
        (0.22, 0.3, 3),
        (0.25, 0.3, 2),
        (0.1, 0.3, 6),
        (0.1, 1.0, 20),
        (0.001, 0.3, 64),
    ],
)
def test_a_faster_machine_makes_more_passes_and_never_fewer_than_the_floor(floor_s, target_s, passes):
    asked = []

    def stopwatch(cost):
        asked.append(cost)
        return floor_s

    cost = calibrate(target_s, stopwatch)

    assert cost == Cost(FLOOR.memory_kib, passes, FLOOR.lanes)
    assert set(asked) == {FLOOR}


def test_calibration_does_not_count_the_first_slow_run():
    times = iter([0.9, 0.1])

    assert calibrate(0.3, lambda _: next(times)).passes == 6


def test_calibration_takes_a_third_of_a_second_where_nobody_says_otherwise():
    assert calibrate(stopwatch=lambda _: 0.02).passes == 30


def test_the_stopwatch_measures_this_machine():
    started = time.perf_counter()
    measured = seconds_of(Cost(8 * 1024, 1, 1))
    passed = time.perf_counter() - started

    assert 0 < measured <= passed


def test_calibration_measures_this_machine_by_itself():
    assert calibrate(0.001).passes == 2


def test_a_person_key_needs_both_halves():
    site, other = Key.new(), Key.new()
    phrase = stretch("drei Igel im Schnee", SALT, CHEAP)

    made = person_key(site, phrase)

    assert made == person_key(site, phrase)
    assert len({key.expose() for key in (made, person_key(other, phrase), site, phrase)}) == 4
    assert made != person_key(site, other)
    assert made != person_key(phrase, site)


def test_a_person_key_is_hkdf():
    site, phrase = Key.new(), Key.new()
    hkdf = HKDF(hashes.SHA256(), 32, salt=site.expose(), info=b"arkanum/1/person\0")

    assert person_key(site, phrase).expose() == hkdf.derive(phrase.expose())
