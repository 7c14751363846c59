# SPDX-License-Identifier: MPL-2.0
"""What a route hears and what it says: methods, fields with their longest length, and the answers it may give.

A page reads nothing that it did not declare: whatever else stands in a form is dropped before the page sees it, so an
undeclared field fails its first test. What a declared field may not hold (a second value, a NUL, too many letters) ends
the request with 400. The description of all routes (docs/api.json) and the attacks on every route are made from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

from arkanum.web import failures

P = ParamSpec("P")
Hearing = Callable[Concatenate[HttpRequest, P], HttpResponse]

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
FORM = "form"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
CSRF_FIELD = "csrfmiddlewaretoken"

LONGEST_NAME = 200
"""Letters of a name, a title, a code: what `maxlength` says in the forms."""

LONGEST_PASSPHRASE = 400
DAY = 20
"""Letters of a day as a field for dates sends it."""

_NUMBERED = re.compile(r"-\d{1,4}-")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a route declares about its questions and answers.

    Attributes:
        methods: HTTP methods; `HEAD` goes with `GET`.
        form: name of each field of the body with the most letters it may have; `-N-` stands for any number.
        query: the same for the address.
        body: `form`, or the one content type that a body may have instead.
        says: the statuses of its own answers; those of all doors come on top.
        media: content types of its own answers.
    """

    methods: tuple[str, ...]
    form: Mapping[str, int] = field(default_factory=dict)
    query: Mapping[str, int] = field(default_factory=dict)
    body: str = FORM
    says: tuple[int, ...] = (200,)
    media: tuple[str, ...] = (HTML,)


def hears(
    *methods: str,
    form: Mapping[str, int] | None = None,
    query: Mapping[str, int] | None = None,
    body: str = FORM,
    says: tuple[int, ...] = (200,),
    media: tuple[str, ...] = (HTML,),
) -> Callable[[Hearing[P]], Hearing[P]]:
    """Declare what a route hears and says; stands directly above the page, below `@door` or `@public`.

    Args:
        *methods: `"GET"`, `"POST"`; another method is answered with 405.
        form: fields of the body with their most letters; the CSRF token is always one.
        query: parameters of the address with their most letters.
        body: the one content type of a body that is no form.
        says: the statuses the page may answer with.
        media: the content types it may answer with.
    """
    declared = Heard(methods, dict(form or {}), dict(query or {}), body, says, media)

    def listening(view: Hearing[P]) -> Hearing[P]:
        @wraps(view)
        def through(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if (request.method or "").replace("HEAD", "GET") not in declared.methods:
                return failures.not_heard(request, declared.methods)
            if declared.query:
                request.GET = _only_declared(request.GET, declared.query)  # type: ignore[assignment]
            if request.method == "POST":
                _hear_body(request, declared)
            return view(request, *args, **kwargs)

        through.__dict__["arkanum_hears"] = declared
        return through

    return listening


def heard_by(view: object) -> Heard | None:
    """Return what a view declares to hear, or `None` if it declares nothing."""
    heard = getattr(view, "__dict__", {}).get("arkanum_hears")
    return heard if isinstance(heard, Heard) else None


def _hear_body(request: HttpRequest, declared: Heard) -> None:
    """Let the page see the declared fields alone.

    Raises:
        BadRequest: the body is of another type, or a field is no single text of its length.
    """
    if declared.body != FORM:
        if request.content_type != declared.body:
            raise BadRequest
        return
    if request.content_type not in FORM_TYPES and request.META.get("CONTENT_LENGTH", "") not in {"", "0"}:
        raise BadRequest
    if (request.content_params or {}).get("charset", "utf-8").lower() != "utf-8" or request.FILES:
        raise BadRequest
    # WSGIRequest lets its form be set; the stubs of the superclass do not say so.
    request.POST = _only_declared(request.POST, declared.form)  # type: ignore[assignment]


def _only_declared(sent: QueryDict, fields: Mapping[str, int]) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in sent.lists():
        longest = fields.get(_NUMBERED.sub("-N-", name))
        if longest is None:
            continue
        if len(values) != 1 or len(values[0]) > longest or "\0" in values[0]:
            raise BadRequest
        kept[name] = values[0]
    kept._mutable = False  # noqa: SLF001 -- Django has no other way to close one again
    return kept
