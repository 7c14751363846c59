# SPDX-License-Identifier: MPL-2.0
"""The log: one append-only file a practice, hash-chained, its bodies sealed to the `log` ring.

Each line is ASCII: `number kind base64(body) sha256`, where the hash covers the hash before it and the line
itself. Kinds:

- `S` opens a segment: a fresh symmetric key, sealed to the public key of the log ring (so the guard can write
  while nobody who may read is signed in);
- `L` is an event, sealed under that segment key and bound to its number;
- `T` closes what a power cut left half-written.

A signed head (number, hash) goes into `NAME.heads`. Source: `design.md`, "The log"; bytes in `docs/format.md`.
"""

from __future__ import annotations

import errno
import os
import re
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec

from arkanum.core.ids import new_id
from arkanum.guard.errors import LogBroken
from arkanum.vault import (
    Key,
    Place,
    PrivateKey,
    PublicKey,
    Sealed,
    SigningKey,
    VaultError,
    open_with,
    seal,
    seal_to,
    unseal,
    verify,
)

START = "0" * 64
"""The hash before the first line."""

HEAD_EVERY = 64
"""A signed head is written at least every so many lines, at every unseal and at every end."""


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
class RawLine:
    """A line as it stands in the file."""

    no: int
    kind: str
    body: bytes
    digest: str


class LogDamaged(LogBroken):
    """The chain does not hold; `line` is the first bad line's number, `reason` a German sentence."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep number and reason."""
        super().__init__(line)
        self.line = line
        self.reason = reason


class Log:
    """One practice's log, open for appending. Thread safe; every append is on disk when it returns."""

    def __init__(self, path: Path, practice: UUID, ring: PublicKey) -> None:
        """Open the file, mend a torn last line, and begin a segment of its own.

        Args:
            path: the log's file; its folder exists and belongs to the guard alone.
            practice: bound into every body, so that a line cannot move to another practice's log.
            ring: the public key of the log ring.

        Raises:
            LogBroken: the file cannot be opened or written, or its tail does not hold.
        """
        self.path = path
        self._practice = practice
        self._lock = threading.Lock()
        self._signer: SigningKey | None = None
        self._unsigned = 0
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise LogBroken from error
        self._no, self._digest = _tail(self._file)
        self._segment = new_id()
        self._key = Key.new()
        self._begin(ring)

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
            self._begin(ring)

    def append(self, event: Event, *, durable: bool = True) -> int:
        """Write an event and return its line number once it is on disk.

        Args:
            event: what is about to happen.
            durable: `False` for a note about something already durable elsewhere; the next line carries it.

        Raises:
            LogBroken: the disk did not take it; the caller must release nothing.
        """
        with self._lock:
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

    def _begin(self, ring: PublicKey) -> None:
        place = Place("log", str(self._practice), self._segment, self._no + 1)
        sealed = seal_to(ring, place, self._key.expose())
        self._write("S", self._segment.bytes + sealed.to_storage())

    def _write(self, kind: str, body: bytes, *, durable: bool = True) -> int:
        text = f"{self._no + 1} {kind} {b64encode(body).decode()}"
        digest = _chain(self._digest, text)
        try:
            self._mend()
            _put(self._file, f"{text} {digest}\n".encode())
            # From here the line stands in the file, even if the disk then fails to promise it: the next one follows it.
            self._no += 1
            self._digest = digest
            self._unsigned += 1
            if durable:
                os.fdatasync(self._file)
        except OSError as error:
            raise LogBroken from error
        if self._unsigned >= HEAD_EVERY:
            self._sign()
        return self._no

    def _mend(self) -> None:
        """Close a line that a power cut or a full disk left half-written."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            _put(self._file, b" T\n")

    def _sign(self) -> None:
        if self._signer is None or not self._unsigned:
            return
        signature = b64encode(self._signer.sign(head_message(self._practice, self._no, self._digest)))
        line = f"{self._no} {self._digest} {signature.decode()}\n".encode()
        try:
            heads = os.open(heads_of(self.path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _put(heads, line)
                os.fsync(heads)
            finally:
                os.close(heads)
        except OSError as error:
            raise LogBroken from error
        self._unsigned = 0


def heads_of(path: Path) -> Path:
    """Return the file of signed heads beside a log."""
    return path.with_suffix(".heads")


def head_message(practice: UUID, no: int, digest: str) -> bytes:
    """Return what a head's signature covers."""
    return f"arkanum log head {practice} {no} {digest}".encode()


def last_number(path: Path) -> int:
    """Return the number of the last whole line; a guard may be writing the next one.

    Raises:
        LogDamaged: the end of the file holds no line.
    """
    file = os.open(path, os.O_RDONLY)
    try:
        return _tail(file)[0]
    finally:
        os.close(file)


def read_lines(path: Path, until: int) -> Iterator[RawLine]:
    """Yield the lines up to a number, oldest first, checking numbers and chain on the way.

    Args:
        path: the log's file.
        until: the last line that is surely whole; behind it another thread may be writing just now.

    Raises:
        LogDamaged: a line was changed, removed, added or moved.
    """
    digest, expected = START, 1
    with path.open("rb") as file:
        for raw in file:
            if raw.endswith(b" T\n"):
                continue  # torn by a power cut: it released nothing, and the chain goes on from the line before
            line = _parse(raw, expected)
            digest = _chain(digest, f"{line.no} {line.kind} {b64encode(line.body).decode()}")
            if digest != line.digest:
                raise LogDamaged(expected, "Die Zeile passt nicht zur Kette: geändert, entfernt oder verschoben.")
            expected += 1
            yield line
            if line.no == until:
                return


def open_lines(path: Path, until: int, practice: UUID, ring_keys: list[PrivateKey]) -> Iterator[tuple[int, Event]]:
    """Yield the events up to a line with their numbers, oldest first.

    Args:
        path: the log's file.
        until: number of the last line.
        practice: whose log it is.
        ring_keys: private keys of the log ring, newest first (older segments were sealed to older ones).

    Raises:
        LogDamaged: chain or body does not hold.
    """
    key, segment = None, practice
    for line in read_lines(path, until):
        if line.kind == "S":
            segment = UUID(bytes=line.body[:16])
            key = _segment_key(Sealed.from_storage(line.body[16:]), practice, segment, line.no, ring_keys)
        elif key is None:
            raise LogDamaged(line.no, "Vor der Zeile fehlt der Anfang ihres Abschnitts.")
        else:
            place = Place("log", str(practice), segment, line.no)
            try:
                yield line.no, EVENT.decode(unseal(key, place, Sealed.from_storage(line.body)))
            except (VaultError, msgspec.DecodeError) as error:
                raise LogDamaged(line.no, "Der versiegelte Inhalt der Zeile wurde verändert.") from error


def check_heads(path: Path, practice: UUID, public: bytes, digests: Callable[[int], str | None]) -> None:
    """Check every signed head against the chain.

    Args:
        path: the log's file.
        practice: whose log it is.
        public: the Ed25519 public key of the practice's log.
        digests: gives a line's hash by its number, `None` when the line is not there.

    Raises:
        LogDamaged: there is no head, one is not signed by this practice, or the chain under it is another one or
            shorter.
    """
    heads = heads_of(path)
    lines = heads.read_text("ascii", "replace").splitlines() if heads.exists() else []
    if not lines:
        raise LogDamaged(0, "Die Datei mit den Unterschriften fehlt.")
    for text in lines:
        number, digest, signature = _parse_head(text)
        try:
            verify(public, head_message(practice, number, digest), signature)
        except VaultError as error:
            raise LogDamaged(number, "Die Unterschrift unter dem Kopf der Kette ist falsch.") from error
        if digests(number) != digest:
            raise LogDamaged(number, "Unterschriebene Zeilen fehlen am Ende oder wurden ersetzt.")


EVENT = msgspec.msgpack.Decoder(Event)


def now() -> datetime:
    """Return the aware time of this moment in UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _put(file: int, line: bytes) -> None:
    if os.write(file, line) != len(line):
        raise OSError(errno.ENOSPC, "half a line")


def _chain(before: str, text: str) -> str:
    return sha256(f"{before} {text}".encode()).hexdigest()


def _segment_key(sealed: Sealed, practice: UUID, segment: UUID, no: int, ring_keys: list[PrivateKey]) -> Key:
    place = Place("log", str(practice), segment, no)
    for private in ring_keys:
        try:
            return Key.from_bytes(open_with(private, place, sealed))
        except VaultError:
            continue
    raise LogDamaged(no, "Der Anfang des Abschnitts lässt sich mit keinem Schlüssel des Rings öffnen.")


def _parse(raw: bytes, expected: int) -> RawLine:
    try:
        number, kind, body, digest = raw.decode("ascii").rstrip("\n").split(" ")
        if int(number) != expected or kind not in {"S", "L"} or not raw.endswith(b"\n"):
            raise LogDamaged(expected, "Eine Zeile fehlt, ist doppelt oder von unbekannter Art.")
        return RawLine(expected, kind, b64decode(body, validate=True), digest)
    except ValueError as error:
        raise LogDamaged(expected, "Die Zeile ist unlesbar.") from error


def _parse_head(text: str) -> tuple[int, str, bytes]:
    try:
        number, digest, signature = text.split(" ")
        return int(number), digest, b64decode(signature, validate=True)
    except ValueError as error:
        raise LogDamaged(0, "Ein Kopf der Kette ist unlesbar.") from error


_WHOLE = re.compile(rb"([0-9]{1,18}) [SL] [A-Za-z0-9+/=]+ ([0-9a-f]{64})")


def _tail(file: int) -> tuple[int, str]:
    """Return number and hash of the last whole line, reading only the file's end.

    What somebody else wrote behind it stays there and is found by `read_lines`; the practice goes on working.
    """
    size = os.fstat(file).st_size
    step = 1 << 16
    while True:
        start = max(0, size - step)
        lines = os.pread(file, size - start, start).split(b"\n")
        for line in reversed(lines[:-1] if start == 0 else lines[1:-1]):
            whole = _WHOLE.fullmatch(line)
            if whole:
                return int(whole[1]), whole[2].decode("ascii")
        if start == 0:
            return 0, START
        step *= 4
