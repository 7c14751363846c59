# SPDX-License-Identifier: MPL-2.0
"""What a practice sets for its brake, and its planted patients."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard.directory import Card
from arkanum.guard.protocol.base import Asked, Message
from arkanum.guard.roles import Action
from arkanum.guard.shown import shown


class AskRules(Asked, frozen=True, kw_only=True):
    """Which limits hold, and who is planted?"""


class SetLimits(Asked, frozen=True, kw_only=True):
    """Other limits: charts in ten minutes, in an hour, in a day."""

    limits: tuple[int, int, int]


class PlantCanary(Asked, frozen=True, kw_only=True):
    """This patient is invented: whoever opens them has taken what they found."""

    patient: UUID


class RemoveCanary(Asked, frozen=True, kw_only=True):
    """This patient is planted no more."""

    patient: UUID


@shown({Action.SET_BRAKE: "limits canaries"})
class Rules(Message, frozen=True, kw_only=True):
    """Limits (charts in ten minutes, in an hour, in a day), and the cards of planted patients."""

    limits: tuple[int, int, int]
    canaries: tuple[Card, ...]
