# SPDX-License-Identifier: MPL-2.0
"""Walks over the keys: `qwertzuiop`, `yxcvbnm`, `1qay2wsx`, `147258369`."""

from collections.abc import Iterator
from functools import cache

SHORTEST_WALK = 4
SHORTEST_ROW = 3
"""Three keys in a row are a walk; three around a corner happen by chance."""

_COST_OF_START = 1.3
_COST_OF_TURN = 0.8

# Each row stands half a key to the right of the one above; a blank is a gap.
_BOARDS = (
    ("^1234567890ß", " qwertzuiopü+", " asdfghjklöä#", "<yxcvbnm,.-"),
    ('°!"§$%&/()=?`', " QWERTZUIOPÜ*", " ASDFGHJKLÖÄ'", ">YXCVBNM;:_"),
    ("`1234567890-=", " qwertyuiop[]\\", " asdfghjkl;'", " zxcvbnm,./"),
    ("~!@#$%^&*()_+", " QWERTYUIOP{}|", ' ASDFGHJKL:"', " ZXCVBNM<>?"),
    ("789", "456", "123", "0"),
)
_STEPS = ((0, 1), (0, -1), (1, 0), (1, -1), (-1, 0), (-1, 1), (1, 1), (-1, -1))


@cache
def _neighbours() -> dict[str, dict[str, tuple[int, int]]]:
    """Return for each character the characters beside it and the step that leads there."""
    beside: dict[str, dict[str, tuple[int, int]]] = {}
    for rows in _BOARDS:
        keys = {(y, x): key for y, row in enumerate(rows) for x, key in enumerate(row)}
        for (y, x), key in keys.items():
            near = beside.setdefault(key.lower(), {})
            for down, right in _STEPS:
                other = keys.get((y + down, x + right))
                if other is not None and other != " ":
                    near.setdefault(other.lower(), (down, right))
    return beside


def walks(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield the walks in a text as start, end and cost.

    The cost, a power of ten of guesses, grows with the turns and not with the
    length: a straight row of ten keys is one guess for whoever knows the keyboard.

    Args:
        text: lower case, umlauts kept.
    """
    beside = _neighbours()
    start = 0
    while start < len(text) - 1:
        end, turns, direction = start + 1, 0, (0, 0)
        while end < len(text):
            step = beside.get(text[end - 1], {}).get(text[end])
            if step is None:
                break
            turns += step != direction
            direction = step
            end += 1
            cost = _COST_OF_START + _COST_OF_TURN * turns
            if end - start >= (SHORTEST_ROW if turns == 1 else SHORTEST_WALK):
                yield start, end, cost
        start = end if end - start >= SHORTEST_WALK else start + 1
