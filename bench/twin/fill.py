# SPDX-License-Identifier: MPL-2.0
"""Fills the twin with the same patients as the demo's practice."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from arkanum.cli.demo.people import people
from arkanum.cli.demo.practice import invented
from arkanum.core.entries import Entry
from arkanum.core.ids import new_id
from arkanum.core.patients import Patient
from arkanum.guard import Role
from bench.twin import models, names
from bench.twin.contents import entry_row, patient_row

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Filled:
    """How to get in, and what is there."""

    token: str
    patients: int
    entries: int


def fill(count: int, seed: int, today: date) -> Filled:
    """Make tables, people, patients and entries."""
    with connection.schema_editor() as editor:
        for table in models.TABLES:
            editor.create_model(table)
    names.make()
    doctors = (new_id(), new_id())
    for doctor, name in zip(doctors, ("Dr. Ada Albrecht", "Dr. Ben Brandt"), strict=True):
        models.Person.objects.create(id=doctor, name=name, role=Role.DOCTOR.value)
    entries = _fill_charts(count, seed, today, doctors)
    token = secrets.token_urlsafe(32)
    models.Session.objects.create(token=token, person_id=doctors[0], expires=datetime.now(UTC) + timedelta(hours=12))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Filled(token, count, entries)


def _fill_charts(count: int, seed: int, today: date, doctors: Sequence[UUID]) -> int:
    """Write everybody; only the order of names must be known before."""
    positions = _positions(count, seed, today)
    charts = ((new_id(), *chart) for chart in invented(count, seed, today, doctors))
    written = number = 0
    while batch := list(islice(charts, ROWS_AT_ONCE)):
        with transaction.atomic():
            places = positions[number : number + len(batch)]
            people = zip(batch, places, strict=True)
            models.Patient.objects.bulk_create(patient_row(one[0], one[1], place) for one, place in people)
            rows = list(_entries(batch))
            models.Entry.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
            names.fill((place, one[1]) for one, place in zip(batch, places, strict=True))
        number, written = number + len(batch), written + len(rows)
    names.finish()
    return written


def _positions(count: int, seed: int, today: date) -> list[int]:
    """Return where in the alphabet each patient stands, from 1."""
    same_people = people(count, random.Random(seed).randrange(2**32), today=today)
    keys = [patient.name.sorted() for patient in same_people]
    order = sorted(range(count), key=keys.__getitem__)
    positions = [0] * count
    for position, index in enumerate(order, 1):
        positions[index] = position
    return positions


def _entries(batch: list[tuple[UUID, Patient, list[Entry]]]) -> Iterator[models.Entry]:
    return (entry_row(new_id(), patient_id, entry) for patient_id, _, entries in batch for entry in entries)
