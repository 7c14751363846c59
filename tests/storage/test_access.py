# SPDX-License-Identifier: MPL-2.0
"""What the pages' role may do in PostgreSQL, where guard and pages are two users."""

import re

import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from arkanum.storage import access
from tests.conftest import ROOT

SHARED = {"charts", "practices", "jobs", "files", "errors", "settings"}
"""Modules of storage that the pages' process may use: what their tables need stands in `access.PAGES`."""

ROOMS = ("charts", "archive", "calendar", "staff", "exchange", "intake", "billing", "letters", "web", "portal")


def test_the_pages_use_no_tables_but_those_that_their_role_may():
    rooms = [ROOT / "src/arkanum" / room for room in ROOMS]
    text = "\n".join(path.read_text() for room in rooms if room.is_dir() for path in room.rglob("*.py"))
    used = set(re.findall(r"from arkanum\.storage\.(\w+) import", text))
    for names in re.findall(r"from arkanum\.storage import ([\w, ]+)", text):
        used |= {name.split(" as ")[0].strip() for name in names.split(",")}

    assert used - {"models"} <= SHARED, "give the pages' role its rights in storage/access.py, or let the guard do it"


def test_every_table_of_the_list_is_there_and_keys_are_not():
    tables = {model._meta.db_table for model in apps.get_app_config("storage").get_models()}

    assert set(access.PAGES) <= tables
    assert not [table for table in access.PAGES if "ring" in table or "person" in table or "device" in table]
    assert not any("DELETE" in right for rights in access.PAGES.values() for right in rights)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_role_gets_its_rights_and_no_more_whatever_it_is_called():
    if connection.vendor != "postgresql":
        access.let_pages_in("nobody")  # SQLite has no roles
        return
    role = 'pages"; DROP TABLE storage_record; --'
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        access.let_pages_in(role)
        access.let_pages_in(role)
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s", [role]
        )
        rights = cursor.fetchall()

    assert {table for table, _ in rights} == {"storage_chart", "storage_record", "storage_importjob"}
    assert {right for _, right in rights} == {"SELECT", "INSERT", "UPDATE"}
    assert ("storage_record", "UPDATE") not in rights
