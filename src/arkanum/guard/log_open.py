# SPDX-License-Identifier: MPL-2.0
"""Open the bodies of the log's lines with the private keys of the log ring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from arkanum.guard.log import Event
from arkanum.guard.log_chain import LogDamaged, RawLine, read_lines
from arkanum.vault import Key, Place, PrivateKey, Sealed, VaultError, open_with, unseal

RingKeys = Callable[[], Sequence[PrivateKey]]

EVENT = msgspec.msgpack.Decoder(Event)


class Opener:
    """Opens lines one after the other; remembers which segment it is in."""

    def __init__(self, practice: UUID, ring_keys: RingKeys) -> None:
        """Begin before the first line.

        Args:
            practice: whose log it is.
            ring_keys: returns the private keys of the log ring, newest first (older segments were sealed to older
                ones).
        """
        self._practice = practice
        self._ring_keys = ring_keys
        self._key: Key | None = None
        self._segment = practice

    @property
    def segment(self) -> tuple[UUID, Key] | None:
        """Id and key of the segment that the last line belonged to."""
        return None if self._key is None else (self._segment, self._key)

    def open(self, line: RawLine) -> Event | None:
        """Return the event of a line, nothing for one that opens a segment.

        Raises:
            LogDamaged: the body does not open at this place.
        """
        if line.kind == "S":
            self._key = None
            self._segment = UUID(bytes=line.body[:16])
            self._key = self._segment_key(Sealed.from_storage(line.body[16:]), line.no)
            return None
        if self._key is None:
            raise LogDamaged(line.no, "Vor der Zeile fehlt der Anfang ihres Abschnitts.")
        return open_body(self._practice, self._segment, self._key, line)

    def _segment_key(self, sealed: Sealed, no: int) -> Key:
        place = Place("log", str(self._practice), self._segment, no)
        for private in self._ring_keys():
            try:
                return Key.from_bytes(open_with(private, place, sealed))
            except VaultError:
                continue
        raise LogDamaged(no, "Der Anfang des Abschnitts lässt sich mit keinem Schlüssel des Rings öffnen.")


def open_body(practice: UUID, segment: UUID, key: Key, line: RawLine) -> Event:
    """Open the body of one line with its segment's key.

    Raises:
        LogDamaged: it does not open at this place.
    """
    place = Place("log", str(practice), segment, line.no)
    try:
        return EVENT.decode(unseal(key, place, Sealed.from_storage(line.body)))
    except (VaultError, msgspec.DecodeError) as error:
        raise LogDamaged(line.no, "Der versiegelte Inhalt der Zeile wurde verändert.") from error


def open_lines(path: Path, until: int, practice: UUID, ring_keys: Sequence[PrivateKey]) -> Iterator[tuple[int, Event]]:
    """Yield the events up to a line with their numbers, oldest first.

    Raises:
        LogDamaged: chain or body does not hold.
    """
    opener = Opener(practice, lambda: ring_keys)
    for line in read_lines(path, until):
        event = opener.open(line)
        if event is not None:
            yield line.no, event
