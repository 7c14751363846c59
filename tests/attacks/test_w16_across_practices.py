# SPDX-License-Identifier: MPL-2.0
"""W16: across practices. In another program one login read the patients of other practices."""

import pytest

from arkanum.guard import Action
from arkanum.guard.errors import GuardError
from arkanum.guard.founding import new_founding_code
from arkanum.storage import charts
from tests.attacks.thief import records_opened_with
from tests.attacks.twin import assert_red
from tests.cast import found, new_patient

pytestmark = pytest.mark.postgresql


@pytest.fixture
def neighbour(founded, guard):
    """Another practice on the same installation, with a login name of its own choice."""
    new_founding_code(guard)
    return found(guard, name="Praxis am Hafen", login="bea").ada


def attack(reach):
    """Ask for the other practice's patients by id, in every way; `reach` answers with how many objects came out."""
    assert reach() == 0


def objects_of(client, token, patients):
    """Return how many of these patients' objects a session gets by their ids alone."""
    obtained = 0
    for patient in patients:
        for action in (Action.READ_PATIENT, Action.WRITE_PATIENT, Action.READ_CHART, Action.WRITE_CHART):
            try:
                obtained += len(client.permit(token, action, patient=patient)._keys)
            except GuardError:
                continue
    obtained += len(client.cards(token, patients))
    return obtained


def test_ids_of_another_practice_open_nothing(founded, neighbour):
    theirs = [new_patient(neighbour, f"Sommer{number}") for number in range(10)]
    mine = [new_patient(founded.ada, f"Winter{number}") for number in range(10)]

    attack(lambda: objects_of(founded.client, founded.ada.token, theirs))
    attack(lambda: objects_of(founded.client, neighbour.token, mine))


def test_the_search_of_one_practice_knows_nobody_of_the_other(founded, neighbour):
    new_patient(neighbour, "Sommerfeld")

    attack(lambda: len(founded.client.search(founded.ada.token, "sommerfeld").hits))


def test_no_key_of_one_practice_opens_a_record_of_the_other(founded, neighbour):
    theirs = new_patient(neighbour, "Sommerfeld")
    neighbour.write(theirs, "Depression")
    mine = founded.guard.opened[founded.ada.who.practice]

    keys = [mine.site, *(key for ring in mine.rings.values() for key in ring.epochs.values())]

    attack(lambda: sum(records_opened_with(key) for key in keys))


def test_a_batch_for_moving_in_does_not_reach_into_the_other_practice(founded, neighbour):
    theirs = new_patient(neighbour, "Sommerfeld")
    before = charts.charts_of(neighbour.who.practice, theirs)

    grants = founded.client.permit_batch(founded.ada.token, Action.IMPORT_RECORDS, patients=[theirs])

    key = grants[theirs].key("desk")
    attack(lambda: records_opened_with(key))
    assert charts.charts_of(neighbour.who.practice, theirs).keys() == before.keys()


def test_the_attack_succeeds_with_a_session_of_the_other_practice(founded, neighbour):
    theirs = [new_patient(neighbour, "Sommerfeld")]

    assert_red(attack, lambda: objects_of(founded.client, neighbour.token, theirs))
