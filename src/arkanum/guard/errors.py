# SPDX-License-Identifier: MPL-2.0
"""What can go wrong when somebody asks the guard. No message carries a name, a word of a chart or a key."""

from __future__ import annotations


class GuardError(Exception):
    """Superclass of all guard errors. Never raised itself."""


class PracticeSealed(GuardError):
    """Someone asked for plaintext while no person who may open it is signed in."""


class NotSignedIn(GuardError):
    """The session is unknown, has ended, or has rested too long."""


class Locked(GuardError):
    """The session rests: nobody used it for five minutes, or its person locked the screen. PIN or passkey go on."""


class SignInRefused(GuardError):
    """Unknown device, unknown name or wrong pass phrase: deliberately one and the same answer."""


class Refused(GuardError):
    """The person is signed in, but neither role nor keys allow this."""


class EmergencyOnly(Refused):
    """Refused, but this person may break the glass for this patient."""


class LastMember(Refused):
    """Refused, because nobody would be left who opens the charts behind a wall."""


class WallMissing(Refused):
    """Refused, because a wall would be lost to somebody: no session here holds it open."""


class ReasonMissing(GuardError):
    """Whoever breaks the glass or makes a list of many patients says why, in a few words at least."""


class NobodyHolds(GuardError):
    """Nobody is signed in whose keys would open the chart, not even in an emergency."""


class NotFound(GuardError):
    """There is no such object in this practice; a foreign object gives the same answer."""


class Damaged(GuardError):
    """A key or a row of this practice was changed by someone who had no key; it is shown, never skipped."""


class Throttled(GuardError):
    """Too many wrong tries; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        """Keep the waiting time in whole seconds."""
        super().__init__(seconds)
        self.seconds = seconds


class PassphraseTooWeak(GuardError):
    """The pass phrase is easy to guess; `reasons` are German sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        """Keep the reasons, which never repeat the pass phrase."""
        super().__init__(len(reasons))
        self.reasons = reasons


class DoorRefused(GuardError):
    """The door cannot stand there or have this name; `reasons` are German sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        """Keep the reasons."""
        super().__init__(len(reasons))
        self.reasons = reasons


class PinTooWeak(PassphraseTooWeak):
    """The PIN is easy to guess; `reasons` are German sentences."""


class WrongCode(GuardError):
    """A one-time code, a paper code or a pairing code is wrong, used or expired."""


class EnrolmentClosed(GuardError):
    """Nobody has opened enrolment, or it is over: by time, by a click, by wrong codes, or with the practice."""


class AlreadyThere(GuardError):
    """The login name is taken, or the thing was already done."""


class StepUp(GuardError):
    """So many patients were asked for that the person must show once more that it is them; then it goes on."""


class SecondPerson(GuardError):
    """A limit is reached; a colleague who may treat must agree before it goes on."""


class CanaryMet(GuardError):
    """A planted patient was opened: the sessions of this person at this device have ended."""


class ListTooLong(GuardError):
    """More patients fit than may stand on a list; it has to pick more narrowly."""


class ListsUsedUp(GuardError):
    """The person has made all the lists that one may make in a day."""


class NothingPicked(GuardError):
    """A list needs at least one criterion: all patients are no list."""


class TicketRefused(GuardError):
    """A one-time ticket was used before, is too old, or was made for somebody or something else."""


class GuardAway(GuardError):
    """The guard does not answer: it is starting, or it has ended and the practice is sealed."""


class LogBroken(GuardError):
    """The log cannot be written, so nothing is released."""


class NotAHead(GuardError):
    """What was typed or scanned is no head of a log."""


class DiskFull(LogBroken):
    """There is no room for another line of the log."""
