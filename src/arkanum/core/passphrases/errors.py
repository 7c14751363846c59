# SPDX-License-Identifier: MPL-2.0
"""The errors of this room. None of them ever holds a pass phrase or a part of one."""


class PassphraseError(Exception):
    """Superclass of all pass phrase errors. Never raised itself."""


class WeakPassphrase(PassphraseError):
    """The pass phrase is too easy to guess, or cannot be typed reliably.

    Attributes:
        reasons: German sentences for the person who chose it; at least one.
    """

    def __init__(self, reasons: tuple[str, ...]) -> None:
        """Keep the sentences, which do not quote the pass phrase."""
        super().__init__(" ".join(reasons))
        self.reasons = reasons
