# SPDX-License-Identifier: MPL-2.0
"""The process that shows pages: `python -m arkanum.cli.worker --port N --socket PATH`.

It listens on loopback, and on the practice's network where the practice opened the door there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from arkanum import guard
from arkanum.cli.place import default_folder

LOOPBACK = "127.0.0.1"
CANNOT_START = 3
GUARD_PATIENCE_SECONDS = 1.0
"""The door asks the guard all day; when it is away that must be known soon."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve pages until stopped."""
    parser = argparse.ArgumentParser(prog="arkanum.cli.worker")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    options = parser.parse_args(argv)
    guard.use(guard.Client(guard.SocketTransport(options.socket)))
    serve(options.port, options.socket)
    return 0


def serve(port: int, guard_socket: Path | None = None, owner: int | None = None) -> None:
    """Serve the pages that the chosen settings describe until stopped.

    Args:
        port: on loopback.
        guard_socket: whom the door on the network asks; without a guard there is no such door.
        owner: user id of the guard where it runs as another user.
    """
    # Importing the application sets Django up; it needs the settings chosen by whoever started this process.
    from arkanum.cli.door.server import Doors, configuration  # noqa: PLC0415
    from arkanum.cli.door.told import Teller  # noqa: PLC0415
    from arkanum.web.network.hosts import HostGate  # noqa: PLC0415
    from arkanum.web.wsgi import application  # noqa: PLC0415

    gate = HostGate(application)
    config = configuration(gate, port, LOOPBACK)
    if guard_socket is None:
        server = uvicorn.Server(config)
    else:
        client = guard.Client(guard.SocketTransport(guard_socket, owner, patience_seconds=GUARD_PATIENCE_SECONDS))
        server = Doors(config, client, default_folder(), Teller(gate))
    server.run()
    if not server.started:
        sys.exit(CANNOT_START)


if __name__ == "__main__":
    sys.exit(main())
