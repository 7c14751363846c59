# SPDX-License-Identifier: MPL-2.0
"""What the papers say about inspect is what it does."""

import re
from pathlib import Path

import pytest

from arkanum.cli.inspect import main
from arkanum.exchange.shown import schema

PAPER = Path(__file__).resolve().parents[2] / "docs" / "formats.md"


def keys_of(name, prefix=""):
    """Yield the dotted keys of a part of the schema."""
    for key, value in schema()["$defs"][name]["properties"].items():
        path = f"{prefix}{key}"
        yield path
        part = value.get("$ref") or value.get("items", {}).get("$ref") or ""
        if part:
            yield from keys_of(part.rpartition("/")[2], f"{path}.")


def test_the_paper_names_every_key_of_the_answer_and_no_other():
    told = re.findall(r"^\| `((?:head|records|summary)[\w.]*)` \|", PAPER.read_text(), re.MULTILINE)

    assert sorted(told) == sorted(keys_of("ShownFile"))


def test_the_paper_names_every_option(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}

    assert options == {"--json", "--schema", "--summary", "--without-contents"}
    assert [option for option in options if f"`{option}`" not in PAPER.read_text()] == []
