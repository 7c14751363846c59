# SPDX-License-Identifier: MPL-2.0
"""Who may ask the guard, and whom the pages tell a pass phrase: user ids that the kernel vouches for."""

import os
import socket
import threading

import pytest

from arkanum.guard import Client, SocketTransport
from arkanum.guard.errors import GuardAway
from arkanum.guard.server import Server

SOMEBODY_ELSE = os.getuid() + 1


@pytest.fixture
def listening(own_rows, short_folder):
    """Guards of this test, accepting on a socket."""
    servers = []

    def start(pages):
        server = Server(short_folder / "guard.sock", own_rows, pages)
        servers.append(server)
        thread = threading.Thread(target=server._accept, daemon=True)
        thread.start()
        return short_folder / "guard.sock"

    yield start
    for server in servers:
        server._socket.shutdown(socket.SHUT_RDWR)
        server._socket.close()
        server.guard.close()


def test_the_socket_is_open_to_the_group_only_where_the_pages_are_another_user(listening):
    alone = listening(None).stat().st_mode & 0o777
    shared = listening(SOMEBODY_ELSE).stat().st_mode & 0o777

    assert (alone, shared) == (0o600, 0o660)


def test_only_the_named_user_and_its_own_are_heard(own_rows, short_folder):
    server = Server(short_folder / "guard.sock", own_rows, SOMEBODY_ELSE)

    assert server._askers == {os.getuid(), SOMEBODY_ELSE}
    server._socket.close()
    server.guard.close()


def test_somebody_else_who_listens_in_the_guards_place_is_told_nothing(listening, monkeypatch):
    path = listening(None)
    monkeypatch.setattr("arkanum.guard.client.CONNECT_SECONDS", 0.0)
    transport = SocketTransport(path, SOMEBODY_ELSE)

    with pytest.raises(GuardAway):
        Client(transport).state()


def test_the_guard_of_the_named_user_is_asked(listening):
    transport = SocketTransport(listening(None), os.getuid())

    assert not Client(transport).state().founded
    transport.close()
