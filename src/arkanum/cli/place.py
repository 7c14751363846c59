# SPDX-License-Identifier: MPL-2.0
"""The data folder of an installation: who may read it, who uses it now, and where its socket is."""

from __future__ import annotations

import fcntl
import os
import pwd
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import django

LONGEST_SOCKET_PATH = 100
"""A Unix socket's path must fit into 108 bytes (unix(7))."""


class PlaceError(Exception):
    """The data folder cannot be used; `german` says why and what to do."""

    def __init__(self, german: str) -> None:
        """Keep the sentence for the console."""
        super().__init__(german)
        self.german = german


def default_folder() -> Path:
    """Return `$ARKANUM_DATA`, or `~/.local/share/arkanum`."""
    return Path(os.environ.get("ARKANUM_DATA") or Path.home() / ".local/share/arkanum")


def socket_path(data: Path) -> Path:
    """Return where the guard of a data folder listens.

    At `$ARKANUM_SOCKET` where the guard is a service of its own; else inside the data folder, or in a private folder
    when that path is too long.
    """
    if chosen := os.environ.get("ARKANUM_SOCKET"):
        return Path(chosen)
    inside = data / "guard.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    name = f"arkanum-{os.getuid()}-{sha256(os.fsencode(data)).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    _require_private(folder)
    return folder / "guard.sock"


def guard_owner() -> int | None:
    """Return the user id of a guard that is a service of its own (`$ARKANUM_GUARD_USER`), or nothing.

    Raises:
        PlaceError: there is no such user.
    """
    name = os.environ.get("ARKANUM_GUARD_USER")
    try:
        return pwd.getpwnam(name).pw_uid if name else None
    except KeyError as error:
        raise PlaceError(f"Den Benutzer {name} gibt es auf diesem Rechner nicht.") from error


def prepare(data: Path, users: frozenset[int] = frozenset()) -> Path:
    """Make the data folder private, make the tables, and return its resolved path.

    Args:
        data: the data folder.
        users: user ids of guard and pages, where they are two; then a folder for SQLite's file may be theirs alone.

    Raises:
        PlaceError: the folder belongs to someone else, is open to others, or cannot be written.
    """
    data = open_place(data, users)
    from django.core.management import call_command  # noqa: PLC0415 - only after the settings are chosen

    call_command("migrate", verbosity=0)
    return data


def open_place(data: Path, users: frozenset[int] = frozenset()) -> Path:
    """Do the same for tables that are there already."""
    os.umask(0o077)
    data = data.expanduser().resolve()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PlaceError(f"Der Ordner {data} lässt sich nicht anlegen: {error.strerror}.") from error
    _require_private(data)
    use(data)
    _require_rows(data, users)
    return data


def use(data: Path) -> None:
    """Let Django's settings point at this data folder, in this process and those it starts."""
    os.environ["ARKANUM_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arkanum.storage.settings")
    django.setup()


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the data folder: two servers on one folder would write two logs.

    Raises:
        PlaceError: another process holds it.
    """
    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise PlaceError(f"Für {data} läuft Arkanum bereits.") from error
    try:
        yield
    finally:
        os.close(handle)


def _require_rows(data: Path, users: frozenset[int]) -> None:
    """Make sure that rows which SQLite keeps outside the data folder are closed to everybody else as well."""
    from django.conf import settings  # noqa: PLC0415 - only after they are chosen

    database = settings.DATABASES["default"]
    file = Path(str(database["NAME"]))
    if not database["ENGINE"].endswith("sqlite3") or file.parent == data:
        return
    if users:
        from arkanum.cli import sharing  # noqa: PLC0415 - it says what is wrong by an error of ours

        sharing.require_shared(file, users)
    else:
        _require_private(file.parent)


def _require_private(folder: Path) -> None:
    state = folder.stat()
    if state.st_uid != os.getuid():
        raise PlaceError(f"Der Ordner {folder} gehört einem anderen Benutzer.")
    if state.st_mode & 0o077:
        try:
            folder.chmod(0o700)
        except OSError as error:
            raise PlaceError(f"Der Ordner {folder} ist für andere lesbar: chmod 700 {folder}") from error
