# SPDX-License-Identifier: MPL-2.0
"""Master data of patients: a record of the desk's chart that has the patient's own id."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from arkanum.charts import chain
from arkanum.charts.errors import Conflict, NoSuchRecord, RecordDamaged
from arkanum.core.ids import PatientId, new_id
from arkanum.core.patients import Patient
from arkanum.guard import Action, Client, Grant, Ring
from arkanum.guard.log import now
from arkanum.storage.errors import VersionTaken

LOWEST_NUMBER = 100_000
"""Given numbers have six digits: short enough for the telephone, enough for fifteen practices of 60,000."""


@dataclass(frozen=True, slots=True)
class PatientFile:
    """One version of a patient's master data."""

    patient_id: PatientId
    version: int
    patient: Patient


def new(client: Client, token: bytes, patient: Patient) -> PatientId:
    """Take a new patient in and return their id.

    Raises:
        Refused: not allowed, or the paper codes were not typed back yet.
    """
    patient_id = PatientId(new_id())
    numbered = patient if patient.number else replace(patient, number=free_number(client, token))
    grant = client.permit(token, Action.NEW_PATIENT, patient=patient_id, record=patient_id)
    stamped = _stamped(grant, numbered)
    chain.append(grant, Ring.DESK, [chain.Draft(patient_id, 1, stamped)])
    client.filed(grant, patients=[patient_id])
    return patient_id


def read(grant: Grant) -> PatientFile:
    """Return the newest master data of the grant's patient.

    Raises:
        RecordDamaged: it does not open.
        NoSuchRecord: there is none.
    """
    return versions(grant)[0]


def versions(grant: Grant) -> tuple[PatientFile, ...]:
    """Return every version of the master data, newest first.

    Raises:
        RecordDamaged: one of them does not open, or one is missing.
        NoSuchRecord: there is none.
    """
    patient_id = PatientId(grant.require_patient())
    opened, damaged = chain.read(grant, Ring.DESK)
    if damaged:
        raise RecordDamaged
    files = [
        PatientFile(patient_id, row.version, row.value)
        for row in opened
        if row.record == patient_id and isinstance(row.value, Patient)
    ]
    if not files:
        raise NoSuchRecord
    return tuple(sorted(files, key=lambda file: -file.version))


def write(client: Client, grant: Grant, patient: Patient, base: int) -> None:
    """Write a new version of the master data.

    Args:
        client: the way to the guard.
        grant: a permit to write this patient.
        patient: the new master data.
        base: the version that was changed.

    Raises:
        Conflict: somebody saved another version meanwhile.
    """
    current = read(grant)
    patient_id = grant.require_patient()
    if current.version != base:
        raise Conflict(current)
    try:
        chain.append(grant, Ring.DESK, [chain.Draft(patient_id, base + 1, _stamped(grant, patient))])
    except VersionTaken as error:
        raise Conflict(read(grant)) from error
    client.filed(grant, patients=[patient_id])


def _stamped(grant: Grant, patient: Patient) -> Patient:
    return replace(patient, by=grant.who.person, written=now())


def free_number(client: Client, token: bytes) -> str:
    """Return a patient number that nobody in the practice has: random, so that it does not say who came when."""
    while True:
        number = str(LOWEST_NUMBER + secrets.randbelow(9 * LOWEST_NUMBER))
        if all(hit.card.number != number for hit in client.search(token, number).hits):
            return number
