# SPDX-License-Identifier: MPL-2.0
"""The team, its devices, one's own account, the log."""

import re

from tests.cast import PASSPHRASE, SECOND_PASSPHRASE
from tests.web.browser import Browser, text


def test_a_new_colleague_gets_a_first_passphrase_that_is_shown_once(at_screen, founded, ada):
    browser = at_screen(ada)
    person = {"name": "Eva Neu", "login": "eva", "role": "assistant"}

    handed = text(browser.post("/team/neu", person))
    first = re.search(r'data-test="handed-secret">([^<]+)<', handed)[1]
    session = founded.client.sign_in(device_secret=founded.device_secret, login="eva", passphrase=first)

    assert session.who.must_change
    assert first not in text(browser.get("/team"))


def test_a_locum_needs_an_end_date(at_screen, ada):
    response = at_screen(ada).post("/team/neu", {"name": "Dr. Zeit", "login": "zeit", "role": "locum"})

    assert response.status_code == 422


def test_an_auditor_needs_a_last_day_too(at_screen, ada):
    response = at_screen(ada).post("/team/neu", {"name": "Rita", "login": "rita", "role": "auditor"})

    assert response.status_code == 422


def test_an_auditor_sees_who_did_what_and_no_patients_name(at_screen, ada, rita, dora):
    browser = at_screen(rita)

    home, page = browser.get("/"), text(browser.get("/protokoll"))

    assert home.headers["Location"] == "/protokoll"
    assert "Dr. Ada Lovelace" in page
    assert f"Patient {dora.hex[-8:]}" in page
    for address in ("/protokoll", f"/protokoll/{dora}", "/team"):
        assert "Müller" not in text(browser.get(address))
    assert "Müller" in text(at_screen(ada).get("/protokoll"))


def test_a_trainee_keeps_master_data_and_opens_no_chart(at_screen, tilda, dora):
    browser = at_screen(tilda)

    assert "Müller" in text(browser.get(f"/patient/{dora}"))
    assert browser.get(f"/kartei/{dora}").status_code == 403
    assert browser.get("/geraete").status_code == 403


def test_a_taken_login_name_is_refused(at_screen, ada, ben):
    response = at_screen(ada).post("/team/neu", {"name": "Zweiter Ben", "login": ben.login, "role": "assistant"})

    assert response.status_code == 422
    assert "gibt es schon" in text(response)


def test_leaving_ends_access_at_once(at_screen, founded, ada, ben):
    bens = at_screen(ben)

    at_screen(ada).post(f"/team/{ben.person}/ausgeschieden")

    assert bens.get("/").status_code in {302, 503}


def test_a_forgotten_passphrase_is_replaced_by_a_colleague(at_screen, founded, ada, ben):
    handed = text(at_screen(ada).post(f"/team/{ben.person}/zugang"))
    first = re.search(r'data-test="handed-secret">([^<]+)<', handed)[1]

    session = founded.client.sign_in(device_secret=founded.device_secret, login=ben.login, passphrase=first)

    assert session.who.must_change


def test_a_removed_device_opens_nothing(at_screen, founded, ada):
    browser = at_screen(ada)
    link = re.search(r'data-test="link">[^<#]*#([^<]+)<', text(browser.post("/geraete/einladen", {"name": "Laptop"})))[
        1
    ]
    laptop = Browser()
    laptop.post("/geraet/link", {"link": link})
    device = next(one for one in founded.client.devices(ada.token).devices if one.name == "Laptop")

    browser.post(f"/geraete/{device.device}/entfernen")
    refused = laptop.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})

    assert refused.status_code == 422


def test_an_unknown_pairing_code_is_refused(at_screen, ada):
    assert at_screen(ada).post("/geraete/freigeben", {"code": "ZZZ-ZZZ"}).status_code == 422


def test_changing_the_passphrase_needs_the_old_one(at_screen, ada):
    browser = at_screen(ada)
    new = {"passphrase": SECOND_PASSPHRASE, "repeat": SECOND_PASSPHRASE}

    wrong = browser.post("/konto", {**new, "old": "falsch"})
    right = browser.post("/konto", {**new, "old": PASSPHRASE})

    assert wrong.status_code == 422
    assert "geändert" in text(right)


def test_the_log_says_who_saw_the_patient(at_screen, ada, ben, dora):
    at_screen(ben).get(f"/kartei/{dora}")

    page = text(at_screen(ada).get(f"/protokoll/{dora}"))

    assert ben.who.name in page
    assert "Kartei gelesen" in page


def test_the_log_is_checked_on_demand(at_screen, ada):
    page = text(at_screen(ada).post("/protokoll/pruefen"))

    assert 'data-test="verdict"' in page
    assert "alles unversehrt" in page


def test_a_locum_reads_no_log(at_screen, ben, dora):
    assert at_screen(ben).get(f"/protokoll/{dora}").status_code == 403
