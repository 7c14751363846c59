# SPDX-License-Identifier: MPL-2.0
"""The lock screen, the change of person in the browser, and the account's page."""

import re

import pytest

from arkanum.guard.errors import GuardAway, Locked
from arkanum.web import cookies
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE
from tests.web.browser import HTMX, Browser, text

ADAS, CORAS = "7391", "48173"


@pytest.fixture
def workplace(founded, ada, cora):
    """One browser: Ada is at work, Cora rests, both have PINs; and Ada has opened a chart."""
    ada.client.set_pin(ada.token, passphrase=PASSPHRASE, pin=ADAS)
    cora.client.set_pin(cora.token, passphrase=SECOND_PASSPHRASE, pin=CORAS)
    cora.client.rest(cora.token)
    return Browser().own_device(founded.device_secret).sit_down(ada.token)


def change(browser, colleague, pin, page="", **options):
    return browser.post("/anmelden/wechseln", {"person": str(colleague.person), "pin": pin, "page": page}, **options)


def test_a_locked_session_leads_to_the_lock_screen(workplace, ada):
    ada.client.rest(ada.token)

    answer = workplace.get("/")
    page = text(workplace.get("/anmelden/gesperrt"))

    assert answer.headers["Location"] == "/anmelden/gesperrt"
    assert "Dr. Ada Lovelace" in page
    assert "Cora Feddersen" in page


def test_a_part_of_a_page_is_told_that_it_is_locked(workplace, ada):
    ada.client.rest(ada.token)

    answer = workplace.post("/suche/treffer", {"text": "m"}, headers=HTMX)

    assert answer.status_code == 423
    assert answer.headers["HX-Trigger"] == "locked"
    assert answer.content == b""


def test_the_page_locks_at_once(workplace, ada):
    answer = workplace.post("/anmelden/sperren", headers=HTMX)

    assert "data-pin-form" in text(answer)
    with pytest.raises(Locked):
        ada.client.who(ada.token)


def test_without_a_script_the_lock_is_a_page(workplace):
    assert workplace.post("/anmelden/sperren").headers["Location"] == "/anmelden/gesperrt"


def test_the_same_person_goes_on_where_the_page_was(workplace, ada, dora):
    workplace.get(f"/kartei/{dora}")
    workplace.post("/anmelden/sperren")

    answer = change(workplace, ada, ADAS, page=str(ada.person), headers=HTMX)

    assert answer.status_code == 204
    assert '"unlocked"' in answer.headers["HX-Trigger"]
    assert cookies.recent_of(answer.wsgi_request)
    assert cookies.RECENT not in answer.cookies
    assert workplace.get(f"/kartei/{dora}").status_code == 200


def test_another_person_begins_at_the_start_and_gets_no_token_of_the_one_before(workplace, ada, cora, dora):
    workplace.get(f"/kartei/{dora}")
    before = workplace.cookies[cookies.SESSION].value
    workplace.post("/anmelden/sperren")

    answer = change(workplace, cora, CORAS, page=str(ada.person), headers=HTMX)

    assert answer.headers["HX-Redirect"] == "/"
    assert answer.cookies[cookies.SESSION].value not in {"", before}
    assert answer.cookies[cookies.RECENT].value == ""
    assert "Cora Feddersen" in text(workplace.get("/"))
    assert workplace.get(f"/kartei/{dora}").status_code == 403


def test_without_a_script_the_change_leads_to_the_start(workplace, cora):
    workplace.post("/anmelden/sperren")

    assert change(workplace, cora, CORAS).headers["Location"] == "/"


def test_a_wrong_pin_gets_a_plain_answer_and_is_not_repeated(workplace, ada):
    workplace.post("/anmelden/sperren")

    answer = change(workplace, ada, "9753")

    assert answer.status_code == 422
    assert "Diese PIN stimmt nicht" in text(answer)
    assert "9753" not in text(answer)


def test_nonsense_for_a_person_is_a_bad_request(workplace):
    answer = workplace.post("/anmelden/wechseln", {"person": "ada", "pin": ADAS})

    assert answer.status_code == 400


def test_who_has_no_pin_types_the_pass_phrase_alone(founded, ada):
    workplace = Browser().own_device(founded.device_secret).sit_down(ada.token)

    page = text(workplace.post("/anmelden/sperren", headers=HTMX))

    assert re.search(r'<input[^>]*name="login"[^>]*value="ada"', page)


def test_nobodys_login_is_told_where_somebody_has_a_pin(workplace, founded, ada):
    page = text(workplace.post("/anmelden/sperren", headers=HTMX))

    assert 'value="ada"' not in page
    assert [one.login for one in ada.client.resting(device_secret=founded.device_secret)] == ["", ""]


def test_a_browser_without_the_device_is_told_nobody(workplace, founded, ada):
    ada.client.rest(ada.token)
    elsewhere = Browser()

    page = text(elsewhere.get("/anmelden/gesperrt"))

    assert "Ada" not in page
    assert change(elsewhere, ada, ADAS).status_code == 422


def test_the_pass_phrase_unlocks_the_same_page_too(workplace, ada):
    workplace.post("/anmelden/sperren")

    typed = {"login": "ada", "passphrase": PASSPHRASE, "page": str(ada.person)}
    answer = workplace.post("/anmelden", typed, headers=HTMX)

    assert answer.status_code == 204
    assert workplace.get("/").status_code == 200


def test_a_page_of_one_person_cannot_ask_with_the_session_of_another(workplace, ada, cora):
    own = workplace.post("/suche/treffer", {"text": "m"}, headers={**HTMX, "X-Arkanum-Page-Of": str(ada.person)})
    foreign = workplace.post("/suche/treffer", {"text": "m"}, headers={**HTMX, "X-Arkanum-Page-Of": str(cora.person)})

    assert own.status_code == 200
    assert (foreign.status_code, foreign.headers["HX-Redirect"]) == (409, "/")


def test_every_page_of_a_person_can_lock_itself(workplace, ada, dora):
    for address in ("/", "/konto", "/team", f"/kartei/{dora}", "/protokoll"):
        page = text(workplace.get(address))

        assert 'id="lock"' in page, address
        assert f'data-person="{ada.person}"' in page, address


def test_being_here_is_heard(workplace):
    assert workplace.post("/konto/da").status_code == 204


def test_a_guard_that_is_starting_asks_to_sign_in_again(workplace, monkeypatch):
    from arkanum.web.gate import sign_in

    def away():
        raise GuardAway

    monkeypatch.setattr(sign_in, "connect", away)
    answer = workplace.post("/anmelden", {"login": "ada", "passphrase": PASSPHRASE})

    assert answer.status_code == 503
    assert "Der Wächter startet neu, bitte noch einmal anmelden." in text(answer)
    assert cookies.SESSION not in answer.cookies


# --- the account -----------------------------------------------------------------------------------------------------


def pin_form(pin, again=None, passphrase=PASSPHRASE):
    return {"new_pin": pin, "pin_again": pin if again is None else again, "pin_passphrase": passphrase}


def test_a_pin_is_chosen_on_the_account_page(at_screen, ada):
    browser = at_screen(ada)

    said = text(browser.post("/konto/pin", pin_form("7391")))

    assert 'data-test="has-pin"' in said
    assert "7391" not in said


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (pin_form("1234"), "errät jeder"),
        (pin_form("1965"), "Jahreszahlen"),
        (pin_form("7391", again="7392"), "nicht gleich"),
        (pin_form("7391", passphrase="falsch"), "Passphrase stimmt nicht"),
    ],
)
def test_an_easy_or_mistyped_pin_is_refused_in_plain_german(at_screen, ada, form, said):
    answer = at_screen(ada).post("/konto/pin", form)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not re.search(r'value="(1234|1965|7391)"', text(answer))


def test_a_pin_is_taken_away_again(at_screen, ada):
    browser = at_screen(ada)
    browser.post("/konto/pin", pin_form("7391"))

    assert 'data-test="has-pin"' not in text(browser.post("/konto/pin/entfernen"))


def test_a_street_is_noted_and_taken_away_again_on_the_account_page(at_screen, ada):
    browser = at_screen(ada)

    noted = text(browser.post("/konto/strasse", {"street": "Ahornweg 12, 50667"}))
    gone = text(browser.post("/konto/strasse", {"street": ""}))

    assert 'value="Ahornweg 12, 50667"' in noted
    assert "Ihre Straße ist notiert." in noted
    assert "gilt die Anschrift Ihrer eigenen Kartei" in gone
    assert "Ihre Straße steht nicht mehr in Arkanum." in gone
    assert 'value="Ahornweg' not in gone


def test_a_street_without_postcode_is_refused_with_an_example(at_screen, ada):
    answer = at_screen(ada).post("/konto/strasse", {"street": "Ulmenweg 3"})

    assert answer.status_code == 422
    assert "Bitte Straße, Hausnummer und Postleitzahl" in text(answer)
    assert 'value="Ulmenweg 3"' in text(answer)


def test_leaving_everywhere_ends_the_session_in_another_browser_too(founded, at_screen, ada):
    first, second = at_screen(ada), at_screen(ada.sign_in())

    left = first.post("/konto/ueberall-abmelden")

    assert left.headers["Location"] == "/anmelden"
    assert left.cookies[cookies.SESSION].value == ""
    assert second.get("/").status_code in {302, 503}


@pytest.mark.parametrize(
    "address", ["/konto/pin", "/konto/pin/entfernen", "/konto/strasse", "/konto/ueberall-abmelden"]
)
def test_looking_at_a_deed_does_nothing(at_screen, ada, address):
    assert at_screen(ada).get(address).headers["Location"] == "/konto"
