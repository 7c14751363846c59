# SPDX-License-Identifier: MPL-2.0
"""What stands on a person's first page while a certificate nears its end, or the door to the network is closed.

It costs no question to the guard: the listener of this process knows the server's certificate, and each connection
brings the end of the one that opened it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import HttpRequest
from django.utils import timezone

from arkanum.guard import Action
from arkanum.web import cookies
from arkanum.web.doors import Visitor
from arkanum.web.network import status as said
from arkanum.web.people.devices import WARN_BEFORE

A_MOMENT = (said.NOT_FOUNDED, said.NOT_SIGNED_YET)
"""Whoever reads a page has signed in, so these have passed when they look again."""


@dataclass(frozen=True, slots=True)
class Warnings:
    """What to warn of; nothing of it is empty when all is well.

    Attributes:
        door_problem: why the door is closed, though the practice wants it open.
        door_days: so many days the server's certificate still has, if they are few.
        device_until: when the certificate of this workplace ends, if that is near.
    """

    door_problem: str = ""
    door_days: int | None = None
    device_until: date | None = None


def warnings_for(request: HttpRequest, visitor: Visitor) -> Warnings:
    """Return what the person at the screen has to know: of the door whoever looks after it, of the workplace all."""
    now = datetime.now(UTC)
    until = cookies.certificate_until(request)
    device = timezone.localtime(until).date() if until is not None and until - now <= WARN_BEFORE else None
    status = said.told()
    if status is None or not status.on or not visitor.may(Action.MANAGE_DOOR):
        return Warnings(device_until=device)
    problem = "" if status.open or status.problem in A_MOMENT else status.problem
    left = status.days_left(now)
    return Warnings(problem, left if left is not None and left < said.WARN_DAYS else None, device)
