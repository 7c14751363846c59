# SPDX-License-Identifier: MPL-2.0
"""Two services with the door open, looked at from a second machine: what a hired examiner sees of a practice."""

import subprocess
import sys

import pytest

from arkanum.web import cookies
from tests.attacks.outside import HOSTS, Knock, Target, listeners
from tests.cli.stage import eventually
from tests.deploy.machine import missing as no_machine
from tests.deploy.network import Cable, missing
from tests.deploy.stage import PORT

absent = no_machine() or missing("nmap", "/usr/sbin/nft", "/usr/bin/ss")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.allow_hosts(HOSTS),
    pytest.mark.skipif(bool(absent), reason=absent),
]

TURN = f"""
import pwd, sys
from pathlib import Path
from arkanum.cli import place
place.use(Path("/var/lib/arkanum/web"))
from arkanum.guard import Client, SocketTransport
from arkanum.guard.protocol import DoorSetting
client = Client(SocketTransport(Path("/run/arkanum/guard.sock"), pwd.getpwnam("arkanum-guard").pw_uid))
setting = DoorSetting(on=sys.argv[2] == "on", address="{Cable.server}", port={PORT}, names=("praxis.local",))
client.save_door(bytes.fromhex(sys.argv[1]), setting)
"""


def turn(machine, ada_there, how):
    """Sign Dr. Ada in and let her turn the door on or off."""
    machine.ask(ada_there.sign_in)
    token = cookies._decode(ada_there.cookies[cookies.SESSION]).hex()
    python = ["runuser", "-u", "arkanum-web", "--", "/opt/arkanum/.venv/bin/python"]
    machine.run(*python, "-c", TURN, token, how)


@pytest.fixture(scope="module")
def street(machine, ada_there):
    """The cable to a second machine, and the door that Dr. Ada opened there."""
    cable = Cable(machine.pid)
    try:
        turn(machine, ada_there, "on")
        eventually(lambda: f"{Cable.server}:{PORT}" in listeners(cable), "the door")
        yield cable
        turn(machine, ada_there, "off")
        eventually(lambda: f"{Cable.server}:{PORT}" not in listeners(cable), "the end of the door")
    finally:
        cable.cut()


def test_two_services_show_one_port_that_speaks_to_devices_alone(machine, street):
    assert street.open_ports(street.server) == {PORT}
    assert Target(street).shaken(Knock()) == b""
    assert b"HTTP" not in Target(street).plain(b"GET / HTTP/1.1\r\nHost: praxis.local\r\n\r\n")


def test_the_servers_key_is_the_pages_alone_and_its_place_is_the_guards(machine, street):
    places = machine.run("find", "/var/lib/arkanum", "-path", "*/door/*", "-printf", "%M %u %P\n").stdout.split("\n")

    assert "-rw------- arkanum-web web/door/server.key" in places
    assert "-rw------- arkanum-guard guard/door/setting.json" in places
    assert not [line for line in places if line and not line.startswith("-rw-------")]


def test_the_firewall_that_the_administrator_prints_fits_and_closes_the_rest(machine, street):
    printed = machine.run("/usr/local/sbin/arkanum-as", "guard", "firewall")
    careless = subprocess.Popen(
        street.on_server(sys.executable, "-m", "http.server", "8000", "--bind", street.server),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: street.open_among(street.server, {8000}), "another program's port")
        subprocess.run(street.on_server("nft", "-f", "-"), input=printed.stdout, text=True, check=True)

        assert street.practice in printed.stdout
        assert street.open_among(street.server, {22, 8000, PORT}) == {PORT}
        assert street.open_among(street.elsewhere, {22, 8000, PORT}) == set()
    finally:
        careless.kill()
        careless.wait(20)
        subprocess.run(street.on_server("nft", "delete", "table", "inet", "arkanum"), check=False)
