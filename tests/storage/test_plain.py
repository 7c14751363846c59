# SPDX-License-Identifier: MPL-2.0
"""Every column is sealed, or says what it tells a thief; one chain of migrations; two databases."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from arkanum.storage.database import DatabaseAddressError, database_from
from arkanum.storage.fields import SealedField
from arkanum.storage.plain import PLAIN
from tools.render_docs import plain_page

SQLITES_OWN = {"sqlite_sequence"}


def columns():
    """Return every column that the database itself knows, as `table.column`."""
    with connection.cursor() as cursor:
        return {
            f"{table}.{column.name}"
            for table in connection.introspection.table_names(cursor)
            if table not in SQLITES_OWN
            for column in connection.introspection.get_table_description(cursor, table)
        }


def sealed():
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.fields
        if isinstance(field, SealedField)
    }


@pytest.mark.postgresql
def test_every_column_is_sealed_or_says_what_it_tells_a_thief(own_rows):
    assert columns() - sealed() - PLAIN.keys() == set()


@pytest.mark.postgresql
def test_the_list_names_no_column_that_is_not_there_or_is_sealed(own_rows):
    assert PLAIN.keys() - columns() == set()
    assert PLAIN.keys() & sealed() == set()


@pytest.mark.postgresql
def test_djangos_own_tables_are_in_the_list(own_rows):
    assert "django_migrations.name" in PLAIN
    assert not {column for column in columns() if column.startswith(("auth_", "django_session"))}


def test_each_sentence_says_something():
    assert all(len(told) > 8 and told.endswith((".", ")")) for told in PLAIN.values())


def test_the_page_for_people_shows_every_line(root):
    page = (root / "docs/plain.md").read_text()

    assert page == plain_page(PLAIN)
    assert all(f"`{name.partition('.')[2]}`" in page for name in PLAIN)


def test_the_migrations_are_one_chain():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {name: migration for (app, name), migration in loader.disk_migrations.items() if app == "storage"}

    assert {app for app, _ in loader.disk_migrations} == {"storage"}
    assert len(loader.graph.leaf_nodes("storage")) == 1
    before = [parent for migration in ours.values() for app, parent in migration.dependencies if app == "storage"]
    assert len(before) == len(set(before)) == len(ours) - 1


@pytest.mark.postgresql
def test_the_migrations_say_what_the_models_say(own_rows):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_application_of_djangos_keeps_tables():
    assert {model._meta.app_label for model in apps.get_models()} == {"storage"}


# --- which database, and how durable ---------------------------------------------------------------------------------


def test_without_an_address_it_is_sqlite_in_the_data_folder(tmp_path):
    database = database_from("", tmp_path)

    assert database["NAME"] == str(tmp_path / "arkanum.sqlite3")
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_sqlite_keeps_what_it_acknowledged_and_nothing_that_was_deleted(own_rows):
    with connection.cursor() as cursor:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1)):
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone()[0] == value


@pytest.mark.parametrize(
    ("address", "host", "name", "options"),
    [
        ("postgresql:///arkanum?host=/run/postgresql", "/run/postgresql", "arkanum", {}),
        (
            "postgresql://ada@db.intern:5433/arkanum?sslmode=verify-full",
            "db.intern",
            "arkanum",
            {"sslmode": "verify-full"},
        ),
        ("postgresql://ada@/praxis%20am%20markt", "", "praxis am markt", {}),
    ],
)
def test_an_address_of_postgresql_is_understood(tmp_path, address, host, name, options):
    database = database_from(address, tmp_path)

    assert (database["HOST"], database["NAME"], database["OPTIONS"]) == (host, name, options)
    assert database["ENGINE"].endswith("postgresql")
    assert "PASSWORD" not in database


@pytest.mark.parametrize("address", ["mysql://x/y", "arkanum", "postgresql://ada:geheim@host/x"])
def test_another_database_or_a_password_in_the_address_is_refused(tmp_path, address):
    with pytest.raises(DatabaseAddressError) as refusal:
        database_from(address, tmp_path)
    assert "geheim" not in str(refusal.value)
