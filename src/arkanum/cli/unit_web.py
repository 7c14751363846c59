# SPDX-License-Identifier: MPL-2.0
"""`arkanum web`: the pages as a service with a user of its own, beside a guard that runs as another."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from arkanum import guard
from arkanum.cli import sharing, worker
from arkanum.cli.place import PlaceError, alone, open_place
from arkanum.cli.processes import LOOPBACK, require_free
from arkanum.cli.serve import PORT


def main(argv: Sequence[str]) -> int:
    """Serve pages until stopped.

    Returns:
        0 after a regular end, 78 when the place, the users or the port are not as they must be.
    """
    options = _parser().parse_args(argv)
    try:
        _run(options)
    except PlaceError as error:
        print(error.german, file=sys.stderr)
        return sharing.WRONG_SETUP
    return 0


def _run(options: argparse.Namespace) -> None:
    owner = sharing.user(options.guard_user)
    os.environ["DJANGO_SETTINGS_MODULE"] = "arkanum.web.settings"
    data = open_place(options.data, frozenset({os.getuid(), owner}))
    with alone(data):
        require_free(options.port)
        guard.use(guard.Client(guard.SocketTransport(options.socket, owner)))
        print(f"Arkanum: http://{LOOPBACK}:{options.port}/", flush=True)
        worker.serve(options.port, options.socket, owner)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="arkanum web", description="Die Seiten als eigener Dienst (systemd).")
    parser.add_argument("--data", type=Path, required=True, metavar="ORDNER", help="Ordner der Seiten, nur ihrer")
    parser.add_argument("--socket", type=Path, required=True, metavar="PFAD", help="hier nimmt der Wächter Fragen an")
    parser.add_argument("--guard-user", required=True, metavar="NAME", help="der Benutzer des Wächters")
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"Anschluss auf {LOOPBACK}")
    return parser
