# SPDX-License-Identifier: MPL-2.0
"""How pages, rooms and commands ask the guard: one method a question."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from arkanum.guard import errors, wire
from arkanum.guard import protocol as p
from arkanum.guard.codes import from_link
from arkanum.guard.directory import Card
from arkanum.guard.grant import Grant, grant_of, grants_of
from arkanum.guard.roles import Action, Role

CONNECT_SECONDS = 10.0
"""A guard that has just ended is started again within a second; so long is waited for it."""

ANSWER_SECONDS = 120.0

ASKED_ONCE = (p.FoundPractice, p.RedeemLink, p.RecoverByPaper)
"""Questions without a session that change something: never asked a second time by themselves."""

_Answer = TypeVar("_Answer", bound=p.Message)


class Transport(Protocol):
    """A way to the guard."""

    def ask(self, question: p.Message) -> p.Answer:
        """Send a question and return its answer."""


class SocketTransport:
    """The Unix socket of a guard process; one connection a thread."""

    def __init__(self, path: Path) -> None:
        """Remember where the socket is; nothing is opened yet."""
        self._path = path
        self._local = threading.local()

    def ask(self, question: p.Message) -> p.Answer:
        """Send a question and return its answer.

        A guard that has just sealed itself may take a question and end; its successor gets the question then. It
        knows no session, so a question that was carried out before cannot be carried out twice, but for the few
        that need none.

        Raises:
            GuardAway: there is no guard, or it ended before it answered.
        """
        try:
            return self._ask(question)
        except errors.GuardAway:
            if isinstance(question, ASKED_ONCE):
                raise
            return self._ask(question)

    def _ask(self, question: p.Message) -> p.Answer:
        connection = self._connection()
        try:
            wire.send(connection, question)
            return wire.receive_answer(connection)
        except OSError as error:
            self._drop()
            raise errors.GuardAway from error

    def _connection(self) -> socket.socket:
        connection: socket.socket | None = getattr(self._local, "connection", None)
        if connection is not None and _hung_up(connection):
            self._drop()
            connection = None
        if connection is None:
            connection = self._local.connection = _connect(self._path)
        return connection

    def close(self) -> None:
        """Hang up this thread's connection, if there is one; the next question opens another."""
        if getattr(self._local, "connection", None) is not None:
            self._drop()

    def _drop(self) -> None:
        self._local.connection.close()
        self._local.connection = None


class Client:
    """Everything one may ask of the guard. Thread safe."""

    def __init__(self, transport: Transport) -> None:
        """Ask over this transport."""
        self._transport = transport

    def ask(self, question: p.Message, kind: type[_Answer]) -> _Answer:
        """Ask and return the answer of the expected kind.

        Raises:
            GuardError: the guard said no; the class says why.
        """
        got = self._transport.ask(question)
        if isinstance(got, p.Failed):
            raise _error(got)
        if not isinstance(got, kind):
            raise errors.GuardAway
        return got

    def state(self) -> p.State:
        """Tell whether there is a practice and whether it is sealed."""
        return self.ask(p.AskState(), p.State)

    def judge_passphrase(self, passphrase: str, context: Sequence[str] = (), token: bytes = b"") -> tuple[str, ...]:
        """Return why a pass phrase would be refused; nothing when it is good."""
        question = p.JudgePassphrase(passphrase=passphrase, context=tuple(context), token=token)
        try:
            self.ask(question, p.Done)
        except errors.PassphraseTooWeak as weak:
            return weak.reasons
        return ()

    def found_practice(
        self, *, code: str, practice_name: str, name: str, login: str, passphrase: str, device_name: str
    ) -> p.Founded:
        """Make the practice and its first doctor."""
        question = p.FoundPractice(
            code=code,
            practice_name=practice_name,
            name=name,
            login=login,
            passphrase=passphrase,
            device_name=device_name,
        )
        return self.ask(question, p.Founded)

    def confirm_paper(self, token: bytes, *, first: str, second: str) -> None:
        """Type two paper codes back; then patients are accepted."""
        self.ask(p.ConfirmPaper(token=token, first=first, second=second), p.Done)

    def new_paper(self, token: bytes, *, passphrase: str) -> tuple[str, str, str]:
        """Make three new paper codes; the old ones open nothing any more."""
        return self.ask(p.NewPaper(token=token, passphrase=passphrase), p.Papers).paper_codes

    def sign_in(self, *, device_secret: bytes, login: str, passphrase: str) -> p.SignedIn:
        """Begin a session."""
        question = p.SignIn(device_secret=device_secret, login=login, passphrase=passphrase)
        return self.ask(question, p.SignedIn)

    def sign_out(self, token: bytes) -> None:
        """End a session."""
        self.ask(p.SignOut(token=token), p.Done)

    def seal(self, token: bytes) -> None:
        """Seal the practice now."""
        self.ask(p.Seal(token=token), p.Done)

    def who(self, token: bytes) -> p.Who:
        """Tell who is at the screen."""
        return self.ask(p.AskWho(token=token), p.Who)

    def permit(
        self,
        token: bytes,
        action: Action,
        *,
        patient: UUID | None = None,
        record: UUID | None = None,
        detail: str = "",
    ) -> Grant:
        """Have the log line written and return the grant with the patient's keys."""
        question = p.AskPermit(token=token, action=action, patient=patient, record=record, detail=detail)
        return grant_of(self.ask(question, p.Permit), token)

    def permit_batch(
        self, token: bytes, action: Action, *, patients: Sequence[UUID], detail: str = ""
    ) -> dict[UUID, Grant]:
        """Have one log line written and return a grant a patient; for jobs that move records in."""
        question = p.AskBatch(token=token, action=action, patients=tuple(patients), detail=detail)
        return grants_of(self.ask(question, p.Batch), token)

    def filed(self, grant: Grant, *, patients: Sequence[UUID] = (), rows: int = 1) -> None:
        """Tell that the rows of a grant are committed, and whose master data changed."""
        self.ask(p.Filed(token=grant.token, log_no=grant.log_no, patients=tuple(patients), rows=rows), p.Done)

    def search(self, token: bytes, text: str, *, limit: int = 50) -> p.Found:
        """Answer one keystroke of the patient search."""
        return self.ask(p.SearchPatients(token=token, text=text, limit=limit), p.Found)

    def cards(self, token: bytes, patients: Sequence[UUID]) -> tuple[Card, ...]:
        """Return the names of a few charts."""
        return self.ask(p.AskCards(token=token, patients=tuple(patients)), p.Cards).cards

    def read_log(
        self, token: bytes, *, patient: UUID | None = None, person: UUID | None = None, limit: int = 200
    ) -> p.LogLines:
        """Return lines of the log, newest first."""
        return self.ask(p.ReadLog(token=token, patient=patient, person=person, limit=limit), p.LogLines)

    def verify_log(self, token: bytes) -> p.Verdict:
        """Check the whole log."""
        return self.ask(p.VerifyLog(token=token), p.Verdict)

    def staff(self, token: bytes) -> p.Staff:
        """List everybody of the practice."""
        return self.ask(p.AskStaff(token=token), p.Staff)

    def add_person(
        self,
        token: bytes,
        *,
        name: str,
        login: str,
        role: Role,
        until: date | None = None,
        with_treatment: bool = False,
    ) -> str:
        """Add a person and return their first pass phrase."""
        question = p.AddPerson(
            token=token, name=name, login=login, role=role, until=until, with_treatment=with_treatment
        )
        return self.ask(question, p.Handed).secret

    def hand_over(self, token: bytes, person: UUID) -> None:
        """Give a person the rings of their role that the asker holds."""
        self.ask(p.HandOver(token=token, person=person), p.Done)

    def change_role(
        self,
        token: bytes,
        person: UUID,
        *,
        role: Role,
        until: date | None = None,
        with_treatment: bool = False,
    ) -> None:
        """Give another person another role."""
        question = p.ChangeRole(token=token, person=person, role=role, until=until, with_treatment=with_treatment)
        self.ask(question, p.Done)

    def leave(self, token: bytes, person: UUID) -> None:
        """End a person's access at once."""
        self.ask(p.Leave(token=token, person=person), p.Done)

    def restore_access(self, token: bytes, person: UUID) -> str:
        """Give a colleague a first pass phrase again."""
        return self.ask(p.RestoreAccess(token=token, person=person), p.Handed).secret

    def change_passphrase(self, token: bytes, *, old: str, new: str) -> None:
        """Choose another pass phrase."""
        self.ask(p.ChangePassphrase(token=token, old=old, new=new), p.Done)

    def recover_by_paper(self, *, first: str, second: str, login: str, passphrase: str, device_name: str) -> p.SignedIn:
        """Open the practice with two paper codes."""
        question = p.RecoverByPaper(
            first=first, second=second, login=login, passphrase=passphrase, device_name=device_name
        )
        return self.ask(question, p.SignedIn)

    def devices(self, token: bytes) -> p.Devices:
        """List the devices."""
        return self.ask(p.AskDevices(token=token), p.Devices)

    def invite_device(self, token: bytes, *, name: str) -> str:
        """Make a device in transit and return its link's fragment."""
        return self.ask(p.InviteDevice(token=token, name=name), p.Handed).secret

    def redeem_link(self, link: str) -> bytes:
        """Take a device out of its link and return its secret."""
        return from_link(self.ask(p.RedeemLink(link=link), p.Handed).secret)

    def remove_device(self, token: bytes, device: UUID) -> None:
        """End a device's access at once."""
        self.ask(p.RemoveDevice(token=token, device=device), p.Done)

    def begin_pairing(self, name: str, *, purpose: str = "device") -> p.Pairing:
        """Ask to be let in and get a short code to show."""
        return self.ask(p.BeginPairing(name=name, purpose=purpose), p.Pairing)

    def approve_pairing(self, token: bytes, *, code: str) -> None:
        """Let in what shows this code."""
        self.ask(p.ApprovePairing(token=token, code=code), p.Done)

    def paired(self, pairing: bytes) -> p.Paired:
        """Ask whether one was let in."""
        return self.ask(p.AskPaired(pairing=pairing), p.Paired)


def _error(failed: p.Failed) -> errors.GuardError:
    if failed.error == "Throttled":
        return errors.Throttled(failed.seconds)
    if failed.error == "PassphraseTooWeak":
        return errors.PassphraseTooWeak(failed.reasons)
    kind = getattr(errors, failed.error, None)
    if isinstance(kind, type) and issubclass(kind, errors.GuardError):
        return kind()
    return errors.GuardAway()


def _hung_up(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable)


def _connect(path: Path) -> socket.socket:
    until = time.monotonic() + CONNECT_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(ANSWER_SECONDS)
        try:
            connection.connect(str(path))
        except OSError as error:
            connection.close()
            if time.monotonic() > until:
                raise errors.GuardAway from error
            time.sleep(0.05)
        else:
            return connection


class _Current:
    """Which client this process uses: set once at start, and by tests."""

    client: Client | None = None


def use(client: Client | None) -> None:
    """Make this the process's client."""
    _Current.client = client


def connect() -> Client:
    """Return the process's client.

    Raises:
        GuardAway: the process was started without one.
    """
    if _Current.client is None:
        raise errors.GuardAway
    return _Current.client
