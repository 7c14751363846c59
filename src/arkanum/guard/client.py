# SPDX-License-Identifier: MPL-2.0
"""How pages, rooms and commands reach the guard: the socket, and one client with every question."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from pathlib import Path

from arkanum.guard import errors, wire
from arkanum.guard import protocol as p
from arkanum.guard.asking.brake import AsksAboutTheBrake
from arkanum.guard.asking.devices import AsksAboutDevices
from arkanum.guard.asking.door import AsksAboutTheDoor
from arkanum.guard.asking.enrolment import AsksToBeLetIn
from arkanum.guard.asking.exporting import AsksToExport
from arkanum.guard.asking.listing import AsksForLists
from arkanum.guard.asking.log import AsksForTheLog
from arkanum.guard.asking.passkeys import AsksAboutPasskeys
from arkanum.guard.asking.release import AsksForPatients
from arkanum.guard.asking.resting import AsksToComeBack
from arkanum.guard.asking.signing import AsksToSignIn
from arkanum.guard.asking.staff import AsksAboutStaff
from arkanum.guard.asking.walls import AsksAboutWalls
from arkanum.guard.peers import peer

CONNECT_SECONDS = 10.0
"""A guard that has just ended is started again within a second; so long is waited for it."""

ANSWER_SECONDS = 120.0

ASKED_ONCE = (p.FoundPractice, p.RedeemLink, p.RecoverByPaper)
"""Questions without a session that change something: never asked a second time by themselves."""


class SocketTransport:
    """The Unix socket of a guard process; one connection a thread."""

    def __init__(self, path: Path, owner: int | None = None, *, patience_seconds: float = CONNECT_SECONDS) -> None:
        """Remember where the socket is; nothing is opened yet.

        Args:
            path: where the guard listens.
            owner: user id of the guard where it runs as another user. Whoever else listens there is not told a
                word: the first thing that they would hear is a pass phrase.
            patience_seconds: so long is waited for a guard that starts.
        """
        self._path = path
        self._owner = os.getuid() if owner is None else owner
        self._patience_seconds = patience_seconds
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
            connection = self._local.connection = _connect(self._path, self._owner, self._patience_seconds)
        return connection

    def close(self) -> None:
        """Hang up this thread's connection, if there is one; the next question opens another."""
        if getattr(self._local, "connection", None) is not None:
            self._drop()

    def _drop(self) -> None:
        self._local.connection.close()
        self._local.connection = None


class Client(
    AsksToSignIn,
    AsksToComeBack,
    AsksAboutPasskeys,
    AsksForPatients,
    AsksForTheLog,
    AsksAboutStaff,
    AsksAboutWalls,
    AsksAboutDevices,
    AsksToBeLetIn,
    AsksAboutTheDoor,
    AsksAboutTheBrake,
    AsksToExport,
    AsksForLists,
):
    """Everything one may ask of the guard. Thread safe."""


def _hung_up(connection: socket.socket) -> bool:
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable)


def _connect(path: Path, owner: int, patience_seconds: float) -> socket.socket:
    until = time.monotonic() + patience_seconds
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
            if peer(connection) != owner:
                connection.close()
                raise errors.GuardAway
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
