# SPDX-License-Identifier: MPL-2.0
"""Tell systemd that a service is ready, where systemd started it. Source: sd_notify(3)."""

from __future__ import annotations

import os
import socket


def ready() -> None:
    """Say READY=1 to whoever asked for it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
        connection.send(b"READY=1")
