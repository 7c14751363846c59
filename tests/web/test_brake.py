# SPDX-License-Identifier: MPL-2.0
"""The brake at the screen: the pass phrase is asked for, nothing typed is lost, and it goes on at the same place."""

import re
from datetime import date
from html import unescape

import pytest

from arkanum.web.brake.invented import LINES, lines
from arkanum.web.chart import writing
from tests.guard.brakes import opened, taken_in
from tests.web.browser import HTMX, text


@pytest.fixture
def patients(ada):
    patients = taken_in(ada, 70)
    assert opened(ada, patients)[0] == 24
    return patients


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Return where the page's form leads, and what it carries along."""
    form = re.search(r'<form class="form".*?</form>', page, re.DOTALL)[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return re.search(r'action="([^"]+)"', form)[1], {name: unescape(value) for name, value in hidden}


def test_a_page_leads_back_to_itself_after_the_pass_phrase(at_screen, ada, patients):
    browser = at_screen(ada)

    asked = browser.get(f"/kartei/{patients[30]}")
    action, kept = form_of(text(asked))
    after = browser.post(action, {**kept, "arkanum-proof": ada.passphrase})

    assert asked.status_code == 409
    assert "Sind Sie es noch?" in text(asked)
    assert (after.status_code, after.headers["Location"]) == (302, f"/kartei/{patients[30]}")
    assert browser.get(f"/kartei/{patients[30]}").status_code == 200


def test_what_was_typed_goes_through_with_the_pass_phrase(at_screen, ada, patients):
    browser = at_screen(ada)
    typed = {"line": 'b Lunge "frei" & <ruhig>'}

    asked = browser.post(f"/kartei/{patients[30]}/eintrag", typed)
    action, kept = form_of(text(asked))
    after = browser.post(action, {**kept, "arkanum-proof": ada.passphrase})

    assert (action, kept["line"]) == (f"/kartei/{patients[30]}/eintrag", typed["line"])
    assert after.status_code == 302
    assert "frei" in text(browser.get(f"/kartei/{patients[30]}"))


def test_a_wrong_pass_phrase_asks_again_and_keeps_what_was_typed(at_screen, ada, patients):
    browser = at_screen(ada)

    asked = browser.post(f"/kartei/{patients[30]}/eintrag", {"line": "n Anruf", "arkanum-proof": "falsch geraten"})

    assert asked.status_code == 409
    assert "Die Passphrase stimmt nicht." in text(asked)
    assert form_of(text(asked))[1]["line"] == "n Anruf"
    assert "falsch geraten" not in text(asked)


def test_a_part_of_a_page_gets_a_dialog_over_it(at_screen, ada, patients):
    browser = at_screen(ada)

    asked = browser.post(f"/kartei/{patients[30]}/eintrag", {"line": "n Anruf"}, headers=HTMX)
    after = browser.post("/weiter", {"arkanum-proof": ada.passphrase}, headers=HTMX)

    assert asked.headers["HX-Retarget"] == "#brake"
    assert "<dialog" in text(asked)
    assert after.headers["HX-Trigger"] == "arkanum-go-on"
    assert browser.post(f"/kartei/{patients[30]}/eintrag", {"line": "n Anruf"}, headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org"]
)
def test_the_way_on_leads_to_our_own_pages_only(at_screen, ada, elsewhere):
    after = at_screen(ada).post("/weiter", {"next": elsewhere, "arkanum-proof": ada.passphrase})

    assert (after.status_code, after.headers["Location"]) == (302, "/")


def test_above_the_limit_a_colleague_agrees_on_the_same_page(at_screen, ada, ben, patients):
    browser = at_screen(ada)
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])

    asked = browser.get(f"/kartei/{patients[40]}")
    action, kept = form_of(text(asked))
    wrong = browser.post(action, {**kept, "arkanum-colleague": "ada", "arkanum-proof": ada.passphrase})
    after = browser.post(action, {**kept, "arkanum-colleague": "ben", "arkanum-proof": ben.passphrase})

    assert "zweite Person" in text(asked)
    assert "darf nicht zustimmen" in text(wrong)
    assert after.headers["Location"] == f"/kartei/{patients[40]}"
    assert browser.get(f"/kartei/{patients[40]}").status_code == 200


def test_above_the_limit_a_colleague_agrees_at_another_screen(at_screen, ada, ben, patients):
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    opened(ada, patients[24:])
    elsewhere = at_screen(ben)

    listed = text(elsewhere.get("/zustimmung"))
    action = re.search(r'action="(/zustimmung/[0-9a-f-]+)"', listed)[1]
    wrong = elsewhere.post(action, {"passphrase": "falsch"})
    agreed = elsewhere.post(action, {"passphrase": ben.passphrase})

    assert "Dr. Ada Lovelace" in listed
    assert wrong.status_code == 422
    assert "Sie haben zugestimmt" in text(agreed)
    assert at_screen(ada).get(f"/kartei/{patients[40]}").status_code == 200


def test_more_hits_than_anybody_reads_ask_to_type_on(at_screen, ada):
    taken_in(ada, 60)
    # All of them begin with an a.
    browser = at_screen(ada)

    many = text(browser.post("/suche/treffer", {"text": "a"}, headers=HTMX))
    few = text(browser.post("/suche/treffer", {"text": "acdmann"}, headers=HTMX))

    assert (many.count('data-test="hit"'), 'data-test="cut"' in many) == (12, True)
    assert 'data-test="cut"' not in few


def test_a_doctor_plants_a_patient_and_is_told_what_happened_when_they_open_it(at_screen, ada):
    browser = at_screen(ada)
    asked = browser.get("/bremse")
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    typed = {"first": "Marlies", "last": "Brackvogel", "birth": "4.5.1961"}

    planted = browser.post("/bremse/koeder", typed)
    bait = re.search(r"/bremse/koeder/([0-9a-f-]+)/aufheben", text(planted))[1]
    met = browser.get(f"/kartei/{bait}")

    assert asked.status_code == 409
    assert "Brackvogel" in text(planted)
    assert (met.status_code, "Köder-Akte" in text(met)) == (403, True)
    assert browser.get("/bremse").status_code in {302, 503}


def test_a_part_of_a_page_leads_to_what_happened(at_screen, ada, ben):
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    (bait,) = taken_in(ada, 1)
    ada.client.plant_canary(ada.token, bait)

    met = at_screen(ben).post(f"/kartei/{bait}/eintrag", {"line": "n Anruf"}, headers=HTMX)

    assert met.headers["HX-Redirect"] == "/koeder"
    assert "Köder-Akte" in text(at_screen(ben).get("/koeder"))


def test_limits_are_set_on_the_page_and_kept_within_bounds(at_screen, ada):
    ada.client.prove(ada.token, passphrase=ada.passphrase)

    page = text(at_screen(ada).post("/bremse/grenzen", {"ten_minutes": "20", "hour": "9999", "day": "viele"}))

    assert [re.search(rf'name="{name}"[^>]*value="(\d+)"', page)[1] for name in ("ten_minutes", "hour", "day")] == [
        "20",
        "150",
        "100",
    ]


def test_every_line_of_an_invented_chart_can_be_written():
    today = date(2026, 11, 25)

    assert all(writing.content_of(line, today) for line in LINES)
    assert 3 <= len(lines()) < len(LINES)
