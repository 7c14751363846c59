# SPDX-License-Identifier: MPL-2.0
"""The words between pages and the guard: one struct a question, one struct an answer.

A message on the socket is four bytes of length (big endian) and that many bytes of MessagePack. Everything
secret is hidden from `repr`, so that no exception or log line can show it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from arkanum.guard.directory import Card
from arkanum.guard.roles import Action, Ring, Role

MAX_QUESTION_BYTES = 64 * 1024
"""The largest is a batch of 500 patients; a longer one ends the connection."""

MAX_ANSWER_BYTES = 16 * 1024 * 1024


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Superclass of every question and answer."""

    def __repr__(self) -> str:
        """Name the kind only: fields may be secret."""
        return f"<{type(self).__name__}>"


class Asked(Message, frozen=True, kw_only=True):
    """Superclass of questions that need a signed-in person."""

    token: bytes


# --- answers ---------------------------------------------------------------------------------------------


class Done(Message, frozen=True, kw_only=True):
    """It is done, and there is nothing to tell."""


class Failed(Message, frozen=True, kw_only=True):
    """It was not done: the name of an error class, and what that class carries."""

    error: str
    seconds: int = 0
    reasons: tuple[str, ...] = ()


class State(Message, frozen=True, kw_only=True):
    """What may be told to anybody on the practice's own machine."""

    founded: bool
    sealed: bool


class Who(Message, frozen=True, kw_only=True):
    """The person at the screen, as the guard knows them."""

    person: UUID
    practice: UUID
    device: UUID
    name: str
    role: Role
    rings: frozenset[Ring]
    actions: frozenset[Action]
    practice_name: str
    accepts_patients: bool
    must_change: bool


class SignedIn(Message, frozen=True, kw_only=True):
    """A session has begun. `token` goes into the browser's cookie and nowhere else."""

    token: bytes
    who: Who
    device_secret: bytes = b""


class Founded(Message, frozen=True, kw_only=True):
    """A practice exists: a session, this browser's device secret, and three paper codes, told once."""

    token: bytes
    who: Who
    device_secret: bytes
    paper_codes: tuple[str, str, str]


class Papers(Message, frozen=True, kw_only=True):
    """Three new paper codes, told once."""

    who: Who
    paper_codes: tuple[str, str, str]


class ChartKey(Message, frozen=True, kw_only=True):
    """The key of one chart: one patient under one ring."""

    ring: Ring
    key: bytes
    epoch: int


class Permit(Message, frozen=True, kw_only=True):
    """The log line stands; here are the keys of one patient, or none where the action needs none."""

    who: Who
    action: Action
    log_no: int
    patient: UUID | None
    keys: tuple[ChartKey, ...]
    colleagues: dict[UUID, str]


class Batch(Message, frozen=True, kw_only=True):
    """Keys of many charts for a job, under one log line."""

    who: Who
    action: Action
    log_no: int
    keys: dict[UUID, tuple[ChartKey, ...]]


class FoundPatient(Message, frozen=True, kw_only=True):
    """One hit of the search: the patient's card and the reason where it is not literal."""

    card: Card
    why: str | None


class Found(Message, frozen=True, kw_only=True):
    """The hits of one keystroke, in alphabetical order."""

    who: Who
    hits: tuple[FoundPatient, ...]


class Cards(Message, frozen=True, kw_only=True):
    """The cards of some patients, in the order asked for."""

    cards: tuple[Card, ...]


class Member(Message, frozen=True, kw_only=True):
    """One person of the practice, as the staff page shows them."""

    person: UUID
    name: str
    login: str
    role: Role
    rings: frozenset[Ring]
    wanted: frozenset[Ring]
    until: date | None
    left: bool
    signed_in: bool


class Staff(Message, frozen=True, kw_only=True):
    """Everybody of the practice."""

    who: Who
    members: tuple[Member, ...]


class DeviceLine(Message, frozen=True, kw_only=True):
    """One enrolled device."""

    device: UUID
    name: str
    added: date
    own: bool


class Devices(Message, frozen=True, kw_only=True):
    """The devices of the practice."""

    who: Who
    devices: tuple[DeviceLine, ...]


class Handed(Message, frozen=True, kw_only=True):
    """A secret that is shown once to the person who asked: a first pass phrase or a device secret."""

    secret: str


class Pairing(Message, frozen=True, kw_only=True):
    """A device waits: `code` is shown there and typed by a signed-in person elsewhere."""

    pairing: bytes
    code: str
    seconds: int


class Paired(Message, frozen=True, kw_only=True):
    """The waiting device was let in (or still waits, while `device_secret` and `token` are empty)."""

    device_secret: bytes = b""
    token: bytes = b""


class LogLine(Message, frozen=True, kw_only=True):
    """One line of the log, opened."""

    no: int
    at: datetime
    what: str
    person: UUID | None = None
    person_name: str = ""
    device: UUID | None = None
    patient: UUID | None = None
    outcome: str = "ok"
    detail: str = ""


class LogLines(Message, frozen=True, kw_only=True):
    """Lines of the log, newest first."""

    who: Who
    lines: tuple[LogLine, ...]


class Verdict(Message, frozen=True, kw_only=True):
    """What checking the log found: how many lines, and the first bad one with the reason."""

    lines: int
    bad_line: int | None
    reason: str
    alarms: tuple[str, ...] = ()


# --- questions -------------------------------------------------------------------------------------------


class AskState(Message, frozen=True, kw_only=True):
    """Is there a practice, and is it sealed?"""


class JudgePassphrase(Message, frozen=True, kw_only=True):
    """Would this pass phrase be refused, and why? Nothing is stored or logged."""

    passphrase: str
    context: tuple[str, ...] = ()
    token: bytes = b""


class FoundPractice(Message, frozen=True, kw_only=True):
    """Make the practice and its first doctor; `code` is the one from the console."""

    code: str
    practice_name: str
    name: str
    login: str
    passphrase: str
    device_name: str


class ConfirmPaper(Asked, frozen=True, kw_only=True):
    """Two of the three paper codes, typed back from paper."""

    first: str
    second: str


class NewPaper(Asked, frozen=True, kw_only=True):
    """Make three new paper codes; the old ones open nothing any more. The asker's pass phrase is asked for again."""

    passphrase: str


class SignIn(Message, frozen=True, kw_only=True):
    """Device, login name and pass phrase."""

    device_secret: bytes
    login: str
    passphrase: str


class SignOut(Asked, frozen=True, kw_only=True):
    """End this session."""


class AskWho(Asked, frozen=True, kw_only=True):
    """Who is at this screen?"""


class AskPermit(Asked, frozen=True, kw_only=True):
    """Write the log line and release the keys of one patient."""

    action: Action
    patient: UUID | None = None
    record: UUID | None = None
    detail: str = ""


class AskBatch(Asked, frozen=True, kw_only=True):
    """Write one log line and release the keys of many patients to a job. Unknown ids are new patients."""

    action: Action
    patients: tuple[UUID, ...]
    detail: str = ""


class Filed(Asked, frozen=True, kw_only=True):
    """Rows were committed under this log line; the guard takes changed patients into the directory."""

    log_no: int
    patients: tuple[UUID, ...]
    rows: int


class SearchPatients(Asked, frozen=True, kw_only=True):
    """One keystroke of the patient search."""

    text: str
    limit: int = 50


class AskCards(Asked, frozen=True, kw_only=True):
    """Names of a few charts."""

    patients: tuple[UUID, ...]


class ReadLog(Asked, frozen=True, kw_only=True):
    """Lines of the log about a patient, by a person, or the newest."""

    patient: UUID | None = None
    person: UUID | None = None
    limit: int = 200


class VerifyLog(Asked, frozen=True, kw_only=True):
    """Check the chain, the heads and the sealed bodies of the whole log, and rows against lines."""


class AskStaff(Asked, frozen=True, kw_only=True):
    """Who works here?"""


class AddPerson(Asked, frozen=True, kw_only=True):
    """Make a person; answers `Handed` with the first pass phrase."""

    name: str
    login: str
    role: Role
    until: date | None = None
    with_treatment: bool = False


class HandOver(Asked, frozen=True, kw_only=True):
    """Give a person the rings their role allows and the asker holds."""

    person: UUID


class ChangeRole(Asked, frozen=True, kw_only=True):
    """Give another person another role; nobody changes their own."""

    person: UUID
    role: Role
    until: date | None = None
    with_treatment: bool = False


class Leave(Asked, frozen=True, kw_only=True):
    """End a person's access at once and rotate every ring they held."""

    person: UUID


class RestoreAccess(Asked, frozen=True, kw_only=True):
    """A colleague's way back in: new keys and a first pass phrase for someone who forgot theirs."""

    person: UUID


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


class AskDevices(Asked, frozen=True, kw_only=True):
    """Which devices are enrolled?"""


class InviteDevice(Asked, frozen=True, kw_only=True):
    """Make a device in transit; answers `Handed` with the fragment of its link."""

    name: str


class RedeemLink(Message, frozen=True, kw_only=True):
    """Take a device out of its link: its secret changes, the link is of no further use."""

    link: str


class BeginPairing(Message, frozen=True, kw_only=True):
    """A new device (or a command on the console) asks to be let in and shows a short code."""

    name: str
    purpose: str = "device"


class ApprovePairing(Asked, frozen=True, kw_only=True):
    """A signed-in person typed the code shown on the new device."""

    code: str


class AskPaired(Message, frozen=True, kw_only=True):
    """Was the waiting device let in?"""

    pairing: bytes


class RemoveDevice(Asked, frozen=True, kw_only=True):
    """A device is lost, stolen or old: it opens nothing any more."""

    device: UUID


class Seal(Asked, frozen=True, kw_only=True):
    """Seal the practice now: every session ends."""


Question = (
    AskState
    | JudgePassphrase
    | FoundPractice
    | ConfirmPaper
    | NewPaper
    | SignIn
    | SignOut
    | AskWho
    | AskPermit
    | AskBatch
    | Filed
    | SearchPatients
    | AskCards
    | ReadLog
    | VerifyLog
    | AskStaff
    | AddPerson
    | HandOver
    | ChangeRole
    | Leave
    | RestoreAccess
    | ChangePassphrase
    | RecoverByPaper
    | AskDevices
    | InviteDevice
    | RedeemLink
    | BeginPairing
    | ApprovePairing
    | AskPaired
    | RemoveDevice
    | Seal
)
"""Everything that may be asked."""

Answer = (
    Done
    | Failed
    | State
    | Who
    | SignedIn
    | Founded
    | Papers
    | Permit
    | Batch
    | Found
    | Cards
    | Staff
    | Devices
    | Handed
    | Pairing
    | Paired
    | LogLines
    | Verdict
)
"""Everything the guard may say."""
