# SPDX-License-Identifier: MPL-2.0
"""Names in an FTS5 table in the clear, in alphabetical order."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from arkanum.core.names import tokens, variants
from arkanum.core.patients import Patient
from arkanum.core.query import parse_query
from bench.twin import models


def make() -> None:
    """Make the table, empty."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE twin_names USING fts5(words, prefix='1 2 3', content='', detail=none)")


def fill(patients: Iterable[tuple[int, Patient]]) -> None:
    """Add patients; the number of a row is the patient's position in the alphabet."""
    rows = [(position, _words(patient)) for position, patient in patients]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO twin_names (rowid, words) VALUES (%s, %s)", rows)


def finish() -> None:
    """Merge the index, so that it is as fast as it can be."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO twin_names (twin_names) VALUES ('optimize')")


def search(text: str, limit: int) -> list[models.Patient]:
    """Return whose names begin like the words of a line, alphabetically; a number finds its patient."""
    query = parse_query(text)
    rows = models.Patient.objects.order_by("sorted")
    if query.words:
        match = " ".join(f'"{word}" *' for word in query.words)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM twin_names WHERE twin_names MATCH %s ORDER BY rowid LIMIT %s", (match, limit)
            )
            positions = [position for (position,) in cursor.fetchall()]
        rows = rows.filter(sorted__in=positions)
    elif query.digits:
        rows = rows.filter(number__in=[digits.code for digits in query.digits])
    elif query.births:
        first = query.births[0][0]
        rows = rows.filter(birth_year__gte=first.first, birth_year__lte=first.last)
    return list(rows[:limit])


def _words(patient: Patient) -> str:
    name = patient.name
    return " ".join(
        spelling
        for part in (name.last, name.first, name.prefix)
        for token in tokens(part)
        for spelling in variants(token)
    )
