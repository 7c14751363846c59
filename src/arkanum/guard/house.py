# SPDX-License-Identifier: MPL-2.0
"""What the guard holds: logs, open practices, sessions. It starts with nothing open.

One lock stands over every change of who is in and what is open. Without it a sign-out and a sign-in in the same
moment could leave a practice open with nobody in it, and a chart made while a ring is rotated would be wrapped under
a key that is being destroyed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from arkanum.guard import authority, escrow, house_rules, rings
from arkanum.guard.alarms import ALARM as ALARM  # noqa: PLC0414 -- others take it from here
from arkanum.guard.bodies import PersonBody, PracticeBody, open_body, person_place
from arkanum.guard.brake import DAY_SECONDS, Brake
from arkanum.guard.brake_file import BrakeFile
from arkanum.guard.challenges import Challenges
from arkanum.guard.codes import new_code
from arkanum.guard.directory_pages import DirectoryKeeper, in_thread
from arkanum.guard.doorway import Doorway
from arkanum.guard.errors import LogBroken, NotSignedIn, Refused
from arkanum.guard.log import Event, Log, now
from arkanum.guard.log_index import LogIndex
from arkanum.guard.pairings import Pairings
from arkanum.guard.places import log_signer_place, profile_place
from arkanum.guard.rings import Member, RingKeys
from arkanum.guard.roles import Action, Ring, keeps
from arkanum.guard.sessions import OpenPractice, Session, Sessions
from arkanum.guard.tries import Tries
from arkanum.guard.walls import last_of, walls_of
from arkanum.guard.windows import Windows
from arkanum.storage import people, practices
from arkanum.storage import rings as ring_rows
from arkanum.storage.models import Person, Practice
from arkanum.vault import (
    Cost,
    Key,
    PrivateKey,
    PublicKey,
    SigningKey,
    Tampered,
    VaultError,
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
    clock: Callable[[], datetime] = now
    sessions: Sessions = field(default_factory=Sessions)
    pairings: Pairings = field(default_factory=Pairings)
    door: Doorway = field(default_factory=Doorway)
    windows: Windows = field(default_factory=Windows)
    founding_tries: Tries = field(default_factory=Tries)
    founding_code: str = field(default="", repr=False)
    paper_noted: datetime | None = None
    pin_noted: datetime | None = None
    passkey_noted: datetime | None = None
    challenges: Challenges = field(default_factory=Challenges)
    logs: dict[UUID, Log] = field(default_factory=dict)
    opened: dict[UUID, OpenPractice] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        """Open the log of every practice; where there is none yet, make the code that founds one."""
        (self.data / "log").mkdir(mode=0o700, parents=True, exist_ok=True)
        for practice in practices.all_ids():
            row = practices.get(practice)
            self.open_log(practice, PublicKey.from_bytes(bytes(row.log_ring_public_key)))
        if not self.logs:
            self.founding_code = new_code(12)

    def open_log(self, practice: UUID, ring: PublicKey) -> Log:
        """Open a practice's log file and begin a segment."""
        log = self.logs[practice] = Log(self.log_path(practice), practice, ring)
        return log

    def log_path(self, practice: UUID) -> Path:
        """Return where a practice's log lies."""
        return self.data / "log" / f"{practice}.log"

    def brake_path(self, practice: UUID) -> Path:
        """Return where a practice's brake keeps its counts."""
        return self.data / "log" / f"{practice}.brake"

    def seconds(self) -> float:
        """Return the guard's clock in seconds, for what must go on counting while no guard runs."""
        return self.clock().timestamp()

    def is_over(self, until: date | None) -> bool:
        """Tell whether a person's last day is over, by the practice's calendar."""
        return until is not None and self.clock().astimezone().date() > until

    # --- sessions ----------------------------------------------------------------------------------------------------

    def session(self, token: bytes, action: Action, patient: UUID | None = None) -> Session:
        """Return the session behind a token, if it may do this.

        Raises:
            PracticeSealed: nobody is signed in.
            NotSignedIn: the session has ended.
            EmergencyOnly: not allowed but in an emergency; logged like every refusal.
            Locked: it rests.
            Refused: not allowed; the refusal is logged.
        """
        session = self.any_session(token)
        try:
            session.require(action, patient)
        except Refused:
            self.note(session, action, patient=patient, outcome="refused")
            raise
        return session

    def any_session(self, token: bytes) -> Session:
        """Return the session behind a token, whatever it may do.

        Raises:
            PracticeSealed: nobody is signed in.
            NotSignedIn: the session has ended, or the person's last day is over.
            Locked: it rests.
        """
        session = self.sessions.get(token)
        if self.is_over(session.body.until):
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

    def begin_session(
        self,
        site: Key,
        row: Person,
        body: PersonBody,
        device: UUID,
        opened: dict[str, RingKeys],
        *,
        channel: bytes = b"",
    ) -> tuple[bytes, Session]:
        """Take a person in: their rings are open from now on while they stay.

        Args:
            site: the site secret of the person's practice.
            row: the person.
            body: what is sealed about them.
            device: where they sit.
            opened: the rings their private key opened.
            channel: id of the device whose certificate spoke; nothing on loopback.

        Returns:
            The token, told once, and the session.
        """
        with self.lock:
            practice = self.open_practice(practices.get(row.practice_id), site)
            try:
                practice.log.append(Event(at=now(), what="sign_in", person=row.id, device=device))
                session = Session(practice, row.id, device, body, self._take_rings(practice, opened), 0.0)
                session.began_at = self.seconds()
                token = self.sessions.begin(session, channel)
                self._retire(practice)
                self._rotate_what_is_due(practice)
                if Ring.DESK in session.rings:
                    practice.directory.open(practice.rings[Ring.DESK])
                if Ring.LOG in session.rings:
                    self._index_log(practice)
                self._end_surplus(session)
            finally:
                # Whatever failed on the way: an open practice without anybody in it must not remain.
                if not self._here(practice):
                    self.seal(practice)
        return token, session

    def _end_surplus(self, session: Session) -> None:
        """Keep the number of one person's sessions within bounds, now that another has begun."""
        for surplus in self.sessions.surplus_of(session):
            try:
                self.note(surplus, "too_many_sessions")
            finally:
                self.end_sessions(lambda other, ends=surplus: other is ends)  # type: ignore[misc]

    def end_sessions(self, wanted: Callable[[Session], bool]) -> None:
        """End sessions, and seal what nobody is left to hold."""
        with self.lock:
            self.after_end(self.sessions.end(wanted))

    def after_end(self, ended: tuple[Session, ...]) -> None:
        """Seal each practice whose last session that may treat has ended; end the guard when all are sealed."""
        with self.lock:
            try:
                for practice in {session.practice.id: session.practice for session in ended}.values():
                    self._close_what_nobody_holds(practice, [one for one in ended if one.practice is practice])
            finally:
                if ended and not self.opened:
                    self.on_sealed()

    def keep_house(self) -> None:
        """End the sessions that are over or whose person's last day is, and write the directory down."""
        with self.lock:
            self.after_end(self.sessions.end_over())
            self.end_sessions(lambda session: self.is_over(session.body.until))
            self.end_late_enrolment()
            for practice in tuple(self.opened.values()):
                practice.directory.flush()

    def end_late_enrolment(self) -> None:
        """Forget the guests of a practice whose ten minutes are over, and write that down."""
        for practice in self.windows.over():
            self.shut_enrolment(practice)
            self.logs[practice].append(Event(at=now(), what="close_enrolment", detail="late"))

    def open_enrolment(self, practice: UUID) -> None:
        """Hear workplaces without a certificate for ten minutes from now."""
        self.windows.open(practice)
        self.door.open_enrolment(self.windows.longest())

    def shut_enrolment(self, practice: UUID) -> None:
        """Hear no workplace without a certificate any more, and forget those that waited or were let in."""
        self.windows.shut(practice)
        left = self.windows.longest()
        self.pairings.forget_guests(practice, all_waiting=not left)
        if left:
            self.door.open_enrolment(left)  # another practice of this installation has opened it as well
        else:
            self.door.close_enrolment()

    def _close_what_nobody_holds(self, practice: OpenPractice, ended: list[Session]) -> None:
        try:
            for session in ended:
                if counted := session.window():
                    self.note(session, Action.FIND_PATIENT, detail=counted)
        finally:
            # Even when the disk is full: keys that nobody is left to hold must go.
            self._let_go(practice, ended)

    def _let_go(self, practice: OpenPractice, ended: list[Session]) -> None:
        people_here = [session for session in self._here(practice) if not session.is_job]
        treated = any(Ring.TREATMENT in session.rings for session in ended)
        treats = any(Ring.TREATMENT in session.rings for session in people_here)
        if not people_here or (treated and not treats):
            self._seal_with_everybody(practice)
            return
        still_here = {session.person for session in people_here}
        self.sessions.end(lambda job: job.practice is practice and job.person not in still_here)
        held = frozenset[str]().union(*(session.rings for session in self._here(practice)))
        for ring in practice.rings.keys() - held:
            del practice.rings[ring]
            if ring == Ring.DESK:
                practice.directory.close()
            elif ring == Ring.LOG:
                _forget_log(practice)

    def _here(self, practice: OpenPractice) -> list[Session]:
        return [session for session in self.sessions.all() if session.practice is practice]

    def _index_log(self, practice: OpenPractice) -> None:
        if practice.log_index is None:
            index = LogIndex(practice.log, practice.id, lambda: _log_keys(practice), self.spawn)
            practice.log_index = index
            index.begin()

    # --- what is open ------------------------------------------------------------------------------------------------

    def open_practice(self, row: Practice, site: Key) -> OpenPractice:
        """Return what is open of a practice, opening it where nobody is signed in yet.

        Raises:
            Tampered: the rows of the practice are not what it made.
        """
        practice = self.opened.get(row.id)
        if practice is not None:
            # Whoever writes to the database can make up a whole practice around a site secret of their own. It must
            # not join the one that is open.
            if practice.site != site:
                raise Tampered("another site secret than the one the practice is open with")
            return practice
        signer = SigningKey.from_bytes(unseal(site.derive("log"), log_signer_place(row.id), row.log_signing_key))
        practice = OpenPractice(
            id=row.id,
            name=profile_of(site, row).name,
            accepts_patients=row.accepts_patients,
            site=site,
            log=self.logs[row.id],
            directory=DirectoryKeeper(row.id, site, self.spawn),
        )
        self.opened[row.id] = practice
        practice.log.sign_with(signer)
        self._open_brake(practice)
        self._check_log_keys(practice, row, signer)
        self._check_authority(practice)
        self.door.changed()
        return practice

    def _check_authority(self, practice: OpenPractice) -> None:
        """Mend the open copies of the practice's authority; a damaged one keeps the door shut, and nobody from work."""
        try:
            if authority.mend(practice.site, practice.id, practice.name):
                practice.log.append(Event(at=now(), what="authority_replaced", outcome=ALARM))
        except VaultError:
            practice.log.append(Event(at=now(), what="authority_damaged", outcome=ALARM))

    def _open_brake(self, practice: OpenPractice) -> None:
        """Go on counting where an earlier guard stopped: else a restart would be a way past the brake."""
        practice.brake_file = file = BrakeFile(self.brake_path(practice.id), practice.id, practice.site)
        counted, whole = file.begin(self.seconds() - DAY_SECONDS)
        practice.brake = Brake(self.seconds, file.write)
        practice.brake.remember(counted)
        try:
            expected = profile_of(practice.site, practices.get(practice.id)).rules
            rules = house_rules.read(practice.id, practice.site, expected)
        except VaultError:
            rules = house_rules.HouseRules()
            practice.log.append(Event(at=now(), what="rules_damaged", outcome=ALARM))
        practice.brake.limits, practice.canaries = rules.limits, frozenset(rules.canaries)
        if not whole:
            practice.log.append(Event(at=now(), what="brake_damaged", outcome=ALARM))

    def _check_log_keys(self, practice: OpenPractice, row: Practice, signer: SigningKey) -> None:
        """Mend the log's public keys, which lie in the open because they are needed while the practice is sealed.

        Whoever can write to the database could put a key of their own there and read what the log says from then on.
        """
        newest = next(key for key in ring_rows.ring_keys(row.id) if key.ring == Ring.LOG)
        public = rings.attested(practice.site, newest)
        if bytes(row.log_ring_public_key) == public.to_bytes() and bytes(row.log_verify_key) == signer.public_bytes:
            return
        practices.save_log_ring_key(row.id, public.to_bytes())
        practices.save_log_verify_key(row.id, signer.public_bytes)
        practice.log.restart(public)
        practice.log.append(Event(at=now(), what="log_keys_replaced", outcome=ALARM))

    def _take_rings(self, practice: OpenPractice, opened: dict[str, RingKeys]) -> frozenset[str]:
        """Open rings that were closed, and return those that are really held: an old generation is a replay."""
        held = set()
        for ring, keys in opened.items():
            current = practice.rings.get(ring)
            if current is not None and current.generation > keys.generation:
                practice.log.append(Event(at=now(), what="old_ring", outcome=ALARM, detail=ring))
                continue
            if current is None or current.generation < keys.generation:
                practice.rings[ring] = keys
            held.add(ring)
        return frozenset(held)

    def seal(self, practice: OpenPractice) -> None:
        """Let go of everything that is open of a practice, even if its last lines cannot be written."""
        self.shut_enrolment(practice.id)
        self.pairings.forget_practice(practice.id)
        try:
            practice.directory.flush()
            practice.log.append(Event(at=now(), what="sealed"))
        finally:
            self.opened.pop(practice.id, None)
            practice.directory.close()
            _forget_log(practice)
            practice.rings.clear()
            if practice.brake_file is not None:
                practice.brake_file.close()
            practice.log.forget_signer()
            self.door.changed()

    def _seal_with_everybody(self, practice: OpenPractice) -> None:
        self.sessions.end(lambda session: session.practice is practice)
        self.seal(practice)

    def close(self) -> None:
        """Seal everything and close the logs."""
        with self.lock:
            for practice in tuple(self.opened.values()):
                with suppress(LogBroken):  # it is sealed all the same, and nobody is left to be told
                    self._seal_with_everybody(practice)
            while self.logs:
                self.logs.popitem()[1].close()

    # --- rings -------------------------------------------------------------------------------------------------------

    def members_of(self, practice: OpenPractice, ring: str) -> list[Member]:
        """Return who shares a ring, the recovery key among them: those whom somebody who held it shared it with.

        Raises:
            Tampered: a public key is not the one that the ring was shared with.
        """
        newest = practice.rings[ring].private[0][1]
        recovery = PublicKey.from_bytes(bytes(practices.get(practice.id).recovery_public_key))
        persons = {row.id: row for row in people.people(practice.id)}
        members = []
        for share in ring_rows.newest_shares(practice.id, ring):
            person = share.person_id
            member = Member(None, recovery) if person is None else attested_member(practice.site, persons[person])
            rings.require_member(share, newest, member)
            members.append(member)
        return members

    def rotate(self, practice: OpenPractice, due: frozenset[str]) -> None:
        """Change the keys of rings that wait for it, as far as somebody who holds them is here."""
        for ring in sorted(due & practice.rings.keys()):
            keys = practice.rings[ring]
            try:
                members = self.members_of(practice, ring)
            except VaultError:
                # Never share a ring with a key that somebody slipped in. It stays due until the row is mended.
                practice.log.append(Event(at=now(), what="rotate", outcome=ALARM, detail=ring))
                continue
            carry = escrow.carrier(walls_of(practice), ring, practice.rings.get(Ring.TREATMENT))
            if carry is None:
                continue  # it stays due until somebody is here who treats
            with practice.directory.still():
                rings.rotate(practice.site, practice.id, ring, keys, members, carry=carry)
                if ring == Ring.DESK:
                    practice.directory.rekey()
            if ring == Ring.LOG:
                practice.log.restart(keys.private[0][1].public)

    def _rotate_what_is_due(self, practice: OpenPractice) -> None:
        due = frozenset(ring for ring in practice.rings if ring_rows.rotation_due(practice.id, ring))
        self.rotate(practice, due)

    def _retire(self, practice: OpenPractice) -> None:
        """Take the shares of people whose last day is over, so that their pass phrase opens nothing of the future."""
        for row in people.people(practice.id):
            held = held_by(practice.id, row.id)
            if not held or not self._last_day_is_over(practice, row) or is_last_to_treat(practice.id, row.id, held):
                continue
            # A wall of which they are the last stays theirs: with nobody's share its charts were lost to the practice.
            lost = held - last_of(practice.id, row.id, held)
            if not lost:
                continue
            practice.log.append(Event(at=now(), what="last_day_over", person=row.id))
            with transaction.atomic():
                for ring in lost:
                    ring_rows.drop_shares(row.id, ring)
                ring_rows.mark_rotation_due(practice.id, lost)

    def _last_day_is_over(self, practice: OpenPractice, row: Person) -> bool:
        try:
            return self.is_over(person_body(practice.site, row).until)
        except VaultError:
            return False  # one person's damaged row keeps nobody else out


def held_by(practice: UUID, person: UUID) -> frozenset[str]:
    """Return the rings a person has shares of, walls among them."""
    return ring_rows.rings_of(practice, person)


def _log_keys(practice: OpenPractice) -> list[PrivateKey]:
    keys = practice.rings.get(Ring.LOG)
    return [] if keys is None else [private for _, private in keys.private]


def _forget_log(practice: OpenPractice) -> None:
    if practice.log_index is not None:
        practice.log_index.close()
        practice.log_index = None


def kept(opened: dict[str, RingKeys], body: PersonBody) -> dict[str, RingKeys]:
    """Return those of the opened rings that are wanted of a person, and the walls where they may treat."""
    return {ring: keys for ring, keys in opened.items() if keeps(ring, body.wanted)}


def is_last_to_treat(practice: UUID, person: UUID, lost: frozenset[str]) -> bool:
    """Tell whether nobody could read charts any more if this person lost these rings."""
    return Ring.TREATMENT in lost and not ring_rows.members_of(practice, Ring.TREATMENT) - {person}


def profile_of(site: Key, row: Practice) -> PracticeBody:
    """Open what is sealed about a practice.

    Raises:
        Tampered: it was changed or moved.
    """
    return open_body(site, profile_place(row.id), row.profile, PracticeBody)


def person_body(site: Key, row: Person) -> PersonBody:
    """Open what is sealed about a person.

    Raises:
        Tampered: it was changed or moved.
    """
    return open_body(site, person_place(row.id, "body"), row.body, PersonBody)


def attested_member(site: Key, row: Person) -> Member:
    """Return a person's public key, checked against what the practice sealed about them.

    Raises:
        Tampered: the public key in the row is not theirs.
    """
    public = PublicKey.from_bytes(bytes(row.public_key))
    if person_body(site, row).fingerprint != public.fingerprint():
        raise Tampered("the public key of this person is not the one they made")
    return Member(row.id, public)
