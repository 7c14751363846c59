# SPDX-License-Identifier: MPL-2.0
"""What a thief does with a stolen disk: reads every file and every cell, and tries whatever looks like a key."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.db import connection

from arkanum.guard.devices import open_site
from arkanum.guard.places import record_place
from arkanum.guard.rings import chart_place
from arkanum.storage import charts, people, practices
from arkanum.storage.models import Chart
from arkanum.vault import Key, Sealed, VaultError, unseal, unwrap

TOKEN = re.compile(rb"[A-Za-z0-9_\-+/]{40,100}={0,2}")


@dataclass
class Stolen:
    """A stolen installation: its folder, and what the thief knows or found beside it."""

    folder: Path
    known: list[bytes] = field(default_factory=list, repr=False)

    def files(self) -> Iterator[tuple[Path, bytes]]:
        """Yield every file with its bytes."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()

    def candidates(self) -> set[bytes]:
        """Return whatever may be a key or a device secret: cells, tokens in files, and their hashes."""
        found = {bytes(value) for *_, value in plain_cells() if isinstance(value, bytes | memoryview)}
        for path, raw in self.files():
            if path.suffix in {".sqlite3", ".log", ".heads"} or "sqlite3-" in path.name:
                continue
            found |= {raw, raw.strip()}
            found |= {decoded for token in TOKEN.findall(raw) if (decoded := _decoded(token))}
        found |= set(self.known)
        return found | {sha256(one).digest() for one in found} | {bytes(32), sha256(b"arkanum").digest()}


def plain_cells() -> Iterator[tuple[str, str, object]]:
    """Yield every cell of every table as the database gives it, sealed or not."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            columns = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield table, column, value


def opened_by(candidates: set[bytes]) -> int:
    """Return how many records and site secrets somebody with these bytes can open, using all of the source code."""
    opened = 0
    for raw in candidates:
        if len(raw) == 48:
            opened += open_site(raw) is not None
        for cut in {raw[:32], raw[-32:]} if len(raw) >= 32 else ():
            opened += sum(open_site(device.id.bytes + cut) is not None for device in all_devices())
            opened += records_opened_with(Key.from_bytes(cut))
    return opened


def records_opened_with(key: Key) -> int:
    """Return how many records a key opens, taken for a chart key, an epoch key or a key derived from it."""
    opened = 0
    for chart in apps.get_model("storage", "Chart").objects.all():
        for known in (key, *_unwrapped(key, chart)):
            opened += sum(_opens(known, chart, row) for row in charts.records_of(chart.id))
    return opened


def all_devices():
    """Return every device of every practice."""
    return [device for practice in practices.all_ids() for device in people.devices(practice)]


def _unwrapped(key: Key, chart: Chart) -> Iterator[Key]:
    try:
        yield unwrap(key, chart_place(chart), chart.key)
    except VaultError:
        return


def _opens(key: Key, chart: Chart, row: tuple[int, UUID, int, int, Sealed]) -> bool:
    _, record, version, _, body = row
    try:
        unseal(key, record_place(chart.id, record, version), body)
    except VaultError:
        return False
    return True


def _decoded(token: bytes) -> bytes:
    try:
        return urlsafe_b64decode(token.replace(b"+", b"-").replace(b"/", b"_") + b"=" * (-len(token) % 4))
    except ValueError:
        return b""
