# SPDX-License-Identifier: MPL-2.0
"""`arkanum open-export FILE --key FILE`: open an export with the recipient's private key."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path
from typing import BinaryIO

from arkanum.exchange.container import ContainerDamaged, ContainerUnfinished, RecipientError, lines_of, open_recipient


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when everything was opened, 1 when the file is damaged, not whole, or for another key.
    """
    parser = argparse.ArgumentParser(
        prog="arkanum open-export", description="Einen Export öffnen; heraus kommt eine JSON-Zeile je Patient."
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="der Export")
    parser.add_argument("--key", type=Path, required=True, metavar="SCHLÜSSEL", help="die Datei NAME.key")
    parser.add_argument("--out", type=Path, metavar="ZIEL", help="neue Datei statt der Standardausgabe")
    options = parser.parse_args(argv)
    try:
        private = open_recipient(options.key.read_text(encoding="utf-8"), getpass("Passphrase des Schlüssels: "))
        with options.file.open("rb") as file, _target(options.out) as out:
            count = 0
            for line in lines_of(file, private):
                out.write(line + b"\n")
                count += 1
    except (ContainerDamaged, ContainerUnfinished, RecipientError) as error:
        print(error.german, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{count} Akten geöffnet, der Export ist vollständig.", file=sys.stderr)
    return 0


def _target(path: Path | None) -> BinaryIO:
    if path is None:
        return os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
