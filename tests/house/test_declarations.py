# SPDX-License-Identifier: MPL-2.0
"""What every route and every answer must declare. A failure here says what to write, and where."""

import ast
from pathlib import Path

from arkanum.guard import errors, protocol
from arkanum.guard.shown import Exit
from arkanum.web import doors, failures, shown


def test_every_route_declares_its_action_and_what_it_hears_and_says():
    assert [message.msg for message in doors.check_routes()] == []


def test_every_answer_of_the_guard_says_who_may_see_its_fields():
    Exit(protocol.Answer)


def test_every_template_says_for_whom_it_shows_what_it_reads():
    assert list(shown.complaints()) == []


def test_pages_are_rendered_in_one_place_which_looks_at_the_declaration(root: Path):
    renders = {"render", "render_to_string", "TemplateResponse", "get_template", "JsonResponse", "FileResponse"}
    found = [
        f"{path.relative_to(root)}:{node.lineno} calls {name}: use arkanum.web.page.page or arkanum.web.shown.show"
        for path in sorted((root / "src/arkanum/web").rglob("*.py"))
        if path.name not in {"shown.py", "warm.py"}
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", getattr(node.func, "attr", ""))) in renders
    ]

    assert found == []


def test_every_error_of_the_guard_has_a_german_page():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.GuardError)]
    named = tuple(kind for kinds_, _ in failures._PAGES for kind in kinds_)

    missing = [
        f"{kind.__name__}: give it a sentence in arkanum.web.failures._SENTENCES (or a page in _PAGES)"
        for kind in kinds
        if kind is not errors.GuardError and not issubclass(kind, named)
    ]
    assert missing == []
