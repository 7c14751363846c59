# SPDX-License-Identifier: MPL-2.0
"""No bytes crash the reader, and no byte of a content is lost."""

import random
import time
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.exchange.formats import xdt
from arkanum.exchange.formats.xdt.lines import raw_fields
from arkanum.exchange.inspection import Inspection
from tests.exchange.builders import line, lines, shared

REAL_FILES = [
    ("bdt", "dgmann-m1-aow_pat.bdt"),
    ("gdt", "albertzak-gdt2_1-6301.gdt"),
    ("gdt", "albertzak-gdt2_1-6310.gdt"),
    ("gdt", "druc-corrupt_sample.gdt"),
    ("gdt", "druc-empty_line_sample.gdt"),
    ("gdt", "druc-sample-6310.gdt"),
]
SAMPLE = lines(
    ("8000", "6310"),
    ("8100", "00100"),
    ("9218", "02.10"),
    ("3000", "17"),
    ("3101", "Müller-Lüdenscheidt"),
    ("6220", "Lunge frei"),
    ("6228", "Ps   143   134"),
    ("8410", "HB"),
)

loose_lines = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.builds(
            lambda field_id, content: line(f"{field_id:04}", content, charset="utf-8", end=b""),
            st.integers(0, 9999),
            st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30),
        ),
        st.sampled_from([b"01380006310", b"01380008220", b"0178002Obj_0045", b"0133101X0133102Y"]),
    ),
    max_size=20,
)


def inspect_all(content: bytes) -> None:
    for contents in (True, False):
        inspection = Inspection(BytesIO(content), "file.gdt", contents=contents)
        list(inspection.records())
        inspection.summary()


def mutated(content: bytes, dice: random.Random) -> bytes:
    body = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(body) + 1)
        kind = dice.randrange(4)
        if kind == 0 and place < len(body):
            body[place] = dice.randrange(256)
        elif kind == 1:
            body[place:place] = dice.randbytes(dice.randint(1, 5))
        elif kind == 2:
            del body[place : place + dice.randint(1, 8)]
        else:
            end = place + dice.randint(1, 40)
            body[place:place] = body[place:end]
    return bytes(body)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_a_crash(content):
    inspect_all(content)
    list(xdt.read_records([content], xdt.Head(xdt.Dialect.UNKNOWN)))


@given(loose_lines, st.sampled_from([b"\r\n", b"\n", b"\r", b""]))
def test_any_mixture_of_lines_is_read_without_a_crash(parts, end):
    inspect_all(end.join(parts))


@given(loose_lines, st.sampled_from([b"\r\n", b"\n"]))
def test_the_fields_hold_every_byte_of_the_file(parts, end):
    content = end.join(parts)

    fields = list(raw_fields([content]))

    assert sum(field.size for field in fields) == len(content)
    letters = [byte for byte in content if byte > 0x40]
    kept = [byte for field in fields for byte in field.content if byte > 0x40]
    skipped = sum(1 for field in fields for flaw in field.flaws if flaw.code.value in LOSSY)
    assert kept == letters or skipped


LOSSY = {"byte-order-mark", "leading-bytes", "length-unreadable"}
"""Flaws that say themselves that bytes before the content were set aside."""


def test_mutated_sample_files_are_read_without_a_crash():
    dice = random.Random(6310)

    for _ in range(200):
        inspect_all(mutated(SAMPLE, dice))


@pytest.mark.parametrize("name", REAL_FILES, ids=lambda name: name[-1])
def test_mutated_real_files_are_read_without_a_crash(name):
    content = shared(*name).read_bytes()
    dice = random.Random(name[-1])

    for _ in range(60):
        inspect_all(mutated(content, dice))


@pytest.mark.parametrize("name", REAL_FILES, ids=lambda name: name[-1])
def test_every_cut_of_a_real_file_is_read_without_a_crash(name):
    content = shared(*name).read_bytes()

    for size in range(0, len(content), 29):
        inspect_all(content[:size])


class _Endless:
    """A file of many records that is never in memory as a whole."""

    def __init__(self, record: bytes, count: int) -> None:
        self._record = record
        self._left = count

    def read(self, size: int) -> bytes:
        records = min(self._left, max(1, size // len(self._record)))
        self._left -= records
        return self._record * records


def test_memory_does_not_grow_with_the_file():
    record = SAMPLE * 8
    stream = _Endless(record, 3_000_000 // len(record))
    tracemalloc.start()

    opened = xdt.open_file(stream)
    assert opened is not None
    count = sum(len(record.fields) for record in opened[1])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count > 150_000
    assert peak < 2_500_000


def test_a_hostile_line_of_strange_bytes_is_read_in_no_time():
    hostile = line("8000", "6310") + b"9996220" + bytes(range(128, 256)) * 8000 + b"\r\n"
    begun = time.perf_counter()

    opened = xdt.open_file(BytesIO(hostile * 3))
    assert opened is not None
    count = sum(len(field.text) for record in opened[1] for field in record.fields)

    assert count >= 3 * 128 * 8000
    assert time.perf_counter() - begun < 5


def test_a_record_of_many_bytes_comes_in_parts(monkeypatch):
    monkeypatch.setattr("arkanum.exchange.formats.xdt.reader.RECORD_SIZE_LIMIT", 1000)
    content = line("8000", "6310") + line("6220", "x" * 90) * 40

    opened = xdt.open_file(BytesIO(content))
    assert opened is not None
    parts = list(opened[1])

    assert len(parts) > 3
    assert sum(len(part.fields) for part in parts) == 41


def test_a_file_of_many_record_kinds_does_not_fill_the_summary():
    content = b"".join(line("8000", f"kind{number}") for number in range(1500))
    inspection = Inspection(BytesIO(line("8000", "6310") + content), "x")

    list(inspection.records())

    kinds = inspection.summary().record_kinds
    assert len(kinds) == 1001
    assert kinds["..."].count == 501
