# SPDX-License-Identifier: MPL-2.0
"""Heads of the log that are carried outside: on the printed weekly sheet, with a backup, to a second server.

Whoever can put the whole data folder back to yesterday puts back the log and its own heads with it, and nothing inside
the folder can tell. A head kept elsewhere can: the log must still hold exactly that line.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from arkanum.guard.errors import NotAHead
from arkanum.guard.log_chain import Checked
from arkanum.vault import VaultError, verify

KIND = "ARKANUM-KOPF/1"
SHORT_DIGITS = 20
"""So many hex digits stand in the short form that a person can type: 80 bits, out of reach for whoever looks for
another line with the same ones."""

_SHORT = re.compile(r"([0-9]{1,18})[\s:·.-]+((?:[0-9a-f][\s·-]*){20,64})")


@dataclass(frozen=True, slots=True)
class OutsideHead:
    """A line of the log as it stood on a day. The short form has no practice, no day and no signature.

    Attributes:
        no: number of the line.
        digest: its hash, or the first digits of it.
        practice: whose log it is.
        day: when it was carried out.
        signature: Ed25519, by the practice's log.
    """

    no: int
    digest: str
    practice: UUID | None = None
    day: date | None = None
    signature: bytes = b""

    @property
    def text(self) -> str:
        """What stands in the QR code and in a backup."""
        seal = urlsafe_b64encode(self.signature).decode().rstrip("=")
        return f"{KIND} {self.practice} {self.no} {self.digest} {self.day} {seal}"

    @property
    def short(self) -> str:
        """What a person can type: the number and the first digits, in groups of four."""
        digits = self.digest[:SHORT_DIGITS]
        return f"{self.no} " + " ".join(digits[at : at + 4] for at in range(0, SHORT_DIGITS, 4))


def outside_message(practice: UUID, no: int, digest: str, day: date) -> bytes:
    """Return what the signature of an outside head covers."""
    return f"arkanum outside head {practice} {no} {digest} {day}".encode()


def read_head(text: str) -> OutsideHead:
    """Read a head as it was scanned or typed.

    Raises:
        NotAHead: it is neither the long nor the short form.
    """
    text = " ".join(text.split())
    if text.upper().startswith(KIND):
        return _read_long(text)
    short = _SHORT.fullmatch(text.lower())
    if short is None:
        raise NotAHead
    return OutsideHead(int(short[1]), re.sub(r"[^0-9a-f]", "", short[2]))


def _read_long(text: str) -> OutsideHead:
    try:
        _, practice, no, digest, day, seal = text.split(" ")
        signature = urlsafe_b64decode(seal + "==")
        head = OutsideHead(int(no), digest.lower(), UUID(practice), date.fromisoformat(day), signature)
    except ValueError as error:
        raise NotAHead from error
    if not re.fullmatch("[0-9a-f]{64}", head.digest):
        raise NotAHead
    return head


def differs(head: OutsideHead, practice: UUID, public: bytes, checked: Checked) -> str:
    """Tell how a log differs from what a head says; nothing where it still holds exactly this line.

    Args:
        head: what was kept outside.
        practice: whose log was checked.
        public: the public key of its heads.
        checked: what the check found, with the hash of the head's line where the log has it.

    Returns:
        A German sentence, or an empty one.
    """
    if head.practice not in {None, practice}:
        return "Dieser Kopf gehört zu einer anderen Praxis."
    if head.practice is not None and head.day is not None:
        try:
            verify(public, outside_message(head.practice, head.no, head.digest, head.day), head.signature)
        except VaultError:
            return "Die Unterschrift dieses Kopfes stammt nicht von dieser Praxis."
    found = checked.digests.get(head.no)
    if found is None:
        return (
            f"Das Protokoll endet bei Zeile {checked.lines}; auf dem Papier steht Zeile {head.no}. "
            "Es wurde abgeschnitten oder auf einen älteren Stand zurückgesetzt."
        )
    if not found.startswith(head.digest):
        return f"Zeile {head.no} lautet heute anders als auf dem Papier: das Protokoll wurde ersetzt."
    if checked.signed < head.no:
        return f"Für Zeile {head.no} gab es eine Unterschrift; in der Datei der Unterschriften fehlt sie."
    return ""


def fingerprint(public: bytes) -> str:
    """Return the fingerprint of the key that signs the log: eight groups of four hex digits (128 bits)."""
    digits = sha256(b"arkanum log key " + public).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
