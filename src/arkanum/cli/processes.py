# SPDX-License-Identifier: MPL-2.0
"""The processes of one server: the guard, which ends whenever the practice is sealed, and the pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from arkanum.cli import tied
from arkanum.cli.place import PlaceError, socket_path

LOOPBACK = "127.0.0.1"
STOP_SECONDS = 10
UP_SECONDS = 20.0
QUICK_DEATH = 5
"""A guard that dies so often in a row before it was ready will not get better by trying again."""


class GuardProcess:
    """Keeps a guard running: when it has sealed itself and ended, a fresh and empty one takes its place."""

    def __init__(self, data: Path, tell: Callable[[str], None]) -> None:
        """Start the first guard and wait until it is ready.

        Args:
            data: the data folder.
            tell: called with the one-time code while no practice exists.

        Raises:
            PlaceError: it does not start.
        """
        self.socket = socket_path(data)
        self._data = data
        self._tell = tell
        self._stopping = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int:
        """The process id of the guard that runs now."""
        return self._process.pid

    def stop(self) -> None:
        """End the guard for good: the practice is sealed."""
        self._stopping.set()
        self._process.terminate()
        # The guard may have sealed itself just now: then its follower is on its way and must be stopped as well.
        self._watch.join(STOP_SECONDS)
        self._process.terminate()
        self._process.wait(STOP_SECONDS)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.is_set():
                self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        for _ in range(QUICK_DEATH):
            process = subprocess.Popen(  # noqa: S603 - our own module with our own paths
                tied.command("arkanum.guard", "--data", str(self._data), "--socket", str(self.socket)),
                stdout=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                env=os.environ | {"DJANGO_SETTINGS_MODULE": "arkanum.storage.settings"},
                text=True,
            )
            # A line, or nothing at all when it died before.
            line = process.stdout.readline().strip() if process.stdout else ""
            if line.startswith("code "):
                self._tell(line.removeprefix("code "))
            if line:
                return process
            process.wait(STOP_SECONDS)
        raise PlaceError("Der Wächter startet nicht; die Meldung steht darüber.")


class WebProcess:
    """The pages, in a process of their own that never holds a ring key."""

    def __init__(self, port: int, guard_socket: Path) -> None:
        """Start the pages on loopback.

        Raises:
            PlaceError: the port is taken.
        """
        require_free(port)
        self.process = subprocess.Popen(  # noqa: S603 - our own module with our own paths
            tied.command("arkanum.cli.worker", "--port", str(port), "--socket", str(guard_socket)),
            stdin=subprocess.DEVNULL,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "arkanum.web.settings"},
        )

    def stop(self) -> None:
        """End the pages."""
        self.process.terminate()
        self.process.wait(STOP_SECONDS)


def run_until_stopped(guard: GuardProcess, web: WebProcess) -> int:
    """Wait for Ctrl-C or a signal to end, then stop both processes.

    Returns:
        0, or the pages' exit code when they ended by themselves.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        return web.process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        web.stop()
        guard.stop()


def wait_until_up(port: int) -> None:
    """Wait until the pages answer on their port.

    Raises:
        PlaceError: they do not within twenty seconds.
    """
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.05)
    raise PlaceError("Die Seiten starten nicht; die Meldung steht darüber.")


def free_port() -> int:
    """Return a port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> None:
    """Make sure that nobody uses a port on loopback.

    Raises:
        PlaceError: somebody does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PlaceError(f"Der Anschluss {port} ist belegt: mit --port einen anderen wählen.") from error
