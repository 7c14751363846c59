# SPDX-License-Identifier: MPL-2.0
"""A workplace with a security key in a real Chromium: add, come in, lock, change the person."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.stage import open_first_hit, passphrase_of, workplace

pytestmark = [pytest.mark.browser, pytest.mark.journey]

ADAS_PIN, CORAS_PIN = "7391", "48173"


@pytest.fixture(scope="module")
def here(demo) -> str:
    """The practice under its name: a passkey belongs to one."""
    return demo["url"].replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def desk_with_key(demo, chromium, here) -> Iterator[Page]:
    """A workplace of the practice with a security key that recognises its person."""
    with workplace(chromium) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "usb",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "hasPrf": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        page.goto(demo["device_link"].replace("127.0.0.1", "localhost"))
        page.wait_for_url("**/anmelden")
        yield page


def sign_in(page: Page, demo: dict, here: str, login: str) -> None:
    page.goto(here + "anmelden")
    if page.locator("[data-test=other-person]").count():
        page.click("[data-test=other-person]")
    page.fill("[name=login]", login)
    page.fill("[name=passphrase]", passphrase_of(demo, login))
    page.keyboard.press("Enter")
    page.wait_for_url(here)


def cookies_of(page: Page) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def change_to(page: Page, here: str, name: str, pin: str) -> None:
    """The whole change of person: two actions, once the screen is locked."""
    page.keyboard.press("Control+Alt+l")
    page.wait_for_selector("#lock #pin:focus")
    page.locator(".sitter", has_text=name).click()
    page.keyboard.type(pin + "\n")
    page.wait_for_url(here)
    page.wait_for_selector("#lock", state="hidden")


def choose_pin(page: Page, demo: dict, here: str, login: str, pin: str) -> None:
    page.goto(here + "konto")
    page.fill("[name=new_pin]", pin)
    page.fill("[name=pin_again]", pin)
    page.fill("[name=pin_passphrase]", passphrase_of(demo, login))
    page.click("[data-test=set-pin]")
    page.wait_for_selector("[data-test=has-pin]")


def test_a_passkey_is_added_and_opens_the_sealed_practice(desk_with_key, demo, here, picture):
    page = desk_with_key
    sign_in(page, demo, here, "ada")
    page.goto(here + "konto")
    page.fill("[data-passkey-add] [name=name]", "Schlüsselbund")
    page.fill("[name=passkey_passphrase]", passphrase_of(demo, "ada"))
    page.click("[data-test=passkey-add]")
    page.wait_for_selector("[data-test=passkey]")
    picture(page, "60-konto-passkey")
    page.click("[data-test=sign-out]")
    page.wait_for_url("**/anmelden")
    picture(page, "61-anmelden-passkey")

    page.click("[data-test=passkey-sign-in]")
    page.wait_for_url(here)

    assert "Ada" in page.inner_text("[data-test=menu]")


def test_the_lock_keeps_half_a_sentence_and_the_passkey_lets_it_go_on(desk_with_key, here, picture):
    page = desk_with_key
    page.goto(here)
    open_first_hit(page, "neill")
    title = page.title()
    page.locator("[data-test=line]").click()
    page.keyboard.type("b Lunge rechts bas")

    page.keyboard.press("Control+Alt+l")
    page.wait_for_selector("#lock [data-test=passkey-sign-in]")
    picture(page, "62-gesperrt")
    hidden = page.locator("[data-test=line]").is_visible(), page.title()
    page.click("#lock [data-test=passkey-sign-in]")
    page.wait_for_selector("#lock", state="hidden")

    assert hidden == (False, "Gesperrt")
    assert page.input_value("[data-test=line]") == "b Lunge rechts bas"
    assert page.title() == title


def test_changing_the_person_is_a_name_and_a_pin_and_leaves_nothing_of_the_one_before(
    desk_with_key, demo, here, picture
):
    page = desk_with_key
    choose_pin(page, demo, here, "ada", ADAS_PIN)
    sign_in(page, demo, here, "cora")
    choose_pin(page, demo, here, "cora", CORAS_PIN)
    change_to(page, here, "Ada", ADAS_PIN)
    open_first_hit(page, "neill")
    chart = page.url
    page.locator("[data-test=line]").click()
    page.keyboard.type("b geheim halb getippt")
    before = cookies_of(page)

    change_to(page, here, "Cora", CORAS_PIN)
    after = cookies_of(page)
    picture(page, "63-cora")

    assert "Cora" in page.inner_text("[data-test=menu]")
    assert after["__Host-arkanum"] != before["__Host-arkanum"]
    assert "__Host-arkanum-recent" not in after
    assert "geheim halb" not in page.content()
    assert "Neill" not in page.content()
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert "geheim halb" not in page.content()
    page.goto(chart)
    assert "geheim halb" not in page.content()


def test_another_tab_of_the_person_before_shows_nothing_either(desk_with_key, here):
    page = desk_with_key
    page.goto(here)
    other = page.context.new_page()
    other.goto(here)
    page.bring_to_front()

    change_to(page, here, "Ada", ADAS_PIN)

    other.wait_for_function("document.querySelector('[data-test=menu]')?.innerText.includes('Ada')")

    other.close()


def test_five_minutes_without_a_touch_lock_the_page(desk_with_key, here):
    page = desk_with_key
    page.clock.install()
    page.goto(here)
    page.clock.run_for(4 * 60 * 1000)
    still_open = page.locator("#lock").is_hidden()

    page.clock.run_for(90 * 1000)
    page.wait_for_selector("#lock:not([hidden])")

    assert still_open


def test_under_an_address_of_numbers_the_account_page_says_where_passkeys_go(demo, chromium):
    with workplace(chromium) as page:
        page.goto(demo["url"] + "anmelden")

        assert page.locator("[data-test=passkey-sign-in]").count() == 1
        assert page.locator("[data-test=passkey-sign-in]").is_hidden()
