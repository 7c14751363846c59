# SPDX-License-Identifier: MPL-2.0
"""Key pairs of people and rings: anyone seals to the public half, the private half opens.

Hybrid of X25519 and ML-KEM-768: it holds while one of the two holds, so that what is copied today
stays secret when there are quantum computers.

Source: RFC 9180 (HPKE), draft-ietf-hpke-pq (KEM 0x647a), draft-connolly-cfrg-xwing-kem.
"""

import secrets
from typing import Self, final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from arkanum.vault.envelope import Sealed
from arkanum.vault.errors import Tampered, UnknownFormat
from arkanum.vault.header import HEADER_BYTES, Kind, header
from arkanum.vault.place import Place
from arkanum.vault.secret import Secret

SEED_BYTES = 32
_MLKEM_SEED_BYTES = 64
_MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = _MLKEM_PUBLIC_BYTES + 32
_LABEL = b"arkanum/1/letter\0"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@final
class PublicKey:
    """The half of a key pair that may lie open. Whoever has it can seal, and not open."""

    __slots__ = ("_kem", "_raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PUBLIC_BYTES:
            raise UnknownFormat("not a public key")
        self._raw = bytes(raw)
        try:
            self._kem = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self._raw[:_MLKEM_PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(self._raw[_MLKEM_PUBLIC_BYTES:]),
            )
        except ValueError:
            raise Tampered("public key is damaged") from None

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Return the public key with these 1216 bytes.

        Raises:
            UnknownFormat: not 1216 bytes.
            Tampered: not the bytes of a key.
        """
        return cls(raw)

    def to_bytes(self) -> bytes:
        """Return ML-KEM-768 key (1184 bytes) and X25519 key (32 bytes), as X-Wing orders them."""
        return self._raw

    def fingerprint(self) -> bytes:
        """Return 32 bytes that stand for this key, to compare and to sign."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(b"arkanum/1/fingerprint\0" + self._raw)
        return digest.finalize()

    def seal(self, context: bytes, plaintext: bytes) -> bytes:
        """Return the HPKE encapsulation and ciphertext. Use `seal_to`, which binds the place.

        Raises:
            Tampered: the key is one to which nobody can answer (a point of small order).
        """
        try:
            return _SUITE.encrypt(plaintext, self._kem, context)
        except ValueError:
            raise Tampered("public key is damaged") from None

    def __repr__(self) -> str:
        return f"<PublicKey: {self.fingerprint()[:4].hex()}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PublicKey):
            return NotImplemented
        return self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)


@final
class PrivateKey(Secret):
    """The half of a key pair that opens; 32 bytes, so that it can be wrapped like any key."""

    __slots__ = ("_kem", "_public", "_seed")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a private key has {SEED_BYTES} bytes, not {len(seed)}")
        self._seed = bytes(seed)
        mlkem, x25519 = _both_keys(self._seed)
        self._kem = MLKEM768X25519PrivateKey(mlkem, x25519)
        self._public = PublicKey(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    @classmethod
    def new(cls) -> Self:
        """Return a fresh random key pair."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_bytes(cls, seed: bytes) -> Self:
        """Return the key pair with this seed.

        Raises:
            ValueError: not 32 bytes.
        """
        return cls(seed)

    @property
    def public(self) -> PublicKey:
        """The half that may lie open."""
        return self._public

    def expose(self) -> bytes:
        """Return the secret seed. Every caller is a place for a reviewer to look at."""
        return self._seed

    def open(self, context: bytes, ciphertext: bytes) -> bytes:
        """Return what was sealed to the public half. Use `open_with`, which binds the place.

        Raises:
            Tampered: another key, another context, or any changed byte.
        """
        try:
            return _SUITE.decrypt(ciphertext, self._kem, context)
        except (InvalidTag, ValueError):
            raise Tampered("not sealed to this key, or changed") from None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PrivateKey):
            return NotImplemented
        return bytes_eq(self._seed, other._seed)


def seal_to(public: PublicKey, place: Place, plaintext: bytes, *, epoch: int = 0) -> Sealed:
    """Seal bytes for one place so that only the holder of the private key opens them.

    It does not tell who sealed: anyone with the public key could have.

    Args:
        public: key of a person or a ring.
        place: where the envelope will lie.
        plaintext: usually a key; large things are streams under such a key.
        epoch: generation of the key pair.

    Raises:
        Tampered: the public key is damaged.
    """
    head = header(Kind.LETTER, epoch)
    return Sealed.from_storage(head + public.seal(_LABEL + head + place.to_bytes(), plaintext))


def open_with(private: PrivateKey, place: Place, sealed: Sealed) -> bytes:
    """Return what was sealed to this key for this place.

    Raises:
        Tampered: wrong key, wrong place, wrong kind, or any changed byte.
    """
    if sealed.kind is not Kind.LETTER:
        raise Tampered(f"{place} holds another kind of envelope")
    raw = sealed.to_storage()
    head = raw[:HEADER_BYTES]
    return private.open(_LABEL + head + place.to_bytes(), raw[HEADER_BYTES:])


def _both_keys(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Expand the seed as X-Wing does, so that other software can read our keys."""
    digest = hashes.Hash(hashes.SHAKE256(_MLKEM_SEED_BYTES + 32))
    digest.update(seed)
    expanded = digest.finalize()
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )
