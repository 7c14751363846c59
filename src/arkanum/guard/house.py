# SPDX-License-Identifier: MPL-2.0
"""What the guard holds: logs, open practices, sessions. It starts with nothing open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from arkanum.guard import rings
from arkanum.guard.bodies import PersonBody, PracticeBody, open_body, person_place
from arkanum.guard.codes import new_code
from arkanum.guard.directory_pages import DirectoryKeeper, in_thread
from arkanum.guard.errors import NotSignedIn, Refused
from arkanum.guard.log import Event, Log, now
from arkanum.guard.pairings import Pairings
from arkanum.guard.rings import Member, RingKeys
from arkanum.guard.roles import Action, Ring
from arkanum.guard.sessions import OpenPractice, Session, Sessions
from arkanum.storage import people, practices
from arkanum.storage import rings as ring_rows
from arkanum.storage.models import Person, Practice
from arkanum.vault import (
    Cost,
    Key,
    Place,
    PublicKey,
    SigningKey,
    Tampered,
    calibrate,
    unseal,
)


@dataclass
class Guard:
    """The guard's whole memory. `data` is the data folder; `on_sealed` is called when nothing is open any more."""

    data: Path
    on_sealed: Callable[[], None] = lambda: None
    spawn: Callable[[Callable[[], None]], None] = in_thread
    cost: Callable[[], Cost] = calibrate
    sessions: Sessions = field(default_factory=Sessions)
    pairings: Pairings = field(default_factory=Pairings)
    founding_code: str = field(default_factory=lambda: new_code(12), repr=False)
    logs: dict[UUID, Log] = field(default_factory=dict)
    opened: dict[UUID, OpenPractice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the log of every practice."""
        (self.data / "log").mkdir(mode=0o700, parents=True, exist_ok=True)
        for practice in practices.all_ids():
            row = practices.get(practice)
            self.open_log(practice, PublicKey.from_bytes(bytes(row.log_ring_public_key)))

    def open_log(self, practice: UUID, ring: PublicKey) -> Log:
        """Open a practice's log file and begin a segment."""
        log = self.logs[practice] = Log(self.log_path(practice), practice, ring)
        return log

    def log_path(self, practice: UUID) -> Path:
        """Return where a practice's log lies."""
        return self.data / "log" / f"{practice}.log"

    def session(self, token: bytes, action: Action) -> Session:
        """Return the session behind a token, if it may do this.

        Raises:
            PracticeSealed: nobody is signed in.
            NotSignedIn: the session has ended.
            Refused: not allowed; the refusal is logged.
        """
        session = self.any_session(token)
        try:
            session.require(action)
        except Refused as refusal:
            self.note(session, action, outcome=type(refusal).__name__.lower())
            raise
        return session

    def any_session(self, token: bytes) -> Session:
        """Return the session behind a token, whatever it may do."""
        session = self.sessions.get(token)
        until = session.body.until
        if until is not None and date.today() > until:  # noqa: DTZ011 - the practice's calendar day is meant
            self.end_sessions(lambda other: other.person == session.person)
            raise NotSignedIn
        return session

    def note(
        self, session: Session, what: str, *, patient: UUID | None = None, outcome: str = "ok", detail: str = ""
    ) -> int:
        """Write a log line for a session and return its number."""
        return session.practice.log.append(
            Event(
                at=now(),
                what=what,
                person=session.person,
                device=session.device,
                patient=patient,
                outcome=outcome,
                detail=detail,
            )
        )

    def open_practice(self, row: Practice, site: Key) -> OpenPractice:
        """Return what is open of a practice, opening it where nobody is signed in yet."""
        practice = self.opened.get(row.id)
        if practice is None:
            profile = open_body(site, Place("practice", "profile", row.id), row.profile, PracticeBody)
            practice = self.opened[row.id] = OpenPractice(
                id=row.id,
                name=profile.name,
                accepts_patients=row.accepts_patients,
                site=site,
                log=self.logs[row.id],
                directory=DirectoryKeeper(row.id, site, self.spawn),
            )
            place = Place("practice", "log_signing_key", row.id)
            signer = unseal(site.derive("log"), place, row.log_signing_key)
            practice.log.sign_with(SigningKey.from_bytes(signer))
        return practice

    def begin_session(
        self,
        practice: OpenPractice,
        row: Person,
        body: PersonBody,
        device: UUID,
        opened: dict[Ring, RingKeys],
    ) -> tuple[bytes, Session]:
        """Take a person in: their rings are open from now on while they stay."""
        for ring, keys in opened.items():
            practice.rings.setdefault(ring, keys)
        session = Session(practice, row.id, device, body, frozenset(opened), 0.0)
        token = self.sessions.begin(session)
        self._rotate_what_is_due(practice)
        if Ring.DESK in opened:
            practice.directory.open(practice.rings[Ring.DESK])
        return token, session

    def end_sessions(self, wanted: Callable[[Session], bool]) -> None:
        """End sessions, and seal what nobody is left to hold."""
        self.after_end(self.sessions.end(wanted))

    def after_end(self, ended: tuple[Session, ...]) -> None:
        """Seal each practice whose last session that may treat has ended; end the guard when all are sealed."""
        for practice in {session.practice.id: session.practice for session in ended}.values():
            left = [other for other in self.sessions.all() if other.practice is practice]
            treated = any(Ring.TREATMENT in s.rings for s in ended if s.practice is practice)
            if not left or (treated and not any(Ring.TREATMENT in other.rings for other in left)):
                self.sessions.end(lambda other, sealed=practice: other.practice is sealed)  # type: ignore[misc]
                self.seal(practice)
        if ended and not self.opened:
            self.on_sealed()

    def seal(self, practice: OpenPractice) -> None:
        """Let go of everything that is open of a practice."""
        practice.directory.flush()
        practice.log.append(Event(at=now(), what="sealed"))
        practice.log.sign_head()
        del self.opened[practice.id]

    def close(self) -> None:
        """Seal everything and close the logs."""
        for practice in tuple(self.opened.values()):
            self.sessions.end(lambda other, sealed=practice: other.practice is sealed)  # type: ignore[misc]
            self.seal(practice)
        for log in self.logs.values():
            log.close()

    def members_of(self, practice: OpenPractice, ring: Ring) -> list[Member]:
        """Return who shares a ring: its members with their attested public keys, and the recovery key."""
        members = [
            attested_member(practice.site, person)
            for person in people.people(practice.id)
            if person.id in ring_rows.members_of(practice.id, ring) and not person.left
        ]
        return [*members, self.recovery_member(practice)]

    def recovery_member(self, practice: OpenPractice) -> Member:
        """Return the recovery key as a member.

        Raises:
            Tampered: the public key in the row is not the one the practice made.
        """
        row = practices.get(practice.id)
        public = PublicKey.from_bytes(bytes(row.recovery_public_key))
        place = Place("practice", "profile", practice.id)
        if open_body(practice.site, place, row.profile, PracticeBody).recovery != public.fingerprint():
            raise Tampered("the recovery key is not the one the practice made")
        return Member(None, public)

    def rotate(self, practice: OpenPractice, ring: Ring) -> None:
        """Change a ring's keys for those who are members now, or as soon as somebody who holds it comes."""
        keys = practice.rings.get(ring)
        if keys is None:
            ring_rows.mark_rotation_due(practice.id, ring)
            return
        rings.rotate(practice.site, practice.id, ring, keys, self.members_of(practice, ring))
        if ring is Ring.DESK:
            practice.directory.rekey()
        if ring is Ring.LOG:
            public = keys.private[0][1].public
            practices.save_log_ring_key(practice.id, public.to_bytes())
            practice.log.restart(public)

    def _rotate_what_is_due(self, practice: OpenPractice) -> None:
        for ring in tuple(practice.rings):
            if ring_rows.rotation_due(practice.id, ring):
                self.rotate(practice, ring)


def attested_member(site: Key, row: Person) -> Member:
    """Return a person's public key, checked against what the practice sealed about them.

    Raises:
        Tampered: the public key in the row is not theirs.
    """
    public = PublicKey.from_bytes(bytes(row.public_key))
    body = open_body(site, person_place(row.id, "body"), row.body, PersonBody)
    if body.fingerprint != public.fingerprint():
        raise Tampered("the public key of this person is not the one they made")
    return Member(row.id, public)
