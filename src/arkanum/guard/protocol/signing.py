# SPDX-License-Identifier: MPL-2.0
"""Sign in, sign out, and what belongs to one's own account."""

from __future__ import annotations

from arkanum.guard.protocol.base import Asked, Message, Who
from arkanum.guard.shown import ANYBODY, ASKER, shown


@shown({ANYBODY: "founded sealed"})
class State(Message, frozen=True, kw_only=True):
    """What may be told to anybody on the practice's own machine."""

    founded: bool
    sealed: bool


@shown({ASKER: "token who device_secret wrong_pins"})
class SignedIn(Message, frozen=True, kw_only=True):
    """A session has begun. `token` goes into the browser's cookie and nowhere else."""

    token: bytes
    who: Who
    device_secret: bytes = b""
    wrong_pins: int = 0
    """So many wrong PINs were typed at this person's resting session since they left."""


class AskState(Message, frozen=True, kw_only=True):
    """Is there a practice, and is it sealed?"""


class JudgePassphrase(Message, frozen=True, kw_only=True):
    """Would this pass phrase be refused, and why? Nothing is stored or logged."""

    passphrase: str
    context: tuple[str, ...] = ()
    token: bytes = b""


class SignIn(Message, frozen=True, kw_only=True):
    """Device, login name and pass phrase."""

    device_secret: bytes
    login: str
    passphrase: str
    channel: bytes = b""
    leaves: bytes = b""
    """The token this browser had until now: whoever it belongs to rests from now on."""
    certificate: bytes = b""
    """Fingerprint of the certificate that opened the connection; nothing on loopback."""


class SignOut(Asked, frozen=True, kw_only=True):
    """End this session."""


class AskWho(Asked, frozen=True, kw_only=True):
    """Who is at this screen?"""


class ChangePassphrase(Asked, frozen=True, kw_only=True):
    """Choose another pass phrase."""

    old: str
    new: str


class RecoverByPaper(Message, frozen=True, kw_only=True):
    """Two paper codes open the practice again for one person on this device."""

    first: str
    second: str
    login: str
    passphrase: str
    device_name: str
    channel: bytes = b""


class Seal(Asked, frozen=True, kw_only=True):
    """Seal the practice now: every session ends."""
