# SPDX-License-Identifier: MPL-2.0
"""The catalogue as the BfArM publishes it: `icd10gmJJJJsyst_kodes.txt`, alone or in its ZIP file.

Source: BfArM, metadata of ICD-10-GM, description of the record: 28 fields, parted
by semicolons.
"""

import io
import lzma
import re
import zipfile
import zlib

from arkanum.core.catalogue.tables import COLUMNS, LARGEST_BYTES, Table, damaged, lines_of, small_enough
from arkanum.core.errors import CatalogueError

_FILE = re.compile(r"(?:.*[/\\])?icd10gm([0-9]{4})syst_kodes\.txt", re.IGNORECASE)
_ZIP = b"PK\x03\x04"
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, OSError)
_FIELDS = 28
_PLACES = {
    "icd_normcode": 6,
    "icd_code": 5,
    "level": 0,
    "terminal": 1,
    "subcode_type": 2,
    "chapter_nr": 3,
    "icd_block_first": 4,
    "usage_295": 12,
    "gender_specific": 19,
    "age_min": 21,
    "age_max": 22,
    "rare_in_central_europe": 24,
    "code_with_content": 25,
    "notifiable": 26,
    "label": 8,
}
"""Where our columns stand in a line of the BfArM, counted from 0."""


def official_table(name: str, content: bytes) -> Table | None:
    """Return the table in a file of the BfArM, or `None` if it is another file.

    Args:
        name: name of the file, which alone names the year.
        content: its bytes, as they were published.

    Raises:
        CatalogueError: a ZIP file without the table, a damaged one, or a line of
            another shape.
    """
    if content.startswith(_ZIP):
        name, content = _member(content)
    found = _FILE.fullmatch(name)
    if found is None:
        return None
    small_enough(len(content))
    rows = [_row(number, line) for number, line in enumerate(lines_of(content), start=1)]
    return Table(year=int(found[1]), source=_source(found[1]), rows=rows, first_line=1)


def _source(year: str) -> str:
    return (
        f"ICD-10-GM Version {year}, abgeleitetes Format. Die Erstellung erfolgt unter Verwendung der "
        "maschinenlesbaren Fassung des Bundesinstituts fuer Arzneimittel und Medizinprodukte (BfArM)."
    )


def _row(number: int, line: str) -> str:
    fields = line.split(";")
    if len(fields) != _FIELDS:
        raise CatalogueError("row", f"Zeile {number}: {len(fields)} Felder statt {_FIELDS}.")
    return "\t".join(fields[_PLACES[column]] for column in COLUMNS)


def _member(packed: bytes) -> tuple[str, bytes]:
    """Return name and bytes of the table in a ZIP file."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for name in archive.namelist():
                if _FILE.fullmatch(name):
                    # Asked for one byte too many, so that a bomb shows without going off.
                    with archive.open(name) as stream:
                        return name, stream.read(LARGEST_BYTES + 1)
    except _BROKEN_ZIP:
        raise damaged() from None
    raise CatalogueError("no_member", "In der ZIP-Datei fehlt die Datei icd10gmJJJJsyst_kodes.txt.")
