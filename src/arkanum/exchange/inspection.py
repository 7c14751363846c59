# SPDX-License-Identifier: MPL-2.0
"""Say what a foreign file holds, without key, table or installation.

Records are handed out one at a time while the file is read; counts and warnings
are complete when the last record is out.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from arkanum.exchange.formats import bmp, fhir, vsd, xdt
from arkanum.exchange.formats.kinds import Shape, guess, unpack
from arkanum.exchange.formats.leaves import (
    SIZE_LIMIT,
    Document,
    UnreadableDocumentError,
    read_json,
    read_xml,
)
from arkanum.exchange.formats.parts import Part, PartField
from arkanum.exchange.masking import masked
from arkanum.exchange.shown import (
    FORMAT,
    ShownCount,
    ShownField,
    ShownHead,
    ShownRecord,
    ShownSummary,
    ShownWarning,
)

WARNING_LIMIT = 1000
"""Most warnings that are listed one by one; all are counted."""

KIND_LIMIT = 1000
"""Most record kinds that are counted one by one; no format has a tenth of them."""

_CHUNK_SIZE = 1 << 18
_OPEN_VALUES = {
    "8000": re.compile(r"[0-9a-z]{4,5}"),
    "8001": re.compile(r"[0-9a-z]{4,5}"),
    "8002": re.compile(r"Obj_\w{1,30}", re.ASCII),
    "8003": re.compile(r"Obj_\w{1,30}", re.ASCII),
    "8100": re.compile(r"\d{1,9}", re.ASCII),
    "9106": re.compile(r"\d", re.ASCII),
    "9206": re.compile(r"\d", re.ASCII),
    "9212": re.compile(r"(?:LDT|ADT)?[\d.]{2,10}", re.ASCII),
    "9213": re.compile(r"[\d/.]{2,8}", re.ASCII),
    "9218": re.compile(r"\d\d\.\d\d", re.ASCII),
    "resourceType": re.compile(r"[A-Z][A-Za-z]{2,63}", re.ASCII),
    "meta.profile": re.compile(r"https?://[\w./|-]{1,200}", re.ASCII),
}
"""Values that stay readable when contents are hidden: they describe the form of the file."""

_NAME_IN_FORMAT = re.compile(r"[@\w.\[\]-]{1,200}", re.ASCII)


class Inspection:
    """One file being inspected.

    Attributes:
        head: what the beginning of the file tells.
    """

    def __init__(self, stream: BinaryIO, name: str, *, contents: bool = True) -> None:
        """Recognise the kind of file.

        Args:
            stream: the file, opened for bytes, at its beginning.
            name: its name, for the head.
            contents: show contents; otherwise their length and kind only.
        """
        self._tally = _Tally()
        self._contents = contents
        self._source = _CountingReader(stream)
        first = self._source.read(xdt.HEAD_SIZE)
        self._declared = ""
        found = guess(first)
        self._shape = found.shape
        self.head, self._records = self._open(first, found.name)
        self.head = _with_file(self.head, name, contents=contents)

    def records(self) -> Iterator[ShownRecord]:
        """Yield the records in the order of the file; may be called once."""
        for record in self._records:
            self._tally.take(record)
            yield record
        self._source.drain()

    def summary(self) -> ShownSummary:
        """Return counts and warnings; complete once all records are out."""
        return self._tally.summary(self._source, self._declared, contents=self._contents)

    def _open(self, first: bytes, name: str) -> tuple[ShownHead, Iterator[ShownRecord]]:
        if self._shape is Shape.XDT:
            return self._open_xdt(first)
        if self._shape is Shape.OTHER:
            return _head("other", name, known=False), iter(())
        content = self._source.read_all(first, SIZE_LIMIT)
        if content is None:
            self._tally.warn(0, "too-large", "Datei ist zu groß, um als Ganzes gelesen zu werden.")
            return _head("other", name, known=False), iter(())
        return self._open_document(content, name)

    def _open_xdt(self, first: bytes) -> tuple[ShownHead, Iterator[ShownRecord]]:
        found = xdt.sniff(first)
        if found is None:
            raise AssertionError  # `guess` has just asked the same question
        self._declared = found.declared
        head = ShownHead(
            format=FORMAT,
            file="",
            kind="xdt",
            title=f"{found.dialect} (xDT-Familie)",
            known=True,
            dialect=found.dialect.value,
            version=self._shown("9218", found.version) if not self._contents else found.version,
            evidence=found.evidence,
            contents=self._contents,
        )
        chunks = chain([first], self._source.chunks())
        return head, map(self._shown_record, xdt.read_records(chunks, found))

    def _shown_record(self, record: xdt.Record) -> ShownRecord:
        for flaw in record.flaws:
            self._tally.warn(record.first_line, flaw.code.value, flaw.text)
        kind = record.kind
        if not self._contents and kind and not xdt.is_known_record(kind):
            kind = masked(kind)
        return ShownRecord(
            kind=kind,
            name=xdt.name_of_record(record.kind),
            first_line=record.first_line,
            last_line=record.last_line,
            fields=tuple(self._shown_field(field) for field in record.fields),
        )

    def _shown_field(self, field: xdt.Field) -> ShownField:
        for flaw in field.flaws:
            self._tally.warn(field.line, flaw.code.value, flaw.text)
        self._tally.damaged_lines += field.is_damaged
        self._tally.last_line = field.last_line
        if not field.is_blank:
            self._tally.charsets[field.charset] += 1
        return ShownField(
            id=field.id,
            name="" if field.is_blank else xdt.name_of_field(field.id),
            text=self._shown(field.id, field.text),
            line=field.line,
            known=xdt.is_known_field(field.id),
            charset="" if field.charset == "ascii" else field.charset,
        )

    def _shown(self, field_id: str, text: str) -> str:
        """Return the content, or its description when contents are hidden."""
        if self._contents:
            return text
        pattern = _OPEN_VALUES.get(field_id)
        is_open = pattern is not None and pattern.fullmatch(text.strip()) is not None
        if field_id in {"8000", "8001"}:
            is_open = xdt.is_known_record(text.strip())
        return text if is_open else masked(text)

    def _open_document(self, content: bytes, name: str) -> tuple[ShownHead, Iterator[ShownRecord]]:
        if self._shape is Shape.PACKED:
            plain = unpack(content)
            if plain is None:
                self._tally.warn(0, "packed", "Gepackte Daten sind beschädigt oder zu groß.")
                return _head("other", "Gepackte Daten (gzip)", known=False), iter(())
            content, name = plain, "Gepackte Daten (gzip)"
            if guess(plain[: xdt.HEAD_SIZE]).shape not in {Shape.XML, Shape.JSON}:
                return _head("other", name, known=False), iter(())
        try:
            document = _read_document(content)
        except UnreadableDocumentError as error:
            self._tally.warn(error.line, "unreadable", error.german)
            return _head("other", name, known=False), iter(())
        self._tally.last_line = content.count(b"\n") + (not content.endswith(b"\n"))
        head, parts = _understood(document)
        return head, map(self._shown_part, parts)

    def _shown_part(self, part: Part) -> ShownRecord:
        lines = [field.line for field in part.fields if field.line]
        return ShownRecord(
            kind=part.kind,
            name=part.name,
            first_line=min(lines, default=0),
            last_line=max(lines, default=0),
            fields=tuple(self._shown_part_field(field) for field in part.fields),
        )

    def _shown_part_field(self, field: PartField) -> ShownField:
        hidden = not self._contents and _NAME_IN_FORMAT.fullmatch(field.id) is None
        return ShownField(
            id=masked(field.id) if hidden else field.id,
            name=field.name,
            text=self._shown(field.id, field.text),
            line=field.line,
            known=True,
            charset="",
        )


def _read_document(content: bytes) -> Document:
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return read_xml(content) if is_xml else read_json(content)


def _understood(document: Document) -> tuple[ShownHead, tuple[Part, ...]]:
    """Return head and parts of a document, no parts if its kind is not known."""
    if fhir.is_fhir(document):
        found = fhir.read_fhir(document)
        dialect = " ".join(word for word in (found.resource, found.bundle_type) if word)
        head = _head("fhir", "FHIR", known=True, dialect=dialect, version=found.profile)
        return head, found.parts
    if vsd.is_vsd(document):
        version = vsd.version_of(document)
        head = _head("vsd", "Versichertenstammdaten (VSD)", known=True, version=version)
        return head, vsd.read_vsd(document)
    if bmp.is_bmp(document):
        version = bmp.version_of(document)
        head = _head("bmp", "Medikationsplan (BMP)", known=True, version=version)
        return head, bmp.read_bmp(document)
    if document.root:
        return _head("xml", "XML-Dokument", known=False), ()
    return _head("json", "JSON-Dokument", known=False), ()


def _head(kind: str, title: str, *, known: bool, dialect: str = "", version: str = "") -> ShownHead:
    return ShownHead(
        format=FORMAT,
        file="",
        kind=kind,
        title=title,
        known=known,
        dialect=dialect,
        version=version,
        evidence="",
        contents=True,
    )


def _with_file(head: ShownHead, name: str, *, contents: bool) -> ShownHead:
    """Fill in the file; names of files are often names of patients."""
    shown = name if contents else f"(Name verborgen){PurePath(name).suffix[:8]}"
    return ShownHead(
        format=head.format,
        file=shown,
        kind=head.kind,
        title=head.title,
        known=head.known,
        dialect=head.dialect,
        version=head.version,
        evidence=head.evidence,
        contents=contents,
    )


class _CountingReader:
    """Reads a stream and keeps its size and hash."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self.size += len(chunk)
        self._hash.update(chunk)
        return chunk

    def chunks(self) -> Iterator[bytes]:
        return iter(lambda: self.read(_CHUNK_SIZE), b"")

    def read_all(self, first: bytes, limit: int) -> bytes | None:
        content = bytearray(first)
        for chunk in self.chunks():
            content += chunk
            if len(content) > limit:
                return None
        return bytes(content)

    def drain(self) -> None:
        for _ in self.chunks():
            pass

    def sha256(self) -> str:
        return self._hash.hexdigest()


class _Tally:
    """Counts what passes by."""

    def __init__(self) -> None:
        self.charsets: Counter[str] = Counter()
        self.damaged_lines = 0
        self.last_line = 0
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._known: Counter[tuple[str, str]] = Counter()
        self._unknown: Counter[tuple[str, str]] = Counter()
        self._codes: Counter[str] = Counter()
        self._warnings: list[ShownWarning] = []

    def warn(self, line: int, code: str, text: str) -> None:
        self._codes[code] += 1
        if len(self._warnings) < WARNING_LIMIT:
            self._warnings.append(ShownWarning(line, code, text))

    def take(self, record: ShownRecord) -> None:
        kind = record.kind, record.name
        if kind not in self._kinds and len(self._kinds) >= KIND_LIMIT:
            kind = "...", "(weitere Satzarten)"
        self._kinds[kind] += 1
        for field in record.fields:
            if field.id:
                side = self._known if field.known else self._unknown
                side[field.id, field.name] += 1

    def summary(self, source: _CountingReader, declared: str, *, contents: bool) -> ShownSummary:
        return ShownSummary(
            size=source.size,
            sha256=source.sha256() if contents else "",
            lines=self.last_line,
            field_count=self._known.total() + self._unknown.total(),
            damaged_lines=self.damaged_lines,
            charset_declared=declared,
            charsets=dict(sorted(self.charsets.items())),
            record_kinds=_counts(self._kinds),
            known_fields=_counts(self._known),
            unknown_fields=_counts(self._unknown),
            warning_counts=dict(sorted(self._codes.items())),
            warnings=tuple(self._warnings),
        )


def _counts(counter: Counter[tuple[str, str]]) -> dict[str, ShownCount]:
    return {key: ShownCount(name, count) for (key, name), count in sorted(counter.items())}
