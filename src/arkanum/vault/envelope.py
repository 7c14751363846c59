# SPDX-License-Identifier: MPL-2.0
"""Envelopes: bytes sealed under a key for one place."""

import secrets
from typing import Final, Never, Self, final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from arkanum.vault.errors import Tampered
from arkanum.vault.header import (
    FORMAT,
    HEADER_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    Kind,
    header,
    read_header,
)
from arkanum.vault.key import KEY_BYTES, Key
from arkanum.vault.place import Place

ENCAPSULATION_BYTES = 1120
"""ML-KEM-768 ciphertext (1088) and X25519 share (32)."""

_BODY = HEADER_BYTES + NONCE_BYTES
_SMALLEST: Final = {
    Kind.RECORD: _BODY + TAG_BYTES,
    Kind.KEY: _BODY + KEY_BYTES + TAG_BYTES,
    Kind.LETTER: HEADER_BYTES + ENCAPSULATION_BYTES + TAG_BYTES,
}
_LABELS: Final = {Kind.RECORD: b"arkanum/1/record\0", Kind.KEY: b"arkanum/1/key\0"}


@final
class Sealed:
    """Ciphertext, and never anything else.

    Made by the vault's functions, or by `from_storage` from bytes that have the header of an
    envelope. Plaintext cannot become `Sealed` by accident: there is no constructor, and no
    text and no encoded record begins with the marker byte.
    """

    __slots__ = ("_kind", "_raw")
    _raw: bytes
    _kind: Kind

    def __init__(self) -> None:
        raise TypeError("only the vault makes Sealed; bytes from storage go through from_storage")

    @classmethod
    def from_storage(cls, raw: bytes | memoryview) -> Self:
        """Take back what `to_storage` gave.

        Args:
            raw: the bytes as they lay in the database (SQLite gives bytes, psycopg a
                memoryview).

        Raises:
            UnknownFormat: not an envelope, or one of a newer version.
            Tampered: too short to be whole.
        """
        owned = bytes(raw)
        kind, _ = read_header(owned)
        smallest = _SMALLEST.get(kind)
        if smallest is None:
            raise Tampered("a stream is a file, not a cell")
        if len(owned) < smallest:
            raise Tampered("envelope is cut short")
        self = object.__new__(cls)
        object.__setattr__(self, "_raw", owned)
        object.__setattr__(self, "_kind", kind)
        return self

    def to_storage(self) -> bytes:
        """Return the bytes to store."""
        return self._raw

    @property
    def kind(self) -> Kind:
        """What the envelope holds."""
        return self._kind

    @property
    def format(self) -> int:
        """Number of the format; 1 is the only one so far."""
        return FORMAT

    @property
    def epoch(self) -> int:
        """Number of the key it was sealed with."""
        return int.from_bytes(self._raw[3:HEADER_BYTES], "big")

    def __len__(self) -> int:
        return len(self._raw)

    def __repr__(self) -> str:
        return f"<Sealed: {len(self._raw)} bytes>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sealed):
            return NotImplemented
        return self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("Sealed does not change")

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return Sealed.from_storage, (self._raw,)


def seal(key: Key, place: Place, plaintext: bytes, *, epoch: int = 0) -> Sealed:
    """Seal bytes for one place.

    Args:
        key: a chart key, epoch key or ring key; the object's own key is derived from it.
        place: where the envelope will lie.
        plaintext: up to 2 GiB; larger things are streams.
        epoch: number of `key`, so that a reader knows which one to fetch.
    """
    return _seal(Kind.RECORD, key, place, plaintext, epoch=epoch)


def unseal(key: Key, place: Place, sealed: Sealed) -> bytes:
    """Return what was sealed for this place.

    Raises:
        Tampered: wrong key, wrong place, wrong kind, or any changed byte.
    """
    return _unseal(Kind.RECORD, key, place, sealed)


def wrap(key: Key, place: Place, inner: Key, *, epoch: int = 0) -> Sealed:
    """Seal a key under another key. What is wrapped never opens as a record, nor the reverse."""
    return _seal(Kind.KEY, key, place, inner.expose(), epoch=epoch)


def unwrap(key: Key, place: Place, sealed: Sealed) -> Key:
    """Return the key that was wrapped for this place.

    Raises:
        Tampered: wrong key, wrong place, wrong kind, or any changed byte.
    """
    raw = _unseal(Kind.KEY, key, place, sealed)
    if len(raw) != KEY_BYTES:
        raise Tampered(f"{place} does not hold a key")
    return Key.from_bytes(raw)


def _seal(kind: Kind, key: Key, place: Place, plaintext: bytes, *, epoch: int) -> Sealed:
    head = header(kind, epoch)
    where = place.to_bytes()
    # Each place has its own key, so a random nonce repeats only if one place is rewritten 2**32
    # times.
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(key.expand(_LABELS[kind] + where))
    return Sealed.from_storage(head + nonce + cipher.encrypt(nonce, plaintext, head + where))


def _unseal(kind: Kind, key: Key, place: Place, sealed: Sealed) -> bytes:
    if sealed.kind is not kind:
        raise Tampered(f"{place} holds another kind of envelope")
    raw = sealed.to_storage()
    where = place.to_bytes()
    cipher = AESGCM(key.expand(_LABELS[kind] + where))
    try:
        return cipher.decrypt(raw[HEADER_BYTES:_BODY], raw[_BODY:], raw[:HEADER_BYTES] + where)
    except InvalidTag:
        raise Tampered(f"{place} does not open") from None
