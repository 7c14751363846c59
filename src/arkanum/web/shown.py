# SPDX-License-Identifier: MPL-2.0
"""What each template shows, and to whom: declared in its first lines, compared with what it really reads.

    {# shows
    see_staff: members.name members.role
    manage_staff: members.login
    #}

A line names who may see what stands behind it: one action, several with `|` between them, `asker` for whoever asked, or
`anybody`. A path begins with a name of the context; `members.login` is the login name of each of the members. A name
that no template declares can not be shown, and one that is not for the person at the screen is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, nodes

from arkanum.guard import Action
from arkanum.guard.errors import Refused
from arkanum.guard.shown import ANYBODY, ASKER

AMONG_ALL = frozenset(
    {"_", "gettext", "ngettext", "asset", "icon", "url", "label", "range", "dict", "may", "csrf_input", "csrf_token"}
)
"""Names that every template may use; they hold nothing of a person."""

_HEADER = re.compile(r"\{#\s*shows\b(?P<lines>.*?)#\}", re.DOTALL)


class ShowsUndeclared(ImproperlyConfigured):
    """A template reads what it does not declare, or a page shows what no template of its declares."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a template and those it is made of show: audiences by path, and by the name at its beginning."""

    paths: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[frozenset[str]]]


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
    actions: frozenset[Action] = frozenset(),
    frame: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Render a template; the only place that does.

    Args:
        request: the question.
        template: its path below `templates/`.
        context: what the page shows.
        status: the answer's HTTP status.
        actions: what the person at the screen may do; nothing where nobody is signed in.
        frame: what stands around every page.

    Raises:
        ShowsUndeclared: the context holds a name that the template does not declare.
        Refused: it holds something that is for others alone.
    """
    require_shown(template, context, actions)
    return render(request, template, {**(frame or {}), **context}, status=status)


def require_shown(template: str, context: Mapping[str, object], actions: frozenset[Action]) -> None:
    """Refuse to show what was not declared, or is not for this person.

    Args:
        template: its path below `templates/`.
        context: what the page wants to show.
        actions: what the person at the screen may do.

    Raises:
        ShowsUndeclared: a name is in no declaration of the template or of one it is made of.
        Refused: a name that holds something is for others alone.
    """
    names = _declared(template).names
    for name, value in context.items():
        audiences = names.get(name)
        if audiences is None:
            raise ShowsUndeclared(
                f"{template} does not show {name}: write it into its {{# shows … #}}, or do not pass it"
            )
        if value and not any(_may(one, actions) for one in audiences):
            raise Refused


def require_templates() -> None:
    """Refuse to serve while a template reads what it does not declare.

    Raises:
        ShowsUndeclared: says which, and what to write.
    """
    for complaint in complaints():
        raise ShowsUndeclared(complaint)


def complaints() -> Iterator[str]:
    """Yield a sentence for each template whose declaration is not what it reads."""
    env = environment()
    for template in env.list_templates(extensions=["html"]):
        source = _source(env, template)
        declared, read = declaration(source), paths_read(env, source)
        missing, idle = sorted(read - declared.keys()), sorted(declared.keys() - read)
        if missing:
            yield (
                f"{template} reads {' '.join(missing)} without saying for whom: write below its first line "
                f"{{# shows\nsee_staff: {' '.join(missing)}\n#}} with the right action (or asker, or anybody)"
            )
        if idle:
            yield f"{template} declares {' '.join(idle)} and does not read it: take it out of its {{# shows … #}}"
        if unknown := sorted({word for one in declared.values() for word in one} - _WORDS):
            yield f"{template} shows something to {' '.join(unknown)}, which is no action"


def declaration(source: str) -> dict[str, frozenset[str]]:
    """Return who may see each path, as the template's own first lines say."""
    found = _HEADER.search(source)
    declared: dict[str, frozenset[str]] = {}
    for line in (found["lines"] if found else "").splitlines():
        audience, _, paths = line.partition(":")
        declared |= dict.fromkeys(paths.split(), frozenset(audience.strip().split("|")))
    return declared


def paths_read(env: Environment, source: str) -> set[str]:
    """Return every path that a template reads, the longest of each beginning; `members.login`."""
    reader = _Reader()
    reader.read(env.parse(source), {})
    return {path for path in reader.found if not any(other.startswith(f"{path}.") for other in reader.found)}


def environment() -> Environment:
    """Return the environment of the product's templates."""
    engine = engines["jinja2"]
    if not isinstance(engine, Jinja2):
        raise ImproperlyConfigured("the pages are made with Jinja2")
    return engine.env


_ALWAYS = frozenset({ANYBODY, ASKER})
_WORDS = _ALWAYS | frozenset(Action)


def _may(audience: frozenset[str], actions: frozenset[Action]) -> bool:
    return bool(audience & _ALWAYS or audience & actions)


@cache
def _declared(template: str) -> Declared:
    env = environment()
    paths: dict[str, frozenset[str]] = {}
    for part in _parts(env, template):
        for path, audience in declaration(_source(env, part)).items():
            paths[path] = paths.get(path, frozenset()) | audience
    names: dict[str, set[frozenset[str]]] = {}
    for path, audience in paths.items():
        names.setdefault(path.partition(".")[0], set()).add(audience)
    return Declared(paths, {name: frozenset(audiences) for name, audiences in names.items()})


def _parts(env: Environment, template: str) -> set[str]:
    """Return a template with all it extends, includes and imports."""
    parts, waiting = set[str](), [template]
    while waiting:
        part = waiting.pop()
        if part not in parts:
            parts.add(part)
            tree = env.parse(_source(env, part))
            for one in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
                linked = getattr(one, "template", None)
                if isinstance(linked, nodes.Const):
                    waiting.append(linked.value)
    return parts


def _source(env: Environment, template: str) -> str:
    if env.loader is None:
        raise ImproperlyConfigured("templates come from a folder")
    return env.loader.get_source(env, template)[0]


Scope = Mapping[str, str | None]
"""What a local name stands for: a path, or nothing that could be of a person."""


class _Reader:
    """Walks through a template and notes what it reads."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def read(self, node: nodes.Node, scope: Scope) -> None:
        """Note every path below a node."""
        path = self._path(node, scope)
        if path is not None:
            self.found.add(path)
        own = dict(scope)
        match node:
            case nodes.For():
                self._all(scope, node.iter, node.else_)
                own |= _bound(node.target, self._path(node.iter, scope)) | {"loop": None}
                self._all(own, node.test, node.body)
            case nodes.Macro():
                self._all(scope, node.defaults)
                self._all(own | {arg.name: f"{arg.name}" for arg in node.args}, node.body)
                self.found -= {arg.name for arg in node.args}
            case nodes.Call() if isinstance(node.node, nodes.Getattr):
                self._all(scope, node.node.node, node.args, node.kwargs)
            case _:
                self._in_order(node, own)

    def _in_order(self, node: nodes.Node, scope: dict[str, str | None]) -> None:
        """Read the children one after the other; what one of them binds, the next ones know."""
        for child in node.iter_child_nodes():
            self.read(child, scope)
            match child:
                case nodes.Assign():
                    scope |= _bound(child.target, self._path(child.node, scope))
                case nodes.AssignBlock():
                    scope |= _bound(child.target, None)
                case nodes.Macro():
                    scope[child.name] = None
                case nodes.Import():
                    scope[child.target] = None
                case nodes.FromImport():
                    scope |= {one[1] if isinstance(one, tuple) else one: None for one in child.names}

    def _all(self, scope: Scope, *parts: nodes.Node | Sequence[nodes.Node] | None) -> None:
        for part in parts:
            own = dict(scope)
            for node in [part] if isinstance(part, nodes.Node) else part or ():
                self._in_order(nodes.Scope([node]), own)

    def _path(self, node: nodes.Node, scope: Scope) -> str | None:
        match node:
            case nodes.Name(ctx="load"):
                return None if node.name in AMONG_ALL and node.name not in scope else scope.get(node.name, node.name)
            case nodes.Getattr():
                before = self._path(node.node, scope)
                return None if before is None else f"{before}.{node.attr}"
            case nodes.Getitem():
                return self._path(node.node, scope)
            case nodes.Filter() if node.node is not None:
                return self._path(node.node, scope)
            case nodes.Call() if isinstance(node.node, nodes.Getattr):
                return self._path(node.node.node, scope)
        return None


def _bound(target: nodes.Node, path: str | None) -> dict[str, str | None]:
    """Return what a target of a loop or an assignment stands for; each part of a pair by its own name."""
    if isinstance(target, nodes.Name):
        return {target.name: path}
    parts = target.items if isinstance(target, nodes.Tuple) else []
    return {one.name: None if path is None else f"{path}.{one.name}" for one in parts if isinstance(one, nodes.Name)}
