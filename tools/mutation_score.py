# SPDX-License-Identifier: MPL-2.0
"""Print how many mutants of each room the tests noticed, from the lines of `mutmut results --all true`."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable

LINE = re.compile(r"^\s*arkanum\.(?P<room>\w+)\.\S+: (?P<outcome>.+)$")
NOTICED = frozenset({"killed", "timeout", "caught by type check", "segfault"})
NOT_RUN = frozenset({"not checked", "skipped"})


def scores(lines: Iterable[str]) -> dict[str, Counter[str]]:
    """Count the outcomes of each room; what has not been run does not count."""
    rooms: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        found = LINE.match(line)
        if found and found["outcome"] not in NOT_RUN:
            rooms[found["room"]][found["outcome"]] += 1
    return rooms


def noticed_percent(outcomes: Counter[str]) -> float:
    """Return the share of mutants that made a test fail."""
    return 100 * sum(outcomes[kind] for kind in NOTICED) / outcomes.total()


def main() -> int:
    """Print one line a room."""
    for room, outcomes in sorted(scores(sys.stdin).items()):
        rest = ", ".join(f"{count} {kind}" for kind, count in outcomes.most_common())
        print(f"{room:8} {noticed_percent(outcomes):5.1f} %  ({rest})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
