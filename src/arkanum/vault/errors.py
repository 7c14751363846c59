# SPDX-License-Identifier: MPL-2.0
"""What can go wrong in the vault. No message carries a key, a pass phrase or a plaintext."""

from collections.abc import Sequence


class VaultError(Exception):
    """Superclass of all vault errors. Never raised itself."""


class VaultSealed(VaultError):
    """Someone asked for plaintext while no key is in memory."""


class Tampered(VaultError):
    """These bytes are not what was sealed at this place under this key.

    A wrong key, a moved row, a flipped bit and a cut file look the same, on purpose: whoever
    may try keys learns nothing from the difference.
    """


class UnknownFormat(Tampered):
    """The first bytes are not those of an envelope this version can read.

    A kind of `Tampered`, because a flipped bit in the header must not look harmless. Catch it
    first where a file from a newer version is worth its own message.
    """


class BadPaperCode(VaultError):
    """A paper code was mistyped.

    Attributes:
        groups: the groups that cannot be right, counted from 1; empty when every group fits by
            itself and only the whole does not.
    """

    def __init__(self, groups: Sequence[int]) -> None:
        self.groups = tuple(groups)
        where = ", ".join(str(group) for group in self.groups) or "unknown"
        super().__init__(f"paper code is mistyped, group {where}")


class SamePaperCode(VaultError):
    """Two paper codes with the same number were given; two different ones are needed."""
