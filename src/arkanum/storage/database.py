# SPDX-License-Identifier: MPL-2.0
"""Which database holds the rows, and how durable a commit is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"
"""FULL: an acknowledged commit survives a power cut. secure_delete: a dropped wrapped key leaves no trace."""


class DatabaseAddressError(ValueError):
    """The address is neither empty nor one of SQLite or PostgreSQL."""


def database_from(address: str, folder: Path) -> dict[str, Any]:
    """Return Django's `DATABASES` entry for an address.

    Args:
        address: empty for SQLite in the data folder, `sqlite:///folder/name` for SQLite in a folder that guard and
            pages share, else `postgresql://[user@][host][:port]/name[?libpq options]`. A password does not belong
            here: use a socket with peer authentication, or a `passfile` option.
        folder: the data folder.

    Raises:
        DatabaseAddressError: the scheme is unknown, the file has no absolute path, the port is no number, or the
            address carries a password.
    """
    if not address:
        return _sqlite(folder / "arkanum.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(_file(parts))
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "postgresql" or parts.password or any("password" in name.lower() for name in options):
        raise DatabaseAddressError(parts.scheme)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": parts.username or "",
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": _port(parts),
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
    }


def _port(parts: SplitResult) -> str:
    try:
        return str(parts.port or "")
    except ValueError:
        # Without its cause: that quotes the address, and a password with a slash in it is taken for a port.
        raise DatabaseAddressError(parts.scheme) from None


def _file(parts: SplitResult) -> Path:
    path = Path(unquote(parts.path))
    # A folder of its own: SQLite keeps two more files beside it, and the folder is what decides who may read them.
    if parts.netloc or parts.query or ".." in path.parts or len(path.parts) <= len(("/", "folder")):
        raise DatabaseAddressError(parts.scheme)
    return path


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }
