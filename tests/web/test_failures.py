# SPDX-License-Identifier: MPL-2.0
"""What a person sees when something fails, and what is remembered of it."""

import logging
import re

import pytest

from arkanum.guard import Client, use
from arkanum.guard.errors import GuardAway, LogBroken, Throttled
from tests.web.browser import Browser, text


class Failing:
    """A way to the guard that ends in an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def ask(self, _question):
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (GuardAway(), 503, "versiegelt"),
        (Throttled(40), 429, "40 Sekunden"),
        (LogBroken(), 503, "Protokoll"),
        (ZeroDivisionError("Kanarienvogel Müller"), 500, "nicht geklappt"),
    ],
)
def test_each_failure_has_a_page_that_says_nothing_of_a_patient(error, status, says):
    use(Client(Failing(error)))

    response = Browser().sit_down(b"x").get("/")

    assert response.status_code == status
    assert says in text(response)
    assert "Kanarienvogel" not in text(response)


def test_an_incident_is_remembered_by_its_id_and_place_without_its_words(caplog):
    use(Client(Failing(ZeroDivisionError("Kanarienvogel Müller"))))
    logging.getLogger("arkanum.incident").propagate = True

    page = text(Browser().sit_down(b"x").get("/"))

    incident = re.search(r'data-test="incident">([0-9a-f]{8})<', page)[1]
    assert incident in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "Kanarienvogel" not in caplog.text
    assert "Müller" not in caplog.text


def test_the_sign_of_life_says_nothing():
    assert Browser().get("/health").content == b"ok\n"
