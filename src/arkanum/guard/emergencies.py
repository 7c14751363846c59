# SPDX-License-Identifier: MPL-2.0
"""Which charts a session has opened in an emergency, and how long still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Emergencies:
    """The emergencies of one session; they end with it."""

    _until: dict[UUID, datetime] = field(default_factory=dict)
    _clock: Callable[[], datetime] = _now

    def begin(self, patient: UUID, clock: Callable[[], datetime], seconds: float) -> None:
        """Open one patient's chart for so long."""
        self._clock = clock
        self._until[patient] = clock() + timedelta(seconds=seconds)

    def open(self) -> dict[UUID, datetime]:
        """Return the patients whose charts are open because of an emergency, and until when."""
        if not self._until:
            return {}
        now = self._clock()
        self._until = {patient: until for patient, until in self._until.items() if until > now}
        return dict(self._until)
