# SPDX-License-Identifier: MPL-2.0
"""The papers around the code say what they must, and only what is true."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

DECISION_HEADINGS = [
    "Status",
    "We decided",
    "Because",
    "Not chosen, and why",
    "The price",
    "We would notice it was wrong when",
]
ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)")


def names_imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_the_readme_begins_with_the_two_commands(root: Path):
    lines = (root / "README.md").read_text().splitlines()

    assert lines[0] == "```sh"
    assert lines[1].startswith("make demo ")
    assert lines[2].startswith("make test ")
    assert lines[3] == "```"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_six_headings_in_order(path: Path):
    assert re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE) == DECISION_HEADINGS


def test_each_decision_has_a_number_of_its_own():
    assert len({path.name[:4] for path in DECISIONS}) == len(DECISIONS)


def test_every_dependency_has_its_line_in_the_decision_about_libraries(root: Path):
    text = (root / "docs/decisions/0001-libraries.md").read_text().lower()
    asked_for = re.findall(r"^([a-zA-Z][\w-]*)", (root / "requirements.in").read_text(), re.MULTILINE)

    missing = [name for name in asked_for if f"| {name.lower()} " not in text]

    assert asked_for
    assert missing == []


def test_the_product_imports_only_what_it_asks_for(root: Path):
    asked_for = re.findall(r"^([a-zA-Z][\w-]*)", (root / "requirements.in").read_text(), re.MULTILINE)
    # markupsafe is jinja2's other half, h11 uvicorn's.
    known = {*asked_for, "arkanum", "markupsafe", "h11", *sys.stdlib_module_names}
    imported = {
        (path.name, name.partition(".")[0])
        for path in (root / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in names_imported(node)
    }

    assert [pair for pair in sorted(imported) if pair[1] not in known] == []


def test_every_dependency_says_why_it_is_there(root: Path):
    lines = [
        line
        for name in ("requirements.in", "requirements-dev.in")
        for line in (root / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]

    assert [line for line in lines if " # " not in line] == []


def test_the_lock_pins_what_was_asked_for(root: Path):
    for name in ("requirements", "requirements-dev"):
        asked_for = re.findall(r"^([a-zA-Z][\w-]*)", (root / f"{name}.in").read_text(), re.MULTILINE)
        pinned = set(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", (root / f"{name}.lock").read_text(), re.MULTILINE))

        assert {part.lower().replace("_", "-") for part in asked_for} <= pinned


def test_make_alone_lists_the_targets(root: Path):
    shown = subprocess.run(["make", "-C", str(root)], capture_output=True, text=True, check=True, timeout=60).stdout

    for target in ("setup", "demo", "run", "test", "check", "bench", "bench-quick", "mutants", "attacks"):
        assert f"make {target} " in shown


def test_every_command_in_the_papers_exists(root: Path):
    known = targets((root / "Makefile").read_text())
    papers = [root / "README.md", root / "CONTRIBUTING.md", root / "SECURITY.md", *(root / "docs").rglob("*.md")]

    for paper in papers:
        named = re.findall(r"(?:`|^)make ([a-z-]+)", paper.read_text(), re.MULTILINE)
        assert set(named) <= known, paper


def test_every_relative_link_in_the_papers_leads_somewhere(root: Path):
    papers = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / ".github").rglob("*.md")]

    dead = [(str(paper), link) for paper in papers for link in LINK.findall(paper.read_text())]
    dead = [(paper, link) for paper, link in dead if not (Path(paper).parent / link).exists()]

    assert dead == []


def test_the_security_paper_has_its_four_parts(root: Path):
    headings = re.findall(r"^## (.+)$", (root / "SECURITY.md").read_text(), re.MULTILINE)

    assert headings == ["How to report", "Versions", "What we promise", "What we do not promise"]


def test_the_security_paper_says_how_soon_holes_are_mended(root: Path):
    versions = (root / "SECURITY.md").read_text().split("## Versions")[1].split("## ")[0]

    limits = [int(days) for days in re.findall(r"^\|.*\|.*?(\d+) days", versions, re.MULTILINE)]

    assert len(limits) == 4
    assert limits == sorted(limits)
    assert limits[-1] <= 90


def test_the_review_list_has_ten_questions(root: Path):
    template = (root / ".github/pull_request_template.md").read_text()

    assert len(re.findall(r"^- \[ \] .+\?", template, re.MULTILINE)) == 10


def test_every_room_says_what_it_is(root: Path):
    for door in sorted((root / "src/arkanum").glob("*/__init__.py")):
        assert ast.get_docstring(ast.parse(door.read_text())), door


def test_the_floors_and_the_picture_of_the_house_name_the_same_rooms(root: Path):
    config = tomllib.loads((root / "pyproject.toml").read_text())
    layers = next(item for item in config["tool"]["importlinter"]["contracts"] if item["id"] == "floors")["layers"]
    picture = (root / "docs/house.md").read_text()

    rooms = {room.strip("() ") for layer in layers for room in layer.split("|")}

    assert [room for room in sorted(rooms) if f"`{room}`" not in picture] == []


def test_the_drawings_of_dialogs_are_up_to_date(root):
    """The pages and the papers show the same ones, made from one list."""
    command = [sys.executable, str(root / "tools/draw_dialogs.py"), "--check"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout
