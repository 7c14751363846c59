# SPDX-License-Identifier: MPL-2.0
"""Carries out an export that two people agreed to: part for part, sealed in memory, resumed where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from arkanum.charts.copies import chart_as_data
from arkanum.exchange import container
from arkanum.guard import Client
from arkanum.guard.protocol import ExportOrder
from arkanum.vault import PublicKey


def pieces(client: Client, token: bytes, order: ExportOrder, first: int = 0) -> Iterator[bytes]:
    """Yield the sealed parts of an export and its end.

    Args:
        client: the way to the guard.
        token: session of the person who prepared it.
        order: the export.
        first: number of the part to begin with.
    """
    public = PublicKey.from_bytes(order.public_key)
    for number in range(first, order.parts):
        grants = client.export_part(token, order.order, number)
        yield container.sealed_part(order.order, public, number, map(chart_as_data, grants.values()))
    yield container.finish(order.order, public, order.parts)


def whole(client: Client, token: bytes, order: ExportOrder) -> Iterator[bytes]:
    """Yield a whole container."""
    yield container.begin(order.order, PublicKey.from_bytes(order.public_key))
    yield from pieces(client, token, order)


def write(
    client: Client, token: bytes, order: ExportOrder, file: BinaryIO, told: Callable[[int], None] = lambda _: None
) -> None:
    """Write a container into a file, which may hold the beginning of the same export.

    Args:
        client: the way to the guard.
        token: session of the person who prepared it.
        order: the export.
        file: open for reading and writing.
        told: called after each part with the number of parts that are written.

    Raises:
        ContainerDamaged: the file holds another export.
    """
    public = PublicKey.from_bytes(order.public_key)
    done = 0
    if file.read(1):
        done, at = container.parts_written(file, order.order, public)
        file.seek(at)
        file.truncate()
    else:
        file.write(container.begin(order.order, public))
    for number, piece in enumerate(pieces(client, token, order, done), start=done + 1):
        file.write(piece)
        file.flush()
        told(min(number, order.parts))
