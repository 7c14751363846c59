# SPDX-License-Identifier: MPL-2.0
"""Where this installation is reached on the network: a file in the data folder, because each server has its own.

It must be readable while the practice is sealed and before a database is asked, and it is not secret: whoever can
write it may move the door, and cannot open it.
"""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import msgspec

from arkanum.guard.errors import DoorRefused
from arkanum.guard.protocol.door import DoorSetting

Address = IPv4Address | IPv6Address

MOST_NAMES = 5
LONGEST_NAME = 253
HIGHEST_PORT = 65535
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_OWN = ip_network("127.0.0.0/8")
_FIRST_OWN = {ip_address("127.0.0.1"), ip_address("::1")}

NOT_AN_ADDRESS = "„%s“ ist keine Adresse. Eine Adresse sieht so aus: 192.168.1.10"
EVERYWHERE = (
    "%s heißt „alle Netze dieses Rechners“, auch fremde. Bitte die eine Adresse nennen, die der Rechner im Netz der "
    "Praxis hat."
)
SELF_GIVEN = (
    "%s hat sich der Rechner selbst gegeben, weil er im Netz keine Adresse bekam; sie kann sich jederzeit ändern. "
    "Bitte dem Rechner im Router eine feste Adresse geben."
)
ONLY_HERE = "%s ist nur auf diesem Rechner selbst zu erreichen; dort läuft Arkanum ohnehin. Bitte die Adresse im Netz."
ON_THE_INTERNET = (
    "%s ist keine private Adresse: dort könnte jeder aus dem Internet anklopfen. Arkanum öffnet sich nur im Netz der "
    "Praxis (Adressen mit 10., 172.16. bis 172.31., 192.168. oder fd). Für Zugriff von außen bitte ein VPN benutzen."
)
NOT_A_PORT = "Der Anschluss muss eine Zahl zwischen 1 und 65535 sein."
NOT_A_NAME = "„%s“ ist kein Rechnername: erlaubt sind a-z, 0-9, Bindestrich und Punkt, zum Beispiel praxis.local"
TOO_MANY_NAMES = "Höchstens fünf Namen."


def path_in(data: Path) -> Path:
    """Return where the setting lies in a data folder."""
    return data / "door" / "setting.json"


def load(data: Path) -> DoorSetting:
    """Return the setting; a door that is off where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(path_in(data).read_bytes(), type=DoorSetting)
    except (OSError, msgspec.DecodeError):
        return DoorSetting()


def save(data: Path, setting: DoorSetting) -> None:
    """Store a setting whole or not at all."""
    path = path_in(data)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    with fresh.open("wb") as file:
        file.write(msgspec.json.encode(setting))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def checked(setting: DoorSetting) -> DoorSetting:
    """Return the setting in one spelling.

    Raises:
        DoorRefused: says in German which part cannot be used, and why.
    """
    if not 1 <= setting.port <= HIGHEST_PORT:
        raise DoorRefused((NOT_A_PORT,))
    names = tuple(dict.fromkeys(name.strip().lower().rstrip(".") for name in setting.names if name.strip()))
    if len(names) > MOST_NAMES:
        raise DoorRefused((TOO_MANY_NAMES,))
    for name in names:
        if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or _looks_like_address(name):
            raise DoorRefused((NOT_A_NAME % name[:80],))
    address = str(private_address(setting.address)) if setting.on or setting.address else ""
    return msgspec.structs.replace(setting, address=address, names=names)


def private_address(text: str) -> Address:
    """Return an address at which only the practice's own network can knock.

    Besides the private ranges, 127.0.0.2 and its neighbours are let through: they never leave this machine, and a
    practice can try the door on them.

    Raises:
        DoorRefused: says in German why not this one.
    """
    try:
        address = ip_address(text.strip())
    except ValueError:
        raise DoorRefused((NOT_AN_ADDRESS % text[:80],)) from None
    if address.is_unspecified:
        raise DoorRefused((EVERYWHERE % address,))
    if address.is_link_local:
        raise DoorRefused((SELF_GIVEN % address,))
    if address in _FIRST_OWN:
        raise DoorRefused((ONLY_HERE % address,))
    if address not in _OWN and not any(address in network for network in _PRIVATE):
        raise DoorRefused((ON_THE_INTERNET % address,))
    return address


def is_private(text: str) -> bool:
    """Tell whether `private_address` would take it, loopback aside."""
    return any(ip_address(text) in network for network in _PRIVATE)


def _looks_like_address(name: str) -> bool:
    return name.rpartition(".")[2].isdigit()
