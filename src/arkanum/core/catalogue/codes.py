# SPDX-License-Identifier: MPL-2.0
"""One code of the catalogue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of ICD-10-GM and what the catalogue says about it.

    Attributes:
        code: the code with its point, such as `J06.9`.
        text: the catalogue's text, unchanged.
        terminal: may stand in a diagnosis; the others only group.
    """

    code: str
    text: str
    terminal: bool
