# SPDX-License-Identifier: MPL-2.0
"""Read, check and install the files that a catalogue comes in.

The file is a table in UTF-8, parted by tabs and usually packed with gzip. Its
first line is the source note that the licence asks to keep, its second line names
the columns. Files come from outside, so nothing in them is believed.
"""

import gzip
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from arkanum.core.catalogue.codes import Code, Usage, spelled
from arkanum.core.errors import CatalogueError
from arkanum.core.patients import Sex

COLUMNS = (
    "icd_normcode",
    "icd_code",
    "level",
    "terminal",
    "subcode_type",
    "chapter_nr",
    "icd_block_first",
    "usage_295",
    "gender_specific",
    "age_min",
    "age_max",
    "rare_in_central_europe",
    "code_with_content",
    "notifiable",
    "label",
)
"""The columns of the file, in this order."""

LARGEST_BYTES = 32 * 2**20
"""The catalogue of a year has 2 MB; more than this is no catalogue but an attack."""

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


@dataclass(frozen=True, slots=True)
class Table:
    """A catalogue file, unpacked but not yet believed.

    Attributes:
        year: the year that the source note names.
        source: the source note, without its leading `#`.
        rows: the lines below the head, one for each code.
    """

    year: int
    source: str
    rows: Sequence[str]


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
    """Return the table in a catalogue file.

    Raises:
        CatalogueError: not a readable catalogue file; the sentence says why.
    """
    lines = _text(path).removesuffix("\n").split("\n")
    if not lines[0].startswith("#"):
        raise CatalogueError("no_source", "In der ersten Zeile fehlt der Quellenvermerk (# ICD-10-GM Version …).")
    year = _YEAR.search(lines[0])
    if year is None:
        raise CatalogueError("no_year", "Der Quellenvermerk in Zeile 1 nennt keine Version (ICD-10-GM Version JJJJ).")
    if tuple(lines[1:2]) != ("\t".join(COLUMNS),):
        raise CatalogueError("columns", "Zeile 2 nennt nicht die erwarteten Spalten.")
    return Table(year=int(year[1]), source=lines[0].lstrip("# "), rows=lines[2:])


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
        path: the file to install, packed or not.
        folder: the practice's folder for catalogues; made when missing.

    Returns:
        The installed file.

    Raises:
        CatalogueError: not a usable catalogue; nothing was installed.
    """
    table = read(path)
    _check(table)
    text = "\n".join([f"# {table.source}", "\t".join(COLUMNS), *table.rows, ""])
    goal = folder / f"icd10gm-{table.year}.tsv.gz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(goal, gzip.compress(text.encode(), mtime=0))
    except OSError:
        raise CatalogueError("not_written", "Der Katalog lässt sich in diesem Ordner nicht speichern.") from None
    return goal


def _text(path: Path) -> str:
    try:
        return _unpacked(path.read_bytes()).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CatalogueError("not_utf8", "Die Datei ist kein Text in UTF-8.") from None
    except (EOFError, zlib.error):
        raise CatalogueError("damaged", "Die Datei ist beschädigt und lässt sich nicht entpacken.") from None
    except OSError:
        raise CatalogueError("unreadable", "Die Datei lässt sich nicht lesen.") from None


def _unpacked(packed: bytes) -> bytes:
    if not packed.startswith(_GZIP):
        return _small(packed)
    stream = zlib.decompressobj(_ANY_GZIP)
    # A little file may unpack to terabytes, so it never gets more room than this.
    plain = _small(stream.decompress(packed, LARGEST_BYTES + 1))
    if not stream.eof or stream.unused_data:
        raise EOFError
    return plain


def _small(plain: bytes) -> bytes:
    if len(plain) > LARGEST_BYTES:
        raise CatalogueError("too_large", "Die Datei ist viel zu groß für einen Diagnosenkatalog.")
    return plain


def _check(table: Table) -> None:
    """Refuse a table of which a single row is wrong."""
    seen = set[str]()
    for number, row in enumerate(table.rows, start=3):
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
