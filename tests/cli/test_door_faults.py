# SPDX-License-Identifier: MPL-2.0
"""What can go wrong at the door, and that it is then closed and not open."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest

from arkanum.cli.door import listener
from arkanum.guard.authority import DEVICE_DAYS
from arkanum.web.network import status as said
from tests.cli.door_stage import ADDRESS, connected, eventually, get, line_is_dead, say, serve

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", ADDRESS])


@pytest.fixture
def served(founded):
    """A practice of the test's own, with its door open."""
    served = serve(founded)
    yield served
    served.end()


@pytest.fixture
def desk(served):
    """A workplace of the practice."""
    return served.enrol("Anmeldung")


def test_without_the_guard_the_door_closes(served, desk, monkeypatch):
    monkeypatch.setattr(listener, "GUARD_AWAY_SECONDS", 0.1)
    with desk.line() as line:
        assert say(line, get("/health")).status == 200

        served.way.is_cut = True
        served.founded.guard.door.changed()

        assert line_is_dead(line)
    eventually(lambda: not said.told().open)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ADDRESS, served.port), timeout=20)
    assert said.told().problem == said.GUARD_AWAY


def test_when_the_guard_is_back_the_door_opens_again(served, desk, monkeypatch):
    monkeypatch.setattr(listener, "GUARD_AWAY_SECONDS", 0.1)
    served.way.is_cut = True
    served.founded.guard.door.changed()
    eventually(lambda: not said.told().open)

    served.way.is_cut = False

    eventually(lambda: said.told().open)
    assert desk.knock().status == 200


def test_a_connection_does_not_outlive_its_certificate(served):
    ends_soon = datetime.now(UTC) - timedelta(days=DEVICE_DAYS) + timedelta(seconds=2)
    with served.enrol("Tablet", at=ends_soon).line() as line:
        assert say(line, get("/health")).status == 200
        time.sleep(2)

        served.founded.guard.door.changed()
        served.until_heard()

        assert line_is_dead(line)


def test_a_sealed_practice_still_knows_its_devices(served, desk):
    served.founded.client.seal(served.founded.ada.token)
    served.founded.guard.door.changed()

    assert desk.knock(get("/anmelden")).status == 200
    assert said.told().open


def save(served, **changes):
    client, token = served.founded.client, served.founded.ada.token
    setting = client.door().setting
    client.save_door(token, setting.__class__(**{**setting_fields(setting), **changes}))
    served.until_heard()


def setting_fields(setting):
    return {name: getattr(setting, name) for name in setting.__struct_fields__}


def test_a_door_that_is_turned_off_is_closed_at_once(served, desk):
    with desk.line() as line:
        save(served, on=False)

        assert line_is_dead(line)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ADDRESS, served.port), timeout=20)


def test_a_door_that_is_moved_gets_a_certificate_for_its_new_name(served, desk):
    save(served, names=("arkanum.lan",))

    eventually(lambda: said.told().names == ("arkanum.lan",) and said.told().open)
    assert desk.knock(get("/health", host="arkanum.lan")).alert != ""  # the client still asks for the old name
    with pytest.raises(ssl.SSLCertVerificationError):
        connected(served, desk.certificate)


def test_a_taken_port_is_said_in_german(served):
    with socket.create_server(("127.0.0.3", served.port)):
        save(served, address="127.0.0.3")

        told = eventually(lambda: said.told().problem and said.told())
    assert not told.open
    assert "ist auf 127.0.0.3 belegt" in told.problem


def test_an_address_that_the_machine_lost_is_said_in_german(served):
    save(served, address="10.255.254.253")

    told = eventually(lambda: said.told().problem and said.told())
    assert not told.open
    assert "10.255.254.253 gerade nicht" in told.problem
