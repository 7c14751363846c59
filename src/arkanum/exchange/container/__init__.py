# SPDX-License-Identifier: MPL-2.0
"""The container of an export: parts, each sealed to the recipient's public key; inside, one JSON line a patient.

Bytes in `docs/format.md`. Nothing of it is ever on a disk in the clear: a part is sealed in memory.
"""

from arkanum.exchange.container.errors import ContainerDamaged, ContainerUnfinished, RecipientError
from arkanum.exchange.container.reading import lines_of
from arkanum.exchange.container.recipients import Recipient, make_recipient, open_recipient, read_recipient
from arkanum.exchange.container.writing import begin, finish, parts_written, sealed_part

__all__ = [
    "ContainerDamaged",
    "ContainerUnfinished",
    "Recipient",
    "RecipientError",
    "begin",
    "finish",
    "lines_of",
    "make_recipient",
    "open_recipient",
    "parts_written",
    "read_recipient",
    "sealed_part",
]
