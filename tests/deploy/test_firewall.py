# SPDX-License-Identifier: MPL-2.0
"""The rules that `arkanum firewall` prints: understood by nftables, and true on a cable."""

import contextlib
import re
import shutil
import socket
import subprocess
from ipaddress import ip_network

import pytest

from arkanum.cli import firewall
from arkanum.core.firewall import RULES, rules
from arkanum.guard import door_setting
from arkanum.guard.protocol import DoorSetting
from tests.cli.stage import arkanum
from tests.deploy.network import Cable, missing

PORTS = (22, 80, 443, 5432, 8420)
needs_nft = pytest.mark.skipif(shutil.which("/usr/sbin/nft") is None, reason="needs nft")
needs_cable = pytest.mark.skipif(bool(missing("nmap", "/usr/sbin/nft")), reason=missing("nmap", "/usr/sbin/nft"))


def defined(text):
    return dict(re.findall(r"(?m)^define (\w+) = (.*)$", text))


def networks(*texts):
    return [ip_network(text) for text in texts]


# --- what is printed -------------------------------------------------------------------------------------------------


def test_the_rules_of_a_door_that_is_off_let_nobody_in(tmp_path):
    printed = arkanum("firewall", "--data", tmp_path)

    assert printed.returncode == 0
    assert "lassen niemanden herein" in printed.stderr
    assert defined(printed.stdout)["practice4"] == "{ 127.0.0.1 }"


def test_the_rules_follow_the_setting_of_the_door(tmp_path):
    door_setting.save(tmp_path, DoorSetting(on=True, address="10.1.2.3", port=8443))

    values = defined(arkanum("firewall", "--data", tmp_path).stdout)

    assert (values["port"], values["practice4"]) == ("8443", "{ 10.1.2.3/32 }")
    assert values["administration4"] == values["names4"] == "{ 127.0.0.1 }"


def test_the_network_of_an_address_is_that_of_its_card(monkeypatch):
    monkeypatch.setattr(firewall, "_cards", lambda: ["127.0.0.1/8", "192.168.5.10/24", "fd12::10/64"])

    assert str(firewall.network_of("192.168.5.10")) == "192.168.5.0/24"
    assert str(firewall.network_of("fd12::10")) == "fd12::/64"
    assert str(firewall.network_of("192.168.6.10")) == "192.168.6.10/32"


def test_what_is_typed_goes_before_the_setting(tmp_path):
    typed = ("--subnet", "192.168.1.7/24", "--subnet", "fd12::/64", "--port", "9000", "--ssh-from", "192.168.1.5")

    values = defined(arkanum("firewall", "--data", tmp_path, *typed, "--avahi").stdout)

    assert values == {
        "port": "9000",
        "practice4": "{ 192.168.1.0/24 }",
        "practice6": "{ fd12::/64 }",
        "administration4": "{ 192.168.1.5/32 }",
        "administration6": "{ ::1 }",
        "names4": "{ 192.168.1.0/24 }",
    }


@pytest.mark.parametrize("network", ["0.0.0.0/0", "203.0.113.0/24", "192.168.0.0/15", "::/0", "fc00::/7", "praxis"])
def test_a_network_that_cannot_be_the_practices_is_refused(tmp_path, network):
    for option in ("--subnet", "--ssh-from"):
        refused = arkanum("firewall", "--data", tmp_path, option, network)

        assert refused.returncode == 2
        assert refused.stdout == ""
        assert "Traceback" not in refused.stderr


@needs_nft
@pytest.mark.parametrize("practice", [(), ("10.1.2.0/24",), ("10.1.2.0/24", "192.168.1.0/24", "fd12::/64")])
def test_nftables_understands_the_rules(tmp_path, practice):
    if missing():
        pytest.skip(missing())
    file = tmp_path / "arkanum.nft"
    file.write_text(rules(8420, networks(*practice), networks("10.1.2.3/32"), networks("10.1.2.0/24")))

    checked = subprocess.run(["nft", "-c", "-f", file], capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


@needs_nft
def test_the_file_to_look_at_is_the_one_that_is_filled_in(root):
    assert (root / "deploy/nftables/arkanum.nft").resolve() == RULES


# --- what they do ----------------------------------------------------------------------------------------------------


@pytest.fixture
def cable():
    laid = Cable()
    yield laid
    laid.cut()


@pytest.fixture
def listening(cable):
    """A careless server: five programs that listen everywhere."""
    with contextlib.ExitStack() as open_sockets:

        def listen():
            for port in PORTS:
                one = open_sockets.enter_context(
                    socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
                )
                one.setblocking(False)
            udp = open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            udp.bind(("", 5353))

        cable.inside(listen)
        yield cable


def load(cable, text, tmp_path):
    file = tmp_path / "arkanum.nft"
    file.write_text(text)
    for _ in range(2):  # an update loads them over themselves
        subprocess.run(cable.on_server("nft", "-f", file), check=True)


@needs_cable
def test_without_the_rules_a_careless_server_shows_everything(listening):
    assert listening.open_ports(listening.server) == set(PORTS)


@needs_cable
def test_with_the_rules_the_practice_sees_one_port_and_everybody_else_none(listening, tmp_path):
    load(listening, rules(8420, networks(listening.practice, listening.practice6)), tmp_path)

    assert listening.open_ports(listening.server) == {8420}
    assert listening.open_among(listening.server6, PORTS) == {8420}
    assert listening.open_among(listening.elsewhere, PORTS) == set()
    assert listening.open_among(listening.server, {53, 123, 137, 161, 5353}, "-sU") == set()


@needs_cable
def test_who_administers_gets_ssh_as_well(listening, tmp_path):
    load(listening, rules(8420, networks(listening.practice), networks("10.77.1.2/32")), tmp_path)

    assert listening.open_among(listening.server, PORTS) == {22, 8420}


@needs_cable
def test_rules_for_nobody_let_nobody_in_and_disturb_nobody_on_the_machine(listening, tmp_path):
    load(listening, rules(8420, ()), tmp_path)

    assert listening.open_among(listening.server, PORTS) == set()
    with listening.inside(lambda: socket.create_connection(("127.0.0.1", 8420), timeout=5)) as connection:
        assert connection.getpeername()[1] == 8420


@needs_cable
def test_an_attacker_finds_the_door_that_somebody_left_open(listening, tmp_path):
    open_wide = rules(8420, networks(listening.practice)).replace("policy drop", "policy accept")
    load(listening, open_wide, tmp_path)

    assert listening.open_among(listening.server, PORTS) == set(PORTS)
