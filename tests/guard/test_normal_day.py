# SPDX-License-Identifier: MPL-2.0
"""A busy day in a large practice never meets the brake: 200 patients, a desk with three people, 500 searches."""

import random
from datetime import timedelta
from uuid import UUID

import pytest

from arkanum.core.patients import BirthDate, Sex
from arkanum.guard.brake import Asker, Brake, Kind
from arkanum.guard.directory import Card, Directory
from arkanum.guard.finding import FEW_HITS, MOST_HITS
from tests.cast import Clock

PATIENTS = 12_000
LASTS = ("Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann")
ENDS = ("", "mann", "berg", "feld", "hausen", "lein", "er", "ke", "dorf", "stein")
FIRSTS = ("Anna", "Bernd", "Clara", "Dieter", "Eva", "Fritz", "Gisela", "Heinz", "Ilse", "Jürgen", "Karin", "Lothar")
DAY_SECONDS, FIRST_HOUR = 9 * 3600, 3600
COMES = 0.6


@pytest.fixture(scope="module")
def names() -> tuple[Directory, list[Card]]:
    dice = random.Random(7)
    cards = [
        Card(
            patient=UUID(int=dice.getrandbits(128)),
            last=dice.choice(LASTS) + dice.choice(ENDS),
            first=dice.choice(FIRSTS),
            birth=BirthDate(year=dice.randint(1930, 2020), month=dice.randint(1, 12), day=dice.randint(1, 28)),
            sex=Sex.X,
        )
        for _ in range(PATIENTS)
    ]
    directory = Directory()
    directory.replace(cards)
    return directory, cards


def shown(directory: Directory, text: str) -> list[UUID]:
    """Return whose names a keystroke shows, as the guard does."""
    hits = directory.search(text, MOST_HITS)
    return [hit.card.patient for hit in (hits[:FEW_HITS] if len(hits) == MOST_HITS else hits)]


def typed(card: Card, dice: random.Random) -> list[str]:
    """Return what is typed, keystroke by keystroke, until the patient is found: name, first name, year of birth."""
    whole = f"{card.last} {card.first} {card.birth.german()}".lower()
    enough = len(card.last) + 1 + dice.randint(2, 4)
    return [*(whole[:length] for length in range(1, enough + 1)), whole]


def moments(count: int, dice: random.Random) -> list[float]:
    """Return when things happen: a third of them in the first hour."""
    return sorted(dice.uniform(0, FIRST_HOUR if number % 3 == 0 else DAY_SECONDS) for number in range(count))


def test_a_doctor_sees_two_hundred_patients(names):
    dice, clock = random.Random(1), Clock(seconds=1_000_000.0)
    brake, doctor = Brake(clock), Asker(UUID(int=1), UUID(int=2))
    began = clock.seconds
    patients = [card.patient for card in dice.sample(names[1], 200)]

    for number, patient in enumerate(patients):
        clock.seconds = began + number * DAY_SECONDS / 200
        assert brake.take(doctor, Kind.CHARTS, [patient]) is None


def test_a_desk_of_three_at_two_workplaces_searches_five_hundred_times(names):
    directory, cards = names
    dice, clock = random.Random(2), Clock(seconds=1_000_000.0)
    brake, began = Brake(clock), clock.seconds
    today = dice.sample(cards, 200)
    desk = [Asker(UUID(int=10 + number), UUID(int=20 + number % 2)) for number in range(3)]

    for moment in moments(500, dice):
        clock.seconds = began + moment
        # Most come to the counter about now; the others ring up, and it is about any time of the day.
        due = int(moment / DAY_SECONDS * len(today)) + dice.randint(-5, 5)
        card = today[due % len(today)] if dice.random() < COMES else dice.choice(today)
        who = dice.choice(desk)
        for text in typed(card, dice):
            assert brake.take(who, Kind.NAMES, shown(directory, text)) is None, timedelta(seconds=moment)
        # One search of five leads nowhere: the telephone rings, or it was another.
        if dice.random() > 0.2:
            assert brake.take(who, Kind.CHARTS, [card.patient]) is None, timedelta(seconds=moment)
