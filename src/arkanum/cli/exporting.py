# SPDX-License-Identifier: MPL-2.0
"""`arkanum export FILE`: write an export that two people agreed to, sealed to its recipient; it can be interrupted."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from arkanum.cli.pairing import NotLetIn, let_in
from arkanum.cli.place import default_folder, use

if TYPE_CHECKING:
    from arkanum.guard import Client


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when the file is whole, 1 when it could not be written; the same command then goes on with it.
    """
    options = _parser().parse_args(argv)
    data = options.data.expanduser().resolve()
    use(data)
    from arkanum.exchange.container import ContainerDamaged  # noqa: PLC0415 - models need the settings first
    from arkanum.guard.errors import GuardError  # noqa: PLC0415

    try:
        client, token = let_in(data, f"arkanum export {options.file.name}", purpose="export")
        try:
            return _write(client, token, options.file)
        finally:
            with suppress(GuardError):
                client.sign_out(token)
    except OSError as error:
        print(f"{options.file}: {error.strerror}.", file=sys.stderr)
    except NotLetIn as error:
        print(error.german, file=sys.stderr)
    except ContainerDamaged:
        print(f"{options.file} gehört zu einem anderen Export.", file=sys.stderr)
    except GuardError:
        print("Unterbrochen. Derselbe Befehl setzt den Export fort, solange er gilt (24 Stunden).", file=sys.stderr)
    return 1


def _write(client: Client, token: bytes, path: Path) -> int:
    from arkanum.exchange.carrying import write  # noqa: PLC0415

    order = next((one for one in client.exports(token) if one.own and one.agreed), None)
    if order is None:
        print("Es gibt keinen Export, den Sie vorbereitet haben und dem jemand zugestimmt hat.", file=sys.stderr)
        return 1
    print(f"{order.patients} Akten für {order.recipient}, nach {path}", file=sys.stderr)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        write(client, token, order, file, told=lambda parts: _show(f"{parts} von {order.parts} Teilen"))
        os.fsync(file.fileno())
    print("\nFertig.", file=sys.stderr)
    return 0


def _show(text: str) -> None:
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arkanum export",
        description="Einen Export schreiben, den zwei Personen freigegeben haben; lesen kann ihn nur sein Empfänger.",
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="wohin; eine unterbrochene Datei wird fortgesetzt")
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    return parser
