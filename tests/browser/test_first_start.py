# SPDX-License-Identifier: MPL-2.0
"""The first hour of a practice, in a real browser on a real server."""

import pytest

from tests.browser.stage import running

pytestmark = pytest.mark.browser

PASSPHRASE = "salat tonne fichte rakete pinguin sessel"


@pytest.fixture
def empty(tmp_path, port):
    """A server without any practice: its address and the one-time code from its console."""
    with running("serve", "--data", str(tmp_path / "data"), "--port", str(port)) as server:
        code = server.line_with("Einmal-Code").rsplit(" ", 1)[1]
        server.line_with("Arkanum: http")
        yield f"http://127.0.0.1:{port}/", code


def fill_first_start(page, code, passphrase):
    for name, text in {
        "code": code,
        "practice_name": "Praxis am Markt",
        "name": "Dr. Ada Lovelace",
        "login": "ada",
        "passphrase": passphrase,
        "repeat": passphrase,
        "device_name": "Sprechzimmer 1",
    }.items():
        page.fill(f"[name={name}]", text)


def test_a_fresh_installation_leads_from_the_code_to_the_first_patient(desk, empty, picture):
    url, code = empty

    desk.goto(url)
    fill_first_start(desk, code, PASSPHRASE)
    picture(desk, "01-erster-start")
    desk.click("[data-test=submit]")
    desk.wait_for_selector("text=Drei Papiercodes")
    codes = desk.locator("[data-test^=paper-code-] p").all_inner_texts()
    picture(desk, "02-papiercodes")
    desk.fill("[name=first]", codes[0])
    desk.fill("[name=second]", codes[2].lower())
    desk.click("[data-test=submit]")
    desk.wait_for_selector("[data-test=to-start]")
    picture(desk, "03-fertig")
    desk.goto(url + "patient/neu")
    desk.fill("[name=last]", "Müller")
    desk.fill("[name=first]", "Dora")
    desk.fill("[name=birth]", "3.4.65")
    desk.check("[data-test=sex-W]", force=True)
    picture(desk, "04-neuer-patient")
    desk.click("[data-test=save]")
    desk.wait_for_url("**/kartei/*")

    assert "Müller" in desk.inner_text("body")
    assert "03.04.1965" in desk.inner_text("body")


def test_the_first_start_refuses_a_wrong_code_and_an_easy_pass_phrase(desk, empty):
    url, code = empty
    desk.goto(url)

    fill_first_start(desk, "AAAA-BBBB-CCCC", PASSPHRASE)
    desk.click("[data-test=submit]")
    wrong_code = desk.wait_for_selector("[role=alert]").inner_text()
    fill_first_start(desk, code, "Behandlung2024!")
    desk.click("[data-test=submit]")
    desk.wait_for_load_state()

    assert "Einmalcode stimmt nicht" in wrong_code
    assert "/erster-start" in desk.url
    assert desk.locator("text=Drei Papiercodes").count() == 0


def test_no_patient_is_accepted_before_two_paper_codes_were_typed_back(desk, empty):
    url, code = empty
    desk.goto(url)
    fill_first_start(desk, code, PASSPHRASE)
    desk.click("[data-test=submit]")
    desk.wait_for_selector("text=Drei Papiercodes")

    desk.goto(url + "patient/neu")

    assert desk.locator("[data-test=save]").count() == 0
