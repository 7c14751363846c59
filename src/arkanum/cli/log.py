# SPDX-License-Identifier: MPL-2.0
"""`arkanum log verify`: check numbers, chain and signed heads of every log, without any key."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from arkanum.cli.place import default_folder, use


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when every chain holds, 1 when one does not (its first bad line is named), 2 when there is none.
    """
    parser = argparse.ArgumentParser(
        prog="arkanum log", description="Die Kette des Protokolls und ihre unterschriebenen Köpfe prüfen."
    )
    parser.add_argument("what", choices=["verify"], help="verify: prüfen")
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    options = parser.parse_args(argv)
    data = options.data.expanduser().resolve()
    if not (data / "log").is_dir():
        print(f"In {data} liegt kein Protokoll.", file=sys.stderr)
        return 2
    use(data)
    from arkanum.storage import practices  # noqa: PLC0415 - models can be imported only after the settings

    worst = 0
    for practice in practices.all_ids():
        worst = max(worst, _verify(data / "log" / f"{practice}.log", practice))
    return worst


def _verify(path: Path, practice: UUID) -> int:
    from arkanum.guard.log import LogDamaged, check_heads, last_number, read_lines  # noqa: PLC0415
    from arkanum.storage import practices  # noqa: PLC0415

    try:
        digests = {line.no: line.digest for line in read_lines(path, last_number(path))}
        check_heads(path, practice, bytes(practices.get(practice).log_verify_key), digests.get)
    except LogDamaged as error:
        print(f"{path.name}: Zeile {error.line}: {error.reason}")
        return 1
    except OSError as error:
        print(f"{path.name}: {error.strerror}")
        return 1
    print(f"{path.name}: {len(digests)} Zeilen, die Kette ist ganz.")
    return 0
