# SPDX-License-Identifier: MPL-2.0
"""Behind which wall a patient's chart stands: shown to its members, and changed by them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from arkanum.guard import Action
from arkanum.guard.roles import WALL
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import hears

RING = 16
"""Letters of a wall's ring."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What somebody is told about a patient's wall."""

    name: str
    locked: bool
    choices: tuple[tuple[str, str], ...]


def behind(visitor: Visitor, patient: UUID) -> Behind | None:
    """Return where the chart stands and where it may be put; nothing for whoever opens no charts."""
    if not visitor.may(Action.WALL_PATIENT):
        return None
    told = visitor.client.walls(visitor.token, patient)
    names = {line.ring: line.name for line in told.walls}
    choices = () if told.behind else tuple(sorted(names.items(), key=lambda item: item[1]))
    return Behind(names.get(told.behind, ""), told.locked, choices)


@door(Action.WALL_PATIENT)
@hears("GET", "POST", form={"wall": RING}, says=(302,))
def put(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Put the chart behind a wall, or with nothing chosen out in front of all."""
    wall = request.POST.get("wall", "")
    if request.method == "POST" and (not wall or wall.startswith(WALL)):
        visitor.client.put_behind(visitor.token, patient, wall)
    return redirect("patient", patient=patient)
