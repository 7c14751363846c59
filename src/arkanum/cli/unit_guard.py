# SPDX-License-Identifier: MPL-2.0
"""`arkanum guard`: the guard as a service with a user of its own. It ends when sealed; systemd starts it again."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from arkanum.cli import notify, sharing
from arkanum.cli.place import PlaceError, alone, prepare


def main(argv: Sequence[str]) -> int:
    """Run the guard until the practice is sealed or it is told to stop.

    Returns:
        0 after a regular end, 78 when the place or the users are not as they must be.
    """
    options = _parser().parse_args(argv)
    try:
        _run(options.data, options.socket, options.web_user)
    except PlaceError as error:
        print(error.german, file=sys.stderr)
        return sharing.WRONG_SETUP
    return 0


def _run(folder: Path, socket: Path, web_user: str) -> None:
    pages = sharing.user(web_user)
    data = prepare(folder, frozenset({os.getuid(), pages}))
    # Models can be imported only after the settings are chosen.
    from arkanum.guard.server import serve  # noqa: PLC0415
    from arkanum.storage import access  # noqa: PLC0415

    access.let_pages_in(web_user)
    with alone(data):
        serve(socket, data, _tell, pages)


def _tell(code: str) -> None:
    """Show the code for the first start on the console or in the journal: it works once and only while no practice is.

    Whoever reads it there later, in a copy of the journal, holds nothing.
    """
    if code:
        print(f"Diese Installation hat noch keine Praxis. Einmal-Code für den ersten Start: {code}", flush=True)
    notify.ready()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="arkanum guard", description="Der Wächter als eigener Dienst (systemd).")
    parser.add_argument("--data", type=Path, required=True, metavar="ORDNER", help="Ordner des Wächters, nur seiner")
    parser.add_argument("--socket", type=Path, required=True, metavar="PFAD", help="hier nimmt er Fragen an")
    parser.add_argument("--web-user", required=True, metavar="NAME", help="der Benutzer der Seiten; sonst fragt keiner")
    return parser
