# SPDX-License-Identifier: MPL-2.0
"""Correcting an entry: its line is edited, the old version stays, and nobody overwrites a colleague unseen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from markupsafe import Markup

from arkanum.charts import records
from arkanum.charts.errors import Conflict
from arkanum.charts.records import Line
from arkanum.core import Foreign, RecordId, ShorthandError
from arkanum.core.shorthand import line_of
from arkanum.guard import Action, Grant
from arkanum.web.chart import writing
from arkanum.web.chart.rows import author_of, text_of
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day, moment
from arkanum.web.hearing import DAY, LONGEST_PASSPHRASE, hears
from arkanum.web.page import page

LONGEST_REASON = 400
_PLAIN, _MARKED = Markup("{}"), Markup("<mark>{}</mark>")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the person typed that could not be saved, and what is wrong with it."""

    line: str | None = None
    problem: str = ""
    without_reason: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an entry in the list of all of them."""

    number: int
    said: str
    happened: str
    written: str
    author: str
    struck: str | None


@door(Action.READ_CHART)
@hears("GET")
def entry(request: HttpRequest, visitor: Visitor, patient: UUID, record: UUID) -> HttpResponse:
    """Show an entry with all its versions, ready to be corrected."""
    grant = visitor.permit(patient, record=record)
    return _page(request, visitor, grant, RecordId(record))


@door(Action.WRITE_CHART)
@hears("GET", "POST", form={"line": writing.MOST_SENT, "base": DAY, "happened": DAY}, says=(200, 302, 409, 422))
def correct(request: HttpRequest, visitor: Visitor, patient: UUID, record: UUID) -> HttpResponse:
    """Write a new version of an entry; if somebody was faster, show both and let the person choose."""
    if request.method != "POST":
        return redirect("entry", patient=patient, record=record)
    grant = visitor.permit(patient, record=record)
    line, base, happened = request.POST.get("line", "").strip(), _base(request), _day(request)
    try:
        content = writing.content_of(line, timezone.localdate())
    except ShorthandError as error:
        return _page(request, visitor, grant, RecordId(record), Typed(line=line, problem=error.german))
    current = records.history(grant, RecordId(record))[0]
    changed = replace(current.entry, content=content, happened=happened or current.entry.happened, struck=None)
    try:
        records.correct(visitor.client, grant, RecordId(record), base, changed)
    except Conflict as conflict:
        return _conflict(request, visitor, grant, conflict, line)
    return redirect("chart", patient=patient)


@door(Action.WRITE_CHART)
@hears("GET", "POST", form={"reason": LONGEST_PASSPHRASE, "base": DAY}, says=(200, 302, 409, 422))
def strike(request: HttpRequest, visitor: Visitor, patient: UUID, record: UUID) -> HttpResponse:
    """Strike an entry out, with a reason; it stays readable."""
    if request.method != "POST":
        return redirect("entry", patient=patient, record=record)
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    grant = visitor.permit(patient, record=record)
    if not reason:
        return _page(request, visitor, grant, RecordId(record), Typed(without_reason=True))
    try:
        records.strike(visitor.client, grant, RecordId(record), _base(request), reason)
    except Conflict as conflict:
        return _conflict(request, visitor, grant, conflict, "")
    return redirect("chart", patient=patient)


def _page(
    request: HttpRequest, visitor: Visitor, grant: Grant, record: RecordId, typed: Typed | None = None
) -> HttpResponse:
    typed = typed or Typed()
    history = records.history(grant, record)
    newest = history[0]
    content = newest.entry.content
    foreign = isinstance(content, Foreign)
    line = typed.line
    if line is None:
        line = "" if foreign else line_of(content, writing.catalogue())
    shown = {
        "patient": grant.require_patient(),
        "record": record,
        "line": line,
        "foreign": foreign,
        "base": newest.version,
        "happened": newest.entry.happened,
        "struck": newest.entry.struck,
        "problem": typed.problem,
        "strike_problem": typed.without_reason,
        "versions": [_version(one, grant) for one in history],
    }
    status = 422 if typed.problem or typed.without_reason else 200
    return page(request, visitor, "chart/entry.html", status=status, **shown)


def _conflict(
    request: HttpRequest, visitor: Visitor, grant: Grant, conflict: Conflict[Line], line: str
) -> HttpResponse:
    current = conflict.current
    theirs = "" if isinstance(current.entry.content, Foreign) else line_of(current.entry.content, writing.catalogue())
    shown = {
        "patient": grant.require_patient(),
        "record": current.record,
        "base": current.version,
        "happened": current.entry.happened,
        "current": _version(current, grant),
        "theirs": marked(theirs, line),
        "mine": marked(line, theirs),
        "line": line,
    }
    return page(request, visitor, "chart/conflict.html", status=409, **shown)


def marked(text: str, other: str) -> Markup:
    """Return a text in which the words are marked that the other one does not have."""
    words, others = text.split(" "), other.split(" ")
    pieces = []
    for kind, begin, end, _, _ in SequenceMatcher(a=words, b=others, autojunk=False).get_opcodes():
        piece = " ".join(words[begin:end])
        if piece:
            pieces.append((_PLAIN if kind == "equal" else _MARKED).format(piece))
    return Markup(" ").join(pieces)


def _version(line: Line, grant: Grant) -> Version:
    entry_ = line.entry
    return Version(
        number=line.version,
        said=text_of(entry_.content),
        happened=day(entry_.happened),
        written=moment(entry_.written),
        author=author_of(entry_, grant.colleagues),
        struck=entry_.struck,
    )


def _base(request: HttpRequest) -> int:
    text = request.POST.get("base", "")
    if not (text.isascii() and text.isdecimal()):
        raise BadRequest
    return int(text)


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("happened", ""))
    except ValueError:
        return None
