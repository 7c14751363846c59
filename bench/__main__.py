# SPDX-License-Identifier: MPL-2.0
"""`python -m bench`: measure what the house promises, beside a plaintext twin, and say what was met."""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from arkanum.cli.demo.people import people
from arkanum.cli.processes import free_port, wait_until_up
from arkanum.core.patients import Patient
from arkanum.vault import Cost
from bench import measure
from bench.browser import Browser
from bench.measure import Effort
from bench.ours import Door, Server, find, start, start_practice
from bench.rows import Row, table, write
from bench.tls import request_over_tls

PATIENTS = 60_000
FULL = Effort(keystrokes=4_000, pages=300, entries=400, sign_ins=5)
QUICK = Effort(keystrokes=1_500, pages=150, entries=200, sign_ins=3)
SEED = 2
SOUGHT = 3_000
"""So many patients are looked for."""

SESSION_COOKIE = "__Host-arkanum"
LONG_CHART = "1"
"""Number of the patient whose chart has 500 entries."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The real thing and its twin, filled with the same patients."""

    ours: Server
    twin: Server


def main(arguments: list[str] | None = None) -> int:
    """Run the bench.

    Returns:
        0 when every promise was kept, else 1.
    """
    options = _parser().parse_args(arguments)
    patients = options.patients or (PATIENTS // 10 if options.quick else PATIENTS)
    effort = QUICK if options.quick else FULL
    if options.turns:
        effort = Effort(options.turns, options.turns, options.turns, 1)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="arkanum-bench-", dir=options.folder)))
        _say(f"{patients} patients, once sealed and once in the clear")
        pair = _start(stack, folder, patients)
        rows = []
        for row in _rows(pair, folder, patients, effort):
            _say(f"{row.name}: {row.ours:g} {row.unit}, beside it {row.reference:g} {row.unit}")
            rows.append(row)
    print(table(rows))
    _say(measure.unrest())
    write(rows, options.results)
    return 0 if all(row.met for row in rows) else 1


def _start(stack: ExitStack, folder: Path, patients: int) -> Pair:
    data, plain = folder / "practice", folder / "twin"
    plain.mkdir()
    port = free_port()
    ours = start_practice(data, port, patients, SEED)
    stack.callback(ours.stop)
    plain_port = free_port()
    today = date.today().isoformat()  # noqa: DTZ011 - the same calendar day as the demo's
    options = ["--port", str(plain_port), "--patients", str(patients), "--seed", str(SEED), "--today", today]
    twin = start(["bench.twin", *options], plain_port, plain)
    stack.callback(twin.stop)
    wait_until_up(plain_port)
    return Pair(ours, twin)


def _rows(pair: Pair, folder: Path, patients: int, effort: Effort) -> Iterator[Row]:
    door = Door(pair.ours)
    door.sign_in()
    yield measure.first_search(door, pair.ours, _cost(folder), effort)
    twin = Browser(pair.twin.port)
    twin.keep(SESSION_COOKIE, str(pair.twin.said["token"]))
    long_chart = door.browser, find(door.browser, LONG_CHART)
    same_chart = twin, find(twin, LONG_CHART)
    yield measure.keystroke_over_http(door, twin, _known(patients), effort)
    yield measure.chart(long_chart, same_chart, effort)
    yield measure.entry(long_chart, same_chart, effort)
    yield measure.sign_in(door, effort)
    yield measure.change_of_person(door, effort)
    yield measure.memory(pair.ours, pair.twin)
    yield request_over_tls(folder / "tls", effort)
    # Names alone are made in seconds, and beside a small table plain FTS5 is as fast: always as many as promised.
    yield measure.keystroke_in_the_guard(max(patients, PATIENTS), effort)


def _known(patients: int) -> Iterator[Patient]:
    """Yield patients of the practice, as the demo invents them from the same seed."""
    rng = random.Random(SEED)
    return islice(people(patients, rng.randrange(2**32)), SOUGHT)


def _cost(folder: Path) -> Cost:
    """Return what Argon2id costs in this practice; the figures stand in the clear."""
    columns = "argon2_memory_kib, argon2_passes, argon2_lanes"
    with sqlite3.connect(folder / "practice" / "arkanum.sqlite3") as database:
        return Cost(*database.execute(f"SELECT {columns} FROM storage_practice").fetchone())  # noqa: S608 - fixed names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench", description="Measure what Arkanum promises, beside a plaintext twin."
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the data, within five minutes")
    parser.add_argument("--patients", type=int, metavar="N", help=f"instead of {PATIENTS}")
    parser.add_argument(
        "--turns", type=int, metavar="N", help="measure each thing so often; for trying the bench itself"
    )
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where both practices lie; on the disk that counts")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results.json", metavar="FILE")
    return parser


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
