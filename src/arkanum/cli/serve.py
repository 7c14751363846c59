# SPDX-License-Identifier: MPL-2.0
"""`arkanum serve`: bring the practice up on this machine's loopback address."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from arkanum.cli.place import PlaceError, alone, default_folder, prepare
from arkanum.cli.processes import LOOPBACK, GuardProcess, WebProcess, require_free, run_until_stopped, wait_until_up

PORT = 8420


def main(argv: Sequence[str]) -> int:
    """Run the command until it is stopped.

    Returns:
        0 after a regular end, 1 when the place cannot be used.
    """
    options = _parser().parse_args(argv)
    try:
        return _serve(options.data, options.port)
    except PlaceError as error:
        print(error.german, file=sys.stderr)
        return 1


def _serve(folder: Path, port: int) -> int:
    data = prepare(folder)
    with alone(data):
        require_free(port)
        guard = GuardProcess(data, _tell_code)
        try:
            web = WebProcess(port, guard.socket)
            wait_until_up(port)
        except PlaceError:
            guard.stop()
            raise
        print(f"Arkanum: http://{LOOPBACK}:{port}/   (Daten: {data}; Ende mit Strg-C)", flush=True)
        return run_until_stopped(guard, web)


def _tell_code(code: str) -> None:
    print(f"\nDiese Installation hat noch keine Praxis.\nEinmal-Code für den ersten Start: {code}\n", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="arkanum serve", description="Die Praxis auf diesem Rechner bereitstellen.")
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    parser.add_argument("--port", type=int, default=PORT, metavar="N", help=f"Anschluss auf {LOOPBACK}")
    return parser
