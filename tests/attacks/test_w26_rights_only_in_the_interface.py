# SPDX-License-Identifier: MPL-2.0
"""W26: rights only in the interface. Below the pages the same refusals hold, by key and not by `if`."""

import pytest

from arkanum.charts import records
from arkanum.guard import Action, Ring, Role, WallKind
from arkanum.guard.errors import GuardError
from arkanum.guard.roles import RINGS_FOR_ACTION
from tests.attacks.test_w25_everyone_is_administrator import ring_of_keys
from tests.attacks.thief import records_opened_with
from tests.attacks.twin import assert_red

pytestmark = pytest.mark.postgresql


def attack(colleague_and_patient):
    """Ask the guard itself for every action on a patient, and read with whatever comes out."""
    colleague, patient = colleague_and_patient
    read = 0
    for action in Action:
        try:
            grant = colleague.client.permit(colleague.token, action, patient=patient)
        except GuardError:
            continue
        if grant.has(Ring.TREATMENT):
            read += 1 + len(records.read(grant).entries)
    assert read == 0


def test_the_desk_gets_no_chart_by_asking_the_guard_itself(cora, dan, dora):
    attack((cora, dora))
    attack((dan, dora))


def test_what_the_desk_holds_opens_no_entry_in_the_database(founded, cora, ada, dora):
    ada.write(dora, "Verdacht auf Borreliose")
    grant = cora.grant(Action.READ_PATIENT, dora)
    desk = founded.guard.opened[cora.who.practice].rings[Ring.DESK]

    keys = [grant.key(Ring.DESK), *desk.epochs.values()]

    # One record opens: Dora's master data, which the desk may read. Her notes do not.
    assert max(records_opened_with(key) for key in keys) == 1


def behind_a_wall(colleague, patient, *, emergency=False):
    """Put a patient behind a new wall of this colleague's."""
    colleague.client.make_wall(colleague.token, name="Psychotherapie", kind=WallKind.RESTRICTED, emergency=emergency)
    wall = colleague.client.walls(colleague.token).walls[-1].ring
    colleague.client.put_behind(colleague.token, patient, wall)
    return wall


def attack_wall(keys):
    """Open entries in the database with all these keys: one record opens, the master data that the desk may read."""
    assert max(records_opened_with(key) for key in keys) <= 1


def test_a_doctor_outside_of_a_wall_gets_no_chart_by_asking_the_guard_itself(founded, ada, ben, dora):
    behind_a_wall(ada, dora)
    greta = founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)

    attack((greta, dora))
    attack((ben, dora))


def test_everything_a_doctor_outside_of_a_wall_holds_opens_no_entry_behind_it(founded, ada, dora):
    greta = founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)
    ada.write(dora, "vor dem Bereich")
    behind_a_wall(ada, dora)
    ada.write(dora, "hinter dem Bereich")

    attack_wall(ring_of_keys(founded, greta))


def test_the_way_in_for_emergencies_opens_to_nobody_who_does_not_treat(founded, ada, cora, dan, dora):
    behind_a_wall(ada, dora, emergency=True)
    ada.write(dora, "hinter dem Bereich")

    for colleague in (cora, dan):
        attack_wall(ring_of_keys(founded, colleague))


def test_the_attack_opens_entries_with_a_members_keys(founded, ada, dora):
    behind_a_wall(ada, dora)
    ada.write(dora, "hinter dem Bereich")

    assert_red(attack_wall, ring_of_keys(founded, ada))


def test_every_action_on_charts_needs_the_key_and_not_only_the_role():
    assert all(
        Ring.TREATMENT in RINGS_FOR_ACTION[action]
        for action in (Action.READ_CHART, Action.WRITE_CHART, Action.IMPORT_RECORDS)
    )


def test_the_attack_reads_where_somebody_holds_the_ring(ada, dora):
    assert_red(attack, (ada, dora))
