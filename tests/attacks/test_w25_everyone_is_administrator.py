# SPDX-License-Identifier: MPL-2.0
"""W25: everyone is administrator. The administrator's ring of keys opens no record."""

import pytest

from arkanum.guard import rings
from arkanum.guard.people import open_private
from arkanum.storage import people
from arkanum.vault import Key
from tests.attacks.thief import Stolen, opened_by, records_opened_with
from tests.attacks.twin import assert_red
from tests.cast import CHEAP

pytestmark = pytest.mark.postgresql


def attack(keys):
    """Open what all these keys open, at every place of every chart."""
    assert sum(records_opened_with(key) for key in keys) == 0


def ring_of_keys(founded, colleague):
    """Return every key a person can ever get out of the database with device and pass phrase."""
    practice = founded.guard.opened[colleague.who.practice]
    row = people.person(practice.id, colleague.person)
    private = open_private(practice.site, row, colleague.passphrase, CHEAP)
    opened = rings.open_rings(practice.site, practice.id, colleague.person, private)
    epochs = [key for ring in opened.values() for key in ring.epochs.values()]
    return [practice.site, Key.from_bytes(private.expose()), practice.site.derive("house"), *epochs]


def test_everything_the_administrator_holds_opens_no_record(founded, dan, dora):
    keys = ring_of_keys(founded, dan)

    assert len(keys) == 3
    attack(keys)


def test_the_whole_disk_beside_the_administrators_keys_opens_no_record(founded, dan, dora):
    known = [key.expose() for key in ring_of_keys(founded, dan)]

    stolen = Stolen(founded.folder, known=known)

    assert opened_by({one for one in stolen.candidates() if len(one) == 32}) == 0


def test_the_attack_opens_records_with_a_doctors_keys(founded, ada, dora):
    assert_red(attack, ring_of_keys(founded, ada))
