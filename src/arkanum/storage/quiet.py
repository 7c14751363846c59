# SPDX-License-Identifier: MPL-2.0
"""Log lines without the text of exceptions: that text could quote what somebody typed."""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:

    class _Stream(logging.StreamHandler[TextIO]):
        """Python's handler, with the type of its stream."""

else:
    _Stream = logging.StreamHandler


class Quiet(logging.Formatter):
    """Formats a line and leaves out exception, traceback and stack, whoever logged them."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line alone."""
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return super().format(bare)


class Console(_Stream):
    """Writes to standard error; where that cannot be written, it is silent.

    Python's own handler would print the exception at hand with its text, to say that it could not print.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - Python's own name
        """Lose the line rather than tell what it was about."""
