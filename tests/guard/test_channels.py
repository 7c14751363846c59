# SPDX-License-Identifier: MPL-2.0
"""A session belongs to the connection it began on: a cookie carried to another device is no session there."""

import pytest

from arkanum.guard.errors import NotSignedIn, SignInRefused
from tests.cast import PASSPHRASE

pytestmark = pytest.mark.postgresql


def sign_in(founded, channel):
    secret = founded.device_secret
    return founded.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=channel)


def test_a_session_goes_on_on_its_own_channel(founded):
    channel = founded.device_secret[:16]

    signed_in = sign_in(founded, channel)

    assert founded.client.who(signed_in.token + channel).name == "Dr. Ada Lovelace"


@pytest.mark.parametrize("elsewhere", [b"", bytes(16), b"\xff" * 16])
def test_a_cookie_carried_elsewhere_is_no_session(founded, elsewhere):
    signed_in = sign_in(founded, founded.device_secret[:16])

    with pytest.raises(NotSignedIn):
        founded.client.who(signed_in.token + elsewhere)


def test_a_cookie_from_loopback_is_no_session_on_the_network(founded, ada):
    with pytest.raises(NotSignedIn):
        founded.client.who(ada.token + founded.device_secret[:16])


def test_a_device_secret_behind_another_devices_certificate_opens_nothing(founded):
    with pytest.raises(SignInRefused):
        sign_in(founded, bytes(16))
