# SPDX-License-Identifier: MPL-2.0
"""The nftables rules that fit the door of an installation: text alone, for the console and for the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

RULES = Path(__file__).with_suffix(".nft")
NOBODY = {4: "127.0.0.1", 6: "::1"}

Network = IPv4Network | IPv6Network


def rules(
    port: int, practice: Iterable[Network], administration: Iterable[Network] = (), names: Iterable[Network] = ()
) -> str:
    """Return the rule set.

    Args:
        port: the door's.
        practice: the networks whose devices may knock there.
        administration: from where ssh is let in.
        names: from where mDNS is answered.
    """
    practice, administration = tuple(practice), tuple(administration)  # each is looked at twice
    values = {
        "port": str(port),
        "practice4": _set(practice, 4),
        "practice6": _set(practice, 6),
        "administration4": _set(administration, 4),
        "administration6": _set(administration, 6),
        "names4": _set(names, 4),
    }
    text = RULES.read_text(encoding="utf-8")
    return re.sub(r"(?m)^define (\w+) = .*$", lambda found: f"define {found[1]} = {values[found[1]]}", text)


def _set(networks: Iterable[Network], version: int) -> str:
    found = [str(network) for network in networks if network.version == version]
    return f"{{ {', '.join(found) or NOBODY[version]} }}"
