# SPDX-License-Identifier: MPL-2.0
"""Who is signed in, and what of each practice is open because of them."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from arkanum.core.ids import new_id
from arkanum.guard.bodies import PersonBody
from arkanum.guard.brake import Asker, Brake
from arkanum.guard.brake_file import BrakeFile
from arkanum.guard.directory_pages import DirectoryKeeper
from arkanum.guard.emergencies import Emergencies
from arkanum.guard.errors import EmergencyOnly, Locked, NotSignedIn, PracticeSealed, Refused
from arkanum.guard.log import Log
from arkanum.guard.log_index import LogIndex
from arkanum.guard.pins import Pin
from arkanum.guard.protocol import Who
from arkanum.guard.rings import RingKeys
from arkanum.guard.roles import EMERGENCY, Action, actions_of, logical, may
from arkanum.guard.wall_book import WallBook
from arkanum.vault import Key

REST_SECONDS = 5 * 60
"""A session that no person used for so long rests: it answers `Locked` until its person unlocks it."""

IDLE_SECONDS = 2 * 60 * 60
"""A session that no person used for so long has ended, and holds the practice open no longer."""

LONGEST_SECONDS = 12 * 60 * 60
"""The ceiling: so long after the pass phrase or the passkey even a busy session has ended."""


MOST_SESSIONS = 10
"""So many sessions a person has at once, jobs aside; before an eleventh begins, the oldest resting one ends."""


def since_boot() -> float:
    """Return the seconds since the machine started.

    Nobody turns this clock, unlike that of the wall, and it goes on while the machine sleeps, unlike the monotonic one:
    a lid closed over night must not keep a session young.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)


OPEN_WRITES = 1000
"""So many permits to write are remembered a session, so that it can say that their rows are there."""


@dataclass(slots=True)
class OpenPractice:
    """What is open of one practice while somebody is signed in."""

    id: UUID
    name: str
    accepts_patients: bool
    site: Key = field(repr=False)
    log: Log
    directory: DirectoryKeeper
    rings: dict[str, RingKeys] = field(default_factory=dict, repr=False)
    log_index: LogIndex | None = None
    """What the log says, while somebody who may read it is here."""
    brake: Brake = field(default_factory=lambda: Brake(time.time))
    canaries: frozenset[UUID] = frozenset()
    """Planted patients: whoever opens one is put out."""
    brake_file: BrakeFile | None = None
    waiting: dict[UUID, Any] = field(default_factory=dict)
    """Sessions that wait for a second person (`vouching.Waiting`), by the id under which a colleague agrees."""
    exports: dict[UUID, Any] = field(default_factory=dict)
    """Exports of many charts that were prepared or agreed to (`exporting.Order`), by their id."""
    tickets: dict[bytes, Any] = field(default_factory=dict, repr=False)
    """One-time tickets that were handed out (`tickets.Ticket`), by their hash."""
    names: dict[UUID, str] | None = None
    """Names of the practice's people; `None` when they must be read again."""
    walls: WallBook | None = None
    """Walls and who is behind them; `None` when they must be read again."""


@dataclass(slots=True)
class Session:
    """One person at one device."""

    practice: OpenPractice
    person: UUID
    device: UUID
    body: PersonBody
    rings: frozenset[str]
    last_used: float
    purpose: frozenset[Action] | None = None
    began: float = 0.0
    is_locked: bool = False
    pin: Pin | None = field(default=None, repr=False)
    wrong_pins: int = 0
    wrong_pins_in_all: int = 0
    channel: bytes = field(default=b"", repr=False)
    search_window_until: float = 0.0
    searches: int = 0
    names_shown: int = 0
    emergencies: Emergencies = field(default_factory=Emergencies)
    began_at: float = 0.0
    proved_at: float | None = None
    """When the person last showed that it is them, after the brake had asked; seconds of the guard's clock."""
    agreed_at: float | None = None
    """When a second person last agreed that this session goes on."""
    writes: dict[int, frozenset[UUID]] = field(default_factory=dict)
    """Log lines that allowed this session to write, with the patients they were about."""
    lists: dict[bytes, Any] = field(default_factory=dict, repr=False)
    """Lists that this session began (`listing.Begun`), by the hash of their capability."""
    id: UUID = field(default_factory=new_id)
    """What its person names it by; not made from the token, and good for nothing else."""

    @property
    def is_job(self) -> bool:
        """Whether it is a command that a person let in: it keeps nothing open by itself."""
        return self.purpose is not None

    @property
    def home(self) -> str:
        """The wall behind which this person's new patients are from the start; mostly none."""
        return self.body.home if self.body.home in self.rings else ""

    @property
    def actions(self) -> frozenset[Action]:
        """What this session may do: the role's actions, or fewer for a purpose-bound one."""
        if self.body.must_change:
            return frozenset({Action.OWN_ACCOUNT})
        allowed = actions_of(self.body.role, self.rings)
        return allowed if self.purpose is None else allowed & self.purpose

    def require(self, action: Action, patient: UUID | None = None) -> None:
        """Refuse what role, keys or purpose do not allow.

        Raises:
            EmergencyOnly: it would be allowed in an emergency.
            Refused: it is not allowed, or the practice does not take patients yet.
        """
        if action in EMERGENCY and patient is not None and patient in self.emergencies.open():
            return
        if action not in self.actions or not may(self.body.role, self.rings, action):
            breaks = action in EMERGENCY and patient is not None and Action.BREAK_GLASS in self.actions
            raise EmergencyOnly if breaks else Refused
        if action is Action.NEW_PATIENT and not self.practice.accepts_patients:
            raise Refused

    def asker(self) -> Asker:
        """Return who this is for the brake."""
        return Asker(self.person, self.device, self.began_at, self.proved_at, self.agreed_at)

    def window(self) -> str:
        """Return how often was searched and how many names were shown since the last window, and begin another."""
        counted = f"{self.searches} {self.names_shown}" if self.searches or self.names_shown else ""
        self.searches = self.names_shown = 0
        return counted

    def may_write(self, log_no: int, patients: Iterable[UUID]) -> None:
        """Remember that a log line allows writing about these patients."""
        self.writes[log_no] = frozenset(patients)
        while len(self.writes) > OPEN_WRITES:
            del self.writes[next(iter(self.writes))]

    def ring(self, ring: str) -> RingKeys:
        """Return the opened ring.

        Raises:
            Refused: this person holds no share of it.
            PracticeSealed: it was closed meanwhile.
        """
        if ring not in self.rings:
            raise Refused
        keys = self.practice.rings.get(ring)
        if keys is None:
            raise PracticeSealed
        return keys

    def who(self) -> Who:
        """Describe the person for the page."""
        return Who(
            person=self.person,
            practice=self.practice.id,
            device=self.device,
            name=self.body.name,
            role=self.body.role,
            rings=logical(self.rings),
            actions=self.actions,
            practice_name=self.practice.name,
            accepts_patients=self.practice.accepts_patients,
            must_change=self.body.must_change,
            emergencies=self.emergencies.open(),
        )


class Sessions:
    """All sessions of the guard. Tokens are kept as hashes, so that even a memory dump shows none whole.

    A session is in use, rests, or has ended. It rests when its person locked the screen or did not use it for
    `REST_SECONDS`; what a page or a job asks by itself is no use. Whoever comes back gets another token.
    """

    def __init__(self, clock: Callable[[], float] = since_boot) -> None:
        """Begin with nobody signed in."""
        self._clock = clock
        self._lock = threading.RLock()
        self._sessions: dict[bytes, Session] = {}

    def begin(self, session: Session, channel: bytes = b"") -> bytes:
        """Take a session in and return its token (32 random bytes).

        Args:
            session: who begins.
            channel: id of the device whose certificate spoke, nothing on loopback. Pages present the token with the
                channel they hear the browser on behind it, so a cookie that was carried elsewhere is no token at all.
        """
        with self._lock:
            session.channel = channel
            session.began = session.last_used = self._clock()
            return self._give_token(session)

    def get(self, token: bytes) -> Session:
        """Return the session of a token.

        Raises:
            PracticeSealed: nobody at all is signed in.
            NotSignedIn: the token is unknown, or the session has ended.
            Locked: it rests.
        """
        with self._lock:
            if not self._sessions:
                raise PracticeSealed
            session = self.peek(token)
            if session is None:
                raise NotSignedIn
            if self.rests(session):
                raise Locked
            return session

    def peek(self, token: bytes) -> Session | None:
        """Return the session of a token even while it rests: for leaving and being replaced."""
        with self._lock:
            session = self._sessions.get(_hash(token))
            return None if session is None or self._is_over(session) else session

    def use(self, token: bytes, *, idle: bool = False) -> None:
        """Note that a person used a session just now; one that rests goes on resting.

        Args:
            token: the session's.
            idle: the page asked by itself; that is use by a job alone, which no person sits at.
        """
        with self._lock:
            session = self.peek(token)
            if session is not None and not self.rests(session) and (session.is_job or not idle):
                session.last_used = self._clock()

    def rests(self, session: Session) -> bool:
        """Tell whether a session answers nothing until its person unlocks it. A job has no screen to lock."""
        if session.is_job:
            return False
        return session.is_locked or self._clock() - session.last_used > REST_SECONDS

    def ages(self, session: Session) -> tuple[float, float]:
        """Return how many seconds ago a session began and was last used."""
        now = self._clock()
        return now - session.began, now - session.last_used

    def surplus_of(self, session: Session) -> tuple[Session, ...]:
        """Return what of this session's person is too much now: the oldest that rest, then the oldest in use."""
        with self._lock:
            mine = [one for one in self.all() if one.person == session.person and not one.is_job]
            others = [one for one in mine if one is not session]
            others.sort(key=lambda one: (not self.rests(one), one.last_used))
            return tuple(others[: max(0, len(mine) - MOST_SESSIONS)])

    def resting_at(self, device: UUID) -> tuple[Session, ...]:
        """Return the sessions that rest at a device, the one used last first."""
        with self._lock:
            resting = [one for one in self.all() if one.device == device and self.rests(one)]
            return tuple(sorted(resting, key=lambda one: one.last_used, reverse=True))

    def wake(self, session: Session) -> bytes:
        """Let a session be used again and return its new token; the one before opens nothing any more."""
        with self._lock:
            for key in [key for key, other in self._sessions.items() if other is session]:
                del self._sessions[key]
            session.is_locked = False
            session.last_used = self._clock()
            return self._give_token(session)

    def all(self) -> tuple[Session, ...]:
        """Return every session that has not ended; those that rest are among them."""
        with self._lock:
            return tuple(session for session in self._sessions.values() if not self._is_over(session))

    def end(self, wanted: Callable[[Session], bool]) -> tuple[Session, ...]:
        """End the sessions for which `wanted` says yes, and return them."""
        with self._lock:
            ended = {key: session for key, session in self._sessions.items() if wanted(session)}
            for key in ended:
                del self._sessions[key]
            return tuple(ended.values())

    def end_over(self) -> tuple[Session, ...]:
        """End the sessions that nobody used for too long, and those past the ceiling, and return them."""
        return self.end(self._is_over)

    def _give_token(self, session: Session) -> bytes:
        token = secrets.token_bytes(32)
        self._sessions[_hash(token + session.channel)] = session
        return token

    def _is_over(self, session: Session) -> bool:
        now = self._clock()
        return now - session.last_used > IDLE_SECONDS or (not session.is_job and now - session.began > LONGEST_SECONDS)


def _hash(token: bytes) -> bytes:
    return sha256(token).digest()
