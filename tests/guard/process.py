# SPDX-License-Identifier: MPL-2.0
"""A guard process as in life: own process, real socket, real hardening, Argon2id at its full price."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from arkanum.guard import Client, SocketTransport


@dataclass
class Process:
    """A running guard process, its first line, and the way to it."""

    running: subprocess.Popen[str]
    line: str
    socket: Path
    _transports: list[SocketTransport] = field(default_factory=list)

    @property
    def pid(self) -> int:
        return self.running.pid

    @property
    def code(self) -> str:
        """The founding code that it printed."""
        return self.line.removeprefix("code ")

    def client(self) -> Client:
        self._transports.append(SocketTransport(self.socket))
        return Client(self._transports[-1])

    def kill(self) -> None:
        """End it as a power cut would."""
        self.running.kill()
        self.running.wait(20)

    def stop(self) -> int:
        """Ask it to end and return its exit code."""
        self.running.terminate()
        return self.running.wait(20)

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        with suppress(ProcessLookupError):
            self.running.kill()
        self.running.wait(20)
        for transport in self._transports:
            transport.close()
        for pipe in (self.running.stdout, self.running.stderr):
            if pipe is not None:
                pipe.close()


def start(folder: Path, socket: Path) -> Process:
    """Start a guard process on a data folder and wait until it is ready."""
    # Not in development mode: what it says about its own end would stand where a practice sees nothing.
    quiet = {name: value for name, value in os.environ.items() if name != "PYTHONDEVMODE"}
    environment = {**quiet, "ARKANUM_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "arkanum.storage.settings"}
    if connection.vendor == "postgresql":
        options = connection.settings_dict
        host = options["OPTIONS"].get("host") or options["HOST"]
        environment["ARKANUM_DATABASE"] = f"postgresql://{options['USER']}@/{options['NAME']}?host={host}"
    command = [sys.executable, "-m", "arkanum.guard", "--data", str(folder), "--socket", str(socket)]
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, umask=0o022
    )
    assert running.stdout is not None
    return Process(running, running.stdout.readline().strip(), socket)
