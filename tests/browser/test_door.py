# SPDX-License-Identifier: MPL-2.0
"""The door in a real browser with real certificates: a new workplace is let in, works, and is reported stolen."""

import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as Refused

from tests.browser.conftest import PICTURES
from tests.browser.stage import DESKTOP, running, workplace

pytestmark = [pytest.mark.browser, pytest.mark.journey]

ADDRESS = "127.0.0.2"
"""Never leaves this machine, and is not the loopback address that is answered without TLS."""

ADA = "salat tonne fichte rakete pinguin sessel"
BEN = "korrekt pferd batterie stapel wolke geige"


@dataclass
class Practice:
    """A practice that is on its network, with Dr. Ada at the server's own screen."""

    here: str
    there: str
    ada: Page


@pytest.fixture(scope="module")
def practice(tmp_path_factory, chromium, free) -> Iterator[Practice]:
    folder = tmp_path_factory.mktemp("door")
    with (
        running("serve", "--data", str(folder / "data"), "--port", str(free), "--lan", ADDRESS) as server,
        workplace(chromium) as ada,
    ):
        code = server.line_with("Einmal-Code").rsplit(" ", 1)[1]
        server.line_with("Arkanum: http")
        here = f"http://127.0.0.1:{free}/"
        ada.goto(here)
        found(ada, code)
        yield Practice(here, f"https://{ADDRESS}:{free}/", ada)


@pytest.fixture(scope="module")
def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found(page: Page, code: str) -> None:
    """Found the practice and type two paper codes back."""
    answers = {
        "code": code,
        "practice_name": "Praxis am Markt",
        "name": "Dr. Ada Lovelace",
        "login": "ada",
        "passphrase": ADA,
        "repeat": ADA,
        "device_name": "Server",
    }
    for name, text in answers.items():
        page.fill(f"[name={name}]", text)
    page.click("[data-test=submit]")
    page.wait_for_selector("text=Drei Papiercodes")
    codes = page.locator("[data-test^=paper-code-] p").all_inner_texts()
    page.fill("[name=first]", codes[0])
    page.fill("[name=second]", codes[2])
    page.click("[data-test=submit]")
    page.wait_for_selector("[data-test=to-start]")


def stranger(chromium: Browser) -> BrowserContext:
    """A browser on the network that has no certificate, and has clicked the warning away."""
    return chromium.new_context(
        viewport=DESKTOP, locale="de-DE", timezone_id="Europe/Berlin", ignore_https_errors=True, accept_downloads=True
    )


def member(chromium: Browser, practice: Practice, enrolled: "Enrolled") -> BrowserContext:
    """The same browser after it imported its certificate: with its cookies, as in life."""
    context = chromium.new_context(
        viewport=DESKTOP,
        locale="de-DE",
        timezone_id="Europe/Berlin",
        ignore_https_errors=True,
        client_certificates=[
            {
                "origin": practice.there.rstrip("/"),
                "pfxPath": str(enrolled.bundle),
                "passphrase": enrolled.password,
            }
        ],
    )
    context.add_cookies(enrolled.cookies)
    return context


@dataclass
class Enrolled:
    """What a new workplace was given."""

    bundle: Path
    authority: Path
    password: str
    cookies: list


def sealed_off(page: Page, address: str) -> None:
    """Nothing answers there: not a page, not an error of ours, not one byte of HTTP. Tried in a tab of its own."""
    tab = page.context.new_page()
    with pytest.raises(Refused, match="net::ERR_"):
        tab.goto(address)
    tab.close()


@pytest.fixture(scope="module")
def enrolled(practice, chromium, picture, tmp_path_factory) -> Enrolled:
    """A workplace that went through all of enrolment, as two people do it at two screens."""
    context = stranger(chromium)
    new = context.new_page()
    sealed_off(new, practice.there + "geraet")
    address = open_enrolment(practice, picture)
    code = ask_to_be_let_in(new, practice, address, picture)
    approve(practice.ada, code, picture)
    new.wait_for_url("**/geraet/einrichten")
    given = fetch(new, picture, tmp_path_factory.mktemp("workplace"))
    practice.ada.click("[data-test=close-enrolment]")
    practice.ada.wait_for_selector("[data-test=devices]")
    sealed_off(new, address)
    context.close()
    return given


def open_enrolment(practice: Practice, picture) -> str:
    """Let Ada open enrolment, and return the address she reads out."""
    ada = practice.ada
    ada.goto(practice.here + "geraete")
    ada.click("[data-test=add-workplace]")
    address = ada.inner_text("[data-test=address]")
    picture(ada, "30-aufnahme-offen")
    assert address == practice.there + "geraet"
    return address


def ask_to_be_let_in(new: Page, practice: Practice, address: str, picture) -> str:
    """Open the address at the new workplace, which reaches nothing else, and return the code it shows."""
    new.goto(address)
    picture(new, "31-neuer-arbeitsplatz-name")
    for other in ("", "anmelden", "health", "geraete", "wiederherstellen"):
        sealed_off(new, practice.there + other)
    new.fill("[name=device_name]", "Empfang 2")
    new.click("[data-test=submit]")
    code = new.inner_text("[data-test=pair-code]")
    picture(new, "32-neuer-arbeitsplatz-code")
    return code


def approve(ada: Page, code: str, picture) -> None:
    """Let Ada type the code, look at who asks, and say yes."""
    ada.wait_for_selector("[data-test=asker]")
    picture(ada, "33-aufnahme-es-wartet-jemand")
    ada.fill("[name=code]", code.lower())
    ada.click("[data-test=look]")
    ada.wait_for_selector("[data-test=asker-name]")
    picture(ada, "34-aufnahme-ansehen")
    assert ada.inner_text("[data-test=asker-name]") == "Empfang 2"
    ada.click("[data-test=approve]")
    ada.wait_for_selector("[data-test=said]")
    picture(ada, "35-aufgenommen")


def fetch(new: Page, picture, folder: Path) -> Enrolled:
    """Look at the steps for each system, and take the files."""
    for system in ("windows", "mac", "ipad", "linux"):
        new.click(f"[data-test=system-{system}]")
        new.wait_for_load_state("networkidle")
        new.screenshot(path=_beside(picture, new, f"36-einrichten-{system}"), full_page=True)
    password = new.inner_text("[data-test=import-password]")
    files = {}
    for kind in ("p12", "ca"):
        with new.expect_download() as download:
            new.click(f"[data-test=file-{kind}]")
        files[kind] = folder / download.value.suggested_filename
        download.value.save_as(files[kind])
    cookies = [one for one in new.context.cookies() if one["name"] == "__Secure-arkanum-device"]
    return Enrolled(files["p12"], files["ca"], password, cookies)


def _beside(picture, page: Page, name: str) -> Path:
    """Return where a picture of the whole page goes, beside the others."""
    picture(page, name)
    return PICTURES / f"{name}.png"


@pytest.fixture
def desk(practice, chromium, enrolled) -> Iterator[Page]:
    """The new workplace, with its certificate."""
    context = member(chromium, practice, enrolled)
    yield context.new_page()
    context.close()


def sign_in(page: Page, practice: Practice) -> None:
    page.goto(practice.there + "anmelden")
    if page.locator("[data-test=other-person]").count():
        page.click("[data-test=other-person]")
    page.fill("[name=login]", "ada")
    page.fill("[name=passphrase]", ADA)
    page.keyboard.press("Enter")
    page.wait_for_url(practice.there)


def test_what_the_browser_can_show_of_the_practice_is_what_ada_reads_out(practice, enrolled):
    """The server sends the practice's certificate along, so that a warning shows it."""
    ada, place = practice.ada, practice.there.removeprefix("https://").rstrip("/")
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", place, "-showcerts"],
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    chain = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", shown, re.DOTALL)
    ada.goto(practice.here + "geraete")
    ada.click("[data-test=add-workplace]")
    read_out = ada.inner_text("[data-test=fingerprint]")
    ada.click("[data-test=close-enrolment]")

    assert len(chain) == 2
    digest = sha256(ssl.PEM_cert_to_DER_cert(chain[1])).hexdigest().upper()
    assert digest.startswith(read_out.replace(" ", ""))
    assert enrolled.authority.read_bytes() == ssl.PEM_cert_to_DER_cert(chain[1])


def test_the_files_go_into_the_stores_that_browsers_use(enrolled, tmp_path):
    def run(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    store = f"sql:{tmp_path}"
    run("certutil", "-N", "-d", store, "--empty-password")
    run("certutil", "-A", "-d", store, "-n", "Praxis", "-t", "C,,", "-i", str(enrolled.authority))
    run("pk12util", "-i", str(enrolled.bundle), "-d", store, "-W", enrolled.password)
    listed = run("certutil", "-L", "-d", store)
    pem, authority = tmp_path / "device.pem", tmp_path / "ca.pem"
    run(
        *("openssl", "pkcs12", "-in", str(enrolled.bundle), "-passin", f"pass:{enrolled.password}"),
        *("-clcerts", "-nokeys", "-out", str(pem)),
    )
    run("openssl", "x509", "-inform", "der", "-in", str(enrolled.authority), "-out", str(authority))

    assert "Empfang 2 vom" in listed
    assert "u,u,u" in listed
    assert "OK" in run("openssl", "verify", "-purpose", "sslclient", "-CAfile", str(authority), str(pem))


def test_the_workplace_signs_in_with_its_certificate_and_nobody_without(desk, practice, chromium, picture):
    sign_in(desk, practice)
    picture(desk, "37-angemeldet-im-netz")
    desk.goto(practice.there + "geraete")
    picture(desk, "38-geraete-im-netz")

    own = desk.locator("[data-test=device]", has_text="dieses Gerät").inner_text()
    without = stranger(chromium)
    sealed_off(without.new_page(), practice.there + "anmelden")
    without.close()

    assert "Empfang 2" in own


def test_a_session_carried_to_a_browser_without_the_certificate_opens_nothing(desk, practice, chromium):
    sign_in(desk, practice)
    thief = stranger(chromium)
    thief.add_cookies(desk.context.cookies())

    sealed_off(thief.new_page(), practice.there)
    thief.close()


def add_ben(ada: Page, practice: Practice) -> str:
    """Let Ada add her locum, and return his first pass phrase."""
    ada.goto(practice.here + "team")
    ada.click("[data-test=open-add]")
    ada.fill("#add [name=name]", "Ben Thorsen")
    ada.fill("#add [name=login]", "ben")
    ada.select_option("#add [name=role]", "locum")
    ada.fill("#add [name=until]", (date.today() + timedelta(days=10)).isoformat())  # noqa: DTZ011 - calendar day
    ada.click("#add [data-test=add]")
    return ada.inner_text("[data-test=handed-secret]")


def close_a_chart(ada: Page, practice: Practice) -> str:
    """Let Ada take Dora in and put her chart behind a wall, and return the chart's address without the server."""
    ada.goto(practice.here + "patient/neu")
    for name, text in {"last": "Müller", "first": "Dora", "birth": "3.4.65"}.items():
        ada.fill(f"[name={name}]", text)
    ada.check("[data-test=sex-W]", force=True)
    ada.click("[data-test=save]")
    ada.wait_for_url("**/kartei/*")
    chart = ada.url.removeprefix(practice.here)
    ada.goto(practice.here + "bereiche")
    ada.click("[data-test=open-make]")
    ada.fill("#make [name=name]", "Psychotherapie")
    ada.check("[data-test=kind-restricted]")
    ada.check("[data-test=emergency-yes]")
    ada.click("[data-test=make]")
    ada.wait_for_selector("[data-test=area]")
    ada.goto(practice.here + chart.replace("kartei", "patient"))
    ada.click("[data-test=put-behind]")
    ada.wait_for_selector("[data-test=wall-name]")
    return chart


def set_pin(page: Page, practice: Practice, pin: str, passphrase: str) -> None:
    """Choose a PIN at one's own account."""
    page.goto(practice.there + "konto")
    for name, text in {"new_pin": pin, "pin_again": pin, "pin_passphrase": passphrase}.items():
        page.fill(f"[name={name}]", text)
    page.click("[data-test=set-pin]")
    page.wait_for_selector("[data-test=has-pin]")


def begin_as_ben(page: Page, practice: Practice, first: str) -> None:
    """Sign in with the first pass phrase, choose another, and a PIN."""
    page.goto(practice.there + "anmelden")
    page.fill("[name=login]", "ben")
    page.fill("[name=passphrase]", first)
    page.click("[data-test=submit]")
    page.wait_for_url("**/konto")
    for name, text in {"old": first, "passphrase": BEN, "repeat": BEN}.items():
        page.fill(f"[name={name}]", text)
    page.click("main [data-test=submit]")
    page.wait_for_load_state("networkidle")
    set_pin(page, practice, "2846", BEN)


def come_back(page: Page, name: str, pin: str) -> None:
    """Choose one's name on the lock screen, and type the PIN."""
    page.click("[data-test=lock-now]")
    page.wait_for_selector("[data-pin-form]")
    page.locator("label.sitter", has_text=name).click()
    page.fill("[data-pin-form] [name=pin]", pin)
    page.click("[data-test=unlock]")
    page.wait_for_selector("[data-pin-form]", state="detached")
    page.wait_for_load_state("networkidle")


def test_two_people_share_the_workplace_and_one_breaks_the_glass(desk, practice, picture):
    first, chart = add_ben(practice.ada, practice), close_a_chart(practice.ada, practice)
    begin_as_ben(desk, practice, first)
    desk.click("[data-test=lock-now]")
    desk.click("[data-test=other-person]")
    desk.fill("#entry [name=login]", "ada")
    desk.fill("#entry [name=passphrase]", ADA)
    desk.click("#entry [data-test=submit]")
    desk.wait_for_selector("[data-pin-form]", state="detached")
    set_pin(desk, practice, "9173", ADA)

    come_back(desk, "Ben", "2846")
    desk.goto(practice.there + chart)
    picture(desk, "3a-verschlossen-im-netz")
    desk.click("[data-test=to-emergency]")
    desk.fill("[name=reason]", "Patientin nicht ansprechbar")
    desk.click("[data-test=break-glass]")
    said = desk.wait_for_selector("[data-test=in-emergency]").inner_text()
    picture(desk, "3b-notfall-im-netz")
    come_back(desk, "Ada", "9173")
    desk.goto(practice.there + "alarme")
    picture(desk, "3c-alarm-nach-dem-wechsel")

    assert "Notfallzugriff bis" in said
    assert "Ada" in desk.inner_text("[data-test=menu]")
    assert "Notfallzugriff" in desk.inner_text("main")


def test_a_stolen_workplace_is_out_with_one_click(desk, practice, picture):
    """The last one of this file: afterwards there is no workplace any more."""
    sign_in(desk, practice)
    ada = practice.ada
    ada.goto(practice.here + "geraete")
    row = ada.locator("[data-test=device]", has_text="Empfang 2")

    row.locator("[data-test=device-menu]").click()
    row.locator("[data-test=open-remove]").click()
    picture(ada, "39-geraet-entfernen")
    ada.locator("dialog[open] [data-test=remove]").click()
    ada.wait_for_load_state("networkidle")
    desk.goto(practice.there + "geraete")

    assert "Empfang 2" not in ada.inner_text("[data-test=devices]")
    # Playwright speaks TLS for a browser with certificates, and puts a page of its own where the handshake failed.
    assert "Playwright client-certificate error" in desk.content()
    assert "Arkanum" not in desk.content()
