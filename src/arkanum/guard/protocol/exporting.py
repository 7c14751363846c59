# SPDX-License-Identifier: MPL-2.0
"""Exports of many charts: one person prepares, another agrees, and everything is sealed to a named recipient."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.protocol.release import ChartKey
from arkanum.guard.roles import Action
from arkanum.guard.shown import shown


class PrepareExport(Asked, frozen=True, kw_only=True):
    """Prepare an export for a recipient; without patients it is all of them."""

    recipient: str
    public_key: bytes
    reason: str
    patients: tuple[UUID, ...] = ()


class AskExports(Asked, frozen=True, kw_only=True):
    """Which exports were prepared or agreed to?"""


class AgreeExport(Asked, frozen=True, kw_only=True):
    """Agree, as another person and a doctor, with one's own pass phrase."""

    order: UUID
    passphrase: str


class AskExportPart(Asked, frozen=True, kw_only=True):
    """Release the keys of one part of an export that was agreed to."""

    order: UUID
    number: int


_SEEN = "order recipient fingerprint public_key reason patients left_out parts by_name agreed_by_name own agreed"


@shown({Action.EXPORT_CHARTS: _SEEN})
class ExportOrder(Message, frozen=True, kw_only=True):
    """An export as both people see it."""

    order: UUID
    recipient: str
    fingerprint: bytes
    public_key: bytes
    reason: str
    patients: int
    left_out: int
    parts: int
    by_name: str
    agreed_by_name: str
    own: bool
    agreed: bool


@shown({Action.EXPORT_CHARTS: "exports"})
class Exports(Message, frozen=True, kw_only=True):
    """The exports of this day, newest first."""

    exports: tuple[ExportOrder, ...]


@shown({Action.EXPORT_CHARTS: "who log_no keys names"})
class ExportPart(Message, frozen=True, kw_only=True):
    """The keys of one part, under one log line."""

    who: Who
    log_no: int
    keys: dict[UUID, tuple[ChartKey, ...]]
    names: dict[UUID, str]
