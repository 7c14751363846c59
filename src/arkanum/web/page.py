# SPDX-License-Identifier: MPL-2.0
"""Show a template to the person at the screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from arkanum.guard import Action, Role
from arkanum.guard.sessions import REST_SECONDS
from arkanum.web.doors import Visitor
from arkanum.web.shown import show

ROLE_NAMES = {
    Role.DOCTOR: "Ärztin / Arzt",
    Role.LOCUM: "Vertretung",
    Role.ASSISTANT: "Medizinische Fachangestellte",
    Role.TRAINEE: "Auszubildende / Auszubildender",
    Role.BILLING: "Abrechnung",
    Role.ADMINISTRATOR: "Verwaltung",
    Role.AUDITOR: "Prüfung (nur Protokoll)",
}

SHORTHAND_HELP = (
    ("d", "Diagnose", "d J06.9 V R dauer"),
    ("b", "Befund", "b Lunge frei"),
    ("t", "Therapie", "t Inhalation"),
    ("a", "Anamnese", "a seit 3 Tagen Husten"),
    ("m", "Medikation", "m Ramipril 5 mg 1-0-1 dauer"),
    ("v", "Vitalwerte", "v rr 135/85 p 72 t 37,8"),
    ("n", "Notiz", "n Rückruf am Freitag"),
    ("c", "CAVE", "c allergie Penicillin"),
)


def page(request: HttpRequest, visitor: Visitor, template: str, *, status: int = 200, **shown: object) -> HttpResponse:
    """Render a page or a fragment for a visitor.

    Args:
        request: the question.
        visitor: who asks; the frame shows their name and the links they may follow.
        template: its path under `templates/`.
        status: the answer's HTTP status.
        **shown: what the template shows.
    """
    frame = {
        "who": visitor.who,
        "may": _may(visitor),
        "role_names": ROLE_NAMES,
        "lock_seconds": REST_SECONDS,
        "shorthand_help": SHORTHAND_HELP,
    }
    return show(request, template, shown, status=status, actions=visitor.who.actions, frame=frame)


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether a part of the page is asked for, rather than the page."""
    return request.headers.get("HX-Request") == "true"


def _may(visitor: Visitor) -> object:
    return lambda name: visitor.may(Action(name))
