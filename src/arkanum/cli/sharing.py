# SPDX-License-Identifier: MPL-2.0
"""Guard and pages as two users of one machine: who they are, and what they share with each other and nobody else.

Each has a data folder of its own (0700). The rows alone are shared: with PostgreSQL they are the database's matter,
with SQLite they lie in a folder of a group that has these two users and no other member.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
from pathlib import Path

from arkanum.cli.place import PlaceError

ROOT = 0
WRONG_SETUP = 78
"""Exit code of a service that somebody has to mend: systemd does not start it again. Source: sysexits.h, EX_CONFIG."""

SHARED = stat.S_ISGID | stat.S_IRWXG
"""What a folder needs that two users of a group write in."""


def user(name: str) -> int:
    """Return the id of the other service's user.

    Raises:
        PlaceError: there is no such user, it is root, or it is the one who asks.
    """
    try:
        uid = pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise PlaceError(f"Den Benutzer {name} gibt es auf diesem Rechner nicht.") from error
    if uid in {ROOT, os.getuid()}:
        raise PlaceError(f"{name} muss ein eigener Benutzer sein: weder root noch der Benutzer dieses Dienstes.")
    return uid


def require_shared(file: Path, users: frozenset[int]) -> None:
    """Make sure that SQLite's file and those beside it can be read by these users and by nobody else.

    Args:
        file: the database; it is made (0660) where it is missing.
        users: user ids of the guard and the pages.

    Raises:
        PlaceError: the folder is open to somebody else, or keeps one of the two out.
    """
    folder = file.parent
    try:
        _require_folder(folder, users)
        _make(file)
        for path in sorted(folder.iterdir()):
            _require_closed(path, users)
    except OSError as error:
        raise PlaceError(f"Der Ordner {folder} ist nicht zu benutzen: {error.strerror}.") from error


def _require_folder(folder: Path, users: frozenset[int]) -> None:
    _require_closed(folder, users)
    mode = folder.lstat().st_mode
    if not stat.S_ISDIR(mode):
        raise PlaceError(f"{folder} ist kein Ordner.")
    if mode & stat.S_ISVTX or mode & SHARED != SHARED:
        # Debian lets nobody open another user's file in a sticky folder for writing (fs.protected_regular).
        raise PlaceError(f"Den Ordner {folder} können Wächter und Seiten nicht gemeinsam nutzen: chmod 2770 {folder}")


def _require_closed(path: Path, users: frozenset[int]) -> None:
    state = path.lstat()
    if stat.S_ISLNK(state.st_mode):
        raise PlaceError(f"{path} ist ein Verweis; an dieser Stelle ist keiner erlaubt.")
    if state.st_uid not in users | {ROOT}:
        raise PlaceError(f"{path} gehört einem anderen Benutzer.")
    if state.st_mode & 0o007:
        raise PlaceError(f"{path} ist für jeden auf diesem Rechner offen: chmod o-rwx {path}")
    if state.st_mode & 0o070 and (others := members(state.st_gid) - users - {ROOT}):
        raise PlaceError(f"{path} ist für weitere Benutzer offen: {', '.join(sorted(map(_name, others)))}.")
    if _has_access_list(path):
        raise PlaceError(f"{path} hat eine Zugriffsliste, die mehr erlaubt: setfacl -b {path}")


def members(group: int) -> frozenset[int]:
    """Return the ids of everybody who has a group: by its line, or as their first group."""
    try:
        named = grp.getgrgid(group).gr_mem
    except KeyError:
        named = []
    everybody = pwd.getpwall()
    return frozenset(one.pw_uid for one in everybody if one.pw_gid == group or one.pw_name in named)


def _make(file: Path) -> None:
    """Make the database's file with the mode that SQLite then gives to those beside it."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if os.fstat(handle).st_uid == os.getuid():
            os.fchmod(handle, 0o660)
    finally:
        # Nothing else of this process has the file open yet: closing it would drop SQLite's locks.
        os.close(handle)


def _has_access_list(path: Path) -> bool:
    try:
        os.getxattr(path, "system.posix_acl_access", follow_symlinks=False)
    except OSError as error:
        if error.errno in {errno.ENODATA, errno.ENOTSUP}:
            return False
        raise
    return True


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
