# SPDX-License-Identifier: MPL-2.0
"""Long text that a file cut over several fields, made whole again.

Writers cut text at about 70 characters, in the middle of a word, and go on in a
field with the same id. A full line therefore joins the next without a blank. A
short line was ended on purpose: there the line break stays. In tables every
line stays a line, with its blanks.
"""

from collections.abc import Sequence

FULL_LINE = 55
"""Characters from which on a line counts as cut. Writers cut at 60 (GDT 2.1) to 78."""


def joined(parts: Sequence[str]) -> str:
    """Join the contents of repeated fields to one text, without adding blanks."""
    pieces: list[str] = []
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        pieces.append(part)
        if not is_last and not is_cut(part):
            pieces.append("\n")
    return "".join(pieces)


def joined_table(parts: Sequence[str]) -> str:
    """Join the lines of a table (6228); nothing is trimmed, columns stay columns."""
    return "\n".join(parts)


def is_cut(part: str) -> bool:
    """Tell whether a line is so long that its text goes on in the next field."""
    return len(part) >= FULL_LINE
