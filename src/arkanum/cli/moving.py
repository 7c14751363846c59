# SPDX-License-Identifier: MPL-2.0
"""`arkanum import FILE`: move in what another program exported, let in by a signed-in person."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from arkanum.cli.pairing import NotLetIn, let_in
from arkanum.cli.place import default_folder, use

if TYPE_CHECKING:
    from arkanum.exchange.jobs import JobView
    from arkanum.guard import Client

CHUNK_BYTES = 1024 * 1024


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Returns:
        0 when everything is moved in, 1 when it could not be, 3 when somebody has to decide on the page first.
    """
    options = _parser().parse_args(argv)
    data = options.data.expanduser().resolve()
    use(data)
    from arkanum.exchange.jobs import JobError  # noqa: PLC0415 - models can be imported only after the settings
    from arkanum.guard.errors import GuardError, Refused, SecondPerson, StepUp  # noqa: PLC0415

    try:
        with options.file.open("rb"):
            client, token = let_in(data, f"arkanum import {options.file.name}")
        try:
            return _move_in(client, token, data, options)
        finally:
            # However it ended: a session left behind would keep the practice open.
            with suppress(GuardError):
                client.sign_out(token)
    except OSError as error:
        print(f"{options.file}: {error.strerror}.", file=sys.stderr)
    except (NotLetIn, JobError) as error:
        print(error.german, file=sys.stderr)
    except (StepUp, SecondPerson):
        print(
            "Die Datei ergänzt viele Akten, die es schon gibt; dafür will Arkanum die Passphrase sehen. Bitte auf der "
            "Seite „Übernahme“ fortsetzen.",
            file=sys.stderr,
        )
    except Refused:
        print("Wer den Code eingegeben hat, darf keine Akten übernehmen.", file=sys.stderr)
    except GuardError:
        print(
            "Die Praxis wurde versiegelt. Was übernommen ist, bleibt; fortsetzen auf der Seite „Übernahme“.",
            file=sys.stderr,
        )
    return 1


def _move_in(client: Client, token: bytes, data: Path, options: argparse.Namespace) -> int:
    from arkanum.core.catalogue import Catalogue  # noqa: PLC0415
    from arkanum.exchange import jobs  # noqa: PLC0415

    catalogue = Catalogue.load(data / "catalogues")
    job = jobs.accept(client, token, options.file.name, _chunks(options.file))
    jobs.prepare(client, token, job, catalogue, progress=lambda count: _show(f"{count} Personen gelesen"))
    shown = jobs.view(client, token, job)
    print(f"\n{_preview(shown)}")
    if not shown.plan.is_ready:
        print("Bitte auf der Seite „Übernahme“ entscheiden, wer gemeint ist; dort geht es auch weiter.")
        return 3
    if not (options.yes or _agreed()):
        print("Nichts wurde übernommen. Die Datei liegt versiegelt auf der Seite „Übernahme“ bereit.")
        return 0
    done = jobs.run(client, token, job, catalogue, told=lambda now: _show(f"{now.done} von {now.total} Personen"))
    print(f"\n{shown.plan.report.with_result(new=done.entries, known=done.known).text()}")
    return 0


def _agreed() -> bool:
    try:
        return input("Übernehmen? [j/N] ").strip().lower() in {"j", "ja"}
    except EOFError:  # a script without a person at it
        return False


def _preview(shown: JobView) -> str:
    lines = [f"{shown.plan.name}: {shown.plan.source}, {len(shown.plan.patients)} Personen"]
    lines += [
        f"  {one.name or 'ohne Namen'} {one.birth}: {one.entries} Einträge. {one.reason}"
        for one in shown.plan.patients[:50]
    ]
    if len(shown.plan.patients) > 50:  # noqa: PLR2004 - as many as one reads on a console
        lines.append(f"  … und {len(shown.plan.patients) - 50} weitere")
    return "\n".join(lines)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _show(text: str) -> None:
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arkanum import",
        description="Daten eines anderen Programms (BDT, GDT) übernehmen; ein Angemeldeter lässt den Befehl ein.",
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="die Datei des anderen Programms")
    parser.add_argument("--data", type=Path, default=default_folder(), metavar="ORDNER", help="Datenordner")
    parser.add_argument("--yes", action="store_true", help="ohne Rückfrage übernehmen, wenn nichts zu entscheiden ist")
    return parser
