# SPDX-License-Identifier: MPL-2.0
"""What the pages' own role may do in PostgreSQL, where guard and pages are two users: their charts, no key of a ring.

The guard's role owns the tables. Whatever is not listed here, the pages cannot even count; a table that comes later is
closed to them until it gets its line. SQLite has no roles: there the walls are the seals alone.
"""

from __future__ import annotations

from django.db import connection

PAGES = {
    "storage_chart": ("SELECT", "INSERT", "UPDATE"),
    "storage_record": ("SELECT", "INSERT"),
    "storage_importjob": ("SELECT", "INSERT", "UPDATE"),
    "storage_practice": ("SELECT (id, sequence)", "UPDATE (sequence)"),
}
"""Rights by table. No DELETE anywhere: a version is never removed."""


def let_pages_in(role: str) -> None:
    """Give the pages' role what it needs, and take whatever else it has on our tables.

    Args:
        role: the name of the pages' user, which is its role's in PostgreSQL (peer authentication).
    """
    if connection.vendor != "postgresql":
        return
    from psycopg import sql  # noqa: PLC0415 - not where SQLite is used

    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        for table, rights in PAGES.items():
            grant = sql.SQL("GRANT {} ON {} TO {}")
            cursor.execute(grant.format(sql.SQL(", ".join(rights)), sql.Identifier(table), name))
