# SPDX-License-Identifier: MPL-2.0
"""What can go wrong in a chart."""

from __future__ import annotations

from typing import Generic, TypeVar

Current = TypeVar("Current")


class ChartsError(Exception):
    """Superclass of all errors of the charts room. Never raised itself."""


class Conflict(ChartsError, Generic[Current]):
    """Somebody else saved meanwhile; nothing was written. `current` is what stands there now."""

    def __init__(self, current: Current) -> None:
        """Keep what stands there now; it is not printed."""
        super().__init__()
        self.current = current


class NoSuchRecord(ChartsError):
    """The chart has no record with this id."""


class RecordDamaged(ChartsError):
    """The record does not open: it was changed, moved, or its key is wrong."""


class PatientTwice(ChartsError):
    """A batch names a patient twice; one of the two would have been lost."""
