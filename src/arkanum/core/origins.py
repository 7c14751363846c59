# SPDX-License-Identifier: MPL-2.0
"""Where an imported value came from, and when something was written."""

from dataclasses import dataclass
from datetime import datetime

from arkanum.core.errors import ImpossibleValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The place in a foreign file that a value was read from (*Herkunft*).

    Attributes:
        source: the format, such as `BDT`.
        file: first 32 hex digits of the file's SHA-256.
        record: fingerprint in hex; the same content of the same patient has
            the same fingerprint, so that nothing arrives twice.
        lines: first and last line in the file, counted from 1.
    """

    source: str
    file: str
    record: str
    lines: tuple[int, int]


def require_zone(written: datetime) -> None:
    """Refuse a time without a time zone.

    Raises:
        ImpossibleValue: the time is naive and could mean several moments.
    """
    if written.tzinfo is None:
        raise ImpossibleValue("naive_time", "Der Zeitpunkt hat keine Zeitzone.")
