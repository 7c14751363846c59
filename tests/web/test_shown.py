# SPDX-License-Identifier: MPL-2.0
"""A template shows what it declares, to those it declares it for."""

import pytest
from jinja2 import DictLoader, Environment

from arkanum.guard import Action
from arkanum.guard.errors import Refused
from arkanum.web import shown
from arkanum.web.shown import ShowsUndeclared, complaints, declaration, paths_read, require_shown
from tests.web.browser import text

TEAM = """
{% macro line(one, css) %}<b class="{{ css }}">{{ one.name }}</b>{% endmacro %}
{% for m in members if not m.left %}{{ line(m, "x") }}{{ m.until.isoformat() }}{{ loop.index }}{% endfor %}
{% set p = chart.person %}{% set kept %}{{ p.last | upper }}{% endset %}{{ kept }}
{% for key, ring in rings.items() %}{{ ring.title }}{% else %}{{ none_left }}{% endfor %}
{{ url("x", person=who.person) }}
{{ counts["new"] }}{{ _("Hallo %(name)s", name=greeted) }}
{% if may("see_staff") %}{{ form.errors.get("first") }}{% endif %}
"""


@pytest.fixture
def env(monkeypatch):
    """Templates of the test's own; the test fills them in."""
    env = Environment(extensions=["jinja2.ext.i18n"], loader=DictLoader({}), autoescape=True)
    monkeypatch.setattr(shown, "environment", lambda: env)
    shown._declared.cache_clear()
    yield env
    shown._declared.cache_clear()


def test_every_path_that_a_template_reads_is_found(env):
    found = paths_read(env, TEAM)

    assert found == {
        *("members.left", "members.until", "one.name", "chart.person.last", "rings.ring.title", "who.person"),
        *("none_left", "counts", "greeted", "form.errors"),
    }


def test_a_declaration_says_who_may_see_each_path():
    declared = declaration("{# shows\nsee_staff: members.name\nread_log|manage_staff: members.login who\n#}")

    both = frozenset({"read_log", "manage_staff"})
    assert declared == {"members.name": frozenset({"see_staff"}), "members.login": both, "who": both}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ members.login }}", "reads members.login without saying for whom"),
        ("{# shows\nsee_staff: members.name\n#}{{ members.name }}{{ members.login }}", "reads members.login"),
        ("{# shows\nsee_staff: members.name\n#}", "declares members.name and does not read it"),
        ("{# shows\neverybody: text\n#}{{ text }}", "everybody, which is no action"),
    ],
)
def test_a_template_that_reads_something_else_than_it_declares_does_not_start(env, source, says):
    env.loader.mapping["a.html"] = source

    with pytest.raises(ShowsUndeclared, match=says):
        shown.require_templates()


def test_the_products_templates_declare_what_they_read():
    assert list(complaints()) == []


def test_a_name_is_declared_by_any_template_that_a_page_is_made_of(env):
    env.loader.mapping |= {
        "frame.html": "{# shows\nasker: who.name\n#}{{ who.name }}{% block main %}{% endblock %}",
        "row.html": "{# shows\nfind_patient: rows.last\n#}{% macro row(rows) %}{{ rows.last }}{% endmacro %}",
        "page.html": '{# shows\nread_log: lines\n#}{% extends "frame.html" %}'
        '{% from "row.html" import row %}{{ lines }}',
    }

    require_shown("page.html", {"who": 1, "rows": [1], "lines": [1]}, frozenset(Action))
    with pytest.raises(ShowsUndeclared, match=r"page\.html does not show login"):
        require_shown("page.html", {"login": ""}, frozenset(Action))


def test_what_is_for_others_is_refused_unless_there_is_nothing_of_it(env):
    env.loader.mapping["a.html"] = "{# shows\nread_log|manage_staff: lines\nasker: said\n#}{{ lines }}{{ said }}"

    for action in (Action.READ_LOG, Action.MANAGE_STAFF):
        require_shown("a.html", {"lines": [1]}, frozenset({action}))
    require_shown("a.html", {"lines": [], "said": "x"}, frozenset())
    with pytest.raises(Refused):
        require_shown("a.html", {"lines": [1]}, frozenset({Action.SEE_STAFF}))


def test_the_desk_sees_names_and_presence_of_the_team_and_not_how_they_sign_in(at_screen, ada, cora, dan):
    for_ada, for_cora = (text(at_screen(one).get("/team")) for one in (ada, cora))

    assert "Dan Olsen" in for_cora
    assert "angemeldet" in for_cora
    assert "<td>dan</td>" in for_ada
    assert "Anmeldename" not in for_cora
    assert "<td>dan</td>" not in for_cora
