# SPDX-License-Identifier: MPL-2.0
"""From bytes to lines: where a field starts and ends, and which id it has.

The line end is the rule and the length prefix a hint, because prefixes of real
files are often wrong. Only where a line is longer than its prefix says does the
prefix decide: then a line end may be missing between two fields.

Source: KVDT-Datensatzbeschreibung 6.02, section 1.6.1 (form of a line).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from arkanum.exchange.formats.xdt.flaws import Flaw, FlawCode
from arkanum.exchange.formats.xdt.table import is_known_field

LINE_LIMIT = 1 << 20
"""Longest physical line in bytes that is read as one; the standard allows 999."""

_SEARCH_LIMIT = 4096
"""Longest line in bytes that is searched for a second field when its length lies."""

_HEADER_SIZE = len("LLLFFFF")
_COUNTED_SIZE = _HEADER_SIZE + len("\r\n")
_CHECKSUM_ID = "9300"

_HEADER = re.compile(rb"(\d{3})(\d{4})")
_HEADER_INSIDE = re.compile(rb"(?=(\d{3})(\d{4}))")
_SPACED_HEADER = re.compile(rb"(\d)[ \t]*(\d)[ \t]*(\d)[ \t]*(\d)[ \t]*(\d)[ \t]*(\d)[ \t]*(\d)")
_ODD_LENGTH = re.compile(rb"[^\r\n]{3}(\d{4})", re.DOTALL)
_LEADING = b" \t\x00\x0b\x0c\x1a\xa0"
_END_MARKS = b"\x00\x1a"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class RawField:
    """One field before its charset is decided.

    Attributes:
        id: four digits, or empty.
        content: bytes after the id, without the line end.
        line: first line in the file, counted from 1.
        last_line: last line in the file.
        size: bytes of its physical lines, line ends included; 0 when an
            earlier field of the same line has counted them.
        wanted: content length in bytes that the prefix promises, or -1.
        end_size: bytes of its line end.
        digest_before: SHA-1 of all bytes before the line; for 9300 only.
        flaws: what is wrong.
    """

    id: str
    content: bytes
    line: int
    last_line: int
    size: int
    wanted: int
    end_size: int = 0
    digest_before: str = ""
    flaws: tuple[Flaw, ...] = ()


def raw_fields(chunks: Iterable[bytes]) -> Iterator[RawField]:
    """Yield every field of a file, one after the other, from pieces of any size.

    Args:
        chunks: the file's bytes, cut anywhere.

    Yields:
        Fields in the order of the file. Blank lines and lines without an id
        come as fields without an id, so that no line is lost.
    """
    held: RawField | None = None
    # The format prescribes SHA-1; it finds accidents, it protects nothing.
    digest = hashlib.sha1(usedforsecurity=False)
    for number, physical in enumerate(_physical_lines(_with_line_feeds(chunks)), start=1):
        for piece in _fields_of(physical, number):
            field = piece
            if piece.id == _CHECKSUM_ID:
                field = replace(piece, digest_before=digest.hexdigest())
            joined = _joined(held, field) if held is not None else None
            if held is not None and joined is None:
                yield held
            held = joined or field
        digest.update(physical)
    if held is not None:
        yield held


def _with_line_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Turn carriage returns into line feeds where a file knows nothing else."""
    stream = iter(chunks)
    first = next(stream, b"")
    lone_returns = b"\r" in first and b"\n" not in first and len(first) > 1
    for chunk in chain([first], stream):
        yield chunk.replace(b"\r", b"\n") if lone_returns else chunk


def _physical_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut at line feeds; each line keeps its end, and none is longer than the limit."""
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        end = rest.rfind(b"\n") + 1
        keep_from = end or len(rest) - len(rest) % LINE_LIMIT
        if keep_from:
            yield from _cut(bytes(rest[:keep_from]))
            del rest[:keep_from]
    yield from _cut(bytes(rest))


def _cut(block: bytes) -> Iterator[bytes]:
    """Cut at line feeds only: what Python also takes for a line break is content here."""
    start = 0
    while start < len(block):
        end = block.find(b"\n", start, start + LINE_LIMIT) + 1
        end = end or min(len(block), start + LINE_LIMIT)
        yield block[start:end]
        start = end


def _fields_of(physical: bytes, number: int) -> Iterator[RawField]:
    """Yield the fields of one physical line; usually it is one."""
    body = physical.rstrip(b"\r\n")
    size, end_size = len(physical), len(physical) - len(body)
    header = _HEADER.match(body)
    if header is not None and int(header[1]) == len(body) + len("\r\n"):
        # A sound line, as nearly all are: nothing to look for.
        field_id, content = header[2].decode("ascii"), body[_HEADER_SIZE:]
        yield RawField(field_id, content, number, number, size, len(content), end_size)
        return
    flaws: tuple[Flaw, ...] = ()
    if size >= LINE_LIMIT and not end_size:
        flaws = (Flaw(FlawCode.LINE_TOO_LONG, str(LINE_LIMIT)),)
    if number == 1 and body.startswith(_BYTE_ORDER_MARK):
        body = body.removeprefix(_BYTE_ORDER_MARK)
        flaws = (*flaws, Flaw(FlawCode.BYTE_ORDER_MARK))
    start = 0
    while True:
        cut = _missing_end(body, start)
        field_id, content, wanted, own = _read_part(body[start:cut])
        if start:
            own = (Flaw(FlawCode.LINE_END_MISSING), *own)
        yield RawField(
            id=field_id,
            content=content,
            line=number,
            last_line=number,
            size=size,
            wanted=wanted,
            end_size=end_size if cut is None else 0,
            flaws=flaws + own,
        )
        if cut is None:
            return
        start, size, flaws = cut, 0, ()


def _missing_end(body: bytes, start: int) -> int | None:
    """Return where the next field starts inside a line whose end is missing."""
    header = _HEADER.match(body, start)
    length = len(body) - start
    declared = int(header[1]) if header else 0
    if not declared or declared >= length + len("\r\n"):
        return None
    promised = start + declared - len("\r\n")
    if declared >= _COUNTED_SIZE and _is_field(body, promised, exact=False):
        return promised
    if length > _SEARCH_LIMIT:
        return None
    found = _HEADER_INSIDE.finditer(body, start + _HEADER_SIZE)
    return next((one.start() for one in found if _is_field(body, one.start(), exact=True)), None)


def _is_field(body: bytes, position: int, *, exact: bool) -> bool:
    """Tell whether a field that the tables know can start at this position."""
    header = _HEADER.match(body, position)
    if header is None or not is_known_field(header[2].decode("ascii")):
        return False
    length = len(body) - position + len("\r\n")
    declared = int(header[1])
    return declared == length if exact else _COUNTED_SIZE <= declared <= length


def _read_part(part: bytes) -> tuple[str, bytes, int, tuple[Flaw, ...]]:
    """Return id, content, promised content length and flaws of one field."""
    if not part.strip(b" \t"):
        return "", part, -1, (Flaw(FlawCode.BLANK_LINE),)
    if not part.strip(_END_MARKS):
        return "", part, -1, (Flaw(FlawCode.END_OF_FILE_MARK),)
    header = _HEADER.match(part)
    if header is None:
        return _repaired(part)
    wanted = int(header[1]) - _COUNTED_SIZE
    content = part[_HEADER_SIZE:]
    return header[2].decode("ascii"), content, wanted, _length_flaws(wanted, len(content))


def _length_flaws(wanted: int, found: int) -> tuple[Flaw, ...]:
    """Compare the promised with the real content length; 000 promises nothing (BDT 3)."""
    if wanted in {found, -_COUNTED_SIZE}:
        return ()
    told, real = wanted + _COUNTED_SIZE, found + _COUNTED_SIZE
    return (Flaw(FlawCode.LENGTH, f"angegeben {told:03}, gezählt {real:03}"),)


def _repaired(part: bytes) -> tuple[str, bytes, int, tuple[Flaw, ...]]:
    """Read a line whose first seven bytes are not seven digits."""
    rest = part.lstrip(_LEADING)
    header = _HEADER.match(rest)
    if header is not None and _is_plausible(header, len(rest)):
        wanted = int(header[1]) - _COUNTED_SIZE
        flaws = _length_flaws(wanted, len(rest) - _HEADER_SIZE)
        flaws = (Flaw(FlawCode.LEADING_BYTES), *flaws)
        return header[2].decode("ascii"), rest[_HEADER_SIZE:], wanted, flaws
    spaced = _SPACED_HEADER.match(rest)
    if spaced is not None:
        digits = b"".join(spaced.groups()).decode("ascii")
        content = rest[spaced.end() :]
        wanted = int(digits[:3]) - _COUNTED_SIZE
        flaws = (Flaw(FlawCode.FIELD_ID_BLANK), *_length_flaws(wanted, len(content)))
        return digits[3:], content, wanted, flaws
    odd = _ODD_LENGTH.match(part)
    if odd is not None and is_known_field(odd[1].decode("ascii")):
        flaws = (Flaw(FlawCode.LENGTH_UNREADABLE),)
        return odd[1].decode("ascii"), part[_HEADER_SIZE:], -1, flaws
    return "", part, -1, (Flaw(FlawCode.NO_FIELD_ID),)


def _is_plausible(header: re.Match[bytes], length: int) -> bool:
    return is_known_field(header[2].decode("ascii")) or int(header[1]) == length + len("\r\n")


def _joined(held: RawField, piece: RawField) -> RawField | None:
    """Join a line without an id to the field before, if that field's length asks for it."""
    if [flaw.code for flaw in piece.flaws] != [FlawCode.NO_FIELD_ID]:
        return None
    content = held.content + b"\n" + piece.content
    # A line end of two bytes was counted as two, and is one in the content.
    wanted = held.wanted - max(0, held.end_size - 1)
    if len(content) > wanted:
        return None
    others = tuple(flaw for flaw in held.flaws if flaw.code not in _REPLACED)
    inside = Flaw(FlawCode.LINE_BREAK_INSIDE)
    return replace(
        held,
        content=content,
        last_line=piece.last_line,
        size=held.size + piece.size,
        wanted=wanted,
        end_size=piece.end_size,
        flaws=(*others, inside, *_length_flaws(wanted, len(content))),
    )


_REPLACED = frozenset({FlawCode.LENGTH, FlawCode.LINE_BREAK_INSIDE})
