# SPDX-License-Identifier: MPL-2.0
"""W27: no second factor. The right name and the right pass phrase, from anywhere but an enrolled device."""

from base64 import urlsafe_b64decode
from uuid import UUID, uuid4

import pytest

from arkanum.guard import connect, resting
from arkanum.guard.devices import open_site
from arkanum.guard.errors import NotSignedIn, PracticeSealed, SignInRefused, Throttled
from arkanum.guard.founding import new_founding_code
from arkanum.storage.models import Throttle
from arkanum.web import cookies
from arkanum.web.gate.sign_in import NO_DEVICE
from tests.attacks.twin import assert_red
from tests.cast import PASSPHRASE, found
from tests.web.browser import Browser

pytestmark = pytest.mark.postgresql

FLIPPED_BITS = range(0, 48 * 8, 5)


def attack(secrets):
    """Sign in as Ada with each of these device secrets, through the guard and through the page."""
    let_in = [secret.hex() for secret in secrets if _by_guard(secret) or _by_page(secret)]
    assert let_in == []


def _by_guard(secret):
    Throttle.objects.all().delete()
    try:
        connect().sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE)
    except (SignInRefused, Throttled):
        return False
    return True


def _by_page(secret, browser=None):
    Throttle.objects.all().delete()
    browser = browser or Browser().own_device(secret)
    response = browser.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})
    return response.status_code == 302 or cookies.SESSION in response.cookies


@pytest.fixture
def removed(founded, ada):
    """A device that was let in and taken out again."""
    secret = founded.client.redeem_link(founded.client.invite_device(ada.token, name="Laptop"))
    founded.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE)
    founded.client.remove_device(ada.token, UUID(bytes=secret[:16]))
    return secret


@pytest.fixture
def forged(founded, emil):
    """What somebody invents who knows the program, and even the id of the device."""
    real = founded.device_secret
    return [
        b"",
        NO_DEVICE,
        bytes(48),
        emil.device_secret,
        real[:16] + bytes(32),
        real[:16] + uuid4().bytes * 2,
        uuid4().bytes + real[16:],
        real[:47],
        real + b"\0",
        real[16:] + real[:16],
        real[::-1],
        real[:16],
        real[16:],
    ]


def test_an_invented_device_is_no_second_factor(founded, forged):
    attack(forged)


def test_each_bit_of_the_device_secret_counts(founded):
    whole = int.from_bytes(founded.device_secret)

    attack([(whole ^ (1 << bit)).to_bytes(48) for bit in FLIPPED_BITS])


def test_a_removed_device_is_none_any_more(founded, removed):
    attack([removed])


def test_the_session_at_a_device_ends_when_the_device_is_removed(founded, ada):
    secret = founded.client.redeem_link(founded.client.invite_device(ada.token, name="Laptop"))
    session = founded.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE)
    founded.client.remove_device(ada.token, UUID(bytes=secret[:16]))

    with pytest.raises((NotSignedIn, PracticeSealed)):
        founded.client.who(session.token)


def test_a_device_of_another_practice_is_none_of_ours(founded, guard):
    new_founding_code(guard)
    neighbour = found(guard, name="Praxis am Hafen", login="bea")

    attack([neighbour.device_secret, founded.device_secret[:16] + neighbour.device_secret[16:]])


def test_a_device_link_and_its_halves_are_no_device_before_they_are_redeemed(founded, ada):
    link = founded.client.invite_device(ada.token, name="Laptop")
    raw = urlsafe_b64decode(link + "=" * (-len(link) % 4))
    redeemed = founded.client.redeem_link(link)

    assert redeemed != raw
    attack([raw, raw[:16] + founded.device_secret[16:], redeemed[:16] + raw[16:]])


def test_a_session_cookie_is_no_device(founded, ada, ben):
    browsers = [Browser(), Browser().sit_down(ben.token), Browser().sit_down(ada.token)]
    browsers.append(Browser().own_device(ben.token))

    assert not any(_by_page(b"", browser) for browser in browsers)


def test_a_person_whose_pass_phrase_is_known_is_not_found_by_name_either(founded, ben, emil):
    for login in ("ada", "ben", "Ada", " ada "):
        Throttle.objects.all().delete()
        with pytest.raises(SignInRefused):
            emil.client.sign_in(device_secret=emil.device_secret, login=login, passphrase=PASSPHRASE)


def test_the_attack_gets_in_with_a_stolen_device(founded, forged):
    assert_red(attack, [*forged, founded.device_secret])


def test_the_attack_gets_in_where_the_device_is_not_looked_at(founded, forged, monkeypatch):
    any_device = open_site(founded.device_secret)
    monkeypatch.setattr(resting, "open_site", lambda _: any_device)

    assert_red(attack, forged[:1])
    assert_red(attack, forged[-1:])
