# SPDX-License-Identifier: MPL-2.0
"""`arkanum serve`: bring the practice up on this machine, and on its own network where it wants that."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from arkanum.cli.door.setting import CHOOSE, settle
from arkanum.cli.place import PlaceError, alone, default_folder, prepare
from arkanum.cli.processes import LOOPBACK, GuardProcess, WebProcess, require_free, run_until_stopped, wait_until_up

PORT = 8420


def main(argv: Sequence[str]) -> int:
    """Run the command until it is stopped.

    Returns:
        0 after a regular end, 1 when the place or the address cannot be used.
    """
    options = _parser().parse_args(argv)
    try:
        return _serve(options)
    except PlaceError as error:
        print(error.german, file=sys.stderr)
        return 1


def _serve(options: argparse.Namespace) -> int:
    data = prepare(options.data)
    with alone(data):
        setting = settle(data, options)
        port = options.port or (setting.port if setting.on else PORT)
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
    parser = argparse.ArgumentParser(
        prog="arkanum serve",
        description="Die Praxis auf diesem Rechner bereitstellen, auf Wunsch auch im Netz der Praxis.",
        epilog="Was mit --lan eingestellt wurde, gilt auch bei den nächsten Starts, bis --no-lan es beendet.",
    )
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    parser.add_argument("--port", type=int, metavar="N", help=f"Anschluss (ohne Angabe der gemerkte oder {PORT})")
    network = parser.add_mutually_exclusive_group()
    network.add_argument(
        "--lan",
        nargs="?",
        const=CHOOSE,
        metavar="ADRESSE",
        help="Zugang im Netz der Praxis öffnen; ohne Adresse die eine private dieses Rechners",
    )
    network.add_argument("--no-lan", action="store_true", help="Zugang im Netz schließen")
    parser.add_argument(
        "--name",
        action="append",
        metavar="NAME",
        help="Name, unter dem Arbeitsplätze die Praxis finden, zum Beispiel praxis.local (mehrfach möglich)",
    )
    return parser
