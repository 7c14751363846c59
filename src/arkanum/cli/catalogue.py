# SPDX-License-Identifier: MPL-2.0
"""`arkanum catalogue FILE`: install another year of ICD-10-GM into the data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from arkanum.cli.place import default_folder
from arkanum.core.catalogue import Catalogue, install
from arkanum.core.errors import CoreError

FOLDER = "catalogues"
"""Catalogues lie beside the sealed data, in the clear: everybody may read them."""


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when the catalogue was installed, 1 when the file is not one; then nothing was changed.
    """
    parser = argparse.ArgumentParser(
        prog="arkanum catalogue", description="Einen neueren Jahrgang der ICD-10-GM einspielen."
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="Tabelle (TSV, auch gepackt mit gzip)")
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    options = parser.parse_args(argv)
    try:
        installed = install(options.file, options.data / FOLDER)
    except OSError as error:
        print(f"{options.file}: {error.strerror}.", file=sys.stderr)
        return 1
    except CoreError as error:
        print(getattr(error, "german", str(error)), file=sys.stderr)
        return 1
    print(f"Eingespielt: {installed.name}, {len(Catalogue.load(options.data / FOLDER))} Kodes.")
    print("Arkanum benutzt ihn ab dem nächsten Start.")
    return 0
