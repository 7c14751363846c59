# SPDX-License-Identifier: MPL-2.0
"""The description of all routes is true: what may be asked breaks nothing, and only what it names is answered."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from arkanum.guard.errors import GuardError
from arkanum.web import cookies, description, doors
from tests.attacks.everywhere import DESTROYS, House, back, planted
from tests.web.browser import Browser, text

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
EXAMPLES = 2


@pytest.fixture
def house(founded) -> House:
    """A practice with somebody of each role."""
    return planted(founded)


def operations(described: dict[str, object] | None = None) -> Iterator[object]:
    """Yield every operation of a description but those that would end the sessions of the others."""
    schema = schemathesis.openapi.from_dict(described or description.describe())
    schema.app = WSGIHandler()
    left_out = {f"post-{name}" for name in DESTROYS}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] not in left_out:
            yield operation


@pytest.fixture
def form_token(house) -> tuple[str, str]:
    """The token of a form, and the value of the cookie that belongs to it."""
    browser = Browser(csrf=True)
    token = re.search(r'"X-CSRFToken": "([^"]+)"', text(browser.get("/anmelden")))[1]
    return token, browser.cookies["__Host-arkanum-csrf"].value


def session_of(house: House, who: str) -> dict[str, str]:
    """Return the cookie of somebody at a screen, signed in again if their session has ended."""
    if who != "stranger":
        colleague = house.people[who]
        try:
            colleague.client.who(colleague.token)
        except GuardError:
            colleague = back(house, who)
        return {cookies.SESSION: cookies._encode(colleague.token)}
    return {}


def ask(house: House, who: str, form_token, operation, mode: GenerationMode, known: dict[str, str]) -> int:
    """Ask one operation a few times, and return how often."""
    asked = 0
    names = {parameter.name for parameter in operation.path_parameters}
    parameters = {name: value for name, value in known.items() if name in names} or None

    @seed(311)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=parameters))
    def run(case) -> None:
        nonlocal asked
        asked += 1
        kept = {"__Host-arkanum-csrf": form_token[1], **session_of(house, who)}
        response = case.call(headers={"X-CSRFToken": form_token[0]}, cookies=kept)
        case.validate_response(response, checks=CHECKS)

    with contextlib.suppress(Unsatisfiable):  # nothing of this operation can be asked wrongly
        run()
    return asked


@pytest.mark.parametrize("who", ["stranger", "doctor", "assistant", "administrator"])
def test_every_answer_is_one_that_the_description_names(house, form_token, who):
    asked = sum(
        ask(house, who, form_token, operation, mode, known)
        for operation in operations()
        for mode, known in ((GenerationMode.POSITIVE, house.known), (GenerationMode.NEGATIVE, {}))
    )

    assert asked > 150


def test_the_description_holds_every_route_with_its_action():
    described = json.loads(description.as_text())

    operations_ = [one for path in described["paths"].values() for one in path.values() if isinstance(one, dict)]
    named = {one["operationId"].partition("-")[2] for one in operations_}
    assert named == {route.name for route in doors.routes()}
    assert described == description.describe()
    assert all("x-action" in one or one["security"] == [] for one in operations_)


@pytest.mark.parametrize(("status", "content"), [("404", "text/html"), ("200", "application/json")])
def test_an_answer_that_the_description_does_not_name_is_noticed(house, form_token, status, content):
    described = description.describe()
    described["paths"] = {"/health": described["paths"]["/health"]}
    described["paths"]["/health"]["get"]["responses"] = {status: {"description": "x", "content": {content: {}}}}

    (operation,) = operations(described)

    with pytest.raises(FailureGroup, match=r"Undocumented"):
        ask(house, "stranger", form_token, operation, GenerationMode.POSITIVE, {})


def test_a_fault_of_the_program_is_noticed(house, form_token, monkeypatch):
    def broken(request):
        raise ValueError

    monkeypatch.setattr(cookies, "token_of", broken)
    (operation,) = (one for one in operations() if one.label == "GET /team")

    with pytest.raises(FailureGroup, match="Server error"):
        ask(house, "doctor", form_token, operation, GenerationMode.POSITIVE, {})
