# SPDX-License-Identifier: MPL-2.0
"""The tests themselves: they stay on this machine, and they know their database."""

import os
import socket
import stat

import psycopg
import pytest
from pytest_socket import SocketConnectBlockedError


def test_no_test_reaches_beyond_this_machine():
    with socket.socket() as phone, pytest.warns(UserWarning, match="allowed"), pytest.raises(SocketConnectBlockedError):
        phone.connect(("192.0.2.1", 80))


def test_loopback_is_reachable():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_short_folder_leaves_room_for_the_path_of_a_socket(short_folder):
    path = short_folder / "guard.socket"

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))

    assert stat.S_ISSOCK(path.stat().st_mode)


@pytest.mark.postgresql
def test_a_database_address_leads_to_an_empty_database_of_the_chosen_kind(database_address):
    if os.environ.get("ARKANUM_TEST_DB") != "postgresql":
        assert database_address == ""
        return

    with psycopg.connect(database_address) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()

    assert tables == (0,)
