# SPDX-License-Identifier: MPL-2.0
"""One-time codes that people read off one screen and type on another."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode
from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O and U, which are read or typed wrongly."""


def new_code(letters: int) -> str:
    """Return a random one-time code of so many letters in groups of four, without look-alikes."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(letters))
    return "-".join(code[start : start + 4] for start in range(0, letters, 4))


def same_code(given: str, wanted: str) -> bool:
    """Compare two codes in constant time, forgiving case, blanks and hyphens."""
    return secrets.compare_digest(_bare(given), _bare(wanted))


def _bare(code: str) -> bytes:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(letters.encode()).digest()


def from_link(link: str) -> bytes:
    """Return the device secret in a link's fragment; nothing when it is garbled."""
    try:
        return urlsafe_b64decode(link.strip() + "=" * (-len(link.strip()) % 4))
    except ValueError:
        return b""
