# SPDX-License-Identifier: MPL-2.0
"""What every secret object has in common: it cannot leave by accident."""

from typing import Never, SupportsIndex


class Secret:
    """Base of all objects that hold a secret.

    Printing hides it; pickling, copying and formatting it are refused or hide it. The one way
    out is each class's `expose()`, named so that a reviewer finds every use with grep.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: secret>"

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> Never:
        """Refuse: pickle, copy and deepcopy all come through here."""
        raise TypeError(f"{type(self).__name__} is secret and is neither copied nor pickled")

    def __getstate__(self) -> Never:
        raise TypeError(f"{type(self).__name__} is secret and has no state to show")
