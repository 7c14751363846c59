# SPDX-License-Identifier: MPL-2.0
"""The hint: something worth a second look, which stops nobody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hint:
    """A soft warning beside a value (*Hinweis*).

    Attributes:
        code: short fixed word that says which rule was hurt.
        text: the German sentence for the screen.
    """

    code: str
    text: str
