# SPDX-License-Identifier: MPL-2.0
"""Passkeys through the pages, with an authenticator in software."""

import html
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from arkanum.guard import protocol as p
from arkanum.web import cookies
from tests.cast import PASSPHRASE
from tests.guard.authenticator import Authenticator
from tests.web.browser import HTMX, Browser, text

ORIGIN = "http://localhost"


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def asked(page) -> dict[str, str]:
    """What the page hands to the authenticator."""
    return {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', text(page))}


def raw(value: str) -> bytes:
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def by_name(browser: Browser) -> Browser:
    browser.defaults["SERVER_NAME"] = "localhost"
    return browser


def add(browser, authenticator, passphrase=PASSPHRASE):
    begun = browser.post("/konto/passkey/neu", {"passkey_passphrase": passphrase})
    if begun.status_code != 200:
        return begun
    said = asked(begun)
    made = authenticator.make(raw(said["challenge"]))
    form = {name: encoded(value) for name, value in made.items()}
    return browser.post("/konto/passkey", {**form, "name": "USB", "prf": encoded(authenticator.prf(raw(said["salt"])))})


def come_in(browser, authenticator, **changes):
    said = asked(browser.post("/anmelden/passkey/beginnen"))
    signed = authenticator.sign(p.Challenge(challenge=raw(said["challenge"]), salt=raw(said["salt"])))
    names = ("credential", "client_data", "authenticator_data", "signature", "prf")
    form = {name: encoded(getattr(signed, name)) for name in names}
    return browser.post("/anmelden/passkey", {**form, **changes}, headers=HTMX)


@pytest.fixture
def authenticator():
    return Authenticator(origin=ORIGIN)


@pytest.fixture
def adas(at_screen, ada, authenticator):
    """Ada's browser, opened by its name, and her passkey."""
    browser = by_name(at_screen(ada))
    assert add(browser, authenticator).status_code == 200
    return browser


def test_a_passkey_is_added_listed_renamed_and_removed(adas, ada):
    page = text(adas.get("/konto"))
    (line,) = ada.client.own_keys(ada.token).passkeys
    adas.post(f"/konto/passkey/{line.passkey}/name", {"name": "Schlüsselbund"})
    renamed = text(adas.get("/konto"))
    adas.post(f"/konto/passkey/{line.passkey}/entfernen")

    assert 'value="USB"' in page
    assert 'value="Schlüsselbund"' in renamed
    assert 'data-test="passkey"' not in text(adas.get("/konto"))


def test_a_browser_that_knows_nothing_comes_in_with_it(adas, authenticator):
    stranger = by_name(Browser())

    answer = come_in(stranger, authenticator)

    assert answer.headers["HX-Redirect"] == "/"
    assert "Dr. Ada Lovelace" in text(stranger.get("/"))
    assert cookies.DEVICE not in answer.cookies


def test_a_foreign_passkey_and_crooked_bytes_open_nothing(adas, authenticator):
    stranger = by_name(Browser())

    foreign = come_in(stranger, Authenticator(origin=ORIGIN))
    crooked = come_in(stranger, authenticator, prf="ü")

    assert foreign.status_code == 422
    assert "öffnet hier nichts" in text(foreign)
    assert crooked.status_code in {400, 422}
    assert cookies.SESSION not in foreign.cookies


def test_an_answer_without_its_challenge_is_told_to_begin_again(adas):
    answer = by_name(Browser()).post("/anmelden/passkey", {"client_data": encoded(b"{}")}, headers=HTMX)

    assert answer.status_code == 422
    assert "noch einmal" in text(answer)


def test_adding_asks_for_the_pass_phrase(at_screen, ada, authenticator):
    answer = add(by_name(at_screen(ada)), authenticator, passphrase="falsch")

    assert answer.status_code == 422
    assert "Die Passphrase stimmt nicht." in text(answer)


def test_an_address_of_numbers_has_no_passkeys_and_says_where_to_go(at_screen, ada):
    browser = at_screen(ada)

    assert 'href="http://localhost:80/"' in text(browser.get("/konto"))
    assert browser.post("/konto/passkey/neu", {"passkey_passphrase": PASSPHRASE}).status_code == 400
    assert Browser().post("/anmelden/passkey/beginnen").status_code == 400


def test_a_colleague_takes_the_passkeys_of_another_away(adas, at_screen, dan, ada, authenticator):
    answer = at_screen(dan).post(f"/team/{ada.person}/passkeys")

    assert answer.headers["Location"] == "/team"
    assert come_in(by_name(Browser()), authenticator).status_code == 422
