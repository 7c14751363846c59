# SPDX-License-Identifier: MPL-2.0
"""The server's certificate: made when somebody is here, renewed by itself, and what is said when a clock is wrong."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace as changed

from arkanum.cli.door import keeper as keeping
from arkanum.cli.door.files import ServerFiles
from arkanum.cli.door.keeper import Keeper
from arkanum.cli.door.told import Teller
from arkanum.guard.protocol import DoorSetting
from arkanum.vault import expires
from arkanum.web.network import status as said
from arkanum.web.network.status import DoorStatus

SETTING = DoorSetting(on=True, address="192.168.1.10", port=8420, names=("praxis.local",))
NOW = datetime.now(UTC)


@pytest.fixture
def files(founded, ada):
    """The server's files, of a practice whose door is on."""
    founded.client.save_door(ada.token, SETTING)
    return ServerFiles(founded.folder)


@pytest.fixture
def keeper(founded, files, monkeypatch):
    """A keeper that has not begun."""
    monkeypatch.setattr(keeping, "SIGN_EVERY_SECONDS", 0.0)
    return Keeper(founded.client, files, lambda _: None, lambda: None)


def test_the_first_certificate_is_made_when_somebody_is_here(founded, keeper, files):
    view = keeper.view(founded.client.door(), NOW)

    assert view.problem == ""
    assert view.members is not None
    assert view.members.verify_mode is ssl.CERT_REQUIRED
    assert view.guests.verify_mode is ssl.CERT_OPTIONAL
    assert view.members.minimum_version is ssl.TLSVersion.TLSv1_3
    assert expires(files.certificate()) == view.certificate_until


def test_the_servers_key_is_for_its_own_user_alone(founded, keeper):
    keeper.view(founded.client.door(), NOW)

    lying = {path.name: path.stat().st_mode & 0o777 for path in (founded.folder / "door").iterdir()}
    assert lying == dict.fromkeys(("setting.json", "server.key", "server.crt", "trusted.pem"), 0o600)


def test_a_sealed_practice_says_what_it_waits_for(founded, ada, keeper):
    founded.client.seal(ada.token)

    view = keeper.view(founded.client.door(), NOW)

    assert view.members is None
    assert view.problem == said.NOT_SIGNED_YET


def test_before_the_first_start_the_door_stays_shut(client, guard, own_rows):
    state = changed(client.door(), setting=SETTING)

    view = Keeper(client, ServerFiles(own_rows), print, print).view(state, NOW)

    assert (view.members, view.problem) == (None, said.NOT_FOUNDED)


@pytest.mark.parametrize(("days_left", "renewed"), [(61, False), (59, True), (1, True), (-3, True)])
def test_a_certificate_renews_itself_two_months_before_its_end(founded, keeper, files, days_left, renewed):
    keeper.view(founded.client.door(), NOW)
    before = files.certificate()

    keeper.view(founded.client.door(), expires(before) - timedelta(days=days_left))

    assert (files.certificate() != before) is renewed


def test_while_the_practice_is_sealed_the_old_one_goes_on_to_its_end(founded, ada, keeper, files):
    keeper.view(founded.client.door(), NOW)
    founded.client.seal(ada.token)
    end = expires(files.certificate())

    assert keeper.view(founded.client.door(), end - timedelta(days=1)).members is not None
    late = keeper.view(founded.client.door(), end + timedelta(days=1))

    assert late.members is None
    assert "abgelaufen" in late.problem


def test_another_name_gets_another_certificate(founded, ada, keeper, files):
    keeper.view(founded.client.door(), NOW)
    before = files.certificate()

    founded.client.save_door(ada.token, changed(SETTING, names=("arkanum.lan",)))
    keeper.view(founded.client.door(), NOW)

    assert files.certificate() != before


def test_nothing_is_signed_twice_without_need(founded, keeper, files):
    keeper.view(founded.client.door(), NOW)
    version = founded.client.door().version

    for _ in range(3):
        keeper.view(founded.client.door(), NOW)

    assert founded.client.door().version == version


def test_whatever_goes_wrong_the_log_is_not_filled_with_renewals(founded, keeper, monkeypatch):
    monkeypatch.setattr(keeping, "SIGN_EVERY_SECONDS", 60.0)
    monkeypatch.setattr(keeping, "_is_due", lambda *_: True)
    keeper.view(founded.client.door(), NOW)
    version = founded.client.door().version

    keeper.view(founded.client.door(), NOW)

    assert founded.client.door().version == version


def test_a_clock_that_is_days_behind_is_said_in_german(founded, keeper):
    view = keeper.view(founded.client.door(), NOW - timedelta(days=9))

    assert view.members is None
    assert "Die Uhr dieses Rechners geht falsch" in view.problem


def test_a_clock_that_went_ahead_while_signing_is_noticed_and_put_right(founded, ada, keeper, files):
    keeper.view(founded.client.door(), NOW)
    state = founded.client.door()
    sealed = changed(state, can_sign=False)
    monday = NOW - timedelta(hours=20)

    early = keeper.view(sealed, monday - timedelta(hours=5))

    assert early.members is None
    assert "Uhr" in early.problem


@pytest.mark.parametrize("broken", ["server.key", "server.crt"])
def test_a_damaged_file_is_made_anew_when_somebody_is_here(founded, keeper, files, broken):
    keeper.view(founded.client.door(), NOW)
    (founded.folder / "door" / broken).write_bytes(b"rubbish")

    view = keeper.view(founded.client.door(), NOW)

    assert view.members is not None
    assert files.fit()


def test_a_damaged_key_of_a_sealed_practice_keeps_the_door_shut(founded, ada, keeper):
    keeper.view(founded.client.door(), NOW)
    founded.client.seal(ada.token)
    (founded.folder / "door" / "server.key").write_bytes(b"rubbish")
    again = Keeper(founded.client, ServerFiles(founded.folder), print, print)

    view = again.view(founded.client.door(), NOW)

    assert (view.members, view.problem) == (None, said.DAMAGED)


# --- what is said ----------------------------------------------------------------------------------------------------


class Gate:
    def answer_as(self, status):
        self.status = status


def test_the_console_says_each_thing_once_and_warns_weeks_ahead(capsys):
    teller = Teller(Gate())
    stands = DoorStatus(
        on=True, open=True, address="fd00::2", port=8420, names=("praxis.local",), certificate_until=NOW
    )
    try:
        for left in (300, 300, 30):
            teller(replace(stands, certificate_until=datetime.now(UTC) + timedelta(days=left, hours=1)))
        teller(replace(stands, open=False, problem=said.GUARD_AWAY))
        teller(DoorStatus())
    finally:
        said.tell(None)

    assert capsys.readouterr().out.splitlines() == [
        "Im Netz der Praxis: https://praxis.local:8420/  https://[fd00::2]:8420/",
        "Im Netz der Praxis: https://praxis.local:8420/  https://[fd00::2]:8420/",
        "Das Zertifikat des Servers läuft in 30 Tagen ab; es erneuert sich, sobald sich jemand anmeldet.",
        f"Im Netz der Praxis: geschlossen. {said.GUARD_AWAY}",
    ]


def test_the_port_of_https_needs_no_number():
    assert DoorStatus(address="10.0.0.1", port=443, names=("praxis.local",)).urls[0] == "https://praxis.local/"
