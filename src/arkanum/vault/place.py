# SPDX-License-Identifier: MPL-2.0
"""Where a ciphertext belongs. What is moved elsewhere does not open."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

_LONGEST_NAME = 255
_VERSION_BYTES = 8


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of storage: the only place at which a ciphertext opens.

    Attributes:
        table: name of the table or of the kind of file.
        column: name of the column.
        row: id of the row.
        version: counts the versions of a row that must not be taken for one another.
        chart: the patient's chart the row belongs to, if it belongs to one.
    """

    table: str
    column: str
    row: UUID
    version: int = 0
    chart: UUID | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.version < 1 << 8 * _VERSION_BYTES:
            raise ValueError("a version is a number from 0 that fits into 64 bits")

    def to_bytes(self) -> bytes:
        """Return the bytes that are bound into the ciphertext.

        Every part has a fixed length or says its length first, so two different places never
        have the same bytes.

        Raises:
            ValueError: a name is empty or longer than 255 bytes.
        """
        chart = b"\x00" if self.chart is None else b"\x01" + self.chart.bytes
        return b"".join(
            (
                _named(self.table),
                _named(self.column),
                chart,
                self.row.bytes,
                self.version.to_bytes(_VERSION_BYTES, "big"),
            )
        )

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.row} version {self.version}"


@lru_cache(maxsize=256)
def _named(name: str) -> bytes:
    # Kept, because tables and columns are few and a chart has hundreds of places in the same column.
    raw = name.encode()
    if not 1 <= len(raw) <= _LONGEST_NAME:
        raise ValueError(f"a name has 1 to {_LONGEST_NAME} bytes")
    return bytes((len(raw),)) + raw
