# SPDX-License-Identifier: MPL-2.0
"""W1: default credential. The market leader's program was installed with `admin` and `1234`, in all practices."""

import itertools

import pytest

from arkanum.guard.errors import PassphraseTooWeak, SignInRefused, Throttled
from tests.attacks.twin import assert_red

pytestmark = pytest.mark.postgresql

NAMES = ("admin", "administrator", "root", "praxis", "arzt", "doctor", "system", "sa", "user", "gast")
MORE_NAMES = ("service", "support", "medistar", "turbomed", "demo", "test", "anmeldung", "labor")
PASSWORDS = (
    "1234",
    "admin",
    "password",
    "praxis",
    "geheim",
    "123456",
    "root",
    "master",
    "start",
    "arzt",
    "service",
    "",
)
DEFAULTS = list(itertools.product(NAMES + MORE_NAMES, PASSWORDS))
GUESSED_DEVICES = (b"", bytes(48), b"\xff" * 48, b"admin".ljust(48, b"\0"))


def attack(client):
    """Try 200 vendor defaults with guessed devices, and with the practice's own device where `client` has one."""
    let_in = 0
    for number, (login, password) in enumerate(DEFAULTS):
        device = getattr(client, "stolen_device", GUESSED_DEVICES[number % len(GUESSED_DEVICES)])
        try:
            client.sign_in(device_secret=device, login=login, passphrase=password)
            let_in += 1
        except (SignInRefused, Throttled):
            pass
    assert let_in == 0


def test_two_hundred_vendor_defaults_are_tried():
    assert len(DEFAULTS) >= 200


def test_a_fresh_installation_knows_no_account(client):
    assert not client.state().founded
    attack(client)


def test_a_founded_practice_knows_no_default_either(founded):
    attack(founded.client)


def test_no_default_can_be_chosen_at_the_first_start(client, guard):
    for login, password in DEFAULTS[:40]:
        with pytest.raises(PassphraseTooWeak):
            client.found_practice(
                code=guard.founding_code,
                practice_name="Praxis",
                name="Admin",
                login=login,
                passphrase=password,
                device_name="Server",
            )


class WithVendorAccount:
    """The weakened twin: an installation that ships with an account."""

    def sign_in(self, *, login, passphrase, **_):
        if (login, passphrase) != ("admin", "1234"):
            raise SignInRefused


def test_the_attack_gets_into_an_installation_that_ships_an_account():
    assert_red(attack, WithVendorAccount())
