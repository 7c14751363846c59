# SPDX-License-Identifier: MPL-2.0
"""`arkanum demo`: make a practice with invented patients, and show how to get in."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from arkanum.cli.place import PlaceError, alone, prepare
from arkanum.cli.processes import (
    LOOPBACK,
    GuardProcess,
    WebProcess,
    free_port,
    require_free,
    run_until_stopped,
    wait_until_up,
)
from arkanum.guard import Client, SocketTransport

if TYPE_CHECKING:
    from arkanum.cli.demo.practice import Demo

PATIENTS = 240
MOST_PATIENTS = 200_000


@dataclass(slots=True)
class _Code:
    text: str = field(default="", repr=False)


def main(argv: Sequence[str]) -> int:
    """Run the command until it is stopped.

    Returns:
        0 after a regular end, 1 when the place cannot be used.
    """
    options = _parser().parse_args(argv)
    if not 1 <= options.patients <= MOST_PATIENTS:
        print(f"--patients: zwischen 1 und {MOST_PATIENTS}.", file=sys.stderr)
        return 2
    try:
        return _demo(options)
    except PlaceError as error:
        print(error.german, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _demo(options: argparse.Namespace) -> int:
    with ExitStack() as stack:
        folder = options.data or _temporary(stack)
        if (folder / "arkanum.sqlite3").exists():
            raise PlaceError(f"In {folder} liegt schon eine Praxis. Sie startet mit: arkanum serve --data {folder}")
        data = prepare(folder)
        stack.enter_context(alone(data))
        port = options.port or free_port()
        # Before a large practice is made for minutes.
        require_free(port)
        code = _Code()
        guard = GuardProcess(data, lambda text: setattr(code, "text", text))
        stack.callback(guard.stop)
        if not code.text:
            raise PlaceError("In dieser Datenbank liegt schon eine Praxis; eine Demo beginnt leer.")
        made = _make(guard, code.text, options)
        web = WebProcess(port, guard.socket)
        stack.callback(web.stop)
        wait_until_up(port)
        _tell(made, port, data, as_json=options.json)
        return run_until_stopped(guard, web)


def _make(guard: GuardProcess, code: str, options: argparse.Namespace) -> Demo:
    # Only now are Django's settings chosen, and what makes the practice needs the tables.
    from arkanum.cli.demo.practice import make  # noqa: PLC0415

    client = Client(SocketTransport(guard.socket))

    def progress(done: int) -> None:
        if not options.json:
            print(f"\r{done} von {options.patients} Patienten", end="", file=sys.stderr, flush=True)

    today = date.today()  # noqa: DTZ011 - the practice's calendar day is meant
    made = make(client, code, count=options.patients, today=today, progress=progress, seed=options.seed)
    if not options.json:
        print(file=sys.stderr)
    return made


def _tell(made: Demo, port: int, data: Path, *, as_json: bool) -> None:
    address = f"http://{LOOPBACK}:{port}"
    link = f"{address}/geraet#{made.link}"
    if as_json:
        people = [
            {"name": one.name, "login": one.login, "role": one.role, "passphrase": one.passphrase}
            for one in made.accounts
        ]
        facts = {
            "url": f"{address}/",
            "device_link": link,
            "people": people,
            "paper_codes": made.paper_codes,
            "patients": made.patients,
            "entries": made.entries,
            "data": str(data),
        }
        print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    print(f"\nDemo-Praxis mit {made.patients} erfundenen Patienten und {made.entries} Einträgen.\n")
    print(f"1. Diesen Link öffnen, er macht den Browser einmalig zum Gerät der Praxis:\n\n   {link}\n")
    print("2. Anmelden. Die Passphrasen wurden eben ausgewürfelt und stehen nur hier:\n")
    for one in made.accounts:
        print(f"   {one.login:<6} {one.passphrase:<58} {one.name}")
    print("\nEnde mit Strg-C.", flush=True)


def _temporary(stack: ExitStack) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="arkanum-demo-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arkanum demo", description="Eine belebte Praxis mit erfundenen Patienten vorführen."
    )
    parser.add_argument("--data", type=Path, metavar="ORDNER", help="Datenordner; ohne Angabe nur für diesen Lauf")
    parser.add_argument("--port", type=int, metavar="N", help="Anschluss; ohne Angabe ein freier")
    parser.add_argument("--patients", type=int, default=PATIENTS, metavar="N", help=f"ohne Angabe {PATIENTS}")
    parser.add_argument("--seed", type=int, metavar="N", help="dieselbe Zahl erfindet dieselben Patienten")
    parser.add_argument("--json", action="store_true", help="eine Zeile JSON für Skripte statt Text")
    return parser
