# SPDX-License-Identifier: MPL-2.0
"""The pages of enrolment, at both screens: the person's, and that of the workplace that has no certificate yet."""

import plistlib
import re

import pytest

from arkanum.guard.protocol import DoorSetting
from arkanum.web import assets, cookies
from arkanum.web.gate.systems import SYSTEMS, system_of
from tests.web.browser import HTMX, Browser, text

IPAD = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X)"


class Guest(Browser):
    """A browser on the network that has no certificate."""

    def generic(self, *args, **extra):
        return super().generic(*args, **{"arkanum.guest": True, "REMOTE_ADDR": "192.168.1.23", **extra})


@pytest.fixture
def known(founded, at_screen, ada):
    """Ada's screen, in a practice that is on its network."""
    setting = DoorSetting(on=True, address="192.168.1.10", port=8443, names=("praxis.local",))
    founded.client.save_door(ada.token, setting)
    return at_screen(ada)


@pytest.fixture
def opened(known):
    """The same, with enrolment open."""
    known.post("/geraete/aufnahme")
    return known


def code_shown(guest, name="Empfang 2"):
    return re.search(r'data-test="pair-code">([^<]+)<', text(guest.post("/geraet", {"device_name": name})))[1]


@pytest.fixture
def let_in(opened):
    """A workplace that was let in and sees its certificate."""
    guest = Guest()
    opened.post("/geraete/freigeben", {"code": code_shown(guest)})
    guest.post("/geraet/warten")
    return guest


def test_the_person_sees_address_fingerprint_and_who_waits(opened):
    code_shown(Guest())

    page = text(opened.get("/geraete/aufnahme"))

    assert "https://praxis.local:8443/geraet" in page
    assert "https://192.168.1.10:8443/geraet" in page
    assert re.search(r'data-test="fingerprint">([0-9A-F]{4} ){4}[0-9A-F]{4}<', page)
    assert "Empfang 2" in page
    assert "192.168.1.23" in page


def test_the_state_alone_is_asked_again_and_again(opened):
    page = text(opened.get("/geraete/aufnahme/stand", headers=HTMX))

    assert "Noch niemand" in page
    assert "<html" not in page


def test_a_code_shows_who_asks_and_nobody_is_let_in_by_it_alone(opened):
    guest = Guest()
    code = code_shown(guest)

    page = text(opened.post("/geraete/code", {"code": code}))

    assert "Empfang 2" in page
    assert "192.168.1.23" in page
    assert guest.post("/geraet/warten", headers=HTMX).status_code == 204


def test_a_workplace_that_is_let_in_keeps_its_secret_and_goes_on_to_its_certificate(opened):
    guest = Guest()
    opened.post("/geraete/freigeben", {"code": code_shown(guest)})

    let_in = guest.post("/geraet/warten", headers=HTMX)
    page = text(guest.get("/geraet/einrichten"))

    assert let_in.headers["HX-Redirect"] == "/geraet/einrichten"
    assert let_in.cookies[cookies.DEVICE].value
    assert len(re.search(r'data-test="import-password">([^<]+)<', page)[1].split()) == 6
    assert 'data-test="file-p12"' in page


def test_the_system_is_guessed_and_can_be_chosen(let_in):
    guessed = text(let_in.get("/geraet/einrichten", headers={"User-Agent": IPAD}))
    chosen = text(let_in.get("/geraet/einrichten?system=linux", headers={"User-Agent": IPAD}))

    assert 'data-test="file-profil"' in guessed
    assert "Firefox" in chosen
    assert [system_of(one) for one in ("Windows NT 10.0", "Macintosh; Intel", "X11; Linux x86_64", "")] == [
        "windows",
        "mac",
        "linux",
        "windows",
    ]


def test_every_step_has_its_drawings():
    names = {picture for _, steps in SYSTEMS.values() for step in steps for picture in step.pictures} | {"warning"}

    assert {f"{name}.svg" for name in names} <= set(assets.manifest())


@pytest.mark.parametrize(
    ("kind", "media"),
    [
        ("ca", "application/x-x509-ca-cert"),
        ("p12", "application/x-pkcs12"),
        ("apple", "application/x-pkcs12"),
        ("profil", "application/x-apple-aspen-config"),
    ],
)
def test_each_file_is_handed_out_with_its_type_and_may_be_fetched_again(let_in, kind, media):
    first, second = (let_in.get(f"/geraet/datei/{kind}") for _ in range(2))

    assert first.headers["Content-Type"] == media
    assert first.status_code == second.status_code == 200
    assert len(first.content) > 300
    assert first.headers["Cache-Control"] == "no-store"


def test_the_profile_holds_authority_and_certificate_and_no_password(let_in):
    page = text(let_in.get("/geraet/einrichten"))
    password = re.search(r'data-test="import-password">([^<]+)<', page)[1]

    raw = let_in.get("/geraet/datei/profil").content
    profile = plistlib.loads(raw)

    assert [one["PayloadType"] for one in profile["PayloadContent"]] == [
        "com.apple.security.root",
        "com.apple.security.pkcs12",
    ]
    assert password.encode() not in raw
    assert "Password" not in profile["PayloadContent"][1]


def test_another_browser_fetches_nothing(let_in):
    strange = Guest()

    assert strange.get("/geraet/einrichten").status_code == 410
    assert strange.get("/geraet/datei/p12").status_code == 410
    assert let_in.get("/geraet/datei/anderes").status_code == 404


def test_nothing_secret_stands_in_an_address(let_in):
    page = text(let_in.get("/geraet/einrichten"))

    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)

    assert all("?" not in one or one.startswith("?system=") for one in addresses)


def test_enrolment_that_was_ended_says_so_at_both_screens(opened):
    guest = Guest()
    code = code_shown(guest)
    opened.post("/geraete/aufnahme/ende")

    waiting = text(guest.post("/geraet/warten", headers=HTMX))
    again = text(guest.post("/geraet", {"device_name": "Empfang 2"}))
    state = text(opened.get("/geraete/aufnahme/stand", headers=HTMX))
    typed = text(opened.post("/geraete/code", {"code": code}))

    assert "Aufnahme wurde beendet" in waiting
    assert "nicht (mehr) geöffnet" in again
    assert "Die Aufnahme ist beendet" in state
    assert "Diesen Code zeigt gerade kein Gerät" in typed


def test_five_wrong_codes_say_that_enrolment_is_over(opened):
    pages = [text(opened.post("/geraete/code", {"code": "2222-2222"})) for _ in range(5)]

    assert all("zeigt gerade kein Gerät" in page for page in pages[:4])
    assert "fünf falsche Codes" in pages[4]


def test_whoever_is_turned_away_reads_it_there(opened):
    guest = Guest()

    refused = text(opened.post("/geraete/ablehnen", {"code": code_shown(guest)}))

    assert "Abgelehnt" in refused
    assert "abgelehnt" in text(guest.post("/geraet/warten", headers=HTMX))


def test_a_practice_that_is_sealed_while_a_workplace_waits_ends_it_with_a_word(opened, founded, ada):
    guest = Guest()
    code_shown(guest)
    ada.sign_out()

    assert "beendet" in text(guest.post("/geraet/warten", headers=HTMX))


def test_a_practice_without_network_says_where_to_turn_it_on(at_screen, ada):
    page = text(at_screen(ada).post("/geraete/aufnahme"))

    assert "noch nicht im Netz erreichbar" in page


def test_a_device_link_makes_no_guest_a_device(founded, ada):
    link = founded.client.invite_device(ada.token, name="Tablet")

    assert Guest().post("/geraet/link", {"link": link}).status_code == 403
    assert founded.client.redeem_link(link)


def test_the_list_renames_and_warns_before_a_certificate_ends(let_in, opened, founded, ada):
    from datetime import date, timedelta

    from arkanum.storage import people

    (row,) = [one for one in people.devices(ada.who.practice) if one.certificate is not None]
    opened.post(f"/geraete/{row.id}/umbenennen", {"name": "Labor"})
    good = text(opened.get("/geraete"))
    row = people.device(row.id)
    row.certificate_until = date.today() + timedelta(days=30)  # noqa: DTZ011 - calendar day
    people.save_device(row)
    soon = text(opened.get("/geraete"))
    row.certificate_until = date.today() - timedelta(days=1)  # noqa: DTZ011 - calendar day
    people.save_device(row)

    assert "Labor" in good
    assert "nur noch bis" not in good
    assert "nur noch bis" in soon
    assert "abgelaufen am" in text(opened.get("/geraete"))


def test_a_workplace_renews_its_own_certificate_and_fetches_it_there(let_in, opened, founded, ada):
    from arkanum.storage import people
    from tests.cast import PASSPHRASE

    secret = cookies._decode(let_in.cookies[cookies.DEVICE].value)
    token = founded.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=secret[:16]).token

    class Workplace(Browser):
        def generic(self, *args, **extra):
            return super().generic(*args, **{"arkanum.device": secret[:16], **extra})

    browser = Workplace().sit_down(token)
    led = browser.post("/geraete/erneuern")
    page = text(browser.get("/geraet/einrichten"))

    assert led.headers["Location"] == "/geraet/einrichten"
    assert "Empfang 2" in page
    assert browser.get("/geraet/datei/p12").status_code == 200
    (row,) = [one for one in people.devices(ada.who.practice) if one.certificate is not None]
    assert row.old_certificate is not None
