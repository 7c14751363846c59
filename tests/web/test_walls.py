# SPDX-License-Identifier: MPL-2.0
"""Areas of the practice, and the emergency, as people meet them at the screen."""

import re

import pytest

from arkanum.guard import Role
from arkanum.web import cookies
from tests.cast import new_patient
from tests.guard.test_walls import COMMUNITY, build
from tests.web.browser import HTMX, text

WHY = {"reason": "Patientin nicht ansprechbar, Allergien nötig"}


@pytest.fixture
def greta(founded):
    return founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)


@pytest.fixture
def walled(ada, dora):
    ada.client.put_behind(ada.token, dora, build(ada, emergency=True))
    return dora


def slug(page):
    return re.search(r"/bereiche/([0-9a-f]{8})/aufnehmen", page)[1]


def test_a_doctor_makes_an_area_and_takes_somebody_in(at_screen, ada, ben):
    browser = at_screen(ada)
    browser.post("/bereiche/neu", {"name": "Psychotherapie", "kind": "restricted", "emergency": "no"})

    page = text(browser.get("/bereiche"))
    browser.post(f"/bereiche/{slug(page)}/aufnehmen", {"person": str(ben.person)})

    assert "Psychotherapie" in page
    assert "nur Mitglieder und Notfallkodes" in page
    assert page.count("Ben Thorsen") == 1
    assert ben.person in ada.client.walls(ada.token).walls[0].members


def test_an_area_wants_a_name_and_both_answers(at_screen, ada):
    for form in ({"name": "", "kind": "restricted", "emergency": "no"}, {"name": "X", "kind": "restricted"}):
        response = at_screen(ada).post("/bereiche/neu", form)

        assert response.status_code == 422
    assert ada.client.walls(ada.token).walls == ()


def test_the_last_member_is_told_why_they_cannot_go(at_screen, ada, walled):
    browser = at_screen(ada)
    ring = ada.client.walls(ada.token).walls[0].ring

    response = browser.post(f"/bereiche/{ring[5:]}/herausnehmen", {"person": str(ada.person)})

    assert response.status_code == 422
    assert "das letzte Mitglied" in text(response)


def test_a_member_puts_a_patient_behind_and_takes_out_on_the_page_of_master_data(at_screen, ada, greta, dora):
    ring = build(ada)
    hers, other = at_screen(ada), at_screen(greta)
    assert "In den Bereich legen" in text(hers.get(f"/patient/{dora}"))
    assert "Bereich der Kartei" not in text(other.get(f"/patient/{dora}"))

    hers.post(f"/patient/{dora}/bereich", {"wall": ring})
    inside, outside = text(hers.get(f"/patient/{dora}")), text(other.get(f"/patient/{dora}"))
    assert "Psychotherapie" in inside
    assert "dessen Mitglied Sie nicht sind" in outside
    assert "Psychotherapie" not in outside
    assert other.get(f"/kartei/{dora}").status_code == 403

    hers.post(f"/patient/{dora}/bereich", {"wall": ""})
    assert other.get(f"/kartei/{dora}").status_code == 200


def test_the_search_shows_a_lock_where_a_chart_does_not_open(at_screen, ada, greta, cora, walled):
    shown = {
        who.login: 'data-test="locked"' in text(at_screen(who).post("/suche/treffer", {"text": "müller"}))
        for who in (ada, greta, cora)
    }

    assert shown == {"ada": False, "greta": True, "cora": False}


def test_a_closed_chart_offers_the_emergency_and_opens_after_a_reason(at_screen, ada, greta, walled):
    browser = at_screen(greta)
    closed = browser.get(f"/kartei/{walled}")
    assert closed.status_code == 403
    assert f"/kartei/{walled}/notfall" in text(closed)
    assert "Sturz" not in text(closed)

    form = browser.get(f"/kartei/{walled}/notfall")
    assert "Sofort Alarm" in text(form)
    empty = browser.post(f"/kartei/{walled}/notfall", {"reason": " "})
    assert empty.status_code == 422

    opened = browser.post(f"/kartei/{walled}/notfall", WHY)
    assert opened.headers["Location"] == f"/kartei/{walled}"
    chart = text(browser.get(f"/kartei/{walled}"))
    assert "Zustand nach Sturz" in chart
    assert "Notfallzugriff bis" in chart
    assert any("Notfallzugriff" in alarm for alarm in ada.client.verify_log(ada.token).alarms)


def test_an_assistant_reads_and_writes_the_one_chart_and_no_other(at_screen, ada, cora, dora):
    other = new_patient(ada, "Vogel")
    browser = at_screen(cora)
    assert f"/kartei/{dora}/notfall" in text(browser.get(f"/patient/{dora}"))
    browser.post(f"/kartei/{dora}/notfall", WHY)

    assert "Zustand nach Sturz" in text(browser.get(f"/kartei/{dora}"))
    assert "geschrieben" not in text(browser.post("/kartei/zeile", {"line": "d J06.9 G"}, headers=HTMX))
    written = browser.post(f"/kartei/{dora}/eintrag", {"line": "n Adrenalin"}, headers=HTMX)
    assert "Adrenalin" in text(written)
    assert browser.get(f"/kartei/{other}").status_code == 403
    assert browser.post("/versiegeln").status_code == 403
    assert f'href="/patient/{other}"' in text(browser.post("/suche/treffer", {"text": "vogel"}))
    assert "in-emergency" not in text(at_screen(ada).get(f"/kartei/{dora}"))


def test_where_nobody_holds_the_key_the_page_says_what_to_do(at_screen, ada, cora, dora):
    ada.sign_out()
    cora = cora.sign_in()

    response = at_screen(cora).post(f"/kartei/{dora}/notfall", WHY)

    assert response.status_code == 409
    assert "niemand angemeldet" in text(response)
    assert cookies.SESSION in at_screen(cora).cookies


def test_who_may_not_break_the_glass_is_offered_nothing(at_screen, tilda, dora):
    browser = at_screen(tilda)

    assert "notfall" not in text(browser.get(f"/kartei/{dora}"))
    assert "notfall" not in text(browser.get(f"/patient/{dora}"))
    assert browser.get(f"/kartei/{dora}/notfall").status_code == 403


def test_a_doctor_in_shared_rooms_is_told_nothing_of_the_others_patients(at_screen, ada, greta):
    build(ada, "Praxis Lovelace", COMMUNITY)
    patient = new_patient(ada, "Sommerfeld")
    browser = at_screen(greta)

    for address in (f"/patient/{patient}", f"/kartei/{patient}", f"/patient/{patient}/fassungen"):
        response = browser.get(address)
        assert response.status_code == 403
        assert "Sommerfeld" not in text(response)
    assert "Sommerfeld" not in text(browser.post("/suche/treffer", {"text": "sommer"}))
