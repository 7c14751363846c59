# SPDX-License-Identifier: MPL-2.0
"""W30: an interface without authentication. Whatever listens asks who is there, or is not there at all."""

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import threading

import pytest

from arkanum.guard import protocol as p
from arkanum.guard import wire
from arkanum.guard.server import Server
from arkanum.web import doors
from tests.attacks.outside import HOSTS, Careless, Knock, Target, listeners
from tests.attacks.test_w17_route_without_check import _address
from tests.attacks.twin import assert_red
from tests.deploy.network import Cable, missing
from tests.web.test_doors import PUBLIC

STRANGER = 65534
"""The user id that Debian calls nobody."""

as_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root: to knock as another user"
)

needs_cable = pytest.mark.skipif(bool(missing("/usr/bin/ss")), reason=missing("/usr/bin/ss"))

KNOCK = """
import socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.settimeout(5)
try:
    connection.connect(sys.argv[1])
    connection.sendall(bytes.fromhex(sys.argv[2]))
    print(len(connection.recv(1000)))
except OSError:
    print(0)
"""


def bytes_for_a_stranger(path):
    """Ask the guard's first question as another user of this machine, and count what comes back."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, p.AskState())
        question = theirs.recv(1000)
    command = ["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups", "/usr/bin/python3", "-c"]
    knocked = subprocess.run([*command, KNOCK, path, question.hex()], capture_output=True, text=True, check=True)
    return int(knocked.stdout)


def attack_socket(path):
    """Knock at the guard's socket as somebody else on the machine."""
    assert bytes_for_a_stranger(path) == 0


@pytest.fixture
def guard_of(own_rows, short_folder):
    """Start a guard that answers on a socket to which everybody may walk."""
    short_folder.chmod(0o755)
    started = []

    def start(kind=Server, pages=None):
        server = kind(short_folder / "guard.sock", own_rows, pages)
        started.append(server)
        threading.Thread(target=server._accept, daemon=True).start()
        return short_folder / "guard.sock"

    yield start
    for server in started:
        with contextlib.suppress(OSError):
            server._socket.shutdown(socket.SHUT_RDWR)
        server._socket.close()
        server.guard.close()


@as_root
def test_the_guard_answers_no_other_user(guard_of):
    attack_socket(guard_of())


@as_root
def test_the_guard_answers_no_other_user_even_where_the_sockets_mode_was_opened(guard_of):
    path = guard_of()
    path.chmod(0o666)

    attack_socket(path)


@as_root
def test_the_guard_of_two_services_answers_the_pages_and_no_third(guard_of):
    path = guard_of(pages=STRANGER - 1)
    path.chmod(0o666)

    attack_socket(path)


@as_root
def test_the_attack_finds_a_guard_that_does_not_look_who_asks(guard_of):
    class Careless(Server):
        """Takes the mode of a file for authentication, and somebody changed it."""

        def __init__(self, *arguments):
            super().__init__(*arguments)
            self._askers = frozenset(range(1 << 16))

    path = guard_of(Careless)
    path.chmod(0o666)

    assert_red(attack_socket, path)


# --- everything that listens on TCP ----------------------------------------------------------------------------------


def attack_listeners(cable):
    """Come to each listener with neither certificate nor session, and ask for what is behind a door."""
    addresses = [_address(route) for route in doors.routes() if route.name not in PUBLIC]
    told = {where: _told(cable, where, addresses) for where in listeners(cable)}

    assert len(told) >= 2
    assert {where: paths for where, paths in told.items() if paths} == {}


def _told(cable, where, addresses):
    """Return the addresses behind which a listener gave a stranger anything but the way to the sign-in."""
    host, _, port = where.rpartition(":")
    if host != "127.0.0.1":
        host = cable.server if host in {"0.0.0.0", "*", "[::]"} else host  # noqa: S104 - what `ss` says
        target = Target(cable, address=host, port=int(port))
        return [
            path
            for path in addresses[:5]
            if target.shaken(Knock(sent=_get(path))) or b"HTTP" in target.plain(_get(path))
        ]
    return cable.inside(lambda: [path for path in addresses if not _refused_over(host, int(port), path)])


def _get(path):
    return f"GET {path} HTTP/1.1\r\nHost: praxis.local\r\nConnection: close\r\n\r\n".encode()


def _refused_over(host, port, path):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        home = answer.status == 302 and answer.headers["Location"] == "/anmelden" and not answer.read()
    finally:
        connection.close()
    return home or answer.status in {403, 404, 405}


@needs_cable
@pytest.mark.slow
@pytest.mark.allow_hosts(HOSTS)
def test_every_listener_asks_who_is_there(lan_practice):
    attack_listeners(lan_practice.cable)


@needs_cable
@pytest.mark.slow
@pytest.mark.allow_hosts(HOSTS)
@pytest.mark.parametrize("host", ["127.0.0.1", Cable.server])
def test_the_attack_finds_a_status_page_for_everybody(lan_practice, host):
    status = Careless(lan_practice.cable, None, host=host, port=9100)
    try:
        assert_red(attack_listeners, lan_practice.cable)
    finally:
        status.end()
