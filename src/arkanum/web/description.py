# SPDX-License-Identifier: MPL-2.0
"""The description of all routes (OpenAPI 3.1), made from what each of them declares; rendered to docs/api.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from django.urls import URLPattern

from arkanum.web.cookies import SESSION
from arkanum.web.doors import mark_of, routes
from arkanum.web.hearing import CSRF_FIELD, FORM, FORM_TYPES, HTML, Heard, heard_by

PUBLIC_SAYS = (400, 403, 404, 405, 422, 429, 503)
"""What any route may answer: bad questions, foreign pages, nothing there, the brake, a sealed practice."""

DOOR_SAYS = (*PUBLIC_SAYS, 302, 401, 409, 423)
"""And those behind a door: to the sign-in, on to what must be done first, asked once more, or locked."""

_SAID = {
    200: "the page or the part of it that was asked for",
    201: "made; the address stands in Location",
    204: "nothing new",
    302: "on to another page",
    303: "on to another page",
    304: "not changed",
    400: "the question cannot be understood",
    401: "no session: the fragment sends the page to the sign-in",
    403: "not with this role, or not asked by a page of ours",
    404: "there is no such page or object in this practice",
    405: "not with this method",
    409: "somebody else was faster, or something must be looked at or proved first",
    410: "it was kept for some minutes only",
    413: "too large",
    422: "something typed must be corrected",
    423: "the session rests until its person is back",
    429: "too many; Retry-After says how long to wait",
    503: "the practice is sealed, or its log cannot be written",
}
_FORMATS = {"uuid": {"type": "string", "format": "uuid"}, "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}}
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")

Json = dict[str, object]


def describe() -> Json:
    """Return the description as a tree of plain values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Arkanum",
            "version": "1",
            "description": "Every route of the pages. Made from the declarations above each page; do not edit.",
            "license": {"name": "MPL-2.0", "identifier": "MPL-2.0"},
        },
        "servers": [{"url": "/"}],
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": SESSION}},
            "responses": {str(status): _answer(status, (HTML,)) for status in sorted(DOOR_SAYS)},
        },
        "paths": {_path(route): _operations(route) for route in sorted(routes(), key=_path)},
    }


def as_text() -> str:
    """Return the description as JSON with one line a path, so that two changes seldom meet in one line."""
    described = describe()
    paths = described.pop("paths")
    head = json.dumps(described, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = [f"  {json.dumps(path)}: {json.dumps(one, ensure_ascii=False)}" for path, one in dict(paths).items()]  # type: ignore[call-overload]
    return head + ',\n "paths": {\n' + ",\n".join(lines) + "\n }\n}\n"


def _path(route: URLPattern) -> str:
    return "/" + _PARAMETER.sub(r"{\g<name>}", str(route.pattern))


def _operations(route: URLPattern) -> Json:
    heard = heard_by(route.callback) or Heard(())
    described: Json = {method.lower(): _operation(route, heard, method) for method in heard.methods}
    parameters = [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": _FORMATS.get(found["kind"], {"type": "string"}),
        }
        for found in _PARAMETER.finditer(str(route.pattern))
    ]
    return {"parameters": parameters, **described} if parameters else described


def _operation(route: URLPattern, heard: Heard, method: str) -> Json:
    mark = mark_of(route.callback)
    action = mark.action if mark else None
    operation: Json = {
        "operationId": f"{method.lower()}-{route.name}",
        "summary": (route.callback.__doc__ or "").strip().partition("\n")[0],
        "responses": dict(_responses(heard, DOOR_SAYS if action else PUBLIC_SAYS)),
        "security": [{"session": []}] if action else [],
    }
    if action:
        operation["x-action"] = action.value
    if heard.query:
        operation["parameters"] = [
            {"name": name, "in": "query", "schema": {"type": "string", "maxLength": most}}
            for name, most in heard.query.items()
        ]
    if method == "POST":
        operation["requestBody"] = _body(heard)
    return operation


def _responses(heard: Heard, always: tuple[int, ...]) -> Iterator[tuple[str, Json]]:
    for status in sorted({*heard.says, *always}):
        if status in heard.says:
            yield str(status), _answer(status, heard.media)
        else:
            yield str(status), {"$ref": f"#/components/responses/{status}"}


def _answer(status: int, media: tuple[str, ...]) -> Json:
    if status in {204, 304}:
        return {"description": _SAID[status]}
    kinds = sorted({*media, HTML})
    return {"description": _SAID[status], "content": {one: {"schema": {"type": "string"}} for one in kinds}}


def _body(heard: Heard) -> Json:
    if heard.body != FORM:
        return {"required": True, "content": {heard.body: {"schema": {"type": "string", "format": "binary"}}}}
    fields = {CSRF_FIELD: 64, **heard.form}
    plain = {name: {"type": "string", "maxLength": most} for name, most in fields.items() if "-N-" not in name}
    schema: Json = {"type": "object", "properties": plain}
    numbered = {f"^{name.replace('-N-', '-[0-9]{1,4}-')}$": most for name, most in fields.items() if "-N-" in name}
    if numbered:
        schema["patternProperties"] = {name: {"type": "string", "maxLength": most} for name, most in numbered.items()}
    return {"content": {kind: {"schema": schema} for kind in FORM_TYPES}}
