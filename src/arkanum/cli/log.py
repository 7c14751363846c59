# SPDX-License-Identifier: MPL-2.0
"""`arkanum log verify`: check numbers, chain and signed heads of every log, without any key.

With `--open` a signed-in person lets the command in, and the guard checks the sealed bodies and the records too.
With `--head` also against heads kept outside (the weekly sheet): whoever puts the whole data folder back to an older
state puts back the log and its heads too, and only a head from outside tells.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from arkanum.cli.log_excerpt import check_export
from arkanum.cli.pairing import NotLetIn, let_in
from arkanum.cli.place import default_folder, use

if TYPE_CHECKING:
    from arkanum.guard.heads import OutsideHead


@dataclass(frozen=True, slots=True)
class Found:
    """What checking one practice's log found, as `--json` tells it.

    Attributes:
        log: the file's name.
        whole: whether nothing is wrong.
        lines: so many lines are good.
        signed: the last line that a signed head of the log covers.
        torn: lines torn by a power cut or a full disk; they released nothing.
        bad_line: the first bad line, where there is one.
        reason: what is wrong, in German.
    """

    log: str
    whole: bool
    lines: int = 0
    signed: int = 0
    torn: int = 0
    bad_line: int | None = None
    reason: str = ""


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when every log holds, 1 when one does not (its first bad line is named), 2 when there is none or a head that
        was given is none.
    """
    options = _parser().parse_args(argv)
    data = options.data.expanduser().resolve()
    if options.what == "check-export":
        use(data)
        return check_export(options.file, data)
    if not (data / "log").is_dir():
        print(f"In {data} liegt kein Protokoll.", file=sys.stderr)
        return 2
    use(data)
    from arkanum.guard.errors import NotAHead  # noqa: PLC0415 - models can be imported only after the settings
    from arkanum.guard.heads import read_head  # noqa: PLC0415
    from arkanum.storage import practices  # noqa: PLC0415

    try:
        heads = tuple(read_head(text) for text in options.head)
    except NotAHead:
        print("Das ist kein Kopf eines Protokolls. Er steht auf dem Wochenblatt unter dem QR-Code.", file=sys.stderr)
        return 2
    found = [_verify(data / "log" / f"{practice}.log", practice, heads) for practice in practices.all_ids()]
    if options.open:
        try:
            found = [*found, _opened(data)]
        except NotLetIn as error:
            print(error.german, file=sys.stderr)
            return 2
    _tell(found, as_json=options.json)
    return 0 if all(one.whole for one in found) else 1


def _verify(path: Path, practice: UUID, heads: Sequence[OutsideHead]) -> Found:
    from arkanum.guard.heads import differs  # noqa: PLC0415
    from arkanum.guard.log_chain import Evidence, LogDamaged, check, last_number  # noqa: PLC0415
    from arkanum.storage import practices  # noqa: PLC0415

    public = bytes(practices.get(practice).log_verify_key)
    try:
        evidence = Evidence.beside(path, practice, public)
        with path.open("rb") as lines:
            wanted = {head.no for head in heads}
            checked = check(evidence, lines, until=last_number(path), wanted=wanted)
    except LogDamaged as error:
        return Found(path.name, whole=False, bad_line=error.line, reason=error.reason)
    except OSError as error:
        return Found(path.name, whole=False, reason=f"{error.strerror}.")
    counted = Found(path.name, whole=True, lines=checked.lines, signed=checked.signed, torn=checked.torn)
    for head in heads:
        if head.practice in {None, practice} and (reason := differs(head, practice, public, checked)):
            return Found(**{**asdict(counted), "whole": False, "bad_line": head.no, "reason": reason})
    return counted


def _opened(data: Path) -> Found:
    """Let the guard check what needs keys: the bodies, and every record against its line."""
    from arkanum.guard.errors import GuardError, Refused  # noqa: PLC0415

    client, token = let_in(data, "arkanum log verify", "examine")
    try:
        verdict = client.verify_log(token)
    except Refused as error:
        raise NotLetIn("Wer den Code eingegeben hat, darf das Protokoll nicht lesen.") from error
    finally:
        with suppress(GuardError):
            client.sign_out(token)
    whole = verdict.bad_line is None and not verdict.unlogged
    reason = verdict.reason or " ".join(verdict.unlogged)
    return Found(
        "Inhalte und Einträge",
        whole,
        lines=verdict.lines,
        signed=verdict.lines,
        bad_line=verdict.bad_line,
        reason=reason,
    )


def _tell(found: Sequence[Found], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        print(f"{one.log}: {_sentence(one)}")


def _sentence(one: Found) -> str:
    if not one.whole:
        return one.reason if one.bad_line is None else f"Zeile {one.bad_line}: {one.reason}"
    unsigned = one.lines - one.signed
    more = f" Die letzten {unsigned} sind noch nicht unterschrieben." if unsigned else ""
    torn = f" {one.torn} halbe Zeilen stammen von einem Stromausfall oder einer vollen Platte." if one.torn else ""
    return f"{one.lines} Zeilen, die Kette ist ganz.{more}{torn}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arkanum log", description="Die Kette des Protokolls und ihre unterschriebenen Köpfe prüfen."
    )
    commands = parser.add_subparsers(dest="what", required=True)
    excerpt = commands.add_parser("check-export", help="einen unterschriebenen Auszug prüfen")
    excerpt.add_argument("file", type=Path, metavar="DATEI", help="der Auszug")
    verify = commands.add_parser("verify", help="Kette und Köpfe prüfen, ohne Schlüssel")
    for command in (excerpt, verify):
        command.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    verify.add_argument(
        "--head", action="append", default=[], metavar="KOPF", help="Kopf vom Wochenblatt: gescannt oder die Kurzform"
    )
    verify.add_argument("--open", action="store_true", help="auch die Inhalte: ein Angemeldeter lässt den Befehl ein")
    verify.add_argument("--json", action="store_true", help="das Ergebnis als JSON")
    return parser
