# SPDX-License-Identifier: MPL-2.0
"""What the brake counted, kept beside the log, so that a guard that starts again knows it.

A row of envelopes under the site secret, each bound to the practice, to this run of the file and to its number: four
bytes of length (big endian), then the envelope. Not forced to the disk line by line: the end of the guard's process
loses nothing, and a power cut, which needs a hand at the server, the last seconds. Bytes in `docs/format.md`.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec

from arkanum.core.ids import new_id
from arkanum.guard.brake import Counted
from arkanum.guard.errors import LogBroken
from arkanum.vault import Key, Place, Sealed, VaultError, seal, unseal

_LENGTH = struct.Struct(">I")
_ID_BYTES = 16
_DECODER = msgspec.msgpack.Decoder(Counted)


class BrakeFile:
    """One practice's counts on the disk."""

    def __init__(self, path: Path, practice: UUID, site: Key) -> None:
        """Remember where it lies; nothing is opened yet."""
        self._path = path
        self._practice = practice
        self._key = site.derive("brake")
        self._file = -1
        self._run = practice
        self._number = 0

    def begin(self, since: float) -> tuple[list[Counted], bool]:
        """Read what was counted, and begin a new run of the file with what is still of interest.

        Args:
            since: older counts are left out.

        Returns:
            The counts, oldest first, and whether all of them opened.

        Raises:
            LogBroken: the file cannot be written.
        """
        kept, whole = self._read()
        kept = [one for one in kept if one.at >= since]
        self._begin_run(kept)
        return kept, whole

    def use_site(self, site: Key) -> None:
        """Seal everything with another site secret, from now on and what stands there.

        Raises:
            LogBroken: the file cannot be written.
        """
        kept, _ = self._read()
        self.close()
        self._key = site.derive("brake")
        self._begin_run(kept)

    def _begin_run(self, kept: list[Counted]) -> None:
        self._run, self._number = new_id(), 0
        half = self._path.with_suffix(".half")
        try:
            self._file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
            os.write(self._file, self._run.bytes)
            for one in kept:
                self.write(one)
            half.rename(self._path)
        except OSError as error:
            raise LogBroken from error

    def write(self, counted: Counted) -> None:
        """Keep one count.

        Raises:
            LogBroken: the disk did not take it; the caller must release nothing.
        """
        sealed = seal(self._key, self._place(self._number), msgspec.msgpack.encode(counted)).to_storage()
        try:
            os.write(self._file, _LENGTH.pack(len(sealed)) + sealed)
        except OSError as error:
            raise LogBroken from error
        self._number += 1

    def close(self) -> None:
        """Let the file go."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _read(self) -> tuple[list[Counted], bool]:
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return [], True
        counted: list[Counted] = []
        try:
            self._run = UUID(bytes=raw[:_ID_BYTES])
            counted.extend(self._opened(raw[_ID_BYTES:]))
        except (VaultError, ValueError, struct.error, msgspec.DecodeError):
            return counted, False
        return counted, True

    def _opened(self, raw: bytes) -> Iterator[Counted]:
        at = number = 0
        while at < len(raw):
            (length,) = _LENGTH.unpack_from(raw, at)
            at += _LENGTH.size
            sealed = Sealed.from_storage(raw[at : at + length])
            yield _DECODER.decode(unseal(self._key, self._place(number), sealed))
            at += length
            number += 1

    def _place(self, number: int) -> Place:
        return Place("brake", str(self._practice), self._run, number)
