# SPDX-License-Identifier: MPL-2.0
"""The process that shows pages: `python -m arkanum.cli.worker --port N --socket PATH`, on loopback only."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from a2wsgi import WSGIMiddleware

from arkanum import guard

THREADS = 10
LOOPBACK = "127.0.0.1"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve pages until stopped. Requests are not logged: their addresses would say who looked at whom."""
    parser = argparse.ArgumentParser(prog="arkanum.cli.worker")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    options = parser.parse_args(argv)
    guard.use(guard.Client(guard.SocketTransport(options.socket)))
    serve(options.port)
    return 0


def serve(port: int) -> None:
    """Serve the pages that the chosen settings describe, on loopback, until stopped."""
    # Importing the application sets Django up; it needs the settings chosen by whoever started this process.
    from arkanum.web.wsgi import application  # noqa: PLC0415

    uvicorn.run(
        WSGIMiddleware(application, workers=THREADS),  # type: ignore[arg-type]
        host=LOOPBACK,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    sys.exit(main())
