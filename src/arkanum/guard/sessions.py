# SPDX-License-Identifier: MPL-2.0
"""Who is signed in, and what of each practice is open because of them."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from arkanum.guard.bodies import PersonBody
from arkanum.guard.brake import Brake
from arkanum.guard.directory_pages import DirectoryKeeper
from arkanum.guard.emergencies import Emergencies
from arkanum.guard.errors import EmergencyOnly, NotSignedIn, PracticeSealed, Refused
from arkanum.guard.log import Log
from arkanum.guard.log_index import LogIndex
from arkanum.guard.protocol import Who
from arkanum.guard.rings import RingKeys
from arkanum.guard.roles import EMERGENCY, Action, actions_of, logical, may
from arkanum.guard.wall_book import WallBook
from arkanum.vault import Key

IDLE_SECONDS = 2 * 60 * 60
"""A session that asks nothing for so long has ended."""

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
    brake: Brake = field(default_factory=Brake)
    log_index: LogIndex | None = None
    """What the log says, while somebody who may read it is here."""
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
    last_asked: float
    purpose: frozenset[Action] | None = None
    search_window_until: float = 0.0
    searches: int = 0
    names_shown: int = 0
    emergencies: Emergencies = field(default_factory=Emergencies)
    writes: dict[int, frozenset[UUID]] = field(default_factory=dict)
    """Log lines that allowed this session to write, with the patients they were about."""

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
    """All sessions of the guard. Tokens are kept as hashes, so that even a memory dump shows none whole."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
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
        token = secrets.token_bytes(32)
        with self._lock:
            session.last_asked = self._clock()
            self._sessions[_hash(token + channel)] = session
        return token

    def get(self, token: bytes) -> Session:
        """Return the session of a token and note that it is in use.

        Raises:
            PracticeSealed: nobody at all is signed in.
            NotSignedIn: the token is unknown or rested too long.
        """
        with self._lock:
            if not self._sessions:
                raise PracticeSealed
            session = self._sessions.get(_hash(token))
            if session is None or self._rested(session):
                raise NotSignedIn
            session.last_asked = self._clock()
            return session

    def all(self) -> tuple[Session, ...]:
        """Return every session that has not rested too long."""
        with self._lock:
            return tuple(session for session in self._sessions.values() if not self._rested(session))

    def end(self, wanted: Callable[[Session], bool]) -> tuple[Session, ...]:
        """End the sessions for which `wanted` says yes, and return them."""
        with self._lock:
            ended = {key: session for key, session in self._sessions.items() if wanted(session)}
            for key in ended:
                del self._sessions[key]
            return tuple(ended.values())

    def end_token(self, token: bytes) -> Session | None:
        """End one session by its token."""
        with self._lock:
            return self._sessions.pop(_hash(token), None)

    def end_rested(self) -> tuple[Session, ...]:
        """End the sessions that rested too long, and return them."""
        return self.end(self._rested)

    def _rested(self, session: Session) -> bool:
        return self._clock() - session.last_asked > IDLE_SECONDS


def _hash(token: bytes) -> bytes:
    return sha256(token).digest()
