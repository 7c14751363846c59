# SPDX-License-Identifier: MPL-2.0
"""The same two services with PostgreSQL: a role for each, and the pages' role knows no key of a ring."""

from pathlib import Path

import pytest

from tests.deploy.machine import Machine, missing
from tests.deploy.stage import founded_on

CLUSTER = "/usr/bin/pg_createcluster"
absent = missing() or ("" if Path(CLUSTER).exists() else f"needs {CLUSTER}")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(absent), reason=absent)]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A server with Debian's PostgreSQL, on which the installer ran."""
    server = Machine(tmp_path_factory.mktemp("machine"))
    try:
        server.run("systemctl", "start", "systemd-journald.service")
        server.run("bash", "-c", "rm -rf /etc/postgresql/*")
        places = ("/var/lib/postgresql", "/var/log/postgresql", "/run/postgresql")
        server.run("install", "-d", "-o", "postgres", "-g", "postgres", *places)
        server.run(CLUSTER, "15", "main", "--start", "--", "--no-sync")
        server.run("/opt/arkanum/deploy/install.sh", "users", "places", "database", "units", "start")
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def ada(machine):
    return founded_on(machine)


def as_pages(machine, statement):
    """Ask PostgreSQL something with the rights of the pages."""
    command = ["runuser", "-u", "arkanum-web", "--", "psql", "-qXAt", "-d", "arkanum", "-c", statement]
    return machine.run(*command, check=False)


def test_a_practice_works_with_two_roles(machine, ada):
    assert "Sommer" in machine.ask(lambda: ada.get(ada.chart))
    assert as_pages(machine, "SELECT count(*) > 0 FROM storage_record").stdout.strip() == "t"
    assert machine.run("find", "/var/lib/arkanum", "-name", "*.sqlite3*").stdout == ""


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM storage_ringshare",
        "SELECT count(*) FROM storage_person",
        "SELECT count(*) FROM storage_device",
        "SELECT count(*) FROM storage_epoch",
        "SELECT profile FROM storage_practice",
        "UPDATE storage_practice SET log_ring_public_key = ''",
        "UPDATE storage_record SET version = 9",
        "DELETE FROM storage_record",
        "DELETE FROM storage_chart",
        "TRUNCATE storage_record CASCADE",
        "CREATE TABLE public.mine (x int)",
        "ALTER TABLE storage_record ADD COLUMN x int",
    ],
)
def test_the_pages_role_can_neither_read_a_key_nor_remove_a_record(machine, ada, statement):
    refused = as_pages(machine, statement)

    assert refused.returncode != 0
    assert "permission denied" in refused.stderr or "must be owner" in refused.stderr


def test_nobody_else_reads_a_file_of_the_practice_or_the_database(machine, ada):
    read = ("find", "/var/lib/arkanum", "/var/lib/postgresql", "/var/log/postgresql", "-type", "f", "-readable")

    assert machine.run("find", "/var/lib/postgresql", "-type", "f").stdout.count("\n") > 100
    assert machine.run("runuser", "-u", "nobody", "--", *read, check=False).stdout == ""


def test_nobody_else_gets_into_the_database(machine, ada):
    refused = machine.run("runuser", "-u", "games", "--", "psql", "-d", "arkanum", "-c", "SELECT 1", check=False)

    assert refused.returncode != 0
