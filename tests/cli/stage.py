# SPDX-License-Identifier: MPL-2.0
"""Real `arkanum` processes for the tests of the command line, and what they print."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, Queue

import pytest

PATIENCE_SECONDS = 150
"""A busy machine makes a demo in a minute; Argon2id has its full price here."""


def environment():
    """This process's own, without the test's choice of settings."""
    return {key: value for key, value in os.environ.items() if key not in {"DJANGO_SETTINGS_MODULE", "ARKANUM_DATA"}}


def arkanum(*arguments, **options):
    """Run a command to its end."""
    command = [sys.executable, "-m", "arkanum", *map(str, arguments)]
    return subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, **options
    )


class Running:
    """A command that goes on; its lines are gathered while it does."""

    def __init__(self, *arguments, through=()):
        """Start it, through another command if one is given."""
        self.process = subprocess.Popen(
            [*through, sys.executable, "-m", "arkanum", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
        )
        self.lines = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def line_with(self, part):
        """Wait for a line with these words and return it."""
        seen = []
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                seen.append(self.lines.get(timeout=0.2))
            except Empty:
                if self.process.poll() is not None and self.lines.empty():
                    break
                continue
            if part in seen[-1]:
                return seen[-1]
        return pytest.fail(f"it never said {part!r}, but {seen}")

    def children(self):
        """Return the command lines of its child processes by process id."""
        pid = self.process.pid
        listed = Path(f"/proc/{pid}/task").glob("*/children")
        return {int(child): command_of(int(child)) for path in listed for child in path.read_text().split()}

    def child(self, module):
        return next((pid for pid, command in self.children().items() if module in command), None)

    def kill(self):
        """End it as a power cut would: it can tell nobody."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(10)
        self.process.stdout.close()
        return code


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except FileNotFoundError:
        return []


def eventually(true, what):
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()):
        if time.monotonic() > until:
            pytest.fail(f"it never came: {what}")
        time.sleep(0.05)
    return found
