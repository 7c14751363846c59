# SPDX-License-Identifier: MPL-2.0
"""W17: a route without its access check. One forgotten line above one page, and a stranger reads patients."""

from types import ModuleType
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, path, reverse

from arkanum.guard import Action
from arkanum.web import doors, urls
from tests.attacks.twin import assert_red
from tests.web.browser import Browser
from tests.web.test_doors import PUBLIC

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
TOKENS = (None, b"", bytes(32), b"\xff" * 32, b"admin")
QUESTIONS = [(method, None) for method in METHODS] + [(method, token) for method in METHODS[:3] for token in TOKENS[1:]]


def attack(urlconf):
    """Count the routes without a mark, and those behind a door that give a stranger anything but a refusal."""
    with override_settings(ROOT_URLCONF=urlconf):
        clear_url_caches()
        routes = list(doors.routes())
        found = [("no mark", route.name) for route in routes if doors.mark_of(route.callback) is None]
        for route in routes:
            if route.name not in PUBLIC:
                found += [(question, route.name) for question in QUESTIONS if not _refused(*question, route)]
    clear_url_caches()
    assert found == []


def _refused(method, token, route):
    stranger = Browser() if token is None else Browser().sit_down(token)
    response = getattr(stranger, method)(_address(route))
    home = response.status_code == 302 and response.headers["Location"] == "/anmelden" and not response.content
    return home or response.status_code in {403, 404, 405}


def _address(route):
    text = {"name", "deed"}
    return reverse(
        route.name, kwargs={part: "start" if part in text else str(uuid4()) for part in route.pattern.converters}
    )


def _forgotten(request):
    return HttpResponse("Dora Müller, Borreliose")


@doors.public
def _careless(request):
    return HttpResponse("Dora Müller, Borreliose")


def with_route(view):
    """Return the product's routes and one more."""
    twin = ModuleType("twin")
    twin.urlpatterns = [*urls.urlpatterns, path("bericht", view, name="report")]
    for code in (400, 403, 404, 500):
        setattr(twin, f"handler{code}", getattr(urls, f"handler{code}"))
    return twin


def test_no_route_answers_a_stranger(founded, dora):
    behind_doors = [route for route in doors.routes() if route.name not in PUBLIC]

    assert len(behind_doors) >= 30
    assert len(QUESTIONS) == 19
    attack(urls)


def test_no_route_answers_somebody_whose_session_has_ended(founded, ada, cora, dora):
    cora.sign_out()
    behind_doors = [route for route in doors.routes() if route.name not in PUBLIC]

    assert all(_refused(method, cora.token, route) for method in METHODS[:3] for route in behind_doors)


def test_a_program_with_a_route_without_a_mark_does_not_start():
    with override_settings(ROOT_URLCONF=with_route(_forgotten)):
        clear_url_caches()
        with pytest.raises(doors.DoorMissing, match="bericht"):
            doors.require_marks()
        with pytest.raises(SystemCheckError, match=r"arkanum\.E001"):
            call_command("check")
    clear_url_caches()


def test_the_attack_finds_the_one_forgotten_check_where_the_start_does_not_look(founded, dora):
    assert_red(attack, with_route(_forgotten))


def test_the_attack_finds_a_page_that_was_called_public_by_mistake(founded, dora):
    assert_red(attack, with_route(_careless))


def test_the_attack_finds_a_mark_without_its_door(founded, dora):
    def painted(request):
        return HttpResponse("Dora Müller, Borreliose")

    painted.arkanum_mark = doors.Mark(Action.READ_CHART)

    assert_red(attack, with_route(painted))
