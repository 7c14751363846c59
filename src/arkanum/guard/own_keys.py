# SPDX-License-Identifier: MPL-2.0
"""PIN and passkeys of a person follow their private key: they go over to a new one, or they go."""

from __future__ import annotations

from uuid import UUID

from arkanum.guard import pins
from arkanum.guard.bodies import PasskeyBody, open_body
from arkanum.guard.places import passkey_place
from arkanum.storage import unlocks as rows
from arkanum.storage.models import Passkey
from arkanum.vault import Key, PrivateKey, PublicKey, Tampered, VaultError, seal, seal_to, unseal


def go_over(site: Key, person: UUID, old: PrivateKey | None, new: PrivateKey) -> bool:
    """Let PIN and passkeys open a person's new private key; without the old one at hand they are removed.

    Args:
        site: the practice's site secret.
        person: whose they are.
        old: the private key until now, where the pass phrase or a passkey has just opened it.
        new: the private key from now on.

    Returns:
        Whether nothing was lost.
    """
    if old is None:
        return not drop(person)
    pins.rewrap_pin(person, old, new)
    kept = True
    for row in rows.passkeys(person):
        try:
            send_private(row, _vouched(site, row, old), new)
            rows.save_passkey(row)
        except VaultError:
            # Somebody changed the row: never send a private key to a pair that nobody vouches for.
            rows.remove_passkey(person, row.id)
            kept = False
    return kept


def send_private(row: Passkey, public: PublicKey, private: PrivateKey) -> None:
    """Put a person's private key into a passkey's row, and vouch with it for the pair it is sent to."""
    row.private_key = seal_to(public, passkey_place(row.id, "private_key"), private.expose())
    row.vouch = seal(_vouch_key(private), passkey_place(row.id, "vouch"), public.fingerprint())


def drop(person: UUID) -> bool:
    """Remove PIN and passkeys of a person, and tell whether there were any."""
    gone = rows.drop_passkeys(person)
    return rows.drop_pin(person) or gone > 0


def _vouched(site: Key, row: Passkey, private: PrivateKey) -> PublicKey:
    """Return the passkey's public key, checked against what its person's own private key says.

    The site secret is not enough: every device has it, also the administrator's.
    """
    body = open_body(site, passkey_place(row.id, "body"), row.body, PasskeyBody)
    public = PublicKey.from_bytes(body.public)
    if unseal(_vouch_key(private), passkey_place(row.id, "vouch"), row.vouch) != public.fingerprint():
        raise Tampered("this passkey was not added by its person")
    return public


def _vouch_key(private: PrivateKey) -> Key:
    return Key.from_bytes(private.expose()).derive("passkey")
