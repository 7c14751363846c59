# SPDX-License-Identifier: MPL-2.0
"""What a practice set for its brake: limits, and which patients are planted. One sealed row of always the same size."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from arkanum.guard.brake import Limits, bounded
from arkanum.storage import house_rules as rows
from arkanum.vault import Key, Place, Tampered, seal, unseal

MOST_CANARIES = 64
_HEAD = struct.Struct(">BHHHB")
_FORMAT = 1
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The limits, and the planted patients. Who may not see the log does not learn who these are."""

    limits: Limits = field(default_factory=Limits)
    canaries: tuple[UUID, ...] = field(default=(), repr=False)


def read(practice: UUID, site: Key, expected: bytes = b"") -> HouseRules:
    """Return what the practice set.

    Args:
        practice: whose rules.
        site: its site secret.
        expected: the fingerprint that the practice's profile keeps; nothing where none were set.

    Raises:
        Tampered: the row was changed or moved, is gone, or is an older one.
    """
    sealed = rows.read(practice)
    rules = HouseRules() if sealed is None else _decode(unseal(_key(site), _place(practice), sealed))
    if expected and (sealed is None or fingerprint(rules) != expected):
        raise Tampered("the rules of the house are not the ones that were set last")
    return rules


def fingerprint(rules: HouseRules) -> bytes:
    """Return what tells these rules from others; the same under every site secret."""
    return sha256(_said(rules)).digest()


def save(practice: UUID, site: Key, rules: HouseRules) -> None:
    """Store what the practice set; the number of planted patients does not change the size."""
    rows.save(practice, seal(_key(site), _place(practice), _encode(rules)))


def _encode(rules: HouseRules) -> bytes:
    said = _said(rules)
    return said + secrets.token_bytes(_HEAD.size + MOST_CANARIES * _ID_BYTES - len(said))


def _said(rules: HouseRules) -> bytes:
    limits = bounded(rules.limits)
    head = _HEAD.pack(_FORMAT, limits.ten_minutes, limits.hour, limits.day, len(rules.canaries))
    return head + b"".join(one.bytes for one in rules.canaries)


def _decode(raw: bytes) -> HouseRules:
    if len(raw) != _HEAD.size + MOST_CANARIES * _ID_BYTES or raw[0] != _FORMAT:
        raise Tampered("the rules of the house have another form")
    _, ten_minutes, hour, day, count = _HEAD.unpack_from(raw)
    starts = range(_HEAD.size, _HEAD.size + count * _ID_BYTES, _ID_BYTES)
    # Bounded on the way in as well: whoever could write here still gets past no ceiling.
    limits = bounded(Limits(ten_minutes, hour, day))
    return HouseRules(limits, tuple(UUID(bytes=raw[at : at + _ID_BYTES]) for at in starts))


def _key(site: Key) -> Key:
    return site.derive("house_rules")


def _place(practice: UUID) -> Place:
    return Place("house_rules", "body", practice)
