# SPDX-License-Identifier: MPL-2.0
"""W3: the key beside the lock. The whole disk of a sealed server and the source code open nothing."""

from base64 import urlsafe_b64encode

import pytest

from tests.attacks.thief import Stolen, opened_by
from tests.attacks.twin import assert_red

pytestmark = pytest.mark.postgresql


def attack(stolen):
    """Try everything on the disk that may be a key, as device secret, chart key and epoch key."""
    assert opened_by(stolen.candidates()) == 0


@pytest.fixture
def sealed(founded, ada, dora):
    """A practice with records, sealed because its last person has left."""
    ada.write(dora, "Verdacht auf Borreliose")
    ada.sign_out()
    return Stolen(founded.folder)


def test_a_stolen_disk_of_a_sealed_server_opens_no_record(sealed):
    assert len(sealed.candidates()) > 20
    attack(sealed)


def test_the_attack_finds_a_device_secret_left_in_a_configuration_file(sealed, founded):
    secret = urlsafe_b64encode(founded.device_secret).decode()
    (founded.folder / "arkanum.ini").write_text(f"[geraet]\nsecret = {secret}\n")

    assert_red(attack, sealed)


def test_the_attack_finds_a_chart_key_left_in_the_database_folder(founded, ada, dora):
    key = ada.grant("read_chart", dora).key("treatment")
    (founded.folder / "schluessel.bin").write_bytes(key.expose())

    assert_red(attack, Stolen(founded.folder))
