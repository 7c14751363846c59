# SPDX-License-Identifier: MPL-2.0
"""A signed excerpt of the log as a file: made when it is asked for, given once, kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from arkanum.guard import Action
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import hears
from arkanum.web.log.filters import FIELDS, filters_of

JSON_LINES = "application/jsonl"


@door(Action.READ_LOG)
@hears("POST", form=FIELDS, media=(JSON_LINES,))
def excerpt(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Give the lines that the filters ask for, with their hashes and the practice's signature."""
    made = visitor.client.export_log(visitor.token, filters_of(request.POST.dict()).query)
    response = HttpResponse(made.content, content_type=JSON_LINES)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
