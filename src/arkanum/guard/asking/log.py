# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the log."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.roles import Action


class AsksForTheLog(Asking):
    """Questions about the log."""

    def read_log(
        self, token: bytes, *, patient: UUID | None = None, person: UUID | None = None, limit: int = 200
    ) -> p.LogLines:
        """Return lines of the log about a patient or by a person, newest first."""
        return self.log_page(token, p.LogQuery(patient=patient, person=person), limit=limit)

    def log_page(self, token: bytes, query: p.LogQuery, *, skip: int = 0, limit: int = 200) -> p.LogLines:
        """Return a page of the lines that a query asks for, newest first."""
        return self.ask(p.ReadLog(token=token, query=query, skip=skip, limit=limit), p.LogLines)

    def own_log(self, token: bytes, *, skip: int = 0, limit: int = 100) -> p.OwnLines:
        """Return a page of what the asker did, newest first."""
        return self.ask(p.ReadOwnLog(token=token, skip=skip, limit=limit), p.OwnLines)

    def turned_away(self, token: bytes, action: Action, patient: UUID | None) -> None:
        """Let the log say that a page was not opened."""
        self.ask(p.TurnedAway(token=token, action=action, patient=patient), p.Done)

    def log_sheet(self, token: bytes, patient: UUID) -> p.LogLines:
        """Return every access to one patient, for the patient."""
        return self.ask(p.ReadSheet(token=token, patient=patient), p.LogLines)

    def accesses(self, token: bytes, query: p.LogQuery, hours: int) -> p.Accesses:
        """Return how many accesses there were each hour up to now."""
        return self.ask(p.CountAccesses(token=token, query=query, hours=hours), p.Accesses)

    def verify_log(self, token: bytes) -> p.Verdict:
        """Check the whole log."""
        return self.ask(p.VerifyLog(token=token), p.Verdict)

    def alarms(self, token: bytes) -> p.AlarmLines:
        """Return all alarms."""
        return self.ask(p.AskAlarms(token=token), p.AlarmLines)

    def alarm_count(self, token: bytes) -> p.AlarmCount:
        """Return how many alarms are open, without counting as somebody at the screen."""
        return self.ask(p.CountAlarms(token=token), p.AlarmCount)

    def acknowledge_alarm(self, token: bytes, no: int, note: str) -> None:
        """Say what an alarm was.

        Raises:
            NotFound: the line is no alarm.
            AlreadyThere: somebody said so before.
            Refused: somebody else has to, or nothing was said.
        """
        self.ask(p.AcknowledgeAlarm(token=token, no=no, note=note), p.Done)

    def print_head(self, token: bytes) -> p.HeadSheet:
        """Write the newest head of the log out."""
        return self.ask(p.PrintHead(token=token), p.HeadSheet)

    def sheet_state(self, token: bytes) -> p.SheetState:
        """Return when a weekly sheet was printed last."""
        return self.ask(p.AskSheet(token=token), p.SheetState)

    def check_head(self, token: bytes, text: str) -> p.HeadVerdict:
        """Tell whether the log still holds the line of a head.

        Raises:
            NotAHead: it is none.
        """
        return self.ask(p.CheckHead(token=token, text=text), p.HeadVerdict)

    def export_log(self, token: bytes, query: p.LogQuery) -> p.Exported:
        """Return a signed excerpt.

        Raises:
            Damaged: a line of it was changed.
        """
        return self.ask(p.ExportLog(token=token, query=query), p.Exported)
