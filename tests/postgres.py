# SPDX-License-Identifier: MPL-2.0
"""Run a command beside a PostgreSQL cluster of its own: `python tests/postgres.py pytest -m postgresql`.

The cluster lives in a temporary folder, listens on a Unix socket only, belongs to nobody but this run, and is gone
afterwards. The command and everything it starts find it by `ARKANUM_DATABASE`. PostgreSQL refuses to run as root, so
root lends it the user `postgres`, whom Debian's package makes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAJOR = "15"
"""Debian 12's PostgreSQL, the oldest that we support."""


def programs() -> Path:
    """Return the folder with initdb and postgres, Debian's own place first."""
    debian = Path("/usr/lib/postgresql") / MAJOR / "bin"
    if (debian / "initdb").exists():
        return debian
    found = shutil.which("initdb")
    if found is None:
        message = f"PostgreSQL {MAJOR} is missing: apt-get install postgresql-{MAJOR}"
        raise SystemExit(message)
    return Path(found).resolve().parent


def _run(owner: str | None, *command: str) -> None:
    subprocess.run(
        command, check=True, user=owner, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120
    )


@contextmanager
def cluster() -> Iterator[str]:
    """Start a fresh cluster, yield its libpq address, stop it and remove it.

    Yields:
        `postgresql://postgres@/arkanum?host=FOLDER`, an empty database that may be dropped and made again.
    """
    owner = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="arkanum-pg-"))
    data = folder / "data"
    if owner:
        shutil.chown(folder, owner)
    pg_ctl = str(programs() / "pg_ctl")
    try:
        initdb = (str(programs() / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
        _run(owner, *initdb, "--locale=C.UTF-8", "--no-sync")
        # Tests need no durability: a cluster that dies with its run may skip every fsync.
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
        _run(owner, pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            _run(owner, str(programs() / "createdb"), "-h", str(folder), "-U", "postgres", "arkanum")
            yield f"postgresql://postgres@/arkanum?host={folder}"
        finally:
            _run(owner, pg_ctl, "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command with a cluster beside it and return its exit code."""
    with cluster() as address:
        environment = {**os.environ, "ARKANUM_DATABASE": address, "ARKANUM_TEST_DB": "postgresql"}
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
