# SPDX-License-Identifier: MPL-2.0
"""Finding patients and their master data."""

import re
from uuid import UUID

import pytest

from arkanum.charts import patients
from arkanum.guard import Action
from tests.cast import new_patient
from tests.web.browser import HTMX, text

EVERYTHING = {
    "title": "Dr.",
    "first": "Wilhelm",
    "prefix": "von und zu der",
    "last": "Tann-Öttinger",
    "suffix": "Freiherr",
    "birth": "24.12.1938",
    "sex": "M",
    "number": "4711",
    "desk_note": "Kommt mit Begleitung",
    "address-0-kind": "home",
    "address-0-street": "Lindenallee",
    "address-0-house_no": "3a",
    "address-0-postcode": "90402",
    "address-0-town": "Nürnberg",
    "address-0-country": "D",
    "address-3-kind": "post",
    "address-3-extra": "Postfach 12",
    "phone-0-number": "0911 123",
    "phone-0-label": "mobil",
    "email-0-address": "w@example.org",
    "insurance-0-kind": "private",
    "insurance-0-payer": "Debeka",
    "insurance-0-number": "12345",
    "insurance-0-valid_from": "2020-01-01",
    "sure": "yes",
}


def opened(response) -> UUID:
    return UUID(response.headers["Location"].rsplit("/", 1)[1])


def test_everything_typed_about_a_patient_is_kept(at_screen, ada):
    browser = at_screen(ada)

    patient_id = opened(browser.post("/patient/neu", EVERYTHING))

    kept = patients.read(ada.grant(Action.READ_PATIENT, patient_id)).patient
    assert kept.name.full() == "Dr. Wilhelm Freiherr von und zu der Tann-Öttinger"
    assert kept.birth.german() == "24.12.1938"
    assert [address.extra or address.street for address in kept.addresses] == ["Lindenallee", "Postfach 12"]
    assert kept.phones[0].label == "mobil"
    assert kept.emails == ("w@example.org",)
    assert kept.insurance[0].payer == "Debeka"
    assert kept.desk_note == "Kommt mit Begleitung"


def test_the_form_shows_what_it_saved(at_screen, ada):
    browser = at_screen(ada)
    patient_id = opened(browser.post("/patient/neu", EVERYTHING))

    page = text(browser.get(f"/patient/{patient_id}"))

    for name, value in EVERYTHING.items():
        if name not in {
            "sure",
            "sex",
            "address-3-kind",
            "address-3-extra",
            "address-0-kind",
            "insurance-0-kind",
            "desk_note",
        }:
            assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', page), name


@pytest.mark.parametrize("missing", ["first", "last"])
def test_a_missing_name_is_asked_for(at_screen, ada, missing):
    response = at_screen(ada).post("/patient/neu", {**EVERYTHING, missing: ""})

    assert response.status_code == 422
    assert "Tann" in text(response) or missing == "last"


def test_an_impossible_birth_date_is_refused_and_what_was_typed_stays(at_screen, ada):
    response = at_screen(ada).post("/patient/neu", {**EVERYTHING, "birth": "31.2.1970"})

    assert response.status_code == 422
    assert 'value="31.2.1970"' in text(response)


def test_a_wrong_check_digit_warns_once_and_refuses_nothing(at_screen, ada):
    statutory = {"insurance-0-kind": "statutory", "insurance-0-number": "A123456789"}
    form = {name: value for name, value in {**EVERYTHING, **statutory}.items() if name != "sure"}
    browser = at_screen(ada)

    warned = browser.post("/patient/neu", form)
    saved = browser.post("/patient/neu", {**form, "sure": "yes"})

    assert warned.status_code == 409
    assert 'data-test="hints"' in text(warned)
    assert saved.status_code == 302


def test_somebody_like_that_is_pointed_out(at_screen, ada, dora):
    browser = at_screen(ada)
    form = {"first": "Dora", "last": "Mueller", "birth": "3.4.65", "sex": "W"}

    shown = text(browser.post("/patient/doppelt", form, headers=HTMX))
    stopped = browser.post("/patient/neu", form)

    assert str(dora) in shown
    assert stopped.status_code == 409
    assert 'data-test="twins"' in text(stopped)


def test_changing_keeps_the_older_version(at_screen, ada, dora):
    browser = at_screen(ada)
    form = {"first": "Dora", "last": "Meier", "birth": "3.4.1965", "sex": "W", "base": "1"}

    saved = browser.post(f"/patient/{dora}/speichern", form)
    page = text(browser.get(f"/patient/{dora}/fassungen"))

    assert saved.status_code == 302
    assert "Dora Müller" in page
    assert "Dora Meier" in page


def test_the_second_to_save_master_data_sees_what_differs(at_screen, ada, cora, dora):
    form = {"first": "Dora", "birth": "3.4.1965", "sex": "W", "base": "1"}
    at_screen(cora).post(f"/patient/{dora}/speichern", {**form, "last": "Meier"})

    conflict = at_screen(ada).post(f"/patient/{dora}/speichern", {**form, "last": "Schmidt"})

    assert conflict.status_code == 409
    assert "Meier" in text(conflict)
    assert 'value="Schmidt"' in text(conflict)
    assert 'name="base" value="2"' in text(conflict)
    assert patients.read(ada.grant(Action.READ_PATIENT, dora)).patient.name.last == "Meier"


def test_a_keystroke_finds_and_says_for_which_text(at_screen, ada, dora):
    page = text(at_screen(ada).post("/suche/treffer", {"text": "müll"}, headers=HTMX))

    assert f'href="/kartei/{dora}"' in page
    assert 'data-asked="müll"' in page


def test_the_desk_is_led_to_the_master_data(at_screen, cora, dora):
    page = text(at_screen(cora).post("/suche/treffer", {"text": "müll"}, headers=HTMX))

    assert f'href="/patient/{dora}"' in page


def test_enter_opens_a_single_hit_and_lists_several(at_screen, ada, dora):
    browser = at_screen(ada)
    single = browser.post("/suche", {"text": "müller"})
    other = new_patient(ada, last="Müllerschön", first="Emma")

    several = browser.post("/suche", {"text": "müller"})

    assert single.headers["Location"] == f"/kartei/{dora}"
    assert str(other) in text(several)


def test_nothing_typed_finds_nobody(at_screen, ada, dora):
    assert str(dora) not in text(at_screen(ada).post("/suche/treffer", {"text": "  "}, headers=HTMX))


def test_no_address_of_the_search_carries_a_name(at_screen, ada):
    page = text(at_screen(ada).get("/"))

    assert 'action="/suche" method="post"' in page
    assert 'hx-get="/suche' not in page


def test_nobody_gets_a_sex_that_no_person_has_chosen(at_screen, ada):
    answer = at_screen(ada).post("/patient/neu", {"first": "Dora", "last": "Meier", "birth": "3.4.1965"})

    assert answer.status_code == 422
    assert "Bitte wählen." in text(answer)
