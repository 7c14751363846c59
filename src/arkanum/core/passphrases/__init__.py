# SPDX-License-Identifier: MPL-2.0
"""Pass phrases: which are too easy, and a proposal that is not.

Nine of ten practices use a pass phrase such as "Behandlung". A judge made for
English texts finds that word strong, so this room has its own judge that knows
German, the practice's own names, and what people do to a word so that it looks
difficult (docs/decisions/0030).
"""

from arkanum.core.passphrases.diceware import suggest
from arkanum.core.passphrases.errors import PassphraseError, WeakPassphrase
from arkanum.core.passphrases.policy import LONGEST, SHORTEST, check

__all__ = ["LONGEST", "SHORTEST", "PassphraseError", "WeakPassphrase", "check", "suggest"]
