# SPDX-License-Identifier: MPL-2.0
"""A chart behind a wall, and the emergency, in a real browser."""

import pytest

from tests.browser.stage import sign_in, sign_out, workplace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def enrolled(demo, chromium):
    """One browser that has become a device by the demo's link."""
    with workplace(chromium) as page:
        page.goto(demo["device_link"])
        page.wait_for_url("**/anmelden")
        yield page


def seat(page, demo, login):
    sign_out(page, demo)
    sign_in(page, demo, login)


def build_a_wall(page, demo, picture):
    """Let Ada make a wall that opens in an emergency."""
    page.goto(demo["url"] + "bereiche")
    page.click("[data-test=open-make]")
    page.fill("#make [name=name]", "Psychotherapie")
    page.check("[data-test=kind-restricted]")
    page.check("[data-test=emergency-yes]")
    picture(page, "60-bereich-anlegen")
    page.click("[data-test=make]")
    page.wait_for_selector("[data-test=area]")


def put_behind(page, demo):
    """Put the first patient behind it, and return the patient's id."""
    page.keyboard.press("/")
    page.keyboard.type("a")
    patient = page.wait_for_selector("[data-test=hit]").get_attribute("href").rsplit("/", 1)[1]
    page.goto(f"{demo['url']}patient/{patient}")
    page.click("[data-test=put-behind]")
    assert page.wait_for_selector("[data-test=wall-name]").inner_text() == "Psychotherapie"
    return patient


def test_a_wall_closes_a_chart_and_the_locum_breaks_the_glass(enrolled, demo, picture):
    page = enrolled
    seat(page, demo, "ada")
    build_a_wall(page, demo, picture)
    patient = put_behind(page, demo)

    seat(page, demo, "ben")
    page.goto(f"{demo['url']}kartei/{patient}")
    picture(page, "61-verschlossen")
    page.click("[data-test=to-emergency]")
    page.click("[data-test=break-glass]")
    assert page.url.endswith("/notfall"), "without a reason nothing is opened"
    page.fill("[name=reason]", "Patient nicht ansprechbar, Allergien nötig")
    picture(page, "62-notfallzugriff")
    page.click("[data-test=break-glass]")
    assert "Notfallzugriff bis" in page.wait_for_selector("[data-test=in-emergency]").inner_text()
    picture(page, "63-im-notfall")

    seat(page, demo, "ada")
    page.goto(demo["url"] + "alarme")
    picture(page, "64-alarm")
    assert "Notfallzugriff" in page.inner_text("main")
