# SPDX-License-Identifier: MPL-2.0
"""A chart entry before it knows who writes it and when."""

from dataclasses import dataclass
from datetime import date, time

from arkanum.core.entries import Content


@dataclass(frozen=True, slots=True)
class Draft:
    """What will become one entry.

    Attributes:
        content: what it says.
        day: day of the treatment, or `None` when the file does not say.
        at: time of that day, or `None`.
        lines: first and last line in the file.
        understood: the content was read for what it means, not only kept as text.
    """

    content: Content
    day: date | None
    at: time | None
    lines: tuple[int, int]
    understood: bool = True
