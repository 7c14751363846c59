# SPDX-License-Identifier: MPL-2.0
"""Which addresses this machine has, as the kernel tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from arkanum.guard.door_setting import is_private

ROUTES = Path("/proc/self/net/fib_trie")
"""IPv4: a tree in which `/32 host LOCAL` stands under each address of this machine (Linux, `fib_trie`)."""

ADDRESSES_6 = Path("/proc/self/net/if_inet6")
"""IPv6: one address a line: digits, interface, prefix, scope, flags, name (Linux, `if_inet6`)."""

NETWORKS = Path("/proc/self/net/route")
"""IPv4: where packets go; a route without a gateway is the network on a card (Linux, `fib_trie.c`)."""

_HARDLY_USABLE = 0x01 | 0x20 | 0x40
"""IFA_F_TEMPORARY, IFA_F_DEPRECATED, IFA_F_TENTATIVE: an address that will be another one tomorrow."""


def addresses() -> frozenset[IPv4Address | IPv6Address]:
    """Return every address of this machine, loopback among them."""
    return frozenset(_version_4()) | frozenset(_version_6())


def private_addresses() -> tuple[str, ...]:
    """Return the addresses at which this machine stands in a private network, IPv4 first."""
    found = [address for address in addresses() if is_private(str(address))]
    return tuple(str(address) for address in sorted(found, key=lambda one: (one.version, one.packed)))


def has(address: str) -> bool:
    """Tell whether this machine has an address now; every address of 127.0.0.0/8 is its own."""
    wanted = ip_address(address)
    return wanted.is_loopback or wanted in addresses()


def network_of(address: str) -> IPv4Network | IPv6Network:
    """Return the network that this machine's card has for one of its addresses, or the address alone."""
    wanted = ip_address(address)
    networks: list[IPv4Network | IPv6Network] = [*_networks_4(), *_networks_6()]
    around = [one for one in networks if wanted in one]
    return max(around, key=lambda one: one.prefixlen, default=ip_network(address))


def known(text: str) -> bool:
    """Tell the same of whatever somebody typed; what is no address is left to whoever judges addresses."""
    try:
        return has(text)
    except ValueError:
        return True


def _version_4() -> set[IPv4Address]:
    found, last = set(), ""
    for line in _lines(ROUTES):
        words = line.split()
        if words[0] == "|--":
            last = words[1]
        elif words[:3] == ["/32", "host", "LOCAL"] and last:
            found.add(IPv4Address(last))
    return found


def _version_6() -> set[IPv6Address]:
    rows = (line.split() for line in _lines(ADDRESSES_6))
    return {IPv6Address(int(row[0], 16)) for row in rows if not int(row[4], 16) & _HARDLY_USABLE}


def _networks_4() -> Iterator[IPv4Network]:
    for line in _lines(NETWORKS)[1:]:
        row = line.split()
        network, gateway, mask = (IPv4Address(int(row[at], 16).to_bytes(4, sys.byteorder)) for at in (1, 2, 7))
        if not int(gateway) and int(network):
            yield IPv4Network(f"{network}/{mask}")


def _networks_6() -> Iterator[IPv6Network]:
    for line in _lines(ADDRESSES_6):
        row = line.split()
        yield IPv6Network((int(row[0], 16), int(row[2], 16)), strict=False)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text().splitlines() if line.strip()]
    except OSError:
        return []  # another kernel, or IPv6 turned off
