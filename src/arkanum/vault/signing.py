# SPDX-License-Identifier: MPL-2.0
"""Signatures (Ed25519) under the log's heads and the roster of public keys."""

from typing import Self, final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from arkanum.vault.errors import Tampered
from arkanum.vault.secret import Secret

_KEY_BYTES = 32


@final
class SigningKey(Secret):
    """A key that signs."""

    __slots__ = ("_key",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY_BYTES:
            raise ValueError(f"a signing key has {_KEY_BYTES} bytes, not {len(raw)}")
        self._key = Ed25519PrivateKey.from_private_bytes(raw)

    @classmethod
    def new(cls) -> Self:
        """Return a fresh random signing key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Return the signing key with these bytes.

        Raises:
            ValueError: not 32 bytes.
        """
        return cls(raw)

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes with which anyone verifies."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature. The message says by itself what it is about."""
        return self._key.sign(message)

    def expose(self) -> bytes:
        """Return the secret bytes. Every caller is a place for a reviewer to look at."""
        return self._key.private_bytes_raw()


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Return if the signature is good.

    Raises:
        Tampered: other key, other message, or not a signature at all.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Tampered("signature does not fit") from None
