# SPDX-License-Identifier: MPL-2.0
"""From an empty machine to a signed-in doctor, and out again."""

import re

from arkanum.web import cookies
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, restarted
from tests.web.browser import Browser, text

FIRST_START = {
    "practice_name": "Praxis am Markt",
    "name": "Dr. Ada Lovelace",
    "login": "ada",
    "device_name": "Empfang",
    "passphrase": PASSPHRASE,
    "repeat": PASSPHRASE,
}


def paper_codes(page: str) -> list[str]:
    return re.findall(r'data-test="paper-code-\d">.*?<p>([^<]+)</p>', page, re.DOTALL)


def test_an_empty_installation_leads_to_the_first_start(client):
    browser = Browser()

    assert browser.get("/anmelden").headers["Location"] == "/erster-start"
    assert browser.get("/erster-start").status_code == 200


def test_without_the_console_code_nobody_founds_a_practice(client):
    response = Browser().post("/erster-start", {**FIRST_START, "code": "0000-0000-0000"})

    assert response.status_code == 422
    assert "Einmalcode stimmt nicht" in text(response)
    assert not client.state().founded


def test_an_easy_passphrase_is_refused_with_reasons(guard, client):
    weak = {**FIRST_START, "code": guard.founding_code, "passphrase": "Behandlung1", "repeat": "Behandlung1"}

    response = Browser().post("/erster-start", weak)

    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert not client.state().founded


def test_two_different_passphrases_are_refused(guard, client):
    response = Browser().post("/erster-start", {**FIRST_START, "code": guard.founding_code, "repeat": "anders"})

    assert response.status_code == 422
    assert not client.state().founded


def test_the_first_day_ends_with_a_practice_that_accepts_patients(guard, client):
    browser = Browser()

    made = browser.post("/erster-start", {**FIRST_START, "code": guard.founding_code})
    codes = paper_codes(text(made))
    before = browser.get("/")
    confirmed = browser.post("/erster-start/papier", {"first": codes[2], "second": codes[0].lower()})
    after = browser.get("/")

    assert len(codes) == 3
    assert before.headers["Location"] == "/erster-start/papier"
    assert "bereit" in text(confirmed)
    assert after.status_code == 200


def test_mistyped_paper_codes_are_refused(guard, client):
    browser = Browser()
    codes = paper_codes(text(browser.post("/erster-start", {**FIRST_START, "code": guard.founding_code})))

    same = browser.post("/erster-start/papier", {"first": codes[0], "second": codes[0]})
    nonsense = browser.post("/erster-start/papier", {"first": codes[0], "second": "AAAA"})

    assert same.status_code == nonsense.status_code == 422
    assert codes[1] not in text(same)
    assert browser.get("/").headers["Location"] == "/erster-start/papier"


def test_a_founded_practice_has_no_first_start(stranger):
    assert stranger.get("/erster-start").headers["Location"] == "/anmelden"
    assert stranger.post("/erster-start", FIRST_START).headers["Location"] == "/anmelden"


def test_a_doctor_signs_in_and_out(founded, ada):
    browser = Browser().own_device(ada.device_secret)

    signed_in = browser.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})
    inside = browser.get("/")
    signed_out = browser.post("/abmelden")
    outside = browser.get("/")

    assert signed_in.headers["Location"] == "/"
    assert inside.status_code == 200
    assert signed_out.headers["Location"] == "/anmelden"
    assert signed_out.cookies[cookies.SESSION].value == ""
    assert outside.headers["Location"] == "/anmelden"


def test_wrong_name_wrong_passphrase_and_foreign_device_get_the_same_page(founded, ada):
    def refused(browser: Browser, login: str, passphrase: str) -> tuple[int, str]:
        page = browser.post("/anmelden", {"login": login, "passphrase": passphrase})
        return page.status_code, re.search(r'data-test="refused">.*?<p>(.*?)</p>', text(page), re.DOTALL)[1]

    answers = {
        refused(Browser().own_device(ada.device_secret), "ada", "falsch"),
        refused(Browser().own_device(ada.device_secret), "niemand", PASSPHRASE),
        refused(Browser().own_device(b"\x07" * 32), "ada", PASSPHRASE),
        refused(Browser(), "ada", PASSPHRASE),
    }

    assert len(answers) == 1


def test_what_was_typed_as_passphrase_never_comes_back(founded, ada):
    browser = Browser().own_device(ada.device_secret)

    page = text(browser.post("/anmelden", {"login": "ada", "passphrase": "kanarienvogel-im-schacht"}))

    assert "kanarienvogel" not in page


def test_after_the_last_doctor_has_left_the_practice_is_sealed(founded, at_screen, ada):
    browser = at_screen(ada)
    ada.sign_out()

    response = browser.get("/")

    assert response.status_code in {302, 503}
    assert "Dora" not in text(response)


def test_sealing_ends_every_session(founded, at_screen, ada, ben):
    first, second = at_screen(ada), at_screen(ben)

    sealed = first.post("/versiegeln")

    assert sealed.headers["Location"] == "/versiegelt"
    assert second.get("/").status_code in {302, 503}


def test_two_paper_codes_give_the_way_back_in(founded):
    again = restarted(founded)
    from arkanum.guard import use

    use(again.client)
    browser = Browser()
    recovery = {
        "first": again.paper_codes[1],
        "second": again.paper_codes[2],
        "login": "ada",
        "device_name": "Neuer Rechner",
        "passphrase": SECOND_PASSPHRASE,
        "repeat": SECOND_PASSPHRASE,
    }

    opened = browser.post("/wiederherstellen", recovery)

    assert opened.headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_a_new_device_shows_a_code_and_is_let_in(founded, at_screen, ada):
    new, known = Browser(), at_screen(ada)
    page = text(new.post("/geraet", {"device_name": "Sprechzimmer 2"}))
    code = re.search(r'data-test="pair-code">([^<]+)<', page)[1]
    waiting = new.post("/geraet/warten")

    looked = known.post("/geraete/code", {"code": code})
    approved = known.post("/geraete/freigeben", {"code": code})
    let_in = new.post("/geraet/warten")
    signed_in = new.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})

    assert cookies.DEVICE not in waiting.cookies
    assert "Sprechzimmer 2" in text(looked)
    assert "Aufgenommen" in text(approved)
    assert let_in.cookies[cookies.DEVICE].value
    assert signed_in.headers["Location"] == "/"


def test_a_device_link_works_once(founded, at_screen, ada):
    page = text(at_screen(ada).post("/geraete/einladen", {"name": "Laptop"}))
    link = re.search(r'data-test="link">[^<#]*#([^<]+)<', page)[1]

    first, second = Browser().post("/geraet/link", {"link": link}), Browser().post("/geraet/link", {"link": link})

    assert first.headers["Location"] == "/anmelden"
    assert first.cookies[cookies.DEVICE].value
    assert second.status_code == 422


def test_a_passphrase_is_judged_while_it_is_typed(founded):
    browser = Browser()

    weak = text(browser.post("/passphrase/pruefen", {"passphrase": "praxis123"}))
    good = text(browser.post("/passphrase/pruefen", {"passphrase": SECOND_PASSPHRASE}))
    words = text(browser.post("/passphrase/vorschlag"))

    assert 'data-test="reasons"' in weak
    assert 'data-test="good-passphrase"' in good
    assert len(words.split()) == 6
