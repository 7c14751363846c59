# SPDX-License-Identifier: MPL-2.0
"""W29: possession alone opens. A stolen device and the stolen disk, without the pass phrase, open no record."""

import pytest

from arkanum.guard.devices import open_site
from arkanum.guard.people import open_private
from arkanum.storage import people
from arkanum.vault import VaultError
from tests.attacks.thief import Stolen, records_opened_with
from tests.attacks.twin import assert_red
from tests.cast import CHEAP, PASSPHRASE

pytestmark = pytest.mark.postgresql

GUESSES = ("", "1234", "passwort", "Behandlung", "Praxis2026!", "ada", "Lovelace", "korrekt pferd batterie stapel")


def attack(thief):
    """Unwrap the site secret with the device, then guess at the pass phrases of everybody."""
    device_secret, guesses, folder = thief
    found = open_site(device_secret)
    assert found is not None, "the thief holds a device"
    device, site = found
    opened = records_opened_with(site)
    candidates = [one for one in Stolen(folder).candidates() if len(one) == 32]
    opened += sum(records_opened_with(site.derive(purpose)) for purpose in ("house", "sender", "login", "log"))
    for person in people.people(device.practice_id):
        for guess in (*guesses, *(one.hex() for one in candidates[:50])):
            opened += _opens(site, person, guess)
    assert opened == 0


def _opens(site, person, guess):
    try:
        open_private(site, person, guess, CHEAP)
    except VaultError:
        return 0
    return 1


def test_a_stolen_device_and_disk_open_no_record(founded, ada, dora):
    ada.sign_out()

    attack((founded.device_secret, GUESSES, founded.folder))


def test_the_attack_gets_in_where_the_pass_phrase_is_on_a_note_beside_the_screen(founded, ada, dora):
    ada.sign_out()

    assert_red(attack, (founded.device_secret, (*GUESSES, PASSPHRASE), founded.folder))
