# SPDX-License-Identifier: MPL-2.0
"""All errors of the core.

What `str()` of an error shows may end in a log, so it never holds a word of a
patient's record. What the person at the screen needs to read stands in the
attribute `german`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arkanum.core.catalogue.codes import Code


class CoreError(Exception):
    """Superclass of all errors of the core. Never raised itself."""


class UnknownFormat(CoreError):
    """A record is of a kind or format that this version does not know yet."""


class Malformed(CoreError):
    """The bytes of a record are not what their kind and format promise."""


class ImpossibleValue(CoreError, ValueError):
    """A value cannot exist: 30 February, a time without a zone, a weight of NaN.

    Attributes:
        code: short fixed word that says which rule was broken.
        german: the sentence for the screen.
    """

    def __init__(self, code: str, german: str) -> None:
        """Keep the rule's name and the sentence for the screen."""
        super().__init__(code)
        self.code = code
        self.german = german


class ShorthandError(CoreError):
    """A line typed into the chart cannot be understood.

    Attributes:
        code: short fixed word for the reason, such as `unknown_key`.
        position: index of the first character that is wrong, from 0.
        german: the sentence for the screen; may quote the line.
        choices: codes that would be right, when a code was the trouble.
    """

    def __init__(self, code: str, position: int, german: str, choices: "tuple[Code, ...]" = ()) -> None:
        """Keep reason, place, sentence and choices; only the reason is printed."""
        super().__init__(code)
        self.code = code
        self.position = position
        self.german = german
        self.choices = choices


class CatalogueError(CoreError):
    """A catalogue file cannot be used.

    Attributes:
        code: short fixed word for the reason.
        german: the sentence for the screen, with the line number if there is one.
    """

    def __init__(self, code: str, german: str) -> None:
        """Keep the reason and the sentence for the screen."""
        super().__init__(code)
        self.code = code
        self.german = german


class WeakPin(CoreError):
    """A PIN that is refused; `reason` is a German sentence that does not repeat it."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__("weak PIN")
        self.reason = reason
