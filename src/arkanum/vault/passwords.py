# SPDX-License-Identifier: MPL-2.0
"""Pass phrases: made slow by Argon2id, and worthless without the site's secret."""

import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arkanum.vault.key import KEY_BYTES, Key

SALT_BYTES = 16
_MOST_MEMORY_KIB = 1024 * 1024
_MOST_PASSES = 64
_MOST_LANES = 16

# Each run takes the memory of its cost. A crowd at the sign-in page must wait, not exhaust the
# server: this is the process's, not a caller's, to limit.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard one guess at a pass phrase is; stored in the clear beside the salt.

    Attributes:
        memory_kib: memory of one run, in KiB.
        passes: number of passes over that memory.
        lanes: parts of it that are computed side by side.
    """

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        # Ceilings (half a minute), because who writes to the database must not stop the server
        # with one number. No floor here: a lowered number in a row opens nothing.
        if not 1 <= self.lanes <= _MOST_LANES:
            raise ValueError(f"lanes are 1 to {_MOST_LANES}")
        if not 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB:
            raise ValueError(f"memory is 8 KiB a lane to {_MOST_MEMORY_KIB} KiB")
        if not 1 <= self.passes <= _MOST_PASSES:
            raise ValueError(f"passes are 1 to {_MOST_PASSES}")


FLOOR: Final = Cost(memory_kib=128 * 1024, passes=2, lanes=2)
"""The least a practice ever gets. Twice as much as RFC 9106 recommends where memory is short."""


def seconds_of(cost: Cost) -> float:
    """Return how long one guess takes on this machine, in seconds."""
    started = time.perf_counter()
    stretch("calibration", bytes(SALT_BYTES), cost)
    return time.perf_counter() - started


def calibrate(target_s: float = 0.3, stopwatch: Callable[[Cost], float] = seconds_of) -> Cost:
    """Return the cost at which one guess takes about `target_s` seconds here.

    More time goes into more passes and not into more memory: two people signing in at once must
    fit beside a guard on the smallest server.

    Args:
        target_s: wished time of one guess, in seconds.
        stopwatch: measures one guess.

    Returns:
        At least `FLOOR`, however slow the machine.
    """
    # The first run pays for fresh memory pages; the better of two is the machine's own speed.
    floor_s = min(stopwatch(FLOOR), stopwatch(FLOOR))
    passes = round(FLOOR.passes * target_s / floor_s)
    return Cost(FLOOR.memory_kib, min(max(passes, FLOOR.passes), _MOST_PASSES), FLOOR.lanes)


def stretch(passphrase: str, salt: bytes, cost: Cost) -> Key:
    """Turn a pass phrase into a key, slowly. At most two run at once in a process.

    The same characters typed on another keyboard give the same key (NFKC).

    Args:
        passphrase: as typed.
        salt: at least 16 random bytes, one per person.
        cost: memory, passes and lanes.

    Raises:
        ValueError: the salt is too short.
    """
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} bytes")
    # surrogatepass: the error of a strict encoder would carry the whole pass phrase.
    typed = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    with _AT_ONCE:
        argon = Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        )
        return Key.from_bytes(argon.derive(typed))


def person_key(site: Key, stretched: Key) -> Key:
    """Join the site's secret and a stretched pass phrase: neither is worth anything alone."""
    joined = HKDF(hashes.SHA256(), KEY_BYTES, salt=site.expose(), info=b"arkanum/1/person\0")
    return Key.from_bytes(joined.derive(stretched.expose()))
