# SPDX-License-Identifier: MPL-2.0
"""Symmetric keys: 32 random bytes that do not show themselves."""

import secrets
from typing import Self, final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hmac import HMAC

from arkanum.vault.secret import Secret

KEY_BYTES = 32
_SHA256 = hashes.SHA256()


@final
class Key(Secret):
    """A symmetric key of 256 uniformly random bits.

    Equality takes the same time whatever the bytes. Keys are not hashable: a dictionary of keys
    would compare them byte by byte.
    """

    __slots__ = ("_mac", "_raw")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(raw)}")
        self._raw = bytes(raw)
        # Keyed once: each derivation copies this state, which is half the price of keying anew.
        self._mac = HMAC(self._raw, _SHA256)

    @classmethod
    def new(cls) -> Self:
        """Return a fresh random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Return the key with these bytes.

        Args:
            raw: 32 uniformly random bytes; never a pass phrase.

        Raises:
            ValueError: not 32 bytes.
        """
        return cls(raw)

    def expose(self) -> bytes:
        """Return the secret bytes. Every caller is a place for a reviewer to look at."""
        return self._raw

    def derive(self, purpose: str, context: bytes = b"") -> "Key":
        """Return the key for one purpose, from which this one cannot be computed back.

        Args:
            purpose: what the derived key is for; a fixed text in the code.
            context: what tells derived keys of one purpose apart, such as an id.

        Raises:
            ValueError: the purpose is empty or longer than 255 bytes.
        """
        label = purpose.encode()
        if not 1 <= len(label) <= 255:  # noqa: PLR2004 - one byte holds the length
            raise ValueError("a purpose has 1 to 255 bytes")
        return Key(self.expand(b"arkanum/1/derive\0" + bytes((len(label),)) + label + context))

    def expand(self, info: bytes) -> bytes:
        """Return the first 32 bytes of HKDF-Expand-SHA256 under this key.

        The key is already uniform, so the extract step has nothing to do (RFC 5869, 3.3), and
        32 bytes are one HMAC: T(1) = HMAC(key, info | 0x01).

        Args:
            info: begins with a label of the vault that ends in a zero byte, so that no two
                uses of one key can meet.

        Source: RFC 5869, section 2.3.
        """
        mac = self._mac.copy()
        mac.update(info + b"\x01")
        return mac.finalize()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return bytes_eq(self._raw, other._raw)
