# SPDX-License-Identifier: MPL-2.0
"""The reader: from a file's bytes to its records, one at a time.

It never refuses a file and never raises on its bytes. Memory depends on the
longest record, not on the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

from arkanum.exchange.formats.xdt.charsets import (
    UNDECIDED,
    Reading,
    decide,
    declared_charset,
    same_family,
)
from arkanum.exchange.formats.xdt.dialects import HEAD_SIZE, sniff
from arkanum.exchange.formats.xdt.flaws import Flaw, FlawCode
from arkanum.exchange.formats.xdt.lines import RawField, raw_fields
from arkanum.exchange.formats.xdt.values import (
    RECORD_END,
    RECORD_LENGTH,
    RECORD_START,
    Field,
    Head,
    Record,
)

RECORD_LIMIT = 20_000
"""Most fields that are held as one record; a longer one comes in parts."""

RECORD_SIZE_LIMIT = 16 << 20
"""Most bytes that are held as one record."""

CHUNK_SIZE = 1 << 18
_REMEMBERED_SIZE = 200

_CHARSET_FIELDS = frozenset({"9106", "9206"})
_CHECKSUM_ID = "9300"
_DIGEST_SIZE = 40
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")


def open_file(stream: BinaryIO) -> tuple[Head, Iterator[Record]] | None:
    """Recognise a file and return its head and its records.

    Args:
        stream: the file, opened for bytes, at its beginning. It is read while
            the records are drawn.

    Returns:
        Head and records, or `None` if the file is not of the xDT family.
    """
    first = stream.read(HEAD_SIZE)
    head = sniff(first)
    if head is None:
        return None
    rest = iter(lambda: stream.read(CHUNK_SIZE), b"")
    return head, read_records(chain([first], rest), head)


def read_records(chunks: Iterable[bytes], head: Head) -> Iterator[Record]:
    """Yield the records of a file; every line of the file is in exactly one of them.

    Args:
        chunks: the file's bytes, cut anywhere.
        head: what `sniff` found.
    """
    kind, started, continued = "", False, False
    held: list[Field] = []
    size = 0
    for raw, field in _decoded(raw_fields(chunks), head):
        starts = field.id == RECORD_START
        if held and (starts or len(held) >= RECORD_LIMIT or size >= RECORD_SIZE_LIMIT):
            flaws = () if starts else (Flaw(FlawCode.RECORD_DIVIDED, str(len(held))),)
            yield _record(kind, held, size, continued=continued, flaws=flaws)
            continued = not starts
            held, size = [], 0
        if starts:
            kind, started = field.text.strip(), True
        held.append(field)
        size += raw.size
        if field.id == RECORD_END and started:
            yield _record(kind, held, size, continued=continued)
            kind, started, continued, held, size = "", False, False, [], 0
    if held:
        yield _record(kind, held, size, continued=continued)


def _record(
    kind: str,
    fields: list[Field],
    size: int,
    *,
    continued: bool,
    flaws: tuple[Flaw, ...] = (),
) -> Record:
    if not kind and not continued and any(field.id for field in fields):
        flaws = (*flaws, Flaw(FlawCode.RECORD_WITHOUT_START))
    record = Record(kind, tuple(fields), continued, flaws)
    told = record.first(RECORD_LENGTH).strip()
    whole = not continued and not flaws
    if whole and told.isascii() and told.isdigit() and int(told[:9]) != size:
        wrong = Flaw(FlawCode.RECORD_LENGTH, f"angegeben {int(told[:9])}, gezählt {size}")
        return replace(record, flaws=(*flaws, wrong))
    return record


def _decoded(raws: Iterable[RawField], head: Head) -> Iterator[tuple[RawField, Field]]:
    """Decide the charset of each field; what is certain helps the lines that follow."""
    declared, earlier = head.declared, ""
    # Names and words come again and again. The memory ends with the file, because it holds contents.
    remembered = lru_cache(maxsize=4096)(decide)
    for raw in raws:
        known = remembered if len(raw.content) <= _REMEMBERED_SIZE else decide
        reading = known(raw.content, declared, earlier)
        if raw.id in _CHARSET_FIELDS:
            declared = declared_charset(reading.text) or declared
        if reading.charset != UNDECIDED and not reading.rival:
            earlier = reading.charset
        flaws = raw.flaws + _flaws_of(raw, reading, declared)
        yield (
            raw,
            Field(
                id=raw.id,
                text=reading.text,
                charset=reading.charset,
                line=raw.line,
                last_line=raw.last_line,
                flaws=flaws,
            ),
        )


def _flaws_of(raw: RawField, reading: Reading, declared: str) -> tuple[Flaw, ...]:
    flaws = []
    if reading.rival:
        rivals = f"{reading.charset} oder {reading.rival}"
        flaws.append(Flaw(FlawCode.CHARSET_UNSURE, rivals))
    elif reading.charset != UNDECIDED and declared and not same_family(reading.charset, declared):
        told = f"angegeben {declared}, gelesen {reading.charset}"
        flaws.append(Flaw(FlawCode.CHARSET_DIFFERS, told))
    if raw.id and _CONTROLS.search(reading.text):
        flaws.append(Flaw(FlawCode.CONTROL_CHARACTER))
    if raw.digest_before and _differs(reading.text, raw.digest_before):
        flaws.append(Flaw(FlawCode.CHECKSUM))
    return tuple(flaws)


def _differs(told: str, digest: str) -> bool:
    plain = told.strip().lower()
    return len(plain) == _DIGEST_SIZE and plain != digest
