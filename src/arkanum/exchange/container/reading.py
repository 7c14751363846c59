# SPDX-License-Identifier: MPL-2.0
"""Reading a container with the recipient's private key."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from arkanum.exchange.container.errors import ContainerDamaged, ContainerUnfinished
from arkanum.exchange.container.writing import END, FINGERPRINT_BYTES, MAGIC, PART, place
from arkanum.vault import Key, PrivateKey, Sealed, VaultError, open_stream, open_with

LARGEST_LETTER = 64 * 1024
LARGEST_STREAM = 4 * 1024**3


def lines_of(file: BinaryIO, private: PrivateKey) -> Iterator[bytes]:
    """Yield the lines of a container, one a patient, in the order they were written.

    Each line is genuine when it comes out; only the end of the iteration says that none is missing.

    Raises:
        ContainerDamaged: not a container, not for this key, or changed.
        ContainerUnfinished: the end is missing.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise ContainerDamaged
    head = file.read(16 + FINGERPRINT_BYTES)
    if head[16:] != private.public.fingerprint():
        raise ContainerDamaged
    export, expected = UUID(bytes=head[:16]), 0
    while True:
        number, letter, stream = _frame(file)
        try:
            secret = open_with(private, place(export, number), Sealed.from_storage(letter))
            if number == END:
                _require_end(file, secret, expected)
                return
            if number != expected:
                raise ContainerDamaged
            yield from _lines(open_stream(Key.from_bytes(secret), place(export, number), io.BytesIO(stream)))
        except (VaultError, ValueError) as error:
            raise ContainerDamaged from error
        expected += 1


def _frame(file: BinaryIO) -> tuple[int, bytes, bytes]:
    raw = file.read(PART.size)
    if len(raw) < PART.size:
        raise ContainerUnfinished
    number, letter, stream = PART.unpack(raw)
    if letter > LARGEST_LETTER or stream > LARGEST_STREAM:
        raise ContainerDamaged
    body = file.read(letter), file.read(stream)
    if (len(body[0]), len(body[1])) != (letter, stream):
        raise ContainerUnfinished
    return number, *body


def _require_end(file: BinaryIO, secret: bytes, parts: int) -> None:
    if int.from_bytes(secret, "big") != parts or file.read(1):
        raise ContainerDamaged


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest
