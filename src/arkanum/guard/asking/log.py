# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the log."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksForTheLog(Asking):
    """Questions about the log."""

    def read_log(
        self, token: bytes, *, patient: UUID | None = None, person: UUID | None = None, limit: int = 200
    ) -> p.LogLines:
        """Return lines of the log, newest first."""
        return self.ask(p.ReadLog(token=token, patient=patient, person=person, limit=limit), p.LogLines)

    def verify_log(self, token: bytes) -> p.Verdict:
        """Check the whole log."""
        return self.ask(p.VerifyLog(token=token), p.Verdict)
