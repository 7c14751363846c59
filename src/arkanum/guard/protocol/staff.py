# SPDX-License-Identifier: MPL-2.0
"""The people of the practice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.roles import Action, Ring, Role
from arkanum.guard.shown import ASKER, shown


@shown({Action.SEE_STAFF: "person name role left signed_in", Action.MANAGE_STAFF: "login rings wanted until"})
class Member(Message, frozen=True, kw_only=True):
    """One person of the practice, as the staff page shows them."""

    person: UUID
    name: str
    login: str
    role: Role
    rings: frozenset[Ring]
    wanted: frozenset[Ring]
    until: date | None
    left: bool
    signed_in: bool


@shown({ASKER: "who", Action.SEE_STAFF: "members"})
class Staff(Message, frozen=True, kw_only=True):
    """Everybody of the practice."""

    who: Who
    members: tuple[Member, ...]


class AskStaff(Asked, frozen=True, kw_only=True):
    """Who works here?"""


class AddPerson(Asked, frozen=True, kw_only=True):
    """Make a person; answers `Handed` with the first pass phrase."""

    name: str
    login: str
    role: Role
    until: date | None = None
    with_treatment: bool = False


class HandOver(Asked, frozen=True, kw_only=True):
    """Give a person the rings their role allows and the asker holds."""

    person: UUID


class ChangeRole(Asked, frozen=True, kw_only=True):
    """Give another person another role; nobody changes their own."""

    person: UUID
    role: Role
    until: date | None = None
    with_treatment: bool = False


class Leave(Asked, frozen=True, kw_only=True):
    """End a person's access at once and rotate every ring they held."""

    person: UUID


class RestoreAccess(Asked, frozen=True, kw_only=True):
    """A colleague's way back in: new keys and a first pass phrase for someone who forgot theirs."""

    person: UUID
