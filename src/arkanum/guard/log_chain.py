# SPDX-License-Identifier: MPL-2.0
"""The chain of the log and its signed heads, read and checked without any key; bytes in `docs/format.md`."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from binascii import a2b_base64
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from arkanum.guard.errors import LogBroken
from arkanum.vault import VaultError, verify

START = "0" * 64
"""The hash before the first line, and before the first head."""

FIRST_HEAD = 8
"""The first head is written when a practice is founded; one that covers a later line follows heads that are gone."""

_DIGEST = 64
_WHOLE = re.compile(rb"([0-9]{1,18}) [SL] [A-Za-z0-9+/=]+ ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it stands in the file."""

    no: int
    kind: str
    body: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a whole log found good: lines, the last one's hash, the last signed one, lines torn by faults."""

    lines: int
    digest: str
    signed: int
    torn: int
    digests: dict[int, str]
    """Hashes of the lines that were asked for."""


class LogDamaged(LogBroken):
    """The chain does not hold; `line` is the first bad line's number, `reason` a German sentence."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep number and reason."""
        super().__init__(line)
        self.line = line
        self.reason = reason


def heads_of(path: Path) -> Path:
    """Return the file of signed heads beside a log."""
    return path.with_suffix(".heads")


def link(before: str, text: bytes) -> str:
    """Return the hash of a line: it covers the hash before it."""
    return sha256(b"%s %s" % (before.encode(), text)).hexdigest()


def parse(raw: bytes, expected: int, before: str) -> RawLine:
    """Return a line, if it is the expected one and follows the one before.

    Raises:
        LogDamaged: it was changed, removed, added or moved.
    """
    text, digest = raw[: -_DIGEST - 2], raw[-_DIGEST - 1 : -1]
    parts = text.split(b" ")
    if len(parts) != 3 or raw[-1:] != b"\n" or raw[-_DIGEST - 2 : -_DIGEST - 1] != b" ":  # noqa: PLR2004 - number, kind, body
        raise LogDamaged(expected, "Die Zeile ist unlesbar.")
    number, kind, body = parts
    if number != b"%d" % expected or kind not in {b"S", b"L"}:
        raise LogDamaged(expected, "Eine Zeile fehlt, ist doppelt oder von unbekannter Art.")
    if not _follows(before, text, digest):
        raise LogDamaged(expected, "Die Zeile passt nicht zur Kette: geändert, entfernt oder verschoben.")
    try:
        return RawLine(expected, kind.decode(), a2b_base64(body, strict_mode=True), digest.decode())
    except ValueError as error:
        raise LogDamaged(expected, "Die Zeile ist unlesbar.") from error


def _follows(before: str, text: bytes, digest: bytes) -> bool:
    return link(before, text).encode() == digest


def chained(raws: Iterable[bytes]) -> Iterator[RawLine]:
    """Yield the lines of a log, oldest first, checking numbers and chain on the way.

    A line that was torn by a power cut or a full disk released nothing; it has no number, and the hash of the next one
    covers it too. Half a line at the very end is being written, or was torn just now.

    Raises:
        LogDamaged: a line was changed, removed, added or moved.
    """
    before, expected = START, 1
    for raw in raws:
        if raw.endswith(b" T\n"):
            before = link(before, raw[:-1])
            continue
        if not raw.endswith(b"\n"):
            return
        line = parse(raw, expected, before)
        before, expected = line.digest, expected + 1
        yield line


def read_lines(path: Path, until: int) -> Iterator[RawLine]:
    """Yield the lines of a file up to a number; behind it another thread may be writing just now.

    Raises:
        LogDamaged: a line was changed, removed, added or moved.
    """
    with path.open("rb") as file:
        for line in chained(file):
            yield line
            if line.no == until:
                return


def last_number(path: Path) -> int:
    """Return the number of the last whole line; a guard may be writing the next one."""
    file = os.open(path, os.O_RDONLY)
    try:
        return tail(file)[0]
    finally:
        os.close(file)


def tail(file: int) -> tuple[int, str, str]:
    """Return number and hash of the last whole line, and what the next one chains to; only the file's end is read.

    What somebody else wrote behind it stays there and is found by `chained`; the practice goes on working.
    """
    size = os.fstat(file).st_size
    step = 1 << 16
    while True:
        start = max(0, size - step)
        lines = os.pread(file, size - start, start).split(b"\n")
        whole = lines[:-1] if start == 0 else lines[1:-1]
        for at in range(len(whole) - 1, -1, -1):
            found = _WHOLE.fullmatch(whole[at])
            if found:
                digest = found[2].decode("ascii")
                return int(found[1]), digest, _over_torn(digest, whole[at + 1 :])
        if start == 0:
            return 0, START, _over_torn(START, whole)
        step *= 4


def _over_torn(before: str, lines: Iterable[bytes]) -> str:
    for text in lines:
        before = link(before, text) if text.endswith(b" T") else before
    return before


# --- heads -----------------------------------------------------------------------------------------------------------


def head_message(practice: UUID, no: int, digest: str, before: str) -> bytes:
    """Return what a head's signature covers.

    Args:
        practice: whose log it is.
        no: number of the last line under the head.
        digest: that line's hash.
        before: hash of the line before in the file of heads, so that none can be taken out unseen.
    """
    return f"arkanum log head {practice} {no} {digest} {before}".encode()


def last_head(file: int) -> str:
    """Return what the next head in this file chains to."""
    before = START
    for text in os.pread(file, os.fstat(file).st_size, 0).split(b"\n")[:-1]:
        before = link(before, text) if text.endswith(b" T") else sha256(text).hexdigest()
    return before


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a log is checked against: whose it must be, the public key of its heads, and the heads themselves."""

    practice: UUID
    public: bytes
    heads: Iterable[bytes]

    @classmethod
    def beside(cls, path: Path, practice: UUID, public: bytes) -> Evidence:
        """Take the heads from the file beside a log; nothing where it is gone."""
        heads = heads_of(path)
        return cls(practice, public, heads.read_bytes().splitlines(keepends=True) if heads.exists() else ())


def check(
    evidence: Evidence, lines: Iterable[bytes], *, until: int | None = None, wanted: Container[int] = ()
) -> Checked:
    """Check a whole log: numbers, chain, and every signed head.

    Args:
        evidence: whose log it must be, and its heads.
        lines: the lines of the log, each with its line feed.
        until: number of the last line that is surely whole.
        wanted: numbers of lines whose hashes the caller wants to compare with something kept outside.

    Raises:
        LogDamaged: with the first bad line; 0 where the heads themselves are bad.
    """
    signed, bad = _signed(evidence)
    digests: dict[int, str] = {}
    left = dict(signed)
    torn = _Torn(lines)
    last = RawLine(0, "", b"", START)
    for line in chained(torn):
        last = line
        if left.pop(line.no, line.digest) != line.digest:
            raise LogDamaged(line.no, "Unterschriebene Zeilen wurden ersetzt.")
        if line.no in wanted:
            digests[line.no] = line.digest
        if line.no == until:
            break
    _missing(left, last)
    if bad is not None:
        raise bad
    return Checked(last.no, last.digest, max(signed, default=0), torn.count, digests)


def _missing(left: dict[int, str], last: RawLine) -> None:
    if left:
        raise LogDamaged(last.no + 1, "Unterschriebene Zeilen fehlen am Ende.")


class _Torn:
    """Count torn lines on the way."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for raw in self.lines:
            self.count += raw.endswith(b" T\n") or not raw.endswith(b"\n")
            yield raw


def _signed(evidence: Evidence) -> tuple[dict[int, str], LogDamaged | None]:
    """Return the good heads up to the first bad one, and what is wrong with that one."""
    found: dict[int, str] = {}
    before, no = START, 0
    for raw in evidence.heads:
        text = raw.rstrip(b"\n")
        if text.endswith(b" T"):
            before = link(before, text)
            continue
        if not raw.endswith(b"\n"):
            break  # torn just now
        try:
            no, digest, signature = _parse_head(text)
            verify(evidence.public, head_message(evidence.practice, no, digest, before), signature)
        except LogDamaged as bad:
            return found, bad
        except VaultError:
            return found, LogDamaged(no, "Die Unterschrift unter dem Kopf der Kette ist falsch.")
        if not found and no > FIRST_HEAD:
            return found, LogDamaged(no, "Vor dem ersten Kopf der Kette fehlen ältere Unterschriften.")
        found[no] = digest
        before = sha256(text).hexdigest()
    return found, None if found else LogDamaged(0, "Die Datei mit den Unterschriften fehlt oder ist leer.")


def _parse_head(text: bytes) -> tuple[int, str, bytes]:
    try:
        number, digest, signature = text.decode("ascii").split(" ")
        return int(number), digest, b64decode(signature, validate=True)
    except ValueError as error:
        raise LogDamaged(0, "Ein Kopf der Kette ist unlesbar.") from error
