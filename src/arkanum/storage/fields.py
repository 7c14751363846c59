# SPDX-License-Identifier: MPL-2.0
"""The column that takes ciphertext only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from arkanum.storage.errors import PlaintextRefused
from arkanum.vault import Key, Place, Sealed, VaultError, seal

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _Base = models.BinaryField[Sealed, Sealed]
else:
    _Base = models.BinaryField


_OPENS_NOWHERE = seal(Key.new(), Place("nowhere", "nothing", UUID(int=0)), b"").to_storage()
"""An envelope whose key was thrown away when it was made."""


class SealedField(_Base):
    """A column of ciphertext: assigning anything but `Sealed` is a type error and a run-time error.

    It knows no lookup: equality or order of ciphertexts means nothing, so no query may filter by it.
    """

    description = "Ciphertext"

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Make a column that no form shows."""
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def get_db_prep_value(
        self,
        value: object,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002 - Django's own signature
    ) -> object:
        """Return the bytes for the database driver.

        Raises:
            PlaintextRefused: the value is not ciphertext.
        """
        if not isinstance(value, Sealed):
            raise PlaintextRefused(self.name)
        return super().get_db_prep_value(value.to_storage(), connection, prepared)

    def from_db_value(self, value: bytes | memoryview, *_: object) -> Sealed:
        """Return what the row holds, still sealed.

        Bytes that are no envelope become one that opens nowhere and carries them along. So whoever opens it is told
        `Tampered`, as with any other changed byte, and one broken header does not hide every row read beside it.
        """
        try:
            return Sealed.from_storage(value)
        except VaultError:
            return Sealed.from_storage(_OPENS_NOWHERE + bytes(value))

    def get_lookup(self, lookup_name: str) -> None:
        """Offer no lookup at all: no query can compare ciphertext."""
