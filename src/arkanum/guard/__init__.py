# SPDX-License-Identifier: MPL-2.0
"""The guard: who may, who did, who is found. Only it gives out keys, and it writes the log line first."""

from arkanum.guard.client import Client, SocketTransport, connect, use
from arkanum.guard.grant import Grant
from arkanum.guard.roles import Action, Ring, Role, WallKind

__all__ = [
    "Action",
    "Client",
    "Grant",
    "Ring",
    "Role",
    "SocketTransport",
    "WallKind",
    "connect",
    "use",
]
