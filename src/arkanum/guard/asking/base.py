# SPDX-License-Identifier: MPL-2.0
"""One question, one answer of the expected kind, or the error that the guard named."""

from __future__ import annotations

from typing import Protocol, Self, TypeVar

import msgspec

from arkanum.guard import errors
from arkanum.guard import protocol as p

_Answer = TypeVar("_Answer", bound=p.Message)


class Transport(Protocol):
    """A way to the guard."""

    def ask(self, question: p.Message) -> p.Answer:
        """Send a question and return its answer."""


class Asking:
    """Superclass of the groups of questions that a client offers."""

    def __init__(self, transport: Transport, *, idle: bool = False) -> None:
        """Ask over this transport; `idle` as `by_itself` says."""
        self._transport = transport
        self._idle = idle

    def by_itself(self) -> Self:
        """Return a client whose questions are not a person's use of the session: for polls and work in the background.

        A page that looks for news every few seconds would otherwise keep a screen open that everybody has left.
        """
        return type(self)(self._transport, idle=True)

    def ask(self, question: p.Message, kind: type[_Answer]) -> _Answer:
        """Ask and return the answer of the expected kind.

        Raises:
            GuardError: the guard said no; the class says why.
        """
        if self._idle and isinstance(question, p.Asked):
            question = msgspec.structs.replace(question, idle=True)
        got = self._transport.ask(question)
        if isinstance(got, p.Failed):
            raise _error(got)
        if not isinstance(got, kind):
            raise errors.GuardAway
        return got


def _error(failed: p.Failed) -> errors.GuardError:
    if failed.error == "Throttled":
        return errors.Throttled(failed.seconds)
    if failed.error == "DoorRefused":
        return errors.DoorRefused(failed.reasons)
    kind = getattr(errors, failed.error, None)
    if isinstance(kind, type) and issubclass(kind, errors.PassphraseTooWeak):
        return kind(failed.reasons)
    if isinstance(kind, type) and issubclass(kind, errors.GuardError):
        return kind()
    return errors.GuardAway()
