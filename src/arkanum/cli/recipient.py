# SPDX-License-Identifier: MPL-2.0
"""`arkanum recipient NAME`: make the key pair of somebody who is to receive an export."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path

from arkanum.core.passphrases import WeakPassphrase, check
from arkanum.exchange.container import make_recipient


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when both files are written, 1 when they are not.
    """
    parser = argparse.ArgumentParser(
        prog="arkanum recipient",
        description="Ein Schlüsselpaar für den Empfänger eines Exports: NAME.pub für die Praxis, NAME.key bleibt hier.",
    )
    parser.add_argument("name", metavar="NAME", help="Name des Empfängers, etwa „Praxis Dr. Ben Thorsen“")
    parser.add_argument("--folder", type=Path, default=Path(), metavar="ORDNER", help="wohin die beiden Dateien")
    options = parser.parse_args(argv)
    stem = re.sub(r"[^\w-]+", "-", options.name).strip("-") or "empfaenger"
    passphrase = getpass("Passphrase für den privaten Schlüssel: ")
    if passphrase != getpass("Noch einmal: "):
        print("Die beiden Eingaben sind verschieden.", file=sys.stderr)
        return 1
    try:
        check(passphrase, context=options.name.split())
    except WeakPassphrase as weak:
        print("\n".join(weak.reasons), file=sys.stderr)
        return 1
    recipient, private = make_recipient(options.name, passphrase)
    try:
        _create(options.folder / f"{stem}.key", private)
        _create(options.folder / f"{stem}.pub", recipient.to_text())
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{stem}.pub an die Praxis geben, {stem}.key behalten.\nFingerabdruck zum Vergleichen am Telefon:")
    print(f"  {recipient.fingerprint}")
    return 0


def _create(path: Path, text: str) -> None:
    """Write a file that was not there; a key is never overwritten."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
