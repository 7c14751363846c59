# SPDX-License-Identifier: MPL-2.0
"""What every answer carries, and which questions are not heard."""

import re
from pathlib import Path

import pytest

from arkanum.web import middleware
from tests.web.browser import HTMX, Browser, text

TEMPLATES = Path(middleware.__file__).parent / "templates"


@pytest.mark.parametrize("address", ["/anmelden", "/", "/health", "/gibt-es-nicht", "/static/gibt-es-nicht.js"])
def test_every_answer_carries_the_security_headers(stranger, address):
    response = stranger.get(address)

    for name in middleware.HEADERS:
        assert name in response.headers, name


def test_the_policy_allows_no_inline_code_and_no_other_host():
    policy = middleware.HEADERS["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_no_template_holds_inline_code_or_style():
    forbidden = re.compile(
        r"<script(?![^>]*\bsrc=)|\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", re.IGNORECASE
    )

    for template in TEMPLATES.rglob("*.html"):
        found = forbidden.search(template.read_text(encoding="utf-8"))

        assert found is None, f"{template.name}: {found and found[0]}"


def test_a_chart_is_never_kept_by_the_browser(at_screen, ada, dora):
    response = at_screen(ada).get(f"/kartei/{dora}")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_on_this_machine_or_elsewhere_is_not_heard(at_screen, ada, dora, site):
    browser = at_screen(ada)

    for method, mode in (("get", "navigate"), ("get", "cors"), ("post", "navigate")):
        response = getattr(browser, method)(f"/kartei/{dora}", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})

        assert response.status_code == 403


def test_a_link_from_elsewhere_may_lead_to_the_sign_in(stranger):
    response = stranger.get("/anmelden", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})

    assert response.status_code == 200


def test_a_form_without_our_token_is_refused(founded, ada, dora):
    browser = Browser(csrf=True).sit_down(ada.token)

    response = browser.post(f"/kartei/{dora}/eintrag", {"line": "n gefälscht"})

    assert response.status_code == 403
    assert "gefälscht" not in str(ada.chart(dora))


def test_a_form_with_our_token_is_heard(founded, ada, dora):
    browser = Browser(csrf=True).sit_down(ada.token)
    page = text(browser.get(f"/kartei/{dora}"))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    response = browser.post(f"/kartei/{dora}/eintrag", {"line": "n echt", "csrfmiddlewaretoken": token})

    assert response.status_code == 302


def test_a_name_that_is_not_ours_is_not_answered(stranger):
    assert stranger.get("/anmelden", headers={"Host": "praxis.example"}).status_code == 400


def test_a_fragment_asked_without_a_session_sends_the_page_to_the_sign_in(stranger):
    response = stranger.post("/suche/treffer", {"text": "mü"}, headers=HTMX)

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/anmelden"


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(founded, ada):
    browser = Browser().own_device(ada.device_secret)

    response = browser.post("/anmelden", {"login": ada.login, "passphrase": ada.passphrase})

    for name, path in (("__Host-arkanum", "/"), ("__Secure-arkanum-device", "/anmelden")):
        cookie = response.cookies[name]
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Strict"
        assert cookie["path"] == path
        assert not cookie["domain"]
