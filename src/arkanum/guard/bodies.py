# SPDX-License-Identifier: MPL-2.0
"""What lies sealed in the guard's own rows, and how it is sealed.

People, devices and ring keys are sealed with keys derived from the site secret, which nobody has who holds
only the database: so a thief reads no name there, and a forger cannot slip in a public key of their own.
"""

from __future__ import annotations

from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec

from arkanum.guard.roles import Ring, Role, WallKind
from arkanum.vault import Key, Place, Sealed, seal, tag, unseal

_Body = TypeVar("_Body", bound=msgspec.Struct)


class PersonBody(msgspec.Struct, frozen=True, array_like=True):
    """A person of the practice."""

    name: str
    login: str
    role: Role
    wanted: frozenset[Ring]
    fingerprint: bytes
    until: date | None = None
    must_change: bool = False
    left: bool = False
    home: str = ""
    """The wall behind which this person's new patients are from the start."""
    keys_lost: bool = False
    street: str = ""
    """Where this person lives, as they typed it themselves so that accesses to neighbours stand out; or nothing."""


class DeviceBody(msgspec.Struct, frozen=True, array_like=True):
    """A device of the practice, and the public key to which it is told the site secret."""

    name: str
    public: bytes


class PasskeyBody(msgspec.Struct, frozen=True, array_like=True):
    """A passkey: what its person calls it, where it works, and what its signature and its letters are checked with."""

    name: str
    host: str
    added: date
    credential: bytes
    cose: bytes
    counter: int
    public: bytes


class PracticeBody(msgspec.Struct, frozen=True, array_like=True):
    """The practice itself, which recovery key it made, what a guess at a pass phrase costs, and which rules it set.

    The cost also stands in the clear, for those who are not recognised; whoever lowers it there weakens nothing,
    because pass phrases are sealed at the cost that stands here. `rules` is the fingerprint of the rules of the house:
    whoever deletes their row, or puts an older one there, is noticed. Nothing until the practice has set some.
    """

    name: str
    recovery: bytes
    cost: tuple[int, int, int]
    rules: bytes = b""


class RingBody(msgspec.Struct, frozen=True, array_like=True):
    """Says under the site secret which public key a generation of a ring has."""

    ring: str
    generation: int
    public: bytes


class WallBody(msgspec.Struct, frozen=True, array_like=True):
    """A wall: what it is called, what it is for, and whether others come through in an emergency."""

    name: str
    kind: WallKind
    emergency: bool
    ring: str = ""


def person_place(person: UUID, column: str) -> Place:
    """Return where a column of a person belongs."""
    return Place("person", column, person)


def seal_body(site: Key, place: Place, body: msgspec.Struct) -> Sealed:
    """Seal a body of the guard's own rows."""
    return seal(site.derive("house"), place, msgspec.msgpack.encode(body))


def open_body(site: Key, place: Place, sealed: Sealed, kind: type[_Body]) -> _Body:
    """Open a body of the guard's own rows.

    Raises:
        Tampered: it was changed or moved.
    """
    return msgspec.msgpack.decode(unseal(site.derive("house"), place, sealed), type=kind)


def login_tag(site: Key, login: str) -> bytes:
    """Return the keyed hash under which a login name is found; case and outer blanks do not matter."""
    return tag(site.derive("login"), login.strip().casefold())
