# SPDX-License-Identifier: MPL-2.0
"""The first bytes of everything sealed: marker, format, kind, key epoch."""

import struct
from enum import IntEnum
from typing import Final

from arkanum.vault.errors import Tampered, UnknownFormat

MARKER = 0xC1
"""Never the first byte of UTF-8 text nor of msgpack, so plaintext cannot pass for an envelope."""

FORMAT = 1
HEADER_BYTES = 7
NONCE_BYTES = 12
TAG_BYTES = 16

_HEADER = struct.Struct(">BBBI")
_LATEST_EPOCH = 0xFFFF_FFFF


class Kind(IntEnum):
    """What an envelope holds; part of what is authenticated."""

    RECORD = 1
    KEY = 2
    LETTER = 3
    STREAM = 4


_KINDS: Final = {int(kind): kind for kind in Kind}


def header(kind: Kind, epoch: int) -> bytes:
    """Return the seven first bytes of an envelope.

    Args:
        kind: what the envelope holds.
        epoch: number of the key it is sealed with, from 0 to 2**32 - 1.

    Raises:
        ValueError: the epoch does not fit.
    """
    if not 0 <= epoch <= _LATEST_EPOCH:
        raise ValueError("an epoch is a number from 0 that fits into 32 bits")
    return _HEADER.pack(MARKER, FORMAT, kind, epoch)


def read_header(raw: bytes) -> tuple[Kind, int]:
    """Return kind and epoch from the first seven bytes.

    Raises:
        Tampered: shorter than a header.
        UnknownFormat: not an envelope, or of a format or kind this version does not know.
    """
    if len(raw) < HEADER_BYTES:
        raise Tampered("shorter than the header of an envelope")
    marker, version, kind, epoch = _HEADER.unpack_from(raw)
    if marker != MARKER:
        raise UnknownFormat("not an envelope")
    if version != FORMAT:
        raise UnknownFormat(f"envelope format {version} is not known here")
    if kind not in _KINDS:
        raise UnknownFormat(f"envelope kind {kind} is not known here")
    return _KINDS[kind], epoch
