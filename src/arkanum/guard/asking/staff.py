# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the people of the practice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.roles import Role


class AsksAboutStaff(Asking):
    """Questions about the people of the practice."""

    def staff(self, token: bytes) -> p.Staff:
        """List everybody of the practice."""
        return self.ask(p.AskStaff(token=token), p.Staff)

    def add_person(
        self,
        token: bytes,
        *,
        name: str,
        login: str,
        role: Role,
        until: date | None = None,
        with_treatment: bool = False,
    ) -> str:
        """Add a person and return their first pass phrase."""
        question = p.AddPerson(
            token=token, name=name, login=login, role=role, until=until, with_treatment=with_treatment
        )
        return self.ask(question, p.Handed).secret

    def hand_over(self, token: bytes, person: UUID) -> None:
        """Give a person the rings of their role that the asker holds."""
        self.ask(p.HandOver(token=token, person=person), p.Done)

    def change_role(
        self,
        token: bytes,
        person: UUID,
        *,
        role: Role,
        until: date | None = None,
        with_treatment: bool = False,
    ) -> None:
        """Give another person another role."""
        question = p.ChangeRole(token=token, person=person, role=role, until=until, with_treatment=with_treatment)
        self.ask(question, p.Done)

    def leave(self, token: bytes, person: UUID) -> None:
        """End a person's access at once."""
        self.ask(p.Leave(token=token, person=person), p.Done)

    def restore_access(self, token: bytes, person: UUID) -> str:
        """Give a colleague a first pass phrase again."""
        return self.ask(p.RestoreAccess(token=token, person=person), p.Handed).secret
