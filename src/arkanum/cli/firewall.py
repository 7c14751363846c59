# SPDX-License-Identifier: MPL-2.0
"""`arkanum firewall`: print the nftables rules that fit the door of this installation. It never loads them."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from ipaddress import ip_address, ip_interface, ip_network
from pathlib import Path

from arkanum.cli.place import default_folder
from arkanum.core.firewall import Network, rules
from arkanum.guard import door_setting
from arkanum.guard.errors import DoorRefused

WIDEST = {4: 8, 6: 48}
"""A network with a shorter prefix is nobody's practice."""


def main(argv: Sequence[str]) -> int:
    """Print the rules.

    Returns:
        0, or 2 when a network cannot be the practice's.
    """
    options = _parser().parse_args(argv)
    setting = door_setting.load(options.data.expanduser())
    try:
        practice = _practice(options, setting.address if setting.on else "")
        administration = [_network(text) for text in options.ssh_from]
    except DoorRefused as refused:
        print(*refused.reasons, file=sys.stderr)
        return 2
    if not practice:
        print("Der Zugang über das Netz ist aus: diese Regeln lassen niemanden herein.", file=sys.stderr)
    names = practice if options.avahi else []
    print(rules(options.port or setting.port, practice, administration, names), end="")
    print("Prüfen und laden: docs/run/install.md, „Firewall“. Geändert wurde nichts.", file=sys.stderr)
    return 0


def network_of(address: str) -> Network:
    """Return the network that this machine's card has for one of its addresses, or the address alone."""
    wanted = ip_address(address)
    for one in _cards():
        card = ip_interface(one)
        if card.ip == wanted:
            return card.network
    return ip_network(address)


def _practice(options: argparse.Namespace, address: str) -> list[Network]:
    if options.subnet:
        return [_network(text) for text in options.subnet]
    return [network_of(address)] if address else []


def _network(text: str) -> Network:
    """Return a network that can be the practice's: private, and not half of the world.

    Raises:
        DoorRefused: with the German reason.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise DoorRefused((f"„{text[:80]}“ ist kein Netz. Ein Netz sieht so aus: 192.168.1.0/24",)) from None
    for end in (network[0], network[-1]):
        door_setting.private_address(str(end))
    if network.prefixlen < WIDEST[network.version]:
        raise DoorRefused((f"{network} ist mehr als das Netz einer Praxis.",))
    return network


def _cards() -> list[str]:
    """Return the addresses of this machine's network cards with their prefixes, as Debian's iproute2 knows them."""
    ip = shutil.which("ip", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if ip is None:
        return []
    said = subprocess.run([ip, "-j", "address"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 - Debian's own program without input
    cards = json.loads(said.stdout or "[]")
    return [f"{one['local']}/{one['prefixlen']}" for card in cards for one in card.get("addr_info", ())]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arkanum firewall", description="Regeln für nftables ausgeben, die zum Zugang über das Netz passen."
    )
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    parser.add_argument("--port", type=int, metavar="N", help="Anschluss (sonst der eingestellte)")
    parser.add_argument(
        "--subnet", action="append", metavar="NETZ", help="Netz der Praxis (sonst das der eingestellten Adresse)"
    )
    parser.add_argument(
        "--ssh-from", action="append", default=[], metavar="NETZ", help="von hier darf mit ssh verwaltet werden"
    )
    parser.add_argument("--avahi", action="store_true", help="Fragen nach NAME.local aus der Praxis beantworten")
    return parser
