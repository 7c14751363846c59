# SPDX-License-Identifier: MPL-2.0
"""The list of one's own sessions on the account page, and the end of one of them."""

import re
from uuid import uuid4

import pytest

from arkanum.guard.errors import NotSignedIn
from arkanum.web import proof
from tests.cast import PASSPHRASE
from tests.web.browser import text

END = re.compile(r'action="(/konto/sitzung/[0-9a-f-]+/beenden)"')


@pytest.fixture
def tablet(founded, ada):
    """Ada's token at a second device."""
    secret = founded.client.redeem_link(founded.client.invite_device(ada.token, name="Tablet"))
    return founded.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE).token


def test_the_account_shows_where_one_is_signed_in(at_screen, ada, tablet, client):
    client.rest(tablet)

    shown = text(at_screen(ada).get("/konto"))

    assert shown.count('data-test="session"') == 2
    assert "diese hier" in shown
    assert "Tablet" in shown
    assert "gesperrt" in shown
    assert len(END.findall(shown)) == 1


def test_a_session_ends_after_the_pass_phrase(at_screen, ada, tablet, client):
    screen = at_screen(ada)
    (address,) = END.findall(text(screen.get("/konto")))

    asked = screen.post(address)
    assert "Sind Sie es noch?" in text(asked)
    assert f'action="{address}"' in text(asked)
    answer = screen.post(address, {proof.PASSPHRASE: PASSPHRASE})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto")
    with pytest.raises(NotSignedIn):
        client.who(tablet)
    assert "schon beendet" in text(screen.post(address))


def test_a_session_of_somebody_else_is_not_there(at_screen, ada, cora, client):
    (theirs,) = client.own_sessions(cora.token)

    for session in (theirs.session, uuid4()):
        assert at_screen(ada).post(f"/konto/sitzung/{session}/beenden").status_code == 404

    assert client.who(cora.token)


def test_looking_at_the_end_ends_nothing(at_screen, ada, tablet, client):
    (address,) = END.findall(text(at_screen(ada).get("/konto")))

    assert at_screen(ada).get(address).headers["Location"] == "/konto"
    assert client.who(tablet)
