# SPDX-License-Identifier: MPL-2.0
"""Every route declares what it needs, and nobody passes a door without it."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path, reverse

from arkanum.guard import Action
from arkanum.web import doors
from tests.web.browser import Browser, text

PUBLIC = {
    "asset",
    "await-device",
    "become-device",
    "canary-met",
    "change-person",
    "first-start",
    "health",
    "judge",
    "lock",
    "locked",
    "passkey-begin",
    "passkey-sign-in",
    "recover",
    "sealed",
    "set-up",
    "set-up-file",
    "sign-in",
    "sign-out",
    "suggest",
    "take-link",
}
"""Written by hand, so that a new public page is a decision that somebody reviews."""


def every_address() -> list[tuple[str, str]]:
    """Return name and address of every route that is no public page."""
    listed = []
    for route in doors.routes():
        parts = {name: str(uuid4()) for name in route.pattern.converters if name not in {"name", "deed"}}
        parts |= {name: "start" for name in route.pattern.converters if name in {"name", "deed"}}
        if route.name not in PUBLIC:
            listed.append((route.name, reverse(route.name, kwargs=parts)))
    return listed


def test_the_public_pages_are_exactly_the_written_list():
    public = {route.name for route in doors.routes() if (mark := doors.mark_of(route.callback)) and mark.action is None}

    assert public == PUBLIC


def test_a_route_without_a_mark_is_an_error_at_start():
    def forgotten(request):
        return HttpResponse("offen")

    class urls:  # noqa: N801 -- stands for a module
        urlpatterns = [path("offen", forgotten)]  # noqa: RUF012

    with override_settings(ROOT_URLCONF=urls):
        found = doors.check_routes()

        assert [message.id for message in found] == ["arkanum.E001"]
        with pytest.raises(doors.DoorMissing):
            doors.require_marks()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_the_sign_in_everywhere_else(stranger, method):
    for name, address in every_address():
        response = getattr(stranger, method)(address)

        assert response.status_code == 302, name
        assert response.headers["Location"] == "/anmelden", name


@pytest.mark.parametrize("token", [b"", b"x", b"\x00" * 32, b"\xff" * 500])
def test_an_invented_token_opens_nothing(stranger, token):
    stranger.sit_down(token)

    for name, address in every_address():
        assert stranger.get(address).status_code == 302, name


def test_a_cookie_that_is_no_base64_is_no_token(stranger):
    stranger.cookies["__Host-arkanum"] = "~~~ü"

    assert stranger.get("/").status_code == 302


def test_a_role_without_the_action_does_not_pass_the_door(at_screen, dan):
    browser = at_screen(dan)
    for route in doors.routes():
        mark = doors.mark_of(route.callback)
        if mark is None or mark.action is None or mark.action in dan.who.actions:
            continue
        parts = {name: str(uuid4()) for name in route.pattern.converters if name != "deed"}
        parts |= {name: "start" for name in route.pattern.converters if name == "deed"}
        for method in (browser.get, browser.post):
            response = method(reverse(route.name, kwargs=parts))

            assert response.status_code == 403, route.name


def test_the_administrator_reads_no_patient_on_any_page(at_screen, dan, dora):
    browser = at_screen(dan)

    for address in (f"/kartei/{dora}", f"/patient/{dora}", f"/protokoll/{dora}", f"/patient/{dora}/fassungen"):
        response = browser.get(address)

        assert response.status_code == 403
        assert "Dora" not in text(response)


def test_the_desk_gets_no_chart(at_screen, cora, dora):
    browser = at_screen(cora)

    assert browser.get(f"/patient/{dora}").status_code == 200
    assert browser.get(f"/kartei/{dora}").status_code == 403
    assert browser.post(f"/kartei/{dora}/eintrag", {"line": "n etwas"}).status_code == 403


def test_a_foreign_id_is_as_missing_as_an_invented_one(at_screen, ada):
    browser = at_screen(ada)

    assert browser.get(f"/kartei/{uuid4()}").status_code == 404
    assert browser.get(f"/patient/{uuid4()}").status_code == 404


def test_a_person_with_a_first_passphrase_sees_only_the_page_that_asks_for_another(founded):
    from arkanum.guard import Role

    first = founded.client.add_person(founded.ada.token, name="Eva", login="eva", role=Role.ASSISTANT)
    session = founded.client.sign_in(device_secret=founded.device_secret, login="eva", passphrase=first)
    browser = Browser().sit_down(session.token)

    assert browser.get("/").headers["Location"] == "/konto"
    assert "Eva" in text(browser.get("/konto"))


def test_the_visitor_asks_for_nothing_but_the_doors_own_action(ada):
    visitor = doors.Visitor(ada.client, ada.token, ada.who, Action.FIND_PATIENT)

    grant = visitor.permit()

    assert grant.action is Action.FIND_PATIENT
