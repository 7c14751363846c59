# SPDX-License-Identifier: MPL-2.0
"""The page „Zugang im Netz“."""

import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from msgspec import structs

from arkanum.core.firewall import rules
from arkanum.guard.protocol import DoorSetting
from arkanum.web.network import machine
from arkanum.web.network import status as said
from arkanum.web.network.status import DoorStatus
from tests.web.browser import text

SETTING = DoorSetting(on=True, address="192.168.1.10", port=8420, names=("praxis.local",))


@pytest.fixture(autouse=True)
def this_machine(monkeypatch):
    """A machine with two private addresses, and no listener."""
    monkeypatch.setattr(machine, "private_addresses", lambda: ("192.168.1.10", "fd00::2"))
    monkeypatch.setattr(machine, "addresses", lambda: frozenset(map(ip_address, ("192.168.1.10", "fd00::2"))))
    yield
    said.tell(None)


def stands(**changes):
    """Let the listener say how the door stands."""
    told = {"on": True, "open": True, "address": "192.168.1.10", "port": 8420, "names": ("praxis.local",)}
    said.tell(DoorStatus(**{**told, **changes}))


def form(**changes):
    return {"deed": "on", "address": "192.168.1.10", "port": "8420", "names": "praxis.local", **changes}


def test_the_page_offers_the_private_addresses_of_this_machine(at_screen, ada):
    shown = text(at_screen(ada).get("/netz"))

    assert "Ausgeschaltet." in shown
    assert 'value="192.168.1.10"' in shown
    assert 'value="fd00::2"' in shown


def test_the_door_is_opened_on_the_page(at_screen, ada, client):
    answer = at_screen(ada).post("/netz/speichern", form(names="praxis.local, arkanum.lan"))

    assert answer.status_code == 302
    assert client.door().setting == DoorSetting(
        on=True, address="192.168.1.10", port=8420, names=("praxis.local", "arkanum.lan")
    )


def test_the_page_says_where_workplaces_find_the_practice(at_screen, ada, client):
    client.save_door(ada.token, SETTING)
    stands(authority=client.door().authorities[0], certificate_until=datetime.now(UTC) + timedelta(days=390))

    shown = text(at_screen(ada).get("/netz"))

    assert "Offen." in shown
    assert "https://praxis.local:8420/" in shown
    assert "https://192.168.1.10:8420/" in shown
    assert 'data-test="fingerprint"' in shown
    assert "gilt nur noch" not in shown


def test_a_certificate_that_ends_soon_is_warned_of_weeks_ahead(at_screen, ada, client):
    client.save_door(ada.token, SETTING)
    stands(certificate_until=datetime.now(UTC) + timedelta(days=30, hours=1))

    assert "gilt nur noch 30 Tage" in text(at_screen(ada).get("/netz"))


def test_the_page_says_why_the_door_is_closed(at_screen, ada, client):
    client.save_door(ada.token, SETTING)
    stands(open=False, problem=said.ADDRESS_GONE % {"address": "192.168.1.10"})

    assert "WLAN gewechselt" in text(at_screen(ada).get("/netz"))


def test_a_moment_after_a_change_the_page_looks_again(at_screen, ada, client):
    client.save_door(ada.token, SETTING)
    stands(names=())

    assert "/netz/stand" in text(at_screen(ada).get("/netz"))
    stands()
    assert "hx-get" not in text(at_screen(ada).get("/netz/stand"))


def test_the_door_is_closed_on_the_page(at_screen, ada, client):
    client.save_door(ada.token, SETTING)

    at_screen(ada).post("/netz/speichern", {"deed": "off"})

    setting = client.door().setting
    assert not setting.on
    assert setting.address == SETTING.address


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"address": "8.8.8.8"}, "hat dieser Rechner nicht"),
        ({"address": "rubbish"}, "ist keine Adresse"),
        ({"address": ""}, "Bitte eine Adresse wählen"),
        ({"address": "192.168.1.99"}, "hat dieser Rechner nicht"),
        ({"port": "99999"}, "zwischen 1 und 65535"),
        ({"port": "achtzig"}, "zwischen 1 und 65535"),
        ({"port": "²"}, "zwischen 1 und 65535"),
        ({"names": "meine_praxis"}, "kein Rechnername"),
    ],
)
def test_what_cannot_be_used_is_said_in_german(at_screen, ada, client, changes, why):
    answer = at_screen(ada).post("/netz/speichern", form(**changes))

    assert answer.status_code == 422
    assert why in text(answer)
    assert not client.door().setting.on


def test_a_public_address_of_this_machine_is_refused_too(at_screen, ada, monkeypatch):
    monkeypatch.setattr(machine, "addresses", lambda: frozenset({ip_address("8.8.8.8")}))

    assert "keine private Adresse" in text(at_screen(ada).post("/netz/speichern", form(address="8.8.8.8")))


def test_the_desk_sees_no_such_page(at_screen, cora):
    screen = at_screen(cora)

    assert screen.get("/netz").status_code == 403
    assert screen.post("/netz/speichern", form()).status_code == 403
    assert "/netz" not in text(screen.get("/"))


def test_a_machine_without_a_network_says_so(at_screen, ada, monkeypatch):
    monkeypatch.setattr(machine, "private_addresses", tuple)

    assert "keine Adresse in einem privaten Netz" in text(at_screen(ada).get("/netz"))


# --- the firewall ----------------------------------------------------------------------------------------------------


def as_in_proc(address):
    return f"{int.from_bytes(ip_address(address).packed, sys.byteorder):08X}"


@pytest.fixture
def on_a_card(monkeypatch, tmp_path):
    """The machine's card stands in 192.168.1.0/24; what goes to the internet goes through its router."""
    routes = tmp_path / "route"
    here, router, mask = map(as_in_proc, ("192.168.1.0", "192.168.1.1", "255.255.255.0"))
    nothing = "00000000"
    routes.write_text(
        "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
        f"eth0 {nothing} {router} 0003 0 0 0 {nothing} 0 0 0\n"
        f"eth0 {here} {nothing} 0001 0 0 0 {mask} 0 0 0\n"
    )
    monkeypatch.setattr(machine, "NETWORKS", routes)
    cards = tmp_path / "if_inet6"
    cards.write_text("fd000000000000000000000000000002 04 40 00 82 eth0\n")
    monkeypatch.setattr(machine, "ADDRESSES_6", cards)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.168.1.10", "192.168.1.0/24"), ("192.168.2.10", "192.168.2.10/32"), ("fd00::2", "fd00::/64")],
)
def test_the_network_of_an_address_is_that_of_its_card(on_a_card, address, network):
    assert str(machine.network_of(address)) == network


def test_the_firewalls_rules_are_offered_as_the_door_is_set(at_screen, ada, client, on_a_card):
    client.save_door(ada.token, SETTING)
    screen = at_screen(ada)

    file = screen.get("/netz/firewall")

    assert text(file) == rules(8420, [ip_network("192.168.1.0/24")], names=[ip_network("192.168.1.0/24")])
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="arkanum.nft"'
    assert "no-store" in file["Cache-Control"]
    shown = text(screen.get("/netz"))
    assert "define practice4 = { 192.168.1.0/24 }" in shown
    assert "lassen zurzeit niemanden herein" not in shown


def test_mdns_stays_closed_where_no_name_needs_it(at_screen, ada, client, on_a_card):
    client.save_door(ada.token, structs.replace(SETTING, names=("praxis.lan",)))

    assert "define names4 = { 127.0.0.1 }" in text(at_screen(ada).get("/netz/firewall"))


def test_the_rules_of_a_door_that_is_off_let_nobody_in(at_screen, ada):
    screen = at_screen(ada)

    assert "define practice4 = { 127.0.0.1 }" in text(screen.get("/netz/firewall"))
    assert "lassen zurzeit niemanden herein" in text(screen.get("/netz"))


def test_the_desk_gets_no_rules(at_screen, cora):
    assert at_screen(cora).get("/netz/firewall").status_code == 403
