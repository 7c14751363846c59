# SPDX-License-Identifier: MPL-2.0
"""The first page warns of certificates that end and of a door that is closed, and of nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from arkanum.cli.door.line import SPEAKER, Speaker
from arkanum.cli.door.server import told_who_speaks
from arkanum.guard import Role
from arkanum.web import cookies
from arkanum.web.network import status as said
from arkanum.web.network.status import DoorStatus
from tests.web.browser import text

SERVER, CLOSED, DEVICE = 'data-test="door-ends"', 'data-test="door-problem"', 'data-test="device-ends"'


@pytest.fixture(autouse=True)
def no_listener():
    yield
    said.tell(None)


def stands(*, days=390, **changes):
    """Let the listener say how the door stands."""
    until = datetime.now(UTC) + timedelta(days=days, hours=1)
    said.tell(DoorStatus(**{"on": True, "open": True, "certificate_until": until, **changes}))


def behind_a_certificate(days):
    """What the listener tells of a workplace whose certificate ends in so many days."""
    return {cookies.UNTIL: datetime.now(UTC) + timedelta(days=days, hours=1)}


def heard_of(speaker):
    """What the listener lets a page know of the end of a speaker's certificate."""
    environ = {"asgi.scope": {"state": {SPEAKER: speaker}}}
    told_who_speaks(lambda *_: [])(environ, lambda *_: None)
    return environ[cookies.UNTIL]


def test_the_first_page_is_quiet_while_all_is_well(at_screen, ada):
    stands(days=said.WARN_DAYS)

    shown = text(at_screen(ada).get("/", **behind_a_certificate(57)))

    assert not any(mark in shown for mark in (SERVER, CLOSED, DEVICE))


def test_the_servers_certificate_is_warned_of_weeks_ahead(at_screen, ada):
    stands(days=30)

    shown = text(at_screen(ada).get("/"))

    assert SERVER in shown
    assert "gilt nur noch 30 Tage" in shown
    assert "Datum und Uhrzeit" in shown


def test_a_door_that_a_wrong_clock_keeps_closed_says_so(at_screen, ada):
    stands(open=False, problem=said.CLOCK % {"now": "01.01.2020", "begins": "01.01.2026"})

    shown = text(at_screen(ada).get("/"))

    assert CLOSED in shown
    assert "Die Uhr dieses Rechners geht falsch" in shown


@pytest.mark.parametrize("changes", [{"on": False}, {"open": False, "problem": said.NOT_SIGNED_YET}])
def test_a_door_that_is_off_or_about_to_open_is_no_news(at_screen, ada, changes):
    stands(**changes)

    assert CLOSED not in text(at_screen(ada).get("/"))


def test_who_does_not_look_after_the_door_is_not_told_of_it(at_screen, cora):
    stands(days=3, open=False, problem=said.GUARD_AWAY)

    shown = text(at_screen(cora).get("/"))

    assert SERVER not in shown
    assert CLOSED not in shown


def test_whoever_sits_at_a_workplace_whose_certificate_ends_can_renew_it_there(at_screen, cora):
    shown = text(at_screen(cora).get("/", **behind_a_certificate(55)))

    assert DEVICE in shown
    assert 'action="/geraete/erneuern"' in shown


def test_the_listener_tells_pages_when_the_speakers_certificate_ends():
    until = datetime.now(UTC)

    assert heard_of(Speaker(b"device", b"print", until, lambda: None)) == until
    assert heard_of(Speaker(b"", b"", until, lambda: None)) is None
    assert heard_of(None) is None


@pytest.mark.parametrize(
    ("role", "address"), [(Role.ADMINISTRATOR, "/team"), (Role.AUDITOR, "/protokoll")], ids=["administrator", "auditor"]
)
def test_whoever_finds_no_patients_is_warned_where_they_begin(founded, at_screen, role, address):
    eva = founded.add("Eva Lang", "eva", role)
    stands(days=30)

    screen = at_screen(eva)
    shown = text(screen.get(address, **behind_a_certificate(5)))

    assert screen.get("/").headers["Location"] == address
    assert DEVICE in shown
    assert (SERVER in shown) == (role is Role.ADMINISTRATOR)
