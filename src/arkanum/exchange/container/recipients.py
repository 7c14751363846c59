# SPDX-License-Identifier: MPL-2.0
"""Recipients: a key pair, whose private half lies in a file under a pass phrase, and whose public half is handed on."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from arkanum.core.ids import new_id
from arkanum.exchange.container.errors import RecipientError
from arkanum.vault import FLOOR, Cost, Place, PrivateKey, PublicKey, Sealed, VaultError, seal, stretch, unseal

PRIVATE, PUBLIC = "arkanum-recipient", "arkanum-recipient-public"
SALT_BYTES = 32
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient's name and public key."""

    name: str
    public: PublicKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Sixteen groups of four hexadecimal digits, to compare by telephone."""
        return grouped(self.public.fingerprint())

    def to_text(self) -> str:
        """Return the file that is handed to the practice."""
        key = b64encode(self.public.to_bytes()).decode()
        told = {"format": PUBLIC, "name": self.name, "fingerprint": self.fingerprint, "public_key": key}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def grouped(fingerprint: bytes) -> str:
    """Return a fingerprint in groups of four digits."""
    digits = fingerprint.hex()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def make_recipient(name: str, passphrase: str, cost: Cost = FLOOR) -> tuple[Recipient, str]:
    """Make a key pair.

    Args:
        name: who the recipient is; stands in both files.
        passphrase: judged by the caller; there is no default.
        cost: of one guess at it.

    Returns:
        The public half, and the text of the file with the private half, sealed under the pass phrase.
    """
    private, key_id, salt = PrivateKey.new(), new_id(), secrets.token_bytes(SALT_BYTES)
    sealed = seal(stretch(passphrase, salt, cost), _place(key_id), private.expose())
    told = {
        "format": PRIVATE,
        "name": name,
        "id": str(key_id),
        "salt": b64encode(salt).decode(),
        "cost": [cost.memory_kib, cost.passes, cost.lanes],
        "private_key": b64encode(sealed.to_storage()).decode(),
    }
    return Recipient(name, private.public), json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def read_recipient(text: str) -> Recipient:
    """Return the recipient whose public file this is.

    Raises:
        RecipientError: it is none, or its fingerprint does not fit its key.
    """
    try:
        told: dict[str, Any] = json.loads(text)
        if told["format"] != PUBLIC:
            raise RecipientError
        recipient = Recipient(str(told["name"]), PublicKey.from_bytes(b64decode(told["public_key"], validate=True)))
    except (ValueError, KeyError, TypeError, VaultError) as error:
        raise RecipientError from error
    if recipient.fingerprint != told.get("fingerprint"):
        raise RecipientError
    return recipient


def open_recipient(text: str, passphrase: str) -> PrivateKey:
    """Return the private key in a recipient's file.

    Raises:
        RecipientError: it is no such file, or the pass phrase is wrong.
    """
    try:
        told: dict[str, Any] = json.loads(text)
        if told["format"] != PRIVATE:
            raise RecipientError
        memory, passes, lanes = told["cost"]
        stretched = stretch(passphrase, b64decode(told["salt"]), Cost(int(memory), int(passes), int(lanes)))
        sealed = Sealed.from_storage(b64decode(told["private_key"]))
        return PrivateKey.from_bytes(unseal(stretched, _place(UUID(told["id"])), sealed))
    except (ValueError, KeyError, TypeError, VaultError) as error:
        raise RecipientError from error


def _place(key_id: UUID) -> Place:
    return Place("recipient", "private_key", key_id)
