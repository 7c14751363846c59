# SPDX-License-Identifier: MPL-2.0
"""Plain tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Person(models.Model):
    """Somebody who works here."""

    objects: ClassVar[models.Manager[Person]] = models.Manager()
    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    role = models.TextField()


class Session(models.Model):
    """Who is signed in."""

    objects: ClassVar[models.Manager[Session]] = models.Manager()
    token = models.TextField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    expires = models.DateTimeField()


class Patient(models.Model):
    """Master data. Lists that are only shown as a whole lie in one column each, which is kind to the twin."""

    objects: ClassVar[models.Manager[Patient]] = models.Manager()
    id = models.UUIDField(primary_key=True)
    number = models.TextField(db_index=True)
    title = models.TextField()
    first = models.TextField()
    last = models.TextField()
    prefix = models.TextField()
    suffix = models.TextField()
    birth_year = models.IntegerField(null=True)
    birth_month = models.IntegerField(null=True)
    birth_day = models.IntegerField(null=True)
    sex = models.TextField()
    addresses = models.BinaryField()
    phones = models.BinaryField()
    emails = models.BinaryField()
    insurance = models.BinaryField()
    desk_note = models.TextField()
    died_on = models.DateField(null=True)
    by = models.UUIDField()
    written = models.DateTimeField()
    sorted = models.IntegerField(db_index=True)


class Entry(models.Model):
    """One entry, a column for each of its parts."""

    objects: ClassVar[models.Manager[Entry]] = models.Manager()
    id = models.UUIDField(primary_key=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.TextField()
    happened = models.DateField()
    at = models.TimeField(null=True)
    by = models.UUIDField()
    written = models.DateTimeField()
    struck = models.TextField(null=True)  # noqa: DJ001 - nothing and empty differ
    versions = models.IntegerField(default=1)
    text = models.TextField(default="")
    code = models.TextField(null=True)  # noqa: DJ001 - the same
    certainty = models.TextField(default="")
    side = models.TextField(null=True)  # noqa: DJ001 - the same
    permanent = models.BooleanField(default=False)
    dose = models.TextField(default="")
    reason = models.TextField(default="")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    pzn = models.TextField(default="")
    allergy = models.BooleanField(default=False)
    measures = models.BinaryField(default=b"")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-happened"], name="newest_first")]


TABLES = (Person, Session, Patient, Entry)
