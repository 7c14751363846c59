# SPDX-License-Identifier: MPL-2.0
"""The team: who works here, who joins, who leaves, who needs a way back in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.guard import Action, Ring, Role
from arkanum.guard.errors import AlreadyThere
from arkanum.guard.roles import ENDS
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import DAY, LONGEST_NAME, hears
from arkanum.web.network.warnings import warnings_for
from arkanum.web.page import page

ROLE = {"role": DAY, "until": DAY, "treatment": DAY}
PERSON = {"name": LONGEST_NAME, "login": LONGEST_NAME, **ROLE}
"""Fields of the forms, with the most letters of each."""

RING_NAMES = {
    Ring.TREATMENT: "Behandlung",
    Ring.DESK: "Anmeldung",
    Ring.BILLING: "Abrechnung",
    Ring.INBOX: "Posteingang",
    Ring.LOG: "Protokoll",
}

ROLE_MEANS = {
    Role.DOCTOR: "liest und schreibt alles und gibt Schlüssel weiter",
    Role.LOCUM: "behandelt bis zum letzten Tag, sieht das Protokoll nicht",
    Role.ASSISTANT: "Anmeldung und Posteingang, Karteien nur, wenn die Praxis es erlaubt; Geräte",
    Role.TRAINEE: "nur Anmeldung: Patienten finden, aufnehmen, Stammdaten; keine Karteien, keine Geräte",
    Role.BILLING: "Anmeldung und Abrechnung, keine Karteien",
    Role.ADMINISTRATOR: "Team und Geräte, liest von Patienten nichts",
    Role.AUDITOR: "liest bis zum letzten Tag das Protokoll, ohne Namen der Patienten",
}


@door(Action.SEE_STAFF)
@hears("GET")
def team(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show everybody of the practice."""
    return _page(request, visitor)


@door(Action.MANAGE_STAFF)
@hears("GET", "POST", form=PERSON, says=(200, 302, 422))
def add(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Add a person and show their first pass phrase, once."""
    if request.method != "POST":
        return redirect("staff")
    form = {name: request.POST.get(name, "").strip() for name in ("name", "login", "role", "until", "treatment")}
    until = _until(form["until"])
    role = _role(form["role"])
    if not form["name"] or not form["login"] or role is None or (role in ENDS and until is None):
        return _page(
            request,
            visitor,
            form=form,
            problem=_("Bitte Name, Anmeldename und Rolle angeben, bei Vertretung und Prüfung auch den letzten Tag."),
        )
    try:
        first = visitor.client.add_person(
            visitor.token,
            name=form["name"],
            login=form["login"],
            role=role,
            until=until,
            with_treatment=bool(form["treatment"]),
        )
    except AlreadyThere:
        return _page(request, visitor, form=form, problem=_("Diesen Anmeldenamen gibt es schon."))
    return _handed(request, visitor, form["name"], form["login"], first)


@door(Action.MANAGE_STAFF)
@hears("GET", "POST", says=(302,))
def hand_over(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponse:
    """Give a person the keys of their role, as far as the giver holds them."""
    if request.method == "POST":
        visitor.client.hand_over(visitor.token, person)
    return redirect("staff")


@door(Action.MANAGE_STAFF)
@hears("GET", "POST", form=ROLE, says=(302,))
def change_role(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponse:
    """Give a person another role."""
    role = _role(request.POST.get("role", ""))
    if request.method == "POST" and role is not None:
        visitor.client.change_role(
            visitor.token,
            person,
            role=role,
            until=_until(request.POST.get("until", "")),
            with_treatment="treatment" in request.POST,
        )
    return redirect("staff")


@door(Action.MANAGE_STAFF)
@hears("GET", "POST", says=(302,))
def leave(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponse:
    """End a person's access at once; every ring they held is changed."""
    if request.method == "POST":
        visitor.client.leave(visitor.token, person)
    return redirect("staff")


@door(Action.MANAGE_STAFF)
@hears("GET", "POST", says=(200, 302))
def restore(request: HttpRequest, visitor: Visitor, person: UUID) -> HttpResponse:
    """Give a colleague who forgot their pass phrase a first one again."""
    if request.method != "POST":
        return redirect("staff")
    first = visitor.client.restore_access(visitor.token, person)
    member = next((one for one in visitor.client.staff(visitor.token).members if one.person == person), None)
    return _handed(request, visitor, member.name if member else "", member.login if member else "", first)


def _page(
    request: HttpRequest, visitor: Visitor, *, form: dict[str, str] | None = None, problem: str = ""
) -> HttpResponse:
    staff = visitor.client.staff(visitor.token)
    members = sorted(staff.members, key=lambda one: (one.left, one.name))
    shown = {
        "members": members,
        "ring_names": RING_NAMES,
        "roles": list(Role),
        "role_means": ROLE_MEANS,
        "form": form or dict.fromkeys(("name", "login", "role", "until", "treatment"), ""),
        "problem": problem,
        "warnings": warnings_for(request, visitor),
    }
    return page(request, visitor, "people/team.html", status=422 if problem else 200, **shown)


def _handed(request: HttpRequest, visitor: Visitor, name: str, login: str, secret: str) -> HttpResponse:
    return page(request, visitor, "people/handed.html", name=name, login=login, secret=secret)


def _role(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None


def _until(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
