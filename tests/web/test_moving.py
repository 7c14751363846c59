# SPDX-License-Identifier: MPL-2.0
"""Moving in on a page: a file is sent, looked at, decided about, carried out."""

import re
import time

import pytest

from arkanum.exchange.jobs import Workshop
from tests.web.browser import HTMX, Browser, text


def xdt(*fields: tuple[str, str]) -> bytes:
    """Return an xDT file: each line begins with its length, three digits, and the field id."""
    lines = (f"{len(content.encode('cp1252')) + 9:03}{field}{content}\r\n" for field, content in fields)
    return "".join(lines).encode("cp1252")


FILE = xdt(
    ("8000", "6310"),
    ("8315", "ARKANUM"),
    ("3000", "4711"),
    ("3101", "Sömmerfeld"),
    ("3102", "Jürgen"),
    ("3103", "03041965"),
    ("3110", "1"),
    ("3622", "176"),
    ("3623", "81"),
)


def send(browser: Browser, content: bytes, name: str = "alt%20daten.gdt"):
    return browser.post(
        "/uebernahme/datei", content, content_type="application/octet-stream", headers={"X-Filename": name}
    )


def settled(browser: Browser, address: str, *hooks: str) -> str:
    """Return the page of an import once one of the hooks is on it."""
    for _ in range(400):
        page = text(browser.get(address))
        if any(f'data-test="{hook}"' in page for hook in hooks):
            return page
        time.sleep(0.02)
    pytest.fail(f"the import never showed {hooks}")


def test_a_file_is_looked_at_before_anything_is_written(at_screen, ada):
    browser = at_screen(ada)

    sent = send(browser, FILE)
    page = settled(browser, sent.headers["Location"], "tiles")

    assert sent.status_code == 201
    assert "alt daten.gdt" in page
    assert "Sömmerfeld" in page
    assert ada.client.search(ada.token, "Sömmerfeld").hits == ()


def test_a_file_moves_in_and_is_reported_line_by_line(at_screen, ada):
    browser = at_screen(ada)
    address = send(browser, FILE).headers["Location"]
    settled(browser, address, "start")

    browser.post(f"{address}/weiter")
    page = settled(browser, address, "done")

    assert 'data-test="report"' in page
    assert "3101 Name" in page
    assert len(ada.client.search(ada.token, "Soemmerfeld").hits) == 1


def test_a_person_decides_who_somebody_in_the_file_is(at_screen, ada):
    browser = at_screen(ada)
    first = send(browser, FILE).headers["Location"]
    settled(browser, first, "start")
    browser.post(f"{first}/weiter")
    settled(browser, first, "done")
    again = send(browser, FILE.replace(b"4711", b"4712")).headers["Location"]
    page = settled(browser, again, "question", "start")
    for key, candidate in re.findall(r'name="key" value="(\d+)">\s*<button[^>]*value="([0-9a-f-]{36})"', page):
        browser.post(f"{again}/entscheiden", {"key": key, "choice": candidate})
    settled(browser, again, "start")

    browser.post(f"{again}/weiter")
    settled(browser, again, "done")

    assert len(ada.client.search(ada.token, "Sömmerfeld").hits) == 1


def test_a_file_of_no_known_kind_is_said_to_be_none(at_screen, ada):
    browser = at_screen(ada)

    page = settled(browser, send(browser, b"\x89PNG\r\n\x1a\n" + bytes(range(256))).headers["Location"], "failed")

    assert "keine BDT-" in page


@pytest.mark.parametrize("form", [{}, {"key": "x"}, {"key": "0"}, {"key": "0", "choice": "niemand"}])
def test_a_decision_that_makes_no_sense_is_refused(at_screen, ada, form):
    browser = at_screen(ada)
    address = send(browser, FILE).headers["Location"]
    settled(browser, address, "tiles")

    assert browser.post(f"{address}/entscheiden", form).status_code == 400


def test_a_deed_that_there_is_not_is_missing(at_screen, ada):
    browser = at_screen(ada)
    address = send(browser, FILE).headers["Location"]
    settled(browser, address, "tiles")

    assert browser.post(f"{address}/loeschen").status_code == 404


def test_the_desk_moves_nothing_in(at_screen, cora):
    assert send(at_screen(cora), FILE).status_code == 403


def test_a_page_that_looks_by_itself_knows_what_goes_on(at_screen, ada, monkeypatch):
    browser = at_screen(ada)
    address = send(browser, FILE).headers["Location"]
    settled(browser, address, "tiles")
    asked = []
    monkeypatch.setattr(Workshop, "running", lambda workshop: asked.append(workshop) or frozenset())

    browser.get(address)
    browser.get(address, headers=HTMX)

    assert len(asked) == 2
    assert asked[0] is asked[1]
