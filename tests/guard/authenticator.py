# SPDX-License-Identifier: MPL-2.0
"""A security key in software: it makes passkeys, signs, and computes what the PRF extension computes."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field, replace
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from arkanum.guard import protocol as p

HOST, ORIGIN = "localhost", "http://localhost:8000"
PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


@dataclass
class Authenticator:
    """One passkey. What it says about host, origin and the person may be bent by a test."""

    host: str = HOST
    origin: str = ORIGIN
    flags: int = PRESENT_AND_VERIFIED
    counter: int = 0
    counts: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, challenge: bytes) -> dict[str, bytes]:
        """Return what `AddPasskey` carries."""
        made = AttestedCredentialData.create(
            Aaguid.NONE, self.credential, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(
            sha256(self.host.encode()).digest(), self.flags | AuthenticatorData.FLAG.AT, self.counter, made
        )
        return {
            "client_data": bytes(CollectedClientData.create("webauthn.create", challenge, self.origin)),
            "attestation": bytes(AttestationObject.create("none", data, {})),
        }

    def prf(self, salt: bytes) -> bytes:
        """Compute what the authenticator alone can."""
        return hmac.digest(self.secret, sha256(b"WebAuthn PRF\0" + salt).digest(), "sha256")

    def sign(self, challenge: p.Challenge, **changes: bytes) -> p.SignInByPasskey:
        """Sign a challenge and compute for its salt."""
        self.counter += 1 if self.counts else 0
        client_data = bytes(CollectedClientData.create("webauthn.get", challenge.challenge, self.origin))
        data = bytes(AuthenticatorData.create(sha256(self.host.encode()).digest(), self.flags, self.counter))
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        said = {
            "credential": self.credential,
            "client_data": client_data,
            "authenticator_data": data,
            "signature": signature,
            "prf": self.prf(challenge.salt),
        }
        return p.SignInByPasskey(**{**said, **changes})

    def but(self, **changes: object) -> Authenticator:
        """Return the same passkey with something bent."""
        return replace(self, **changes)


def add(colleague, authenticator: Authenticator, name: str = "Schlüsselbund") -> None:
    """Add a passkey to somebody's account."""
    begun = colleague.client.begin_passkey(colleague.token, passphrase=colleague.passphrase, host=HOST, origin=ORIGIN)
    colleague.client.add_passkey(
        colleague.token, name=name, prf=authenticator.prf(begun.salt), **authenticator.make(begun.challenge)
    )


def come_in(client, authenticator: Authenticator, **changes: bytes) -> p.SignedIn:
    """Sign in with a passkey."""
    return client.sign_in_by_passkey(authenticator.sign(client.challenge(host=HOST, origin=ORIGIN), **changes))
