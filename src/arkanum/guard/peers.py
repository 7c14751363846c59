# SPDX-License-Identifier: MPL-2.0
"""Who is at the other end of a Unix socket, as the kernel knows it."""

from __future__ import annotations

import socket
import struct


def peer(connection: socket.socket) -> int:
    """Return the user id of the process at the other end.

    Of the one that connected, or, asked by the one that connected, of the one that listens.

    Source: unix(7), SO_PEERCRED. Nobody can forge it; a process in a user namespace of its own sees the overflow id
    for everybody, which is nobody's.
    """
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[1])
