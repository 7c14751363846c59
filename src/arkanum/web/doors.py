# SPDX-License-Identifier: MPL-2.0
"""The doors: each route says which one action it is for, or that it is public. One that says neither does not start.

A door asks the guard who is at the screen and lets nobody pass whose role lacks the action. What opens a patient is
the permit: `visitor.permit(...)` can ask for the door's own action only, and the guard decides by keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver
from msgspec import structs

from arkanum.guard import Action, Client, Grant, connect
from arkanum.guard.errors import EmergencyOnly, NotSignedIn, Refused
from arkanum.guard.protocol import Who
from arkanum.guard.roles import EMERGENCY
from arkanum.web import cookies, proof
from arkanum.web.errors import PageOfAnother
from arkanum.web.hearing import heard_by

P = ParamSpec("P")


PAGE_OF = "X-Arkanum-Page-Of"
"""Parts of a page that ask for more say whose page it is. After a change of person in another tab it is nobody's."""


class DoorMissing(ImproperlyConfigured):
    """A route declares neither an action nor that it is public, or not what it hears and says."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a route declares: an action, or nothing when it is public."""

    action: Action | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person at the screen, on the way through one door."""

    client: Client
    token: bytes = field(repr=False)
    who: Who
    action: Action

    def permit(self, patient: UUID | None = None, record: UUID | None = None, detail: str = "") -> Grant:
        """Ask the guard for one patient, for this door's action; the log line stands before it answers."""
        return self.client.permit(self.token, self.action, patient=patient, record=record, detail=detail)

    def may(self, action: Action) -> bool:
        """Tell whether a link to that action is of any use to this person."""
        return action in self.who.actions


View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PageView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]


def door(action: Action, *, unready: bool = False, polled: bool = False) -> Callable[[PageView[P]], View[P]]:
    """Let a page be seen only by those who may do this action.

    Args:
        action: the one action this route is for.
        unready: the page may be seen before the person has chosen a pass phrase and confirmed the paper codes.
        polled: the page asks for it by itself, again and again; that puts off no lock of the screen.
    """

    def guarded(view: PageView[P]) -> View[P]:
        @wraps(view)
        def through(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            patient = kwargs.get("patient")
            visitor = _visitor(request, action, patient if isinstance(patient, UUID) else None, polled=polled)
            first = None if unready else _unfinished(visitor.who)
            if first is not None:
                return first
            return view(request, visitor, *args, **kwargs)

        through.__dict__["arkanum_mark"] = Mark(action)
        return through

    return guarded


def public(view: View[P]) -> View[P]:
    """Declare that a page shows nothing of the practice and needs nobody signed in."""
    view.__dict__["arkanum_mark"] = Mark(None)
    return view


def mark_of(view: object) -> Mark | None:
    """Return what a view declares, or `None` if it declares nothing."""
    mark = getattr(view, "__dict__", {}).get("arkanum_mark")
    return mark if isinstance(mark, Mark) else None


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Walk all routes of the product."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def check_routes(app_configs: Sequence[AppConfig] | None = None, **_: object) -> list[checks.CheckMessage]:
    """Report every route without a mark, or without what it hears; Django starts no command while there is one."""
    del app_configs
    return [message for route in routes() for message in _complaints(route)]


def _complaints(route: URLPattern) -> Iterator[checks.CheckMessage]:
    if mark_of(route.callback) is None:
        yield checks.Error(
            f"the route {route.pattern} declares neither an action nor that it is public", id="arkanum.E001"
        )
    elif heard_by(route.callback) is None:
        yield checks.Error(
            f"the route {route.pattern} does not declare what it hears and says; write below @door or @public: "
            f'@hears("GET", "POST", form={{"field": most letters}}, says=(200, 302, 422)) (arkanum.web.hearing)',
            id="arkanum.E002",
        )


def require_marks() -> None:
    """Refuse to serve while a route has no mark, or does not say what it hears.

    Raises:
        DoorMissing: names the first such route.
    """
    for message in check_routes():
        raise DoorMissing(message.msg)


def _visitor(request: HttpRequest, action: Action, patient: UUID | None, *, polled: bool) -> Visitor:
    token = cookies.token_of(request)
    if token is None:
        raise NotSignedIn
    client = connect().by_itself() if polled else connect()
    who = client.who(token)
    if request.headers.get(PAGE_OF, str(who.person)) != str(who.person):
        raise PageOfAnother
    if action not in who.actions:
        if not _in_emergency(who, action, patient):
            client.turned_away(token, action, patient)
            breaks = action in EMERGENCY and patient is not None and Action.BREAK_GLASS in who.actions
            raise EmergencyOnly if breaks else Refused
        # For this one page about this one patient; the guard decides again, by the patient.
        who = structs.replace(who, actions=who.actions | EMERGENCY)
    proof.take(request, client, token)
    return Visitor(client, token, who, action)


def _in_emergency(who: Who, action: Action, patient: UUID | None) -> bool:
    """Tell whether the glass was broken for this patient; what a line means is asked without one while it is typed."""
    if patient is None:
        return action is Action.WRITE_CHART and bool(who.emergencies)
    return action in EMERGENCY and patient in who.emergencies


def _unfinished(who: Who) -> HttpResponse | None:
    if who.must_change:
        return redirect("account")
    if not who.accepts_patients:
        return redirect("paper")
    return None
