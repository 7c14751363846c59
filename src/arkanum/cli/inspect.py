# SPDX-License-Identifier: MPL-2.0
"""`arkanum inspect FILE`: say what a foreign file holds.

Needs no installation, no key and no database. It prints the records with their
fields, counts and warnings; `--without-contents` hides every content, which is
what a practice sends to support instead of the file.
"""

import argparse
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from arkanum.exchange.inspection import WARNING_LIMIT, Inspection
from arkanum.exchange.shown import (
    ShownCount,
    ShownField,
    ShownHead,
    ShownRecord,
    ShownSummary,
    schema,
)

_CANNOT_READ = 2
_SHORT_ID = 5
_LABEL_WIDTH = 42


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Args:
        argv: arguments after `inspect`.

    Returns:
        0 when the file was read, known kind or not; 2 when it cannot be opened.
    """
    options = _parser().parse_args(argv)
    if options.schema:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(schema())).decode() + "\n")
        return 0
    if options.file is None:
        _parser().error("Bitte eine Datei angeben.")
    try:
        with Path(options.file).open("rb") as stream:
            contents = not options.without_contents
            inspection = Inspection(stream, Path(options.file).name, contents=contents)
            write = _write_json if options.json else _write_text
            write(inspection, sys.stdout, summary_only=options.summary)
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of the output (`head`, `less`) has seen enough; what Python
        # still holds for it goes nowhere, or it would complain at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        sys.stderr.write(f"Die Datei kann nicht gelesen werden: {error.strerror}\n")
        return _CANNOT_READ
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arkanum inspect",
        description="Zeigt, was eine fremde Datei enthält: xDT (GDT, LDT, BDT, KVDT), "
        "Medikationsplan (BMP), Versichertenstammdaten (VSD), FHIR. "
        "Braucht keine Installation und keinen Schlüssel.",
    )
    parser.add_argument("file", nargs="?", metavar="DATEI")
    parser.add_argument("--json", action="store_true", help="als JSON ausgeben")
    parser.add_argument("--schema", action="store_true", help="das JSON-Schema ausgeben")
    parser.add_argument("--summary", action="store_true", help="nur Zahlen und Warnungen")
    parser.add_argument(
        "--without-contents",
        action="store_true",
        help="keine Inhalte zeigen, nur ihre Länge und Art (für die Weitergabe an den Support)",
    )
    return parser


def _write_json(inspection: Inspection, out: TextIO, *, summary_only: bool) -> None:
    """Write the answer piece by piece, so that a large file needs little memory."""
    out.write('{"head":' + _json(inspection.head) + ',"records":[')
    first = True
    for record in inspection.records():
        if summary_only:
            continue
        out.write(("\n" if first else ",\n") + _json(record))
        first = False
    out.write('],\n"summary":' + _json(inspection.summary()) + "}\n")


def _json(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode("utf-8")


def _write_text(inspection: Inspection, out: TextIO, *, summary_only: bool) -> None:
    _write_lines(out, _head_lines(inspection.head))
    for number, record in enumerate(inspection.records(), start=1):
        if not summary_only:
            _write_lines(out, _record_lines(number, record))
    _write_lines(out, _summary_lines(inspection.summary(), known=inspection.head.known))


def _write_lines(out: TextIO, lines: Iterable[str]) -> None:
    out.writelines(harmless(line).rstrip() + "\n" for line in lines)


def harmless(text: str) -> str:
    """Replace what could command the terminal by its visible escape.

    A foreign file may hold control sequences that rename windows, or marks
    that turn the direction of writing.
    """
    return "".join(
        sign if sign == "\t" or unicodedata.category(sign) not in _COMMANDS else _escaped(sign) for sign in text
    )


_COMMANDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _head_lines(head: ShownHead) -> Iterator[str]:
    yield f"Datei:        {head.file}"
    yield f"Art:          {head.title}"
    if not head.known:
        yield "              Diese Art von Datei kennt Arkanum nicht; der Inhalt wurde nicht gelesen."
    if head.dialect:
        yield f"Dialekt:      {head.dialect}"
    if head.version:
        yield f"Version:      {head.version}"
    if head.evidence:
        yield f"Erkannt an:   {head.evidence}"
    if not head.contents:
        yield "Inhalte:      verborgen"


def _record_lines(number: int, record: ShownRecord) -> Iterator[str]:
    title = " ".join(word for word in (record.kind, record.name) if word)
    where = f" (Zeilen {record.first_line}-{record.last_line})" if record.first_line else ""
    yield ""
    yield f"Satz {number}: {title}{where}"
    for field in record.fields:
        yield from _field_lines(field)


def _field_lines(field: ShownField) -> Iterator[str]:
    line = f"{field.line:>7}" if field.line else " " * 7
    name = field.name or ("" if field.id else "(Leerzeile)")
    label = f"{field.id:<5} {name}".strip() if len(field.id) < _SHORT_ID else field.id
    charset = f"  [{field.charset}]" if field.charset else ""
    first, *more = field.text.split("\n")
    yield f"{line}  {label:<{_LABEL_WIDTH}} {first}{charset}"
    for part in more:
        yield " " * (_LABEL_WIDTH + 10) + part


def _summary_lines(summary: ShownSummary, *, known: bool) -> Iterator[str]:
    yield ""
    yield f"Größe:        {summary.size} Bytes"
    if summary.sha256:
        yield f"SHA-256:      {summary.sha256}"
    if known:
        yield f"Zeilen:       {summary.lines}, Felder: {summary.field_count}"
        yield f"Beschädigt:   {summary.damaged_lines} Zeilen"
        yield from _charset_lines(summary)
        yield from _count_lines("Sätze", summary.record_kinds)
        yield from _count_lines("Unbekannte Felder", summary.unknown_fields)
    yield from _warning_lines(summary)


def _charset_lines(summary: ShownSummary) -> Iterator[str]:
    if summary.charsets:
        read = ", ".join(f"{name} {count}" for name, count in summary.charsets.items())
        yield f"Zeichensatz:  angegeben {summary.charset_declared or '(nichts)'}; gelesen {read}"


def _count_lines(title: str, counts: dict[str, ShownCount]) -> Iterator[str]:
    if counts:
        yield f"{title}:"
        for key, counted in counts.items():
            yield f"{counted.count:>7}  {key:<5} {counted.name}"


def _warning_lines(summary: ShownSummary) -> Iterator[str]:
    total = sum(summary.warning_counts.values())
    yield f"Warnungen:    {total}"
    for warning in summary.warnings:
        where = f"Zeile {warning.line}: " if warning.line else ""
        yield f"  {where}{warning.text}"
    if total > len(summary.warnings):
        yield f"  ... und {total - WARNING_LIMIT} weitere, hier nicht einzeln aufgeführt."
