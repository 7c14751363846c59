# SPDX-License-Identifier: MPL-2.0
"""Streams: files sealed in chunks of 64 KiB, so that a large one never lies whole in memory.

Each chunk carries its number and whether it is the last one in its nonce, and the key belongs to
this one file. A chunk that is missing, repeated, moved or from another file does not open.
"""

import secrets
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self, final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from arkanum.vault.errors import Tampered
from arkanum.vault.header import HEADER_BYTES, TAG_BYTES, Kind, header, read_header
from arkanum.vault.key import Key
from arkanum.vault.place import Place

CHUNK_BYTES = 64 * 1024
"""Plaintext of one chunk. Measured: larger ones are not faster."""

_SALT_BYTES = 32
_COUNTER_BYTES = 11
_PREFIX_BYTES = HEADER_BYTES + _SALT_BYTES
_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES


class Readable(Protocol):
    """What `open_stream` needs of a file."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


class Writable(Protocol):
    """What `SealWriter` needs of a file."""

    def write(self, sealed: bytes, /) -> int | None:
        """Write these bytes; return how many, where that may be fewer."""
        ...


@final
class SealWriter:
    """Seals what is written to it into a file. Only `close` makes the file whole.

    As a context manager it closes at the end of the block, but not after an error: half a
    document then does not open, instead of passing for a whole one.
    """

    __slots__ = ("_buffer", "_chunks", "_closed", "_file")

    def __init__(self, key: Key, place: Place, file: Writable, *, epoch: int = 0) -> None:
        """Write the first bytes.

        Args:
            key: a chart key; the file's own key is derived from it.
            place: where the file belongs.
            file: open for writing bytes; stays open when this writer closes.
            epoch: number of `key`.
        """
        prefix = header(Kind.STREAM, epoch) + secrets.token_bytes(_SALT_BYTES)
        self._file = file
        self._write_fully(prefix)
        self._chunks = _Chunks(key, place, prefix)
        self._buffer = bytearray()
        self._closed = False

    def write(self, plaintext: bytes) -> None:
        """Seal more bytes.

        Raises:
            ValueError: the writer is closed.
        """
        if self._closed:
            raise ValueError("the stream is closed")
        # A full chunk is sealed only when more follows, because the last one is marked.
        view = memoryview(plaintext)
        while len(self._buffer) + len(view) > CHUNK_BYTES:
            missing = CHUNK_BYTES - len(self._buffer)
            self._seal_chunk(view[:missing], last=False)
            view = view[missing:]
        self._buffer += view

    def close(self) -> None:
        """Seal the last chunk. Closing twice does nothing."""
        if not self._closed:
            self._closed = True
            self._seal_chunk(memoryview(b""), last=True)

    def _seal_chunk(self, tail: memoryview, *, last: bool) -> None:
        plaintext: bytes | memoryview = bytes(self._buffer) + tail if self._buffer else tail
        self._buffer.clear()
        self._write_fully(self._chunks.seal(plaintext, last=last))

    def _write_fully(self, sealed: bytes) -> None:
        written = self._file.write(sealed)
        # An unbuffered file may write less and say so. Better a loud stop now than a document
        # that does not open in ten years.
        if written is not None and written != len(sealed):
            raise OSError("the file took fewer bytes than it was given")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()


def stream_epoch(beginning: bytes) -> int:
    """Return the number of the key that a sealed file needs.

    Args:
        beginning: at least the first seven bytes of the file.

    Raises:
        UnknownFormat: not an envelope, or one of a newer version.
        Tampered: cut short, or not a stream.
    """
    kind, epoch = read_header(beginning)
    if kind is not Kind.STREAM:
        raise Tampered("not a stream")
    return epoch


def open_stream(key: Key, place: Place, file: Readable) -> Iterator[bytes]:
    """Open a sealed file chunk by chunk.

    The first bytes are read at once, the chunks when asked for. Each chunk is genuine when it
    comes out, but only the end of the iteration says that the file is whole: what acts on it
    waits for that.

    Args:
        key: the key it was sealed with.
        place: where the file belongs.
        file: open for reading bytes, at the start of the envelope.

    Returns:
        Pieces of the plaintext, each but the last of 64 KiB.

    Raises:
        UnknownFormat: not an envelope, or one of a newer version.
        Tampered: at once or while iterating: wrong key, wrong place, any changed, missing,
            moved or added byte.
    """
    prefix = _read_fully(file, _PREFIX_BYTES)
    stream_epoch(prefix)
    return _open_chunks(_Chunks(key, place, prefix), file)


class _Chunks:
    """The cipher of one file and the number of its next chunk."""

    __slots__ = ("_bound", "_cipher", "_number", "_place")

    def __init__(self, key: Key, place: Place, prefix: bytes) -> None:
        self._bound = prefix + place.to_bytes()
        self._cipher = AESGCM(key.expand(b"arkanum/1/stream\0" + self._bound))
        self._number = 0
        self._place = place

    def seal(self, plaintext: bytes | memoryview, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._next_nonce(last=last), plaintext, self._bound)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        nonce = self._next_nonce(last=last)
        try:
            return self._cipher.decrypt(nonce, sealed, self._bound)
        except InvalidTag:
            raise Tampered(f"{self._place} is damaged in chunk {self._number}") from None

    def _next_nonce(self, *, last: bool) -> bytes:
        nonce = self._number.to_bytes(_COUNTER_BYTES, "big") + (b"\x01" if last else b"\x00")
        self._number += 1
        return nonce


def _open_chunks(chunks: _Chunks, file: Readable) -> Iterator[bytes]:
    sealed = _read_fully(file, _SEALED_CHUNK_BYTES)
    while following := _read_fully(file, _SEALED_CHUNK_BYTES):
        yield chunks.open(sealed, last=False)
        sealed = following
    yield chunks.open(sealed, last=True)


def _read_fully(file: Readable, size: int) -> bytes:
    """Return `size` bytes or all that is left: one read may give less than is there."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := file.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
