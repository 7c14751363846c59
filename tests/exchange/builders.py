# SPDX-License-Identifier: MPL-2.0
"""Small xDT files for tests, written as strictly as the standard asks."""

from io import BytesIO
from pathlib import Path

import pytest

from arkanum.exchange.formats import xdt

SHARED = Path(__file__).resolve().parents[3] / "shared" / "testdata"


def line(field_id: str, content: str = "", *, charset: str = "iso-8859-15", end=b"\r\n") -> bytes:
    body = content.encode(charset)
    return f"{len(body) + 9:03}{field_id}".encode() + body + end


def lines(*fields: tuple[str, str], charset: str = "iso-8859-15", end=b"\r\n") -> bytes:
    return b"".join(line(field_id, text, charset=charset, end=end) for field_id, text in fields)


def read(content: bytes) -> list[xdt.Record]:
    opened = xdt.open_file(BytesIO(content))
    assert opened is not None
    return list(opened[1])


def fields_of(content: bytes) -> list[xdt.Field]:
    return [field for record in read(content) for field in record.fields]


def codes_of(field: xdt.Field) -> list[str]:
    return [flaw.code.value for flaw in field.flaws]


def shared(*parts: str) -> Path:
    """Return a real file, or skip: they are no part of this repository."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real files are not here: {'/'.join(parts)}")
    return path
