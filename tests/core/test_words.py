# SPDX-License-Identifier: MPL-2.0
"""Every class has one word, and the list of words knows it."""

import importlib
import inspect
import pkgutil
import re
from collections import Counter

import pytest

from arkanum import core, guard, vault

ROW = re.compile(r"^\| (?P<german>[^|]+?) \| (?P<code>[^|]+?) \| (?P<meaning>[^|]+?) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows(root):
    """The lines of the tables, without their heads."""
    page = (root / "docs" / "words.md").read_text(encoding="utf-8")
    return [row for row in ROW.finditer(page) if row["german"] not in {"German", "---"}]


@pytest.fixture(scope="module")
def listed(rows):
    """The names in code that have a line."""
    return [name for row in rows for name in re.findall(r"`([\w.]+)`", row["code"])]


def modules_of(package):
    return [
        importlib.import_module(found.name) for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]


def classes_of(modules):
    return sorted(
        {
            name
            for module in modules
            for name, each in inspect.getmembers(module, inspect.isclass)
            if each.__module__ == module.__name__ and not name.startswith("_")
        }
    )


def offered_by(room):
    return sorted(name for name in room.__all__ if inspect.isclass(getattr(room, name)))


@pytest.mark.parametrize("name", [*classes_of(modules_of(core)), *offered_by(vault), *offered_by(guard)])
def test_every_public_class_has_its_word(listed, name):
    assert name in listed


@pytest.mark.parametrize("name", ["PatientId", "PersonId", "RecordId", "DeviceId", "PracticeId", "VersionId"])
def test_every_id_has_its_word(listed, name):
    assert name in listed


def test_no_name_has_two_words(listed):
    assert [name for name, count in Counter(listed).items() if count > 1] == []


def test_every_word_names_something_that_exists(root, listed):
    source = "\n".join(path.read_text(encoding="utf-8") for path in (root / "src" / "arkanum").rglob("*.py"))

    gone = [name for name in listed if not re.search(rf"\b{name.rpartition('.')[2]}\b", source)]
    assert gone == []


def test_every_word_is_explained(rows):
    assert len(rows) > 80
    assert all(row["german"].strip() and row["meaning"].strip() for row in rows)
