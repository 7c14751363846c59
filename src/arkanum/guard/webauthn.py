# SPDX-License-Identifier: MPL-2.0
"""What an authenticator says, checked with fido2: kind, challenge, origin, host, the person's presence, signature.

These are a few hundred bytes of JSON and CBOR with a fixed shape. They are read inside the guard, because whoever
checks them decides who comes in, and only the guard decides that.

Source: W3C Web Authentication level 3, sections 7.1 (registering) and 7.2 (asserting).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from arkanum.guard.errors import SignInRefused

MOST_BYTES = 16 * 1024
LONGEST_ID = 1023
ALGORITHMS = frozenset({-7, -8, -257})
"""ES256, EdDSA and RS256: what authenticators in practices have."""

_BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OverflowError,
    struct.error,
)
"""What reading crooked bytes raises; each of them is a no."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What an authenticator signed, as it came."""

    credential: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes


def challenge_in(client_data: bytes) -> bytes:
    """Return the challenge that the browser says was signed; nothing where the bytes are crooked."""
    if len(client_data) > MOST_BYTES:
        return b""
    try:
        return CollectedClientData(client_data).challenge
    except _BROKEN:
        return b""


def require_new(
    client_data: bytes, attestation: bytes, challenge: bytes, host: str, origin: str
) -> tuple[bytes, bytes, int]:
    """Check what an authenticator made and return its number for it, its public key (COSE) and its counter.

    Raises:
        SignInRefused: it was not made here and now, or without the person being recognised.
    """
    if len(client_data) + len(attestation) > MOST_BYTES:
        raise SignInRefused
    try:
        said = {"clientDataJSON": websafe_encode(client_data), "attestationObject": websafe_encode(attestation)}
        # The number stands in what is signed; the copy beside it is not asked.
        data = _server(host, origin).register_complete(_state(challenge), {"rawId": "", "id": "", "response": said})
        made = data.credential_data
        if made is None or made.public_key.get(3) not in ALGORITHMS or not made.credential_id:
            raise SignInRefused
        if CollectedClientData(client_data).cross_origin or len(made.credential_id) > LONGEST_ID:
            raise SignInRefused
        return made.credential_id, _cose(made), data.counter
    except _BROKEN:
        raise SignInRefused from None


def require_signed(signed: Signed, cose: bytes, challenge: bytes, host: str, origin: str) -> int:
    """Check a signature and return the authenticator's counter.

    Raises:
        SignInRefused: another key, challenge, origin or host, or the person was not recognised.
    """
    try:
        known = AttestedCredentialData.create(Aaguid.NONE, signed.credential, CoseKey.parse(_read(cose)))
        number = websafe_encode(signed.credential)
        said = {
            "clientDataJSON": websafe_encode(signed.client_data),
            "authenticatorData": websafe_encode(signed.authenticator_data),
            "signature": websafe_encode(signed.signature),
        }
        asserted = {"rawId": number, "id": number, "response": said}
        _server(host, origin).authenticate_complete(_state(challenge), [known], asserted)
        if CollectedClientData(signed.client_data).cross_origin:
            raise SignInRefused
        return AuthenticatorData(signed.authenticator_data).counter
    except _BROKEN:
        raise SignInRefused from None


def _server(host: str, origin: str) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name="Arkanum", id=host)
    return Fido2Server(entity, verify_origin=lambda given: given == origin)


def _state(challenge: bytes) -> dict[str, object]:
    return {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}


def _cose(made: AttestedCredentialData) -> bytes:
    return cbor.encode(dict(made.public_key))


def _read(cose: bytes) -> Mapping[int, object]:
    decoded = cbor.decode(cose)
    if not isinstance(decoded, Mapping):
        raise TypeError("a COSE key is a map")
    return decoded
