# SPDX-License-Identifier: MPL-2.0
"""The PIN of a person: a few digits that let a resting session go on, at its own device, within five tries.

A few digits are enough because nobody can try them but here. What tells a right PIN from a wrong one is sealed with the
person's own private key: neither a thief with disk and site secret nor an administrator opens it, so nobody can go
through the ten thousand at home. The guard has it in memory while that person's session is there, and there each wrong
try is counted. It is no key: a PIN alone opens nothing, and nothing at all once the practice is sealed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from arkanum.core.errors import WeakPin
from arkanum.core.pins import check_pin
from arkanum.guard.errors import PinTooWeak
from arkanum.storage import unlocks as rows
from arkanum.storage.models import Pin as PinRow
from arkanum.vault import Key, Place, PrivateKey, VaultError, seal, tag, unseal


class PinBody(msgspec.Struct, frozen=True, array_like=True):
    """What lies sealed of a PIN: a key of its own, and what that key makes of the digits."""

    key: bytes
    tag: bytes


@dataclass(frozen=True, slots=True)
class Pin:
    """Tells a right PIN from a wrong one, in the guard's memory."""

    key: Key = field(repr=False)
    tag: bytes = field(repr=False)

    def fits(self, typed: str) -> bool:
        """Tell whether these are the digits; takes the same time for all of one length."""
        return secrets.compare_digest(tag(self.key, typed), self.tag)


NOBODYS = Pin(Key.new(), secrets.token_bytes(32))
"""Compared with where there is no PIN, so that the answer takes its usual time."""


def require_good(pin: str) -> None:
    """Refuse a PIN that a neighbour would try first.

    Raises:
        PinTooWeak: with the German reason.
    """
    try:
        check_pin(pin)
    except WeakPin as weak:
        raise PinTooWeak((weak.reason,)) from None


def keep_pin(person: UUID, private: PrivateKey, typed: str) -> Pin:
    """Seal a PIN with the person's private key and return it for the guard's memory."""
    key = Key.new()
    pin = Pin(key, tag(key, typed))
    _save(person, private, pin)
    return pin


def open_pin(person: UUID, private: PrivateKey) -> Pin | None:
    """Return a person's PIN; nothing where there is none, or where the row was changed: then the pass phrase stays."""
    row = rows.pin(person)
    if row is None:
        return None
    try:
        body = msgspec.msgpack.decode(unseal(_key(private), _place(person), row.body), type=PinBody)
    except (VaultError, msgspec.DecodeError):
        return None
    return Pin(Key.from_bytes(body.key), body.tag)


def rewrap_pin(person: UUID, old: PrivateKey, new: PrivateKey) -> None:
    """Seal a person's PIN with their new private key."""
    pin = open_pin(person, old)
    if pin is None:
        rows.drop_pin(person)
    else:
        _save(person, new, pin)


def _save(person: UUID, private: PrivateKey, pin: Pin) -> None:
    body = msgspec.msgpack.encode(PinBody(pin.key.expose(), pin.tag))
    rows.save_pin(PinRow(person_id=person, body=seal(_key(private), _place(person), body)))


def _key(private: PrivateKey) -> Key:
    return Key.from_bytes(private.expose()).derive("pin")


def _place(person: UUID) -> Place:
    return Place("pin", "body", person)
