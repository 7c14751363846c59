# SPDX-License-Identifier: MPL-2.0
"""A day in a practice, in a real browser: from the sealed door to the sealed door."""

from pathlib import Path

import pytest

from tests.browser.stage import open_first_hit, passphrase_of, sign_in, sign_out, workplace

pytestmark = pytest.mark.browser

TESTDATA = Path(__file__).resolve().parents[3] / "shared" / "testdata"


@pytest.fixture(scope="module")
def enrolled(demo, chromium):
    """One browser that has become a device by the demo's link and stays one for the whole day."""
    with workplace(chromium) as page:
        page.goto(demo["device_link"])
        page.wait_for_url("**/anmelden")
        yield page


@pytest.fixture
def ada(enrolled, demo):
    """Dr. Ada at her desk, signed in."""
    sign_out(enrolled, demo)
    sign_in(enrolled, demo, "ada")
    return enrolled


def test_the_practice_is_sealed_until_somebody_signs_in(enrolled, demo, picture):
    sign_out(enrolled, demo)

    enrolled.goto(demo["url"])

    picture(enrolled, "10-anmelden")
    assert "anmelden" in enrolled.url or "versiegelt" in enrolled.url
    assert enrolled.locator("[name=passphrase]").count() == 1


def test_a_wrong_pass_phrase_gets_a_plain_answer_and_nothing_else(enrolled, demo):
    sign_out(enrolled, demo)
    enrolled.goto(demo["url"] + "anmelden")

    enrolled.fill("[name=login]", "ada")
    enrolled.fill("[name=passphrase]", "falsch falsch falsch")
    enrolled.keyboard.press("Enter")
    said = enrolled.wait_for_selector("[role=alert]").inner_text()

    assert "ada" not in said
    assert "anmelden" in enrolled.url


def test_a_patient_is_found_and_opened_with_eight_keystrokes(ada, demo, picture):
    ada.goto(demo["url"])

    ada.keyboard.press("/")
    ada.keyboard.type("tann")
    ada.wait_for_selector("[data-test=hit]")
    picture(ada, "11-suche")
    ada.keyboard.press("Enter")
    ada.wait_for_url("**/kartei/*")
    picture(ada, "12-kartei")

    assert "Tann-Öttinger" in ada.inner_text("[data-test=patient-name]")


def test_a_coded_diagnosis_takes_at_most_twelve_keystrokes(ada, demo, picture):
    ada.goto(demo["url"])
    open_first_hit(ada, "neill")

    ada.locator("[data-test=line]").click()
    ada.keyboard.type("d bronch")
    ada.wait_for_selector("#codes [role=option]")
    picture(ada, "13-diagnose")
    ada.keyboard.press("Enter")
    ada.wait_for_function("!document.querySelector('#codes').childElementCount")
    ada.keyboard.press("Enter")
    ada.wait_for_selector(".flash")
    picture(ada, "14-eingetragen")

    assert ada.locator(".flash code").inner_text().startswith("J")


def test_vital_signs_are_drawn(ada, demo):
    ada.goto(demo["url"])
    open_first_hit(ada, "neill")

    ada.locator("[data-test=line]").click()
    ada.keyboard.type("v rr 135/85 p 72")
    ada.keyboard.press("Enter")
    ada.wait_for_selector(".flash")

    assert "135/85" in ada.inner_text("[aria-label=Vitalwerte]")
    assert ada.locator("[data-test=curve] svg").count() >= 2


def test_a_correction_keeps_the_original_with_who_and_when(ada, demo, picture):
    ada.goto(demo["url"])
    open_first_hit(ada, "neill")
    ada.locator("[data-test=line]").click()
    ada.keyboard.type("b Lunge frei")
    ada.keyboard.press("Enter")
    ada.wait_for_selector(".flash")

    ada.locator(".flash a").click()
    ada.wait_for_url("**/eintrag/*")
    ada.fill("[data-test=line]", "b Lunge rechts basal RG")
    ada.click("[data-test=save]")
    ada.wait_for_url("**/kartei/*")
    ada.locator(".entry", has_text="Lunge rechts basal RG").locator("a").first.click()
    ada.wait_for_url("**/eintrag/*")
    ada.wait_for_selector("[data-test=versions]")
    picture(ada, "15-fassungen")

    versions = ada.locator("[data-test=version]").all_inner_texts()
    assert any("Lunge frei" in text and "Ada" in text for text in versions)


def test_a_line_that_makes_no_sense_is_explained_and_kept(ada, demo):
    ada.goto(demo["url"])
    open_first_hit(ada, "neill")

    ada.locator("[data-test=line]").click()
    ada.keyboard.type("v rr 999/10")
    ada.keyboard.press("Enter")
    ada.wait_for_selector("[data-test=meaning] .error")

    assert ada.input_value("[data-test=line]") == "v rr 999/10"


def test_files_of_other_programs_move_in_with_a_report(ada, demo, picture):
    files = sorted([*TESTDATA.glob("bdt/*.bdt"), *TESTDATA.glob("gdt/albertzak*.gdt")])
    if not files:
        pytest.skip("../shared/testdata is not there")

    for number, file in enumerate(files):
        ada.goto(demo["url"] + "uebernahme")
        ada.set_input_files("[data-test=file]", str(file))
        ada.wait_for_selector("[data-test=tiles]")
        picture(ada, f"16-uebernahme-{number}-plan")
        while ada.locator("[data-test=question]").count():
            ada.locator("[data-test=question] button").first.click()
            ada.wait_for_load_state("networkidle")
        ada.click("[data-test=start]")
        ada.wait_for_selector("[data-test=done]")
        picture(ada, f"17-uebernahme-{number}-bericht")
    open_first_hit(ada, "mustermann frank")

    assert "Mustermann" in ada.inner_text("[data-test=patient-name]")


def test_what_goes_wrong_in_a_part_of_the_page_is_said_at_its_edge(ada, demo, picture):
    ada.goto(demo["url"])
    ada.eval_on_selector("#find", "field => field.removeAttribute('maxlength')")

    ada.fill("#find", "a" * 300)
    said = ada.wait_for_selector(".toast:not(:empty)").inner_text()

    picture(ada, "19-gescheitert")
    assert "nicht verständlich" in said
    assert ada.locator("#hits").inner_text() == ""


def test_the_team_the_devices_and_the_log_have_their_pages(ada, demo, picture):
    for name in ("team", "geraete", "protokoll", "konto"):
        ada.goto(demo["url"] + name)
        ada.wait_for_load_state("networkidle")
        picture(ada, f"18-{name}")

    assert ada.locator("h1:visible").count() == 1


def test_the_desk_sees_master_data_and_no_chart(enrolled, demo):
    sign_out(enrolled, demo)
    sign_in(enrolled, demo, "bea")

    enrolled.keyboard.press("/")
    enrolled.keyboard.type("neill")
    enrolled.wait_for_selector("[data-test=hit]")
    enrolled.keyboard.press("Enter")
    enrolled.wait_for_url("**/patient/*")
    patient = enrolled.url.rsplit("/", 1)[1]
    answer = enrolled.goto(f"{demo['url']}kartei/{patient}")

    assert answer.status in {403, 404}


def test_after_the_last_one_has_left_the_practice_is_sealed(enrolled, demo, picture):
    sign_out(enrolled, demo)
    sign_in(enrolled, demo, "ada")
    open_first_hit(enrolled, "neill")
    chart = enrolled.url

    sign_out(enrolled, demo)
    picture(enrolled, "19-versiegelt")
    enrolled.goto(chart)

    assert "Die Praxis ist versiegelt" in enrolled.inner_text("body")
    assert "Neill" not in enrolled.inner_text("body")


def test_a_stolen_pass_phrase_opens_nothing_on_a_strange_computer(demo, chromium):
    with workplace(chromium) as strange:
        strange.goto(demo["url"] + "anmelden")

        if strange.locator("[name=passphrase]").count():
            strange.fill("[name=login]", "ada")
            strange.fill("[name=passphrase]", passphrase_of(demo, "ada"))
            strange.keyboard.press("Enter")
            strange.wait_for_load_state("networkidle")

        assert "anmelden" in strange.url
        assert strange.locator("[data-test=menu]").count() == 0
