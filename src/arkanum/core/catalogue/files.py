# SPDX-License-Identifier: MPL-2.0
"""Read, check and install the files that a catalogue comes in.

Our own file is a table in UTF-8, parted by tabs and usually packed with gzip. Its
first line is the source note that the licence asks to keep, its second line names
the columns. What the BfArM publishes is turned into such a table (`official.py`).
Files come from outside, so nothing in them is believed.
"""

import gzip
import os
import re
import zlib
from importlib.resources import files
from pathlib import Path

from arkanum.core.catalogue.codes import Code, Usage, spelled
from arkanum.core.catalogue.official import official_table
from arkanum.core.catalogue.tables import COLUMNS, LARGEST_BYTES, Table, damaged, lines_of, small_enough
from arkanum.core.errors import CatalogueError
from arkanum.core.patients import Sex

FEWEST_CODES = 10_000
"""A year has more than 16,000 codes; a file with fewer is cut or another table."""

_NAME = re.compile(r"icd10gm-([0-9]{4})\.tsv\.gz")
_YEAR = re.compile(r"ICD-10-GM Version ([0-9]{4})")
_GZIP = b"\x1f\x8b"
_ANY_GZIP = zlib.MAX_WBITS | 16
_AGE = re.compile(r"9999|[jt][0-9]{3}")
_ALLOWED = {
    "terminal": frozenset("TN"),
    "usage_295": frozenset("POZV"),
    "gender_specific": frozenset("MW9"),
    "rare_in_central_europe": frozenset("JN"),
    "code_with_content": frozenset("JN"),
    "notifiable": frozenset("JN"),
}


def shipped() -> Path:
    """Return the folder with the catalogue that comes with the product."""
    return Path(str(files("arkanum.core.catalogue") / "data"))


def newest(folder: Path | None) -> Path:
    """Return the file of the newest year, installed or shipped.

    Args:
        folder: where `install` put newer years; need not exist.

    Raises:
        CatalogueError: there is no file at all.
    """
    folders = [shipped()] if folder is None else [shipped(), folder]
    found = [
        (match[1], path) for each in folders for path in each.glob("icd10gm-*") if (match := _NAME.fullmatch(path.name))
    ]
    if not found:
        raise CatalogueError("missing", "Es ist kein Diagnosenkatalog installiert.")
    return max(found)[1]


def read(path: Path) -> Table:
    """Return the table in a catalogue file of ours.

    Raises:
        CatalogueError: not a readable catalogue file; the sentence says why.
    """
    return _our_table(_bytes(path))


def code_of(row: str) -> Code:
    """Return the code that stands in a row of a checked table."""
    field = dict(zip(COLUMNS, row.split("\t"), strict=True))
    return Code(
        code=field["icd_normcode"],
        shown=field["icd_code"],
        text=field["label"],
        terminal=field["terminal"] == "T",
        usage=Usage(field["usage_295"]),
        sex=None if field["gender_specific"] == "9" else Sex(field["gender_specific"]),
        age_min=_years(field["age_min"]),
        age_max=_years(field["age_max"]),
        rare=field["rare_in_central_europe"] == "J",
        has_content=field["code_with_content"] == "J",
        notifiable=field["notifiable"] == "J",
    )


def install(path: Path, folder: Path) -> Path:
    """Check a catalogue file and put it where `Catalogue.load` finds it.

    The file is written beside its place and moved there when it is complete, so
    that a power cut leaves either the old state or the new one.

    Args:
        path: our table, packed or not, or what the BfArM publishes: the ZIP file
            "Metadaten" of a year, or `icd10gmJJJJsyst_kodes.txt` from it.
        folder: the practice's folder for catalogues; made when missing.

    Returns:
        The installed file.

    Raises:
        CatalogueError: not a usable catalogue; nothing was installed.
    """
    content = _bytes(path)
    table = official_table(path.name, content) or _our_table(content)
    _check(table)
    text = "\n".join([f"# {table.source}", "\t".join(COLUMNS), *table.rows, ""])
    goal = folder / f"icd10gm-{table.year}.tsv.gz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(goal, gzip.compress(text.encode(), mtime=0))
    except OSError:
        raise CatalogueError("not_written", "Der Katalog lässt sich in diesem Ordner nicht speichern.") from None
    return goal


def _bytes(path: Path) -> bytes:
    try:
        # A pipe or a device has no size and no end.
        if not path.is_file():
            raise _unreadable()
        small_enough(path.stat().st_size)
        return path.read_bytes()
    except OSError:
        raise _unreadable() from None


def _unreadable() -> CatalogueError:
    return CatalogueError("unreadable", "Die Datei lässt sich nicht lesen.")


def _our_table(content: bytes) -> Table:
    lines = lines_of(_unpacked(content))
    if not lines[0].startswith("#"):
        raise CatalogueError("no_source", "In der ersten Zeile fehlt der Quellenvermerk (# ICD-10-GM Version …).")
    year = _YEAR.search(lines[0])
    if year is None:
        raise CatalogueError("no_year", "Der Quellenvermerk in Zeile 1 nennt keine Version (ICD-10-GM Version JJJJ).")
    if tuple(lines[1:2]) != ("\t".join(COLUMNS),):
        raise CatalogueError("columns", "Zeile 2 nennt nicht die erwarteten Spalten.")
    return Table(year=int(year[1]), source=lines[0].lstrip("# "), rows=lines[2:])


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    stream = zlib.decompressobj(_ANY_GZIP)
    try:
        # A little file may unpack to terabytes, so it never gets more room than this.
        plain = stream.decompress(content, LARGEST_BYTES + 1)
    except zlib.error:
        raise damaged() from None
    small_enough(len(plain))
    if not stream.eof or stream.unused_data:
        raise damaged()
    return plain


def _check(table: Table) -> None:
    """Refuse a table of which a single row is wrong."""
    seen = set[str]()
    for number, row in enumerate(table.rows, start=table.first_line):
        wrong = _what_is_wrong(row, seen)
        if wrong:
            raise CatalogueError("row", f"Zeile {number}: {wrong}")
    if len(seen) < FEWEST_CODES:
        raise CatalogueError("too_few", f"Der Katalog hat nur {len(seen)} Schlüsselnummern und ist unvollständig.")


def _what_is_wrong(row: str, seen: set[str]) -> str:
    values = row.split("\t")
    if len(values) != len(COLUMNS):
        return f"{len(values)} Spalten statt {len(COLUMNS)}."
    field = dict(zip(COLUMNS, values, strict=True))
    code = field["icd_normcode"]
    if spelled(code) != code or spelled(field["icd_code"]) != code:
        return "keine Schlüsselnummer der ICD-10-GM."
    if code in seen:
        return f"die Schlüsselnummer {code} kommt zweimal vor."
    seen.add(code)
    return _wrong_value(field)


def _wrong_value(field: dict[str, str]) -> str:
    if not field["label"].strip():
        return "der Text der Schlüsselnummer fehlt."
    for column, allowed in _ALLOWED.items():
        if field[column] not in allowed:
            return f"unbekannter Wert in der Spalte {column}."
    for column in ("age_min", "age_max"):
        if _AGE.fullmatch(field[column]) is None:
            return f"unbekannte Altersangabe in der Spalte {column}."
    return ""


def _years(age: str) -> int | None:
    """Return an age in completed years; ages in days are those of a child of 0."""
    if age == "9999":
        return None
    return int(age[1:]) if age.startswith("j") else 0


def _write_whole(goal: Path, content: bytes) -> None:
    unfinished = goal.with_suffix(".new")
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(goal)
