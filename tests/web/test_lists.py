# SPDX-License-Identifier: MPL-2.0
"""Lists of many patients, as people make them at the screen."""

import pytest

from arkanum.guard import Role
from tests.guard.brakes import lines
from tests.guard.lists import KVNR, PHONE, moved_in, patient
from tests.web.browser import text

RECALL, BILLING = "/listen/rueckruf", "/listen/abrechnung"


@pytest.fixture
def bill(founded):
    return founded.add("Bill Kasse", "bill", Role.BILLING)


def form(who, **changes):
    return {"month": "4", "reason": "Grippeimpfung anbieten", "passphrase": who.passphrase} | changes


def test_the_desk_makes_a_call_list(at_screen, ada, cora):
    moved_in(ada, [patient("Aalto"), patient("Mai", month=5)])

    response = at_screen(cora).post(RECALL, form(cora))

    page = text(response)
    assert response.status_code == 200
    shown = ("Aalto, Dora", PHONE, "Lindenweg 7", "10115 Berlin", "dora@example.org", "geboren im April", "1 Patient")
    for said in shown:
        assert said in page
    assert "Grippeimpfung anbieten" in page
    assert "steht im Protokoll" in page
    assert "Mai, Dora" not in page
    assert KVNR not in page
    assert "AOK" not in page


def test_billing_makes_a_list_without_any_phone(at_screen, ada, bill):
    moved_in(ada, [patient("Aalto")])

    page = text(at_screen(bill).post(BILLING, form(bill)))

    for said in ("Aalto, Dora", "AOK", KVNR, "gesetzlich"):
        assert said in page
    for hidden in (PHONE, "Lindenweg", "dora@example.org"):
        assert hidden not in page


def test_the_menu_leads_to_the_lists_a_person_may_make(at_screen, ada, cora, tilda, dan, bill):
    links = {who.login: text(at_screen(who).get("/")) for who in (ada, cora, tilda, dan, bill)}

    assert RECALL in links["ada"]
    assert RECALL in links["cora"]
    assert BILLING in links["bill"]
    assert "/listen/" not in links["tilda"]
    assert "/listen/" not in links["dan"]


def test_only_the_own_purposes_are_offered(at_screen, cora, bill):
    assert BILLING not in text(at_screen(cora).get(RECALL))
    assert RECALL not in text(at_screen(bill).get(BILLING))
    assert at_screen(cora).get(BILLING).status_code == 403
    assert at_screen(bill).post(RECALL, form(bill)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"passphrase": "daneben geraten"}, "Die Passphrase stimmt nicht"),
        ({"reason": " "}, "wofür die Liste ist"),
        ({"month": ""}, "mindestens ein Merkmal"),
        ({"month": "13"}, "mindestens ein Merkmal"),
        ({"born_from": "65"}, "ein Jahr mit vier Ziffern"),
        ({"born_until": "19a5"}, "ein Jahr mit vier Ziffern"),
    ],
)
def test_what_is_missing_stands_beside_its_field_and_the_rest_stays(at_screen, cora, dora, changes, said):
    response = at_screen(cora).post(RECALL, form(cora, missing="", **changes))

    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert changes.get("reason", "Grippeimpfung anbieten") in page
    assert cora.passphrase not in page
    assert "Müller" not in page


def test_all_criteria_are_taken_from_the_form(at_screen, ada, cora):
    moved_in(ada, [patient("Aalto", phones=()), patient("Bader"), patient("Cohn", year=1950, phones=())])
    sent = form(cora, month="", born_from="1960", born_until="1970", insurance="statutory", missing="yes")

    page = text(at_screen(cora).post(RECALL, sent))

    assert "Aalto" in page
    assert "Bader" not in page
    assert "Cohn" not in page
    assert "Jahrgang ab 1960, Jahrgang bis 1970, gesetzlich versichert, ohne Telefonnummer" in page
    (line,) = lines(ada, "list_begun")
    assert "born_from=1960" in line.detail


def test_nobody_on_the_list_is_said_plainly(at_screen, cora, dora):
    page = text(at_screen(cora).post(RECALL, form(cora, month="2")))

    assert "Auf niemanden treffen alle Merkmale zu" in page


def test_too_many_and_too_often_are_said_plainly(at_screen, ada, cora, dora, monkeypatch):
    from arkanum.guard import listing

    monkeypatch.setattr(listing, "MOST_PATIENTS", 0)
    too_many = text(at_screen(cora).post(RECALL, form(cora)))
    monkeypatch.setattr(listing, "MOST_LISTS_A_DAY", 0)
    too_often = text(at_screen(cora).post(RECALL, form(cora)))

    assert "höchstens 500 Patienten" in too_many
    assert "mehr gibt es an einem Tag nicht" in too_often


def test_the_log_shows_what_a_list_was_for(at_screen, ada, cora, dora):
    at_screen(cora).post(RECALL, form(cora))

    page = text(at_screen(ada).get("/protokoll"))

    assert "Liste erstellt" in page
    assert "Grippeimpfung anbieten" in page
    assert "birth_month" not in page
