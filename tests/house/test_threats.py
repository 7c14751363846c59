# SPDX-License-Identifier: MPL-2.0
"""The threats are data: each names tests that exist, and what the adversary sees all the same."""

import ast
import re
from pathlib import Path

import msgspec
import pytest

from tools import render_docs
from tools.render_docs import Threat

THREATS = render_docs.load_threats(render_docs.THREATS.read_text())


def functions(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.name)
def test_a_threat_names_tests_that_exist(threat: Threat, root: Path):
    assert threat.tests

    for named in threat.tests:
        file, _, function = named.partition("::")
        assert (root / "tests" / file).is_file(), named
        assert not function or function in functions(root / "tests" / file), named


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.name)
def test_a_threat_says_what_is_still_seen(threat: Threat):
    assert len(threat.still_sees) > 10
    assert not any(sentence.endswith(".") for sentence in (threat.who, threat.wants, threat.stopped_by))


def test_every_attack_test_belongs_to_a_threat(root: Path):
    named = {weakness for threat in THREATS for weakness in threat.weaknesses}
    written = {
        f"W{int(found[1])}"
        for path in (root / "tests/attacks").glob("test_w*.py")
        if (found := re.match(r"test_w(\d+)_", path.name))
    }

    assert written <= named


def test_a_threat_with_a_missing_or_an_unknown_field_is_refused():
    with pytest.raises(msgspec.ValidationError):
        render_docs.load_threats('[thief]\nwho = "a thief"\n')
    with pytest.raises(msgspec.ValidationError):
        render_docs.load_threats(
            '[thief]\nwho=""\nwants=""\nstopped_by=""\nstill_sees=""\ntests=[]\nsevrity="high"\n',
        )


def test_the_made_pages_are_up_to_date():
    stale = [str(path) for path, text in render_docs.pages().items() if not path.exists() or path.read_text() != text]

    assert stale == []
