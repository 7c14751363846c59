# SPDX-License-Identifier: MPL-2.0
"""The log: one append-only file a practice, hash-chained, its bodies sealed to the `log` ring.

Each line is ASCII: `number kind base64(body) sha256`, where the hash covers the hash before it and the line
itself. Kinds:

- `S` opens a segment: a fresh symmetric key, sealed to the public key of the log ring (so the guard can write
  while nobody who may read is signed in);
- `L` is an event, sealed under that segment key and bound to its number;
- `T` closes what a power cut left half-written.

A signed head (number, hash) goes into `NAME.heads`. How both are read and checked without any key stands in
`log_chain`, how bodies are opened in `log_open`. Source: `design.md`, "The log"; bytes in `docs/format.md`.
"""

from __future__ import annotations

import errno
import os
import threading
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec

from arkanum.core.ids import new_id
from arkanum.guard.errors import DiskFull, LogBroken, PracticeSealed
from arkanum.guard.log_chain import head_message, heads_of, last_head, link, tail
from arkanum.vault import Key, Place, PublicKey, SigningKey, seal, seal_to

HEAD_EVERY = 64
"""A signed head is written at least every so many lines, at every unseal and at every end."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Event(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What happened, as it lies sealed in a line."""

    at: datetime
    what: str
    person: UUID | None = None
    device: UUID | None = None
    patient: UUID | None = None
    outcome: str = "ok"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where this process began to write: the last line before it, what its first one chains to, and the file's size."""

    no: int
    before: str
    offset: int


class Log:
    """One practice's log, open for appending. Thread safe; every append is on disk when it returns."""

    def __init__(self, path: Path, practice: UUID, ring: PublicKey) -> None:
        """Open the file, mend a torn last line, and begin a segment of its own.

        Args:
            path: the log's file; its folder exists and belongs to the guard alone.
            practice: bound into every body, so that a line cannot move to another practice's log.
            ring: the public key of the log ring.

        Raises:
            LogBroken: the file cannot be opened or written, or its tail does not hold. A full disk is none: the segment
                then begins with the first line for which there is room.
        """
        self.path = path
        self._practice = practice
        self._lock = threading.Lock()
        self._signer: SigningKey | None = None
        self._unsigned = 0
        self._head: str | None = None
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise LogBroken from error
        self._no, self._digest, self._before = tail(self._file)
        self.begun = Begun(self._no, self._before, os.fstat(self._file).st_size - len(_half_line(self._file)))
        self._segment = new_id()
        self._key = Key.new()
        self._waiting: PublicKey | None = ring
        # A full disk must not keep the guard from starting: it would take away the page that says so.
        with suppress(DiskFull):
            self._begin_if_waiting()

    @property
    def verify_key(self) -> bytes | None:
        """The public key of the heads, taken from the sealed signing key; `None` while sealed."""
        with self._lock:
            return None if self._signer is None else self._signer.public_bytes

    @property
    def end(self) -> tuple[int, str]:
        """Number and hash of the last line, as this process wrote it."""
        with self._lock:
            return self._no, self._digest

    def restart(self, ring: PublicKey) -> None:
        """Begin another segment, sealed to another public key of the log ring."""
        with self._lock:
            self._segment, self._key = new_id(), Key.new()
            self._waiting = ring
            self._begin_if_waiting()

    def append(self, event: Event, *, durable: bool = True) -> int:
        """Write an event and return its line number once it is on disk.

        Args:
            event: what is about to happen.
            durable: `False` for a note about something already durable elsewhere; the next line carries it.

        Raises:
            LogBroken: the disk did not take it; the caller must release nothing.
        """
        with self._lock:
            self._begin_if_waiting()
            place = Place("log", str(self._practice), self._segment, self._no + 1)
            body = seal(self._key, place, msgspec.msgpack.encode(event)).to_storage()
            return self._write("L", body, durable=durable)

    def sign_with(self, signer: SigningKey) -> None:
        """Take the practice's signing key (known once somebody has signed in) and sign the head."""
        with self._lock:
            self._signer = signer
            self._sign()

    def sign_head(self) -> None:
        """Sign the newest line now."""
        with self._lock:
            self._sign()

    def signed_end(self) -> tuple[int, str]:
        """Sign the newest line and return its number and hash.

        Raises:
            PracticeSealed: nobody is signed in.
        """
        with self._lock:
            if self._signer is None:
                raise PracticeSealed
            self._sign()
            return self._no, self._digest

    def sign(self, message: bytes) -> bytes:
        """Sign what is carried outside; the message says by itself what it is about.

        Raises:
            PracticeSealed: nobody is signed in.
        """
        with self._lock:
            if self._signer is None:
                raise PracticeSealed
            return self._signer.sign(message)

    def forget_signer(self) -> None:
        """Sign the newest line and let go of the signing key: the practice is being sealed."""
        with self._lock:
            try:
                self._sign()
            finally:
                self._signer = None

    def close(self) -> None:
        """Let the file go; whoever sealed the practice has signed the last head."""
        with self._lock:
            os.close(self._file)

    def _begin_if_waiting(self) -> None:
        ring = self._waiting
        if ring is None:
            return
        place = Place("log", str(self._practice), self._segment, self._no + 1)
        sealed = seal_to(ring, place, self._key.expose())
        self._write("S", self._segment.bytes + sealed.to_storage())
        self._waiting = None

    def _write(self, kind: str, body: bytes, *, durable: bool = True) -> int:
        text = f"{self._no + 1} {kind} {b64encode(body).decode()}".encode()
        try:
            self._mend()
            digest = link(self._before, text)
            _put(self._file, b"%s %s\n" % (text, digest.encode()))
            # From here the line stands in the file, even if the disk then fails to promise it: the next one follows it.
            self._no += 1
            self._digest = self._before = digest
            self._unsigned += 1
            if durable:
                os.fdatasync(self._file)
        except OSError as error:
            raise (DiskFull if error.errno in FULL else LogBroken) from error
        if self._unsigned >= HEAD_EVERY:
            self._sign()
        return self._no

    def _mend(self) -> None:
        """Close a line that a power cut or a full disk left half-written; the next line's hash covers it."""
        half = _half_line(self._file)
        if half:
            _put(self._file, b" T\n")
            self._before = link(self._before, half + b" T")

    def _sign(self) -> None:
        if self._signer is None or not self._unsigned:
            return
        try:
            heads = os.open(heads_of(self.path), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                self._sign_in(heads, self._signer)
            finally:
                os.close(heads)
        except OSError as error:
            raise LogBroken from error
        self._unsigned = 0

    def _sign_in(self, heads: int, signer: SigningKey) -> None:
        """Write a head; what this process wrote last is in memory, so that it carries on no file that was exchanged."""
        if self._head is None:
            self._head = last_head(heads)
        if half := _half_line(heads):
            _put(heads, b" T\n")
            self._head = link(self._head, half + b" T")
        signature = signer.sign(head_message(self._practice, self._no, self._digest, self._head))
        line = f"{self._no} {self._digest} {b64encode(signature).decode()}".encode()
        _put(heads, line + b"\n")
        self._head = sha256(line).hexdigest()
        os.fsync(heads)


def now() -> datetime:
    """Return the aware time of this moment in UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _put(file: int, line: bytes) -> None:
    if os.write(file, line) != len(line):
        raise OSError(errno.ENOSPC, "half a line")


def _half_line(file: int) -> bytes:
    """Return what stands behind the last line feed of a file; hardly ever anything."""
    size = os.fstat(file).st_size
    if not size or os.pread(file, 1, size - 1) == b"\n":
        return b""
    step = 1 << 12
    while True:
        start = max(0, size - step)
        _, feed, half = os.pread(file, size - start, start).rpartition(b"\n")
        if feed or start == 0:
            return half
        step *= 4
