# SPDX-License-Identifier: MPL-2.0
"""Areas of the practice: charts that only their members open, and doctors who share rooms but not patients."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action, Ring, WallKind
from arkanum.guard.errors import LastMember
from arkanum.guard.protocol import Member, WallLine
from arkanum.guard.roles import WALL
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page

KIND_NAMES = {
    WallKind.RESTRICTED: "Eingeschränkte Karteien",
    WallKind.COMMUNITY: "Praxisgemeinschaft",
}
ID = 36
"""Letters of an id in a form."""


@dataclass(frozen=True, slots=True)
class Area:
    """One wall as its card shows it."""

    slug: str
    name: str
    kind: str
    emergency: bool
    mine: bool
    patients: int
    members: tuple[tuple[UUID, str], ...]
    others: tuple[tuple[UUID, str], ...]


@door(Action.MANAGE_WALLS)
@hears("GET")
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show every wall with its members."""
    return _page(request, visitor)


@door(Action.MANAGE_WALLS)
@hears("GET", "POST", form={"name": LONGEST_NAME, "kind": 20, "emergency": 3}, says=(200, 302, 422))
def make(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make a wall with oneself as its first member."""
    if request.method != "POST":
        return redirect("walls")
    name, kind, emergency = (request.POST.get(field, "").strip() for field in ("name", "kind", "emergency"))
    if not name or kind not in set(WallKind) or emergency not in {"yes", "no"}:
        problem = _("Bitte einen Namen eintragen und bei beiden Fragen eine Antwort wählen.")
        return _page(request, visitor, name=name, problem=problem)
    visitor.client.make_wall(visitor.token, name=name, kind=WallKind(kind), emergency=emergency == "yes")
    return redirect("walls")


@door(Action.MANAGE_WALLS)
@hears("GET", "POST", form={"person": ID}, says=(302,))
def join(request: HttpRequest, visitor: Visitor, wall: str) -> HttpResponse:
    """Make somebody a member."""
    person = _person(request)
    if request.method == "POST" and person is not None:
        visitor.client.join_wall(visitor.token, wall=WALL + wall, person=person)
    return redirect("walls")


@door(Action.MANAGE_WALLS)
@hears("GET", "POST", form={"person": ID}, says=(200, 302, 422))
def leave(request: HttpRequest, visitor: Visitor, wall: str) -> HttpResponse:
    """Take a member out, unless nobody would be left."""
    person = _person(request)
    if request.method == "POST" and person is not None:
        try:
            visitor.client.leave_wall(visitor.token, wall=WALL + wall, person=person)
        except LastMember:
            problem = _("Das ist das letzte Mitglied. Nehmen Sie erst jemanden auf oder holen Sie die Karteien heraus.")
            return _page(request, visitor, problem=problem)
    return redirect("walls")


def _page(request: HttpRequest, visitor: Visitor, *, name: str = "", problem: str = "") -> HttpResponse:
    staff = visitor.client.staff(visitor.token).members
    areas = [_area(line, staff) for line in visitor.client.walls(visitor.token).walls]
    shown = {"areas": areas, "name": name, "problem": problem}
    return page(request, visitor, "people/walls.html", status=422 if problem else 200, **shown)


def _area(line: WallLine, staff: tuple[Member, ...]) -> Area:
    here = [one for one in staff if not one.left and Ring.TREATMENT in one.rings]
    return Area(
        slug=line.ring.removeprefix(WALL),
        name=line.name,
        kind=KIND_NAMES[line.kind],
        emergency=line.emergency,
        mine=line.mine,
        patients=line.patients,
        members=tuple((one.person, one.name) for one in staff if one.person in line.members),
        others=tuple((one.person, one.name) for one in here if one.person not in line.members),
    )


def _person(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("person", ""))
    except ValueError:
        return None
