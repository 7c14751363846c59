# SPDX-License-Identifier: MPL-2.0
"""What the guard allowed for one request: the rooms read and write with this and with nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from arkanum.guard.errors import Refused
from arkanum.guard.protocol import Batch, ChartKey, ExportPart, Permit, Who
from arkanum.guard.roles import Action, Ring
from arkanum.vault import Key


@dataclass(frozen=True, slots=True)
class Grant:
    """One permit: who, what, the log line that stands for it, and the keys of at most one patient.

    `colleagues` are the names of the practice's people by id, so that a page can say who wrote an entry.
    """

    who: Who
    action: Action
    log_no: int
    patient: UUID | None
    token: bytes = field(repr=False)
    _keys: dict[Ring, Key] = field(repr=False)
    colleagues: dict[UUID, str] = field(default_factory=dict, repr=False)

    def has(self, ring: Ring) -> bool:
        """Tell whether the patient's chart under this ring was released."""
        return ring in self._keys

    def key(self, ring: Ring) -> Key:
        """Return the key of the patient's chart under this ring.

        Raises:
            Refused: it was not released.
        """
        if ring not in self._keys:
            raise Refused
        return self._keys[ring]

    def require_patient(self) -> UUID:
        """Return the patient this grant is about.

        Raises:
            Refused: it is about none.
        """
        if self.patient is None:
            raise Refused
        return self.patient


def grant_of(permit: Permit, token: bytes) -> Grant:
    """Turn the guard's answer into a grant."""
    return Grant(
        permit.who,
        permit.action,
        permit.log_no,
        permit.patient,
        token,
        _keys(permit.keys),
        permit.colleagues,
    )


def grants_of(batch: Batch, token: bytes) -> dict[UUID, Grant]:
    """Turn a batch into one grant a patient."""
    return {
        patient: Grant(batch.who, batch.action, batch.log_no, patient, token, _keys(keys))
        for patient, keys in batch.keys.items()
    }


def grants_of_part(part: ExportPart, token: bytes) -> dict[UUID, Grant]:
    """Turn one part of an export into one grant a patient."""
    return {
        patient: Grant(part.who, Action.EXPORT_CHARTS, part.log_no, patient, token, _keys(keys), part.names)
        for patient, keys in part.keys.items()
    }


def _keys(released: tuple[ChartKey, ...]) -> dict[Ring, Key]:
    return {item.ring: Key.from_bytes(item.key) for item in released}
