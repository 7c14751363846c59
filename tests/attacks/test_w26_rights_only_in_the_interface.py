# SPDX-License-Identifier: MPL-2.0
"""W26: rights only in the interface. Below the pages the same refusals hold, by key and not by `if`."""

import pytest

from arkanum.charts import records
from arkanum.guard import Action, Ring
from arkanum.guard.errors import GuardError
from arkanum.guard.roles import RINGS_FOR_ACTION
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


def test_every_action_on_charts_needs_the_key_and_not_only_the_role():
    assert all(
        Ring.TREATMENT in RINGS_FOR_ACTION[action]
        for action in (Action.READ_CHART, Action.WRITE_CHART, Action.IMPORT_RECORDS)
    )


def test_the_attack_reads_where_somebody_holds_the_ring(ada, dora):
    assert_red(attack, (ada, dora))
