# SPDX-License-Identifier: MPL-2.0
"""What `arkanum serve` was told about the network, joined with what it remembers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from arkanum.cli.place import PlaceError
from arkanum.guard import door_setting
from arkanum.guard.errors import DoorRefused
from arkanum.guard.protocol import DoorSetting
from arkanum.web.network import machine

CHOOSE = "?"
"""`--lan` without an address."""

NO_ADDRESS = (
    "Dieser Rechner hat keine Adresse in einem privaten Netz. Bitte Kabel oder WLAN prüfen; ohne Netz der Praxis "
    "genügt „arkanum serve“."
)
SEVERAL = "Dieser Rechner hat mehrere Adressen. Bitte die im Netz der Praxis nennen:\n%s"
NOT_HERE = "Die Adresse %s hat dieser Rechner nicht. Er hat: %s"
NAME_WITHOUT_LAN = "--name gehört zu --lan: auf diesem Rechner selbst heißt die Praxis 127.0.0.1."


def settle(
    data: Path,
    options: argparse.Namespace,
    private: Callable[[], tuple[str, ...]] = machine.private_addresses,
    has: Callable[[str], bool] = machine.has,
) -> DoorSetting:
    """Return the door's setting after this start, and remember it if the start says something new.

    Args:
        data: the data folder.
        options: `lan`, `no_lan`, `name` and `port` of the command.
        private: returns the private addresses of this machine.
        has: tells whether this machine has an address.

    Raises:
        PlaceError: the address or a name cannot be used; says why and what to do.
    """
    before = door_setting.load(data)
    if options.name and not (options.lan or before.on):
        raise PlaceError(NAME_WITHOUT_LAN)
    wanted = _wanted(before, options, private)
    if wanted == before:
        return before
    try:
        wanted = door_setting.checked(wanted)
    except DoorRefused as refused:
        raise PlaceError(" ".join(refused.reasons)) from refused
    if options.lan and not has(wanted.address):
        raise PlaceError(NOT_HERE % (wanted.address, ", ".join(private()) or "keine"))
    door_setting.save(data, wanted)
    return wanted


def _wanted(before: DoorSetting, options: argparse.Namespace, private: Callable[[], tuple[str, ...]]) -> DoorSetting:
    if options.no_lan:
        return replace(before, on=False)
    wanted = before
    if options.lan:
        wanted = replace(before, on=True, address=_only(private()) if options.lan == CHOOSE else options.lan)
    if options.name:
        wanted = replace(wanted, names=tuple(options.name))
    return replace(wanted, port=options.port) if options.port and wanted.on else wanted


def _only(addresses: tuple[str, ...]) -> str:
    """Return the one address.

    Raises:
        PlaceError: there is none, or there are several and somebody must choose.
    """
    if not addresses:
        raise PlaceError(NO_ADDRESS)
    if len(addresses) > 1:
        raise PlaceError(SEVERAL % "\n".join(f"    arkanum serve --lan {address}" for address in addresses))
    return addresses[0]
