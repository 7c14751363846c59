# SPDX-License-Identifier: MPL-2.0
"""What storage refuses."""


class StorageError(Exception):
    """Superclass of all storage errors. Never raised itself."""


class PlaintextRefused(StorageError):
    """Something that is not `Sealed` was about to enter a sealed column."""


class VersionTaken(StorageError):
    """Somebody else wrote this version first; nothing was written."""


class Missing(StorageError):
    """No such row in this practice."""
