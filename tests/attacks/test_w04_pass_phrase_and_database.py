# SPDX-License-Identifier: MPL-2.0
"""W4: the right pass phrase and the stolen database. Without an enrolled device they open nothing."""

import pytest

from arkanum.guard.people import open_private
from arkanum.storage import people, practices
from arkanum.vault import Cost, Key, VaultError, stretch
from tests.attacks.thief import Stolen, opened_by, records_opened_with
from tests.attacks.twin import assert_red
from tests.cast import PASSPHRASE

pytestmark = pytest.mark.postgresql


class Thief(Stolen):
    """Has the disk, the source code and Ada's pass phrase; `site` only in the weakened twin."""

    site: Key | None = None


def attack(thief):
    """Use the pass phrase in every way the source code knows."""
    opened = 0
    for practice in practices.all_ids():
        row = practices.get(practice)
        cost = Cost(row.argon2_memory_kib, row.argon2_passes, row.argon2_lanes)
        for person in people.people(practice):
            stretched = stretch(PASSPHRASE, bytes(person.salt), cost)
            guesses = {stretched.expose(), *(c[:32] for c in thief.candidates() if len(c) >= 32)}
            sites = [Key.from_bytes(guess) for guess in guesses] + ([thief.site] if thief.site else [])
            opened += sum(_opens_person(site, person, cost) for site in sites) + records_opened_with(stretched)
    assert opened == 0


def _opens_person(site, person, cost):
    try:
        open_private(site, person, PASSPHRASE, cost)
    except VaultError:
        return 0
    return 1


@pytest.fixture
def thief(founded, ada, dora):
    ada.write(dora, "Verdacht auf Borreliose")
    site = founded.guard.opened[ada.who.practice].site
    ada.sign_out()
    thief = Thief(founded.folder, known=[PASSPHRASE.encode()])
    thief.remembered = site
    return thief


def test_the_pass_phrase_opens_nothing_without_a_device(thief):
    attack(thief)
    assert opened_by({PASSPHRASE.encode()}) == 0


def test_the_attack_succeeds_where_the_site_secret_lies_in_the_open(thief):
    thief.site = thief.remembered

    assert_red(attack, thief)
