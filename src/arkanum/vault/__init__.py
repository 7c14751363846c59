# SPDX-License-Identifier: MPL-2.0
"""The vault: seals and opens bytes, and binds each to its place. It knows no patients.

Every cryptographic choice of Arkanum is made here and nowhere else; `docs/format.md` shows every
byte. Nouns: a `Key` opens, a `Place` is where something belongs, `Sealed` is what storage gets.
"""

from arkanum.vault.certificates import (
    LOCAL_DOMAINS,
    Authority,
    DeviceCertificate,
    begins,
    bundle,
    device_of,
    expires,
    fingerprint,
    may_vouch,
    new_server_key,
    reached_as,
    revoked_serials,
    serial_of,
    server_request,
    vouches,
)
from arkanum.vault.envelope import Sealed, seal, unseal, unwrap, wrap
from arkanum.vault.errors import (
    BadPaperCode,
    SamePaperCode,
    Tampered,
    UnknownFormat,
    VaultError,
    VaultSealed,
)
from arkanum.vault.key import Key
from arkanum.vault.paper import PaperCode, PaperCodes, new_codes, pair_key, parse_code
from arkanum.vault.passwords import FLOOR, Cost, calibrate, person_key, stretch
from arkanum.vault.people import PrivateKey, PublicKey, open_with, seal_to
from arkanum.vault.place import Place
from arkanum.vault.signing import SigningKey, verify
from arkanum.vault.stream import CHUNK_BYTES, SealWriter, open_stream, stream_epoch
from arkanum.vault.tags import tag

__all__ = [
    "CHUNK_BYTES",
    "FLOOR",
    "LOCAL_DOMAINS",
    "Authority",
    "BadPaperCode",
    "Cost",
    "DeviceCertificate",
    "Key",
    "PaperCode",
    "PaperCodes",
    "Place",
    "PrivateKey",
    "PublicKey",
    "SamePaperCode",
    "SealWriter",
    "Sealed",
    "SigningKey",
    "Tampered",
    "UnknownFormat",
    "VaultError",
    "VaultSealed",
    "begins",
    "bundle",
    "calibrate",
    "device_of",
    "expires",
    "fingerprint",
    "may_vouch",
    "new_codes",
    "new_server_key",
    "open_stream",
    "open_with",
    "pair_key",
    "parse_code",
    "person_key",
    "reached_as",
    "revoked_serials",
    "seal",
    "seal_to",
    "serial_of",
    "server_request",
    "stream_epoch",
    "stretch",
    "tag",
    "unseal",
    "unwrap",
    "verify",
    "vouches",
    "wrap",
]
