# SPDX-License-Identifier: MPL-2.0
"""W8: neighbouring ports open. A database, a debugger, a second program: the practice listens on exactly one port."""

import subprocess
from dataclasses import dataclass, field

import pytest

from tests.attacks.outside import HOSTS, PORT, Careless, listeners
from tests.attacks.twin import assert_red
from tests.deploy.machine import missing as no_machine
from tests.deploy.network import Cable, missing

absent = missing("/usr/bin/ss")
needs_cable = pytest.mark.skipif(bool(absent), reason=absent)
needs_machine = pytest.mark.skipif(bool(no_machine()), reason=no_machine())
pytestmark = [pytest.mark.slow, pytest.mark.allow_hosts(HOSTS)]

LOOPBACK = f"127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Host:
    """A server that runs nothing but Arkanum, and what listens there."""

    listening: frozenset[str]
    expected: frozenset[str]
    unix: frozenset[str] = field(default_factory=frozenset)


def attack(host):
    """Ask the kernel what listens: TCP and UDP on every address, and sockets in the file system."""
    assert host.listening == host.expected
    assert {where.rpartition(":")[2] for where in host.listening} == {str(PORT)}
    assert [path for path in host.unix if not path.endswith("/guard.sock")] == []


def sockets_in_files(said):
    """Return the listening Unix sockets that `ss -Hlx` names."""
    return frozenset(line.split()[4] for line in said.splitlines())


def look(practice, *more):
    said = subprocess.run(practice.cable.on_server("ss", "-Hlx"), capture_output=True, text=True, check=True).stdout
    return Host(frozenset(listeners(practice.cable)), frozenset({LOOPBACK, *more}), sockets_in_files(said))


DOOR = f"{Cable.server}:{PORT}"


@needs_cable
def test_a_practice_listens_on_one_port_with_its_door_open(lan_practice):
    host = look(lan_practice, DOOR)

    assert len(host.unix) == 1
    attack(host)


@needs_cable
@pytest.mark.parametrize("where", [(Cable.server, 5432), ("127.0.0.1", 9000), ("0.0.0.0", PORT + 1)])  # noqa: S104
def test_the_attack_finds_a_neighbour(lan_practice, where):
    neighbour = Careless(lan_practice.cable, None, host=where[0], port=where[1])
    try:
        assert_red(lambda practice: attack(look(practice, DOOR)), lan_practice)
    finally:
        neighbour.end()


@needs_machine
def test_two_services_listen_on_one_port(machine, ada_there):
    said = machine.run("ss", "-Hltun").stdout
    listening = frozenset(line.split()[4] for line in said.splitlines())

    attack(Host(listening, frozenset({LOOPBACK})))
