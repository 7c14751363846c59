# SPDX-License-Identifier: MPL-2.0
"""What any version has written opens for ever and means the same; what was spoilt then is refused now."""

import json
from pathlib import Path

import msgspec
import pytest

from arkanum.core import EntryKind, decode, encode, errors, kind_of
from arkanum.core.codec import FORMAT

FOLDER = Path(__file__).parent.parent / "vectors" / "records"
VECTORS = [
    vector | {"file": file.stem}
    for file in sorted(FOLDER.glob("format-*.json"))
    for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]
]
GOOD = [vector for vector in VECTORS if "record" in vector]
SPOILT = [vector for vector in VECTORS if "expect" in vector]
TODAY = [vector for vector in GOOD if vector["file"] == f"format-{FORMAT}"]


def named(vectors):
    return {"argvalues": vectors, "ids": [f"{vector['file']}: {vector['name']}" for vector in vectors]}


def says(value, expected):
    """Say whether a value says all that was expected; newer classes may say more."""
    if isinstance(expected, dict):
        return all(name in value and says(value[name], each) for name, each in expected.items())
    if isinstance(expected, list):
        return len(value) == len(expected) and all(map(says, value, expected))
    return value == expected


@pytest.mark.parametrize("vector", **named(GOOD))
def test_an_old_record_still_means_the_same(vector):
    record = decode(bytes.fromhex(vector["body"]))

    assert says(msgspec.to_builtins(record), vector["record"])


@pytest.mark.parametrize("vector", **named(SPOILT))
def test_a_spoilt_record_is_refused_as_it_was(vector):
    with pytest.raises(getattr(errors, vector["expect"])):
        decode(bytes.fromhex(vector["body"]))


@pytest.mark.parametrize("vector", **named(TODAY))
def test_todays_format_still_writes_the_same_bytes(vector):
    body = bytes.fromhex(vector["body"])

    assert encode(decode(body)) == body


def test_every_kind_has_a_vector_in_todays_format():
    records = [decode(bytes.fromhex(vector["body"])) for vector in TODAY]

    kinds = {kind_of(record.content) for record in records if hasattr(record, "content")}
    assert kinds == set(EntryKind)
    assert any(not hasattr(record, "content") for record in records)
