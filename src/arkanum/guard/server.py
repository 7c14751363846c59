# SPDX-License-Identifier: MPL-2.0
"""The guard as a process: a Unix socket for its own user and the pages', and an end when all is sealed."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from django.db import connections

from arkanum.guard import protocol as p
from arkanum.guard import wire
from arkanum.guard.answers import answer
from arkanum.guard.errors import GuardAway, LogBroken
from arkanum.guard.hardening import harden
from arkanum.guard.house import Guard
from arkanum.guard.peers import peer
from arkanum.storage import practices

HOUSEKEEPING_SECONDS = 20.0
MOST_CONNECTIONS = 200
"""One a thread of a web worker or a command; more are turned away."""

LAST_ANSWER_SECONDS = 0.3
"""So long the process lives on after it was sealed, so that the last answer arrives."""


class Server:
    """Answers questions on a Unix socket until the guard is sealed or told to stop."""

    def __init__(self, path: Path, data: Path, pages: int | None = None) -> None:
        """Bind the socket and open the guard's house.

        Args:
            path: where the socket appears.
            data: the guard's data folder.
            pages: user id of the pages where they run as a user of their own. They reach the socket through the
                group that the guard runs with (0660); without them it is its own user's alone (0600).
        """
        self._stop = threading.Event()
        self.guard = Guard(data, on_sealed=self._stop.set)
        self._askers = frozenset({os.getuid()} if pages is None else {os.getuid(), pages})
        self._socket = _bind(path, 0o600 if pages is None else 0o660)
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._path = path

    def run(self) -> None:
        """Serve until sealed or stopped, then close the logs."""
        threading.Thread(target=self._accept, daemon=True).start()
        while not self._stop.wait(HOUSEKEEPING_SECONDS):
            with contextlib.suppress(LogBroken):  # a full disk ends no guard: it has to say so
                self.guard.keep_house()
        # From here nobody new comes in: a sign-in that found this guard would die with it.
        self._path.unlink(missing_ok=True)
        self._socket.close()
        time.sleep(LAST_ANSWER_SECONDS)
        self.guard.close()
        connections.close_all()

    def stop(self) -> None:
        """End the process soon."""
        self._stop.set()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the socket was closed: no more connections
            while True:
                connection, _ = self._socket.accept()
                if peer(connection) in self._askers and self._places.acquire(blocking=False):
                    threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
                else:
                    connection.close()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, contextlib.suppress(OSError):
                while (question := wire.receive_question(connection)) is not None:
                    if self._stop.is_set():
                        return  # what a guard that is about to end promised, its successor would not know
                    wire.send(connection, self._answer(question))
        finally:
            self._places.release()
            connections.close_all()

    def _answer(self, question: p.Question) -> p.Answer:
        try:
            return answer(self.guard, question)
        except Exception as error:  # noqa: BLE001 - one question's failure must not end the guard of all others
            # The kind alone: the text of an error could quote what somebody typed or what a row holds.
            sys.stderr.write(f"guard: {type(error).__name__} at {type(question).__name__}\n")
            connections.close_all()
            return p.Failed(error=GuardAway.__name__)


def main(arguments: list[str] | None = None) -> int:
    """Run the guard process: `python -m arkanum.guard --data DIR --socket PATH`.

    Writes one line to standard output when it is ready: `code XXXX-XXXX-XXXX` while no practice exists, `ready`
    otherwise. Only the person at the console sees it.
    """
    parser = argparse.ArgumentParser(prog="arkanum.guard")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    options = parser.parse_args(arguments)
    serve(options.socket, options.data, _tell)
    return 0


def serve(path: Path, data: Path, tell: Callable[[str], None], pages: int | None = None) -> None:
    """Give up what the guard must not have, then answer until sealed or told to stop.

    Args:
        path: where the socket appears.
        data: the guard's data folder.
        tell: called once when questions are answered, with the code for the first start or nothing.
        pages: user id of the pages, if it is another one.
    """
    os.umask(0o077)
    harden()
    threading.excepthook = _report
    server = Server(path, data, pages)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    tell("" if practices.all_ids() else server.guard.founding_code)
    server.run()


def _tell(code: str) -> None:
    sys.stdout.write(f"code {code}\n" if code else "ready\n")
    sys.stdout.flush()


def _report(failure: threading.ExceptHookArgs) -> None:
    """Say where a thread failed, without the exception's text: it could quote what somebody typed."""
    frames = traceback.extract_tb(failure.exc_traceback)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    sys.stderr.write(f"guard: {failure.exc_type.__name__} at {where}\n")


def _bind(path: Path, mode: int) -> socket.socket:
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    path.chmod(mode)
    server.listen(128)
    return server
