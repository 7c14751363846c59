# SPDX-License-Identifier: MPL-2.0
"""Makes who guesses pass phrases wait, per device and per login name, across restarts."""

from __future__ import annotations

from datetime import timedelta

from arkanum.guard.errors import Throttled
from arkanum.guard.house import Guard
from arkanum.guard.tries import wait_seconds
from arkanum.storage import people

FORGOTTEN_AFTER = timedelta(days=1)


def count_try(guard: Guard, tags: tuple[bytes, ...]) -> None:
    """Count a try at each tag before its slow work begins; a right answer forgives it.

    Counted first, because a hundred tries sent at once would otherwise all find the count at zero.

    Raises:
        Throttled: too many wrong tries at one of the tags.
    """
    with guard.lock:
        moment = guard.clock()
        people.forget_old_throttles(moment - FORGOTTEN_AFTER)
        before = people.throttles(tags)
        longest = max((retry_after - moment for _, retry_after in before.values()), default=timedelta(0))
        if longest > timedelta(0):
            raise Throttled(int(longest.total_seconds()) + 1)
        for tag in tags:
            failures = before[tag][0] + 1 if tag in before else 1
            people.set_throttle(tag, failures, moment + timedelta(seconds=wait_seconds(failures)))


def forgive(tags: tuple[bytes, ...]) -> None:
    """Forget the failures of these tags: the pass phrase was right."""
    people.forget_throttles(tags)
