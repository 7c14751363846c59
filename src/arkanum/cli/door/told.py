# SPDX-License-Identifier: MPL-2.0
"""Passes on how the door stands: to the pages, to the list of host names, and in one sentence to the console."""

from __future__ import annotations

from datetime import UTC, datetime

from arkanum.web.network import status as said
from arkanum.web.network.hosts import HostGate
from arkanum.web.network.status import DoorStatus


class Teller:
    """Says each sentence once."""

    def __init__(self, gate: HostGate) -> None:
        """Remember whose names change with the door."""
        self._gate = gate
        self._before = ""

    def __call__(self, status: DoorStatus) -> None:
        """Pass a status on."""
        self._gate.answer_as(status)
        said.tell(status)
        sentence = _sentence(status, datetime.now(UTC))
        if sentence not in {self._before, ""}:
            print(sentence, flush=True)
        self._before = sentence


def _sentence(status: DoorStatus, now: datetime) -> str:
    if not status.on:
        return ""
    if not status.open:
        return f"Im Netz der Praxis: geschlossen. {status.problem}"
    left = status.days_left(now)
    warning = ""
    if left is not None and left < said.WARN_DAYS:
        warning = (
            f"\nDas Zertifikat des Servers läuft in {left} Tagen ab; es erneuert sich, sobald sich jemand anmeldet."
        )
    return f"Im Netz der Praxis: {'  '.join(status.urls)}{warning}"
