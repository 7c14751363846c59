# SPDX-License-Identifier: MPL-2.0
"""What a person sees when something fails, and what is remembered of it."""

import logging
import re

import pytest

from arkanum.guard import Client, errors, use
from arkanum.guard.errors import (
    Damaged,
    GuardAway,
    GuardError,
    Locked,
    LogBroken,
    PracticeSealed,
    SecondPerson,
    StepUp,
    Throttled,
)
from tests.web.browser import HTMX, Browser, text


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


def every_error() -> list[GuardError]:
    """Return one of each kind of error that the guard may answer with."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GuardError)]
    made = {"Throttled": (40,), "DoorRefused": (("öffentliche Adresse",),)}
    made |= dict.fromkeys(("PassphraseTooWeak", "PinTooWeak"), (("zu kurz",),))
    return [kind(*made.get(kind.__name__, ())) for kind in kinds if kind is not GuardError]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("fragment", [False, True])
def test_every_error_of_the_guard_is_told_in_german_and_is_no_fault_of_the_program(error, fragment):
    use(Client(Failing(error)))

    response = Browser().sit_down(b"x").get("/", headers=HTMX if fragment else {})

    assert response.status_code < 500 or isinstance(error, GuardAway | LogBroken | PracticeSealed | Damaged)
    assert "Fehler im Programm" not in text(response)
    if isinstance(error, Locked | StepUp | SecondPerson):
        return  # each has a dialog of its own in place of the toast
    if fragment and "HX-Redirect" not in response.headers:
        assert response.headers["HX-Retarget"] == ".toast"
        assert "<html" not in text(response)
        assert text(response).strip()


def test_the_browser_forgets_what_it_kept_when_somebody_leaves():
    response = Browser().post("/abmelden")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "__Secure-arkanum-device" not in response.cookies
