# SPDX-License-Identifier: MPL-2.0
"""The search line. What is typed travels in the body, never in an address that a browser would keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from arkanum.guard import Action
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import LONGEST_NAME, hears
from arkanum.web.page import page
from arkanum.web.patients.hits import PatientRow, rows_of

MOST_HITS = 50


@door(Action.FIND_PATIENT)
@hears("POST", form={"text": LONGEST_NAME})
def hits(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Answer one keystroke."""
    text = request.POST.get("text", "").strip()
    rows, cut = _rows(visitor, text)
    return page(request, visitor, "patients/hits.html", rows=rows, asked=text, cut=cut)


@door(Action.FIND_PATIENT)
@hears("GET", "POST", form={"text": LONGEST_NAME}, says=(200, 302))
def search(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Answer Enter in the search line: a single hit opens, several are listed."""
    text = request.POST.get("text", "").strip()
    rows, cut = _rows(visitor, text)
    if len(rows) == 1:
        return redirect("chart" if visitor.may(Action.READ_CHART) else "patient", patient=rows[0].patient)
    return page(request, visitor, "patients/search.html", rows=rows, asked=text, cut=cut)


def _rows(visitor: Visitor, text: str) -> tuple[list[PatientRow], bool]:
    """Return the hits, and whether there are more of them than anybody would look through."""
    if not text:
        return [], False
    found = visitor.client.search(visitor.token, text, limit=MOST_HITS)
    locked = frozenset(hit.card.patient for hit in found.hits if hit.locked)
    return rows_of(((hit.card, hit.why) for hit in found.hits), timezone.localdate(), locked), found.cut
