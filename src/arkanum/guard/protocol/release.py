# SPDX-License-Identifier: MPL-2.0
"""The guard's main work: a permit, and the keys of one patient."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action, Ring
from arkanum.guard.shown import ASKER, shown


@shown({ASKER: "ring key epoch"})
class ChartKey(Message, frozen=True, kw_only=True):
    """The key of one chart: one patient under one ring."""

    ring: Ring
    key: bytes
    epoch: int


@shown({ASKER: "who action log_no patient keys colleagues"})
class Permit(Message, frozen=True, kw_only=True):
    """The log line stands; here are the keys of one patient, or none where the action needs none."""

    who: Who
    action: Action
    log_no: int
    patient: UUID | None
    keys: tuple[ChartKey, ...]
    colleagues: dict[UUID, str]


@shown({ASKER: "who action log_no keys"})
class Batch(Message, frozen=True, kw_only=True):
    """Keys of many charts for a job, under one log line."""

    who: Who
    action: Action
    log_no: int
    keys: dict[UUID, tuple[ChartKey, ...]]


class AskPermit(Asked, frozen=True, kw_only=True):
    """Write the log line and release the keys of one patient."""

    action: Action
    patient: UUID | None = None
    record: UUID | None = None
    detail: str = ""


class AskBatch(Asked, frozen=True, kw_only=True):
    """Write one log line and release the keys of many patients to a job. Unknown ids are new patients."""

    action: Action
    patients: tuple[UUID, ...]
    detail: str = ""


class Filed(Asked, frozen=True, kw_only=True):
    """Rows were committed under this log line; the guard takes changed patients into the directory."""

    log_no: int
    patients: tuple[UUID, ...]
    rows: int
