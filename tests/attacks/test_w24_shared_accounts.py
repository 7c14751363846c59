# SPDX-License-Identifier: MPL-2.0
"""W24: shared accounts. Changing the person is a name and a PIN, so sharing gains nothing; and it gives away nothing.

In a real browser the journey stands in tests/browser/test_passkeys.py; here is what the server says and how it counts.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from arkanum.guard import resting
from arkanum.guard.errors import GuardError, Locked, NotSignedIn, SignInRefused
from arkanum.guard.pins import Pin
from arkanum.guard.sessions import Sessions
from arkanum.web import cookies
from arkanum.web.gate import entry
from tests.attacks.twin import assert_red
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, Colleague, Founded
from tests.web.browser import HTMX, Browser, text

pytestmark = pytest.mark.postgresql

ADAS, CORAS = "7391", "48173"
SECONDS = 2.0
"""For the whole change; the server's part is some milliseconds, the rest are a click and five keys."""


@dataclass
class Workplace:
    """One browser at one device: Ada at work with a chart open, Cora at rest, both with a PIN."""

    founded: Founded
    browser: Browser
    ada: Colleague
    cora: Colleague
    chart: str
    asked: list[tuple[str, str]] = field(default_factory=list)

    def post(self, address: str, **form: str):
        self.asked.append(("POST", address))
        return self.browser.post(address, form, headers=HTMX)

    def lock(self):
        return self.post("/anmelden/sperren")

    def change(self, colleague: Colleague, pin: str):
        return self.post("/anmelden/wechseln", person=str(colleague.person), pin=pin, page=str(self.ada.person))


@pytest.fixture
def workplace(founded, ada, cora, dora):
    ada.client.set_pin(ada.token, passphrase=PASSPHRASE, pin=ADAS)
    cora.client.set_pin(cora.token, passphrase=SECOND_PASSPHRASE, pin=CORAS)
    cora.client.rest(cora.token)
    browser = Browser().own_device(founded.device_secret).sit_down(ada.token)
    chart = f"/kartei/{dora}"
    assert browser.get(chart).status_code == 200
    return Workplace(founded, browser, ada, cora, chart)


def attack_the_change(workplace: Workplace) -> None:
    """Lock, change to Cora, and look for anything of Ada's that came along."""
    before = workplace.browser.cookies[cookies.SESSION].value
    locked = workplace.lock()
    assert "Sturz" not in text(locked)
    began = time.perf_counter()
    answer = workplace.change(workplace.cora, CORAS)
    assert time.perf_counter() - began < SECONDS
    assert answer.headers["HX-Redirect"] == "/"
    after = workplace.browser.cookies[cookies.SESSION].value
    assert after not in {"", before}
    assert workplace.browser.cookies[cookies.RECENT].value == ""
    start = text(workplace.browser.get("/"))
    assert "Cora Feddersen" in start
    assert "Müller" not in start
    assert workplace.browser.get(workplace.chart).status_code == 403
    assert _refused(lambda: workplace.ada.client.who(cookies._decode(before)), (Locked, NotSignedIn))
    back = workplace.lock(), workplace.change(workplace.ada, ADAS)
    assert back[1].status_code in {200, 204}
    assert _refused(lambda: workplace.ada.client.who(cookies._decode(before)), (NotSignedIn,))


def attack_the_pin(workplace: Workplace) -> None:
    """Try PINs of a person who rests: everybody's, and one after the other."""
    workplace.lock()
    assert not _opens(workplace.change(workplace.ada, CORAS))
    in_a_row = [f"{number:04}" for number in range(2000, 2000 + resting.WRONG_PINS_IN_A_ROW)]
    assert not any(_opens(workplace.change(workplace.ada, pin)) for pin in in_a_row)
    assert not _opens(workplace.change(workplace.ada, ADAS))


def attack_from_elsewhere(workplace: Workplace) -> None:
    """Type the right PIN where that person does not rest: another device, no device, a stolen cookie alone."""
    token = workplace.browser.cookies[cookies.SESSION].value
    workplace.lock()
    client = workplace.founded.client
    workplace.post("/anmelden/wechseln", person=str(workplace.cora.person), pin=CORAS)
    inviting = cookies._decode(workplace.browser.cookies[cookies.SESSION].value)
    tablet = client.redeem_link(client.invite_device(inviting, name="Tablet"))
    stolen = Browser()
    stolen.cookies[cookies.SESSION] = token
    form = {"person": str(workplace.ada.person), "pin": ADAS}
    for browser in (Browser().own_device(tablet), Browser(), stolen):
        assert browser.post("/anmelden/wechseln", form).status_code == 422
        assert "Ada" not in text(browser.get("/anmelden/gesperrt"))


def _opens(answer) -> bool:
    return answer.status_code == 204 or answer.headers.get("HX-Redirect") == "/"


def _refused(ask: Callable[[], object], kinds: tuple[type[GuardError], ...]) -> bool:
    try:
        ask()
    except kinds:
        return True
    return False


def test_the_change_is_two_questions_and_gives_nothing_away(workplace):
    attack_the_change(workplace)

    change = workplace.asked[:2]
    assert change == [("POST", "/anmelden/sperren"), ("POST", "/anmelden/wechseln")]


def test_five_wrong_pins_and_the_pin_of_another_person_open_nothing(workplace):
    attack_the_pin(workplace)


def test_a_pin_typed_elsewhere_opens_nothing(workplace):
    attack_from_elsewhere(workplace)


def test_who_does_not_rest_here_has_no_pin_and_was_wrong_get_the_same_page(workplace, founded, ben):
    def said(person, pin):
        answer = workplace.browser.post("/anmelden/wechseln", {"person": str(person), "pin": pin})
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+| checked', "", text(answer))
        return answer.status_code, page

    workplace.lock()
    nobody = founded.guard.opened[workplace.ada.who.practice].id
    answers = {said(workplace.ada.person, CORAS), said(ben.person, ADAS), said(nobody, ADAS)}

    assert len(answers) == 1


def test_the_shared_browser_keeps_one_token_and_no_trace_of_the_other(workplace):
    workplace.lock()
    workplace.change(workplace.cora, CORAS)
    kept = {name: morsel.value for name, morsel in workplace.browser.cookies.items() if morsel.value}

    known = {cookies.SESSION, cookies.DEVICE, "__Host-arkanum-csrf"}
    assert set(kept) <= known


def test_the_attacks_notice_a_pin_that_opens_for_anybody(workplace, monkeypatch):
    monkeypatch.setattr(Pin, "fits", lambda *_: True)

    assert_red(attack_the_pin, workplace)


def test_the_attacks_notice_wrong_pins_that_nobody_counts(workplace, monkeypatch):
    monkeypatch.setattr(resting, "_count_wrong", lambda *_: None)

    assert_red(attack_the_pin, workplace)


def test_the_attacks_notice_a_token_that_stays_good(workplace, monkeypatch):
    def same_token(sessions, session):
        session.is_locked = False
        return cookies._decode(workplace.browser.cookies[cookies.SESSION].value)

    monkeypatch.setattr(Sessions, "wake", same_token)

    assert_red(attack_the_change, workplace)


def test_the_attacks_notice_the_charts_of_the_person_before(workplace, monkeypatch):
    monkeypatch.setattr(entry.cookies, "begin_session", cookies.continue_session)

    assert_red(attack_the_change, workplace)


def test_the_attacks_notice_a_pin_that_is_not_bound_to_its_device(workplace, monkeypatch):
    device = resting.known_device(workplace.founded.device_secret, b"")
    monkeypatch.setattr(resting, "known_device", lambda *_: device)

    assert_red(attack_from_elsewhere, workplace)


def test_a_wrong_pin_is_refused_below_the_pages_too(workplace):
    workplace.lock()

    with pytest.raises(SignInRefused):
        workplace.founded.client.change_person(
            device_secret=workplace.founded.device_secret, person=workplace.ada.person, pin=CORAS
        )
