# SPDX-License-Identifier: MPL-2.0
"""Writing a container: a head, parts that each open alone, and an end without which it is not whole."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterable
from typing import Any, BinaryIO
from uuid import UUID

from arkanum.exchange.container.errors import ContainerDamaged
from arkanum.vault import Key, Place, PublicKey, SealWriter, seal_to

MAGIC = b"ARKANUM EXPORT 1\n"
FINGERPRINT_BYTES = 32
HEAD_BYTES = len(MAGIC) + 16 + FINGERPRINT_BYTES
PART = struct.Struct(">IIQ")
"""Number of the part, bytes of its letter, bytes of its stream."""

END = 0xFFFF_FFFF


def begin(export: UUID, public: PublicKey) -> bytes:
    """Return the head: the export's id, and whose key opens it."""
    return MAGIC + export.bytes + public.fingerprint()


def sealed_part(export: UUID, public: PublicKey, number: int, patients: Iterable[dict[str, Any]]) -> bytes:
    """Return one part: a fresh key sealed to the recipient, and the patients' lines sealed under it.

    Args:
        export: the export's id.
        public: the recipient's key.
        number: of the part, from 0.
        patients: what is kept of each, as plain values.
    """
    key, file = Key.new(), io.BytesIO()
    with SealWriter(key, place(export, number), file) as writer:
        for patient in patients:
            writer.write(json.dumps(patient, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return _framed(export, public, number, key.expose(), file.getvalue())


def finish(export: UUID, public: PublicKey, parts: int) -> bytes:
    """Return the end: how many parts there are, sealed to the recipient."""
    return _framed(export, public, END, parts.to_bytes(4, "big"), b"")


def parts_written(file: BinaryIO, export: UUID, public: PublicKey) -> tuple[int, int]:
    """Return how many whole parts a container holds that was interrupted, and where the next one begins.

    Raises:
        ContainerDamaged: it is another export's file.
    """
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    head = begin(export, public)
    if file.read(len(head)) != head:
        raise ContainerDamaged
    parts, at = 0, len(head)
    while at + PART.size <= size:
        number, letter, stream = PART.unpack(file.read(PART.size))
        if number != parts or at + PART.size + letter + stream > size:
            break
        at += PART.size + letter + stream
        file.seek(at)
        parts += 1
    return parts, at


def place(export: UUID, number: int) -> Place:
    """Return where a part belongs: it opens in this export at this number and nowhere else."""
    return Place("export", "part", export, number)


def _framed(export: UUID, public: PublicKey, number: int, secret: bytes, stream: bytes) -> bytes:
    letter = seal_to(public, place(export, number), secret).to_storage()
    return PART.pack(number, len(letter), len(stream)) + letter + stream
