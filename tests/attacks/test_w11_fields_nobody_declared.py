# SPDX-License-Identifier: MPL-2.0
"""W11: answers that carry more than the page needs. Each field holds a word of its own; each answer is searched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import msgspec
import pytest
from jinja2 import ChoiceLoader, DictLoader

from arkanum.guard import answers
from arkanum.guard import protocol as p
from arkanum.guard.directory import Card
from arkanum.guard.shown import ANYBODY, ASKER, audiences_of
from arkanum.web import shown
from arkanum.web.people import staff
from tests.attacks.everywhere import CHART, House, ask_everywhere, planted, said
from tests.attacks.twin import assert_red
from tests.web.browser import Browser, text


@dataclass
class Watched:
    """A practice, and what templates were given since the last look."""

    house: House
    rendered: list[tuple[str, Mapping[str, object]]]


@pytest.fixture
def watched(founded, monkeypatch):
    """A practice full of planted words; what each template is given is written down."""
    rendered: list[tuple[str, Mapping[str, object]]] = []
    render = shown.render

    def watching(request, template, context, **options):
        rendered.append((template, context))
        return render(request, template, context, **options)

    monkeypatch.setattr(shown, "render", watching)
    return Watched(planted(founded), rendered)


def attack(watched: Watched) -> set[tuple[str, str]]:
    """Count the words that arrive at somebody without a declaration: not on this page, or not for this role."""
    found = []
    arrived = set()
    for asked in ask_everywhere(watched.house):
        allowed = "\0".join(_allowed(watched.rendered, asked.actions or frozenset()))
        watched.rendered.clear()
        answer = said(asked).decode(errors="replace")
        for name, word in watched.house.words.items():
            if word in answer:
                arrived.add((name, asked.who))
                if word not in allowed and word not in watched.house.values.values():
                    found.append(f"{name}: {asked.place}")
    assert found == []
    _require_walls(arrived)
    return arrived


def _require_walls(arrived: set[tuple[str, str]]) -> None:
    """Look from the other side: what no page may have brought to a role, whichever page it was."""
    by_role = {name: {who for field, who in arrived if field == name} for name, _ in arrived}
    treat = {"doctor", "locum", "trainee"}
    assert all(by_role.get(name, set()) <= treat for name in CHART), by_role
    assert by_role.get("login", set()) <= {"doctor", "administrator"}, by_role
    assert not any(who in {"administrator", "auditor", "stranger"} for who in by_role.get("street", ()))


def _allowed(rendered: list[tuple[str, Mapping[str, object]]], actions: frozenset) -> Iterator[str]:
    """Yield every text at a declared path of what was rendered, where it is for these actions."""
    for template, context in rendered:
        for path, audience in shown._declared(template).paths.items():
            if audience & {ANYBODY, ASKER} or audience & actions:
                name, *rest = path.split(".")
                yield from _texts(_at(context[name], rest) if name in context else [])


def _at(value: object, path: list[str]) -> list[object]:
    """Return what stands at a path; parts of a pair and values of a table are called as the template likes."""
    if not path:
        return [value]
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return _at(value[step], rest) if step in value else [one for part in value.values() for one in _at(part, rest)]
    if isinstance(value, list | tuple):
        return [one for part in value for one in _at(part, path if _has(part, step) else rest)]
    return _at(getattr(value, step), rest) if hasattr(value, step) else []


def _has(value: object, step: str) -> bool:
    return (isinstance(value, Mapping) and step in value) or isinstance(value, list | tuple) or hasattr(value, step)


def _texts(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _texts([*value.keys(), *value.values()])
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _texts(list(value))
        elif is_dataclass(value):
            yield from _texts([getattr(value, one.name) for one in fields(value)])
        elif isinstance(value, msgspec.Struct):
            yield from _texts(list(msgspec.structs.astuple(value)))
        else:
            yield str(value)


def test_no_word_arrives_that_is_not_declared_for_its_page_and_reader(watched):
    arrived = attack(watched)

    assert {name for name, _ in arrived} == watched.house.words.keys()


def test_the_guard_declares_cards_for_the_desk_and_login_names_for_those_who_manage(founded):
    assert set(audiences_of(Card).values()) == {"find_patient"}
    assert audiences_of(p.Member)["login"] == "manage_staff"


# --- weakened twins --------------------------------------------------------------------------------------------------


class OpenExit(answers.shown.Exit):
    """Lets every field out."""

    def let_out(self, answer, _actions):
        return answer


def with_template(monkeypatch, name: str, old: str, new: str) -> None:
    """Change a template behind the back of its declaration."""
    env = shown.environment()
    source = Path(shown.__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8")
    assert old in source
    env.cache.clear()
    monkeypatch.setattr(env, "loader", ChoiceLoader([DictLoader({name: source.replace(old, new)}), env.loader]))
    monkeypatch.setattr(shown, "_source", lambda _env, part: env.loader.loaders[1].get_source(env, part)[0])


@pytest.fixture
def fresh_templates():
    """Templates that nobody changed, afterwards."""
    yield
    shown.environment().cache.clear()
    shown._declared.cache_clear()


def test_the_attack_finds_a_page_that_was_handed_one_more_field(watched, monkeypatch, fresh_templates):
    with_template(monkeypatch, "people/team.html", '<section class="card flush">', '<section data-x="{{ extra }}">')
    monkeypatch.setattr(shown, "require_shown", lambda *_: None)
    page = staff.page

    def generous(request, visitor, template, **context):
        if template == "people/team.html":
            context["extra"] = watched.house.words["device"]
        return page(request, visitor, template, **context)

    monkeypatch.setattr(staff, "page", generous)

    watched.house.only = frozenset({"staff", "devices"})
    assert_red(attack, watched)


def test_the_attack_finds_a_guard_that_lets_every_field_out(watched, monkeypatch, fresh_templates):
    monkeypatch.setattr(answers, "_EXIT", OpenExit(p.Answer))
    with_template(monkeypatch, "people/team.html", "<b>{{ m.name }}</b>", "<b>{{ m.name }} {{ m.login }}</b>")

    watched.house.only = frozenset({"staff", "devices"})
    assert_red(attack, watched)


def test_the_product_refuses_the_field_that_its_template_does_not_declare(watched, monkeypatch):
    page = staff.page
    monkeypatch.setattr(staff, "page", lambda *asked, **context: page(*asked, extra="x", **context))

    response = Browser().sit_down(watched.house.people["doctor"].token).get("/team")

    assert response.status_code == 500
    assert "Incident" not in text(response)
