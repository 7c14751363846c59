# SPDX-License-Identifier: MPL-2.0
"""A chart as data that any program reads: master data and entries in all their versions, and what is damaged.

Source: § 630g BGB (the patient's copy); Art. 15 and 20 GDPR (a copy in a common, machine-readable format).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from arkanum.charts import chain
from arkanum.core.entries import Entry, kind_of
from arkanum.core.patients import Patient
from arkanum.guard import Grant, Ring

FORMAT = "arkanum-chart"
VERSION = 1


def chart_as_data(grant: Grant, names: Mapping[UUID, str] | None = None) -> dict[str, Any]:
    """Return everything the practice keeps of the grant's patient, as plain values for JSON.

    Args:
        grant: a grant with the keys of the desk's and the treatment's part.
        names: names of the people who wrote, by id; those of the grant where there are none.
    """
    known = grant.colleagues if names is None else names
    desk, damaged = chain.read(grant, Ring.DESK)
    treatment, more = chain.read(grant, Ring.TREATMENT)
    return {
        "format": FORMAT,
        "version": VERSION,
        "patient": str(grant.require_patient()),
        "master_data": [_version(row, row.value, known) for row in desk if isinstance(row.value, Patient)],
        "entries": [
            {"kind": kind_of(row.value.content).value, **_version(row, row.value, known)}
            for row in treatment
            if isinstance(row.value, Entry)
        ],
        "damaged": [{"number": one.number, "reason": one.reason} for one in (*damaged, *more)],
    }


def _version(row: chain.Opened, value: Patient | Entry, names: Mapping[UUID, str]) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(value, str_keys=True)
    return {"record": str(row.record), "version": row.version, "by_name": names.get(value.by, ""), "says": said}
