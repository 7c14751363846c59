# SPDX-License-Identifier: MPL-2.0
"""Which database holds the rows, and how durable it is."""

from pathlib import Path

import pytest
from django.db import connection

from arkanum.storage.database import DatabaseAddressError, database_from
from tests.conftest import ON_POSTGRESQL

FOLDER = Path("/srv/arkanum")


def test_no_address_means_sqlite_in_the_data_folder():
    entry = database_from("", FOLDER)

    assert entry["ENGINE"] == "django.db.backends.sqlite3"
    assert entry["NAME"] == "/srv/arkanum/arkanum.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_names_the_socket_by_its_folder():
    entry = database_from("postgresql:///arkanum?host=/run/postgresql", FOLDER)

    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["NAME"], entry["HOST"], entry["PORT"], entry["USER"]) == ("arkanum", "/run/postgresql", "", "")
    assert entry["OPTIONS"] == {}


def test_an_address_names_a_server_with_its_options():
    entry = database_from(
        "postgresql://arkanum@db.praxis:5433/akten%20neu?sslmode=verify-full&passfile=/etc/pass", FOLDER
    )

    assert (entry["NAME"], entry["HOST"], entry["PORT"], entry["USER"]) == ("akten neu", "db.praxis", "5433", "arkanum")
    assert entry["OPTIONS"] == {"sslmode": "verify-full", "passfile": "/etc/pass"}


def test_an_address_may_name_a_file_in_a_folder_that_two_users_share():
    entry = database_from("sqlite:///var/lib/arkanum/rows/arkanum.sqlite3", FOLDER)

    assert entry == database_from("", Path("/var/lib/arkanum/rows"))


def test_an_address_may_leave_the_server_out():
    assert database_from("postgresql:///arkanum", FOLDER)["HOST"] == ""


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://arkanum:geheim@db/arkanum",
        "postgresql://:geheim@db/arkanum",
        "postgres://db/arkanum",
        "mysql://db/arkanum",
        "sqlite:///arkanum.sqlite3",
        "sqlite:arkanum/rows.sqlite3",
        "sqlite://server/arkanum/rows.sqlite3",
        "sqlite:///srv/../etc/rows.sqlite3",
        "sqlite:///srv/arkanum/rows.sqlite3?mode=ro",
        "arkanum",
        "/srv/arkanum.sqlite3",
        "http://db/arkanum",
    ],
)
def test_a_password_or_another_scheme_is_refused(address):
    with pytest.raises(DatabaseAddressError) as refused:
        database_from(address, FOLDER)

    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("option", ["password=geheim", "sslpassword=geheim", "PASSWORD=geheim"])
def test_a_password_among_the_options_is_refused_too(option):
    with pytest.raises(DatabaseAddressError) as refused:
        database_from(f"postgresql:///arkanum?{option}", FOLDER)

    assert "geheim" not in str(refused.value)


def test_a_port_that_is_no_number_is_refused_and_not_repeated():
    with pytest.raises(DatabaseAddressError) as refused:
        database_from("postgresql://arkanum:gehe/im@db/arkanum", FOLDER)

    assert "gehe" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.skipif(ON_POSTGRESQL, reason="pragmas are SQLite's")
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)])
def test_a_fresh_connection_is_durable_and_forgets_what_was_deleted(own_rows, pragma, value):
    connection.close()

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")

        assert cursor.fetchone() == (value,)


@pytest.mark.skipif(ON_POSTGRESQL, reason="foreign keys are a pragma of SQLite's")
def test_a_fresh_connection_keeps_rows_together(own_rows):
    connection.close()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys")

        assert cursor.fetchone() == (1,)
