# SPDX-License-Identifier: MPL-2.0
"""The column that takes ciphertext only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from arkanum.storage.errors import PlaintextRefused
from arkanum.vault import Sealed

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _Base = models.Field[Sealed, Sealed]
else:
    _Base = models.Field


class SealedField(_Base):
    """A column of ciphertext: assigning anything but `Sealed` is a type error and a run-time error.

    It knows no lookup: equality or order of ciphertexts means nothing, so no query may filter by it.
    """

    description = "Ciphertext"

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Make a column that no form shows."""
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        """Let each database choose its type for bytes."""
        return "BinaryField"

    def get_db_prep_value(
        self,
        value: object,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002, ARG002 - Django's own signature
    ) -> object:
        """Return the bytes for the database driver.

        Raises:
            PlaintextRefused: the value is not ciphertext.
        """
        if value is None and self.null:
            return None
        if not isinstance(value, Sealed):
            raise PlaintextRefused(self.name)
        return connection.Database.Binary(value.to_storage())

    def from_db_value(self, value: bytes | memoryview | None, *_: object) -> Sealed | None:
        """Return what the row holds, still sealed."""
        return None if value is None else Sealed.from_storage(bytes(value))

    def get_lookup(self, lookup_name: str) -> type[models.Lookup[Any]] | None:
        """Allow `isnull` alone."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
