# SPDX-License-Identifier: MPL-2.0
"""The command line. Each command is a module of its own and is imported only when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "serve": ("arkanum.cli.serve", "die Praxis auf diesem Rechner bereitstellen"),
    "demo": ("arkanum.cli.demo.command", "eine belebte Praxis mit erfundenen Patienten vorführen"),
    "import": ("arkanum.cli.moving", "Daten eines anderen Programms (BDT, GDT) übernehmen"),
    "export": ("arkanum.cli.exporting", "einen Export schreiben, den zwei Personen freigegeben haben"),
    "open-export": ("arkanum.cli.open_export", "einen Export mit dem Schlüssel des Empfängers öffnen"),
    "recipient": ("arkanum.cli.recipient", "ein Schlüsselpaar für den Empfänger eines Exports machen"),
    "inspect": ("arkanum.cli.inspect", "zeigen, was in einer fremden Datei steht (ohne Schlüssel)"),
    "catalogue": ("arkanum.cli.catalogue", "einen neueren Jahrgang der ICD-10-GM einspielen"),
    "guard": ("arkanum.cli.unit_guard", "der Wächter als eigener Dienst (systemd)"),
    "web": ("arkanum.cli.unit_web", "die Seiten als eigener Dienst (systemd)"),
    "firewall": ("arkanum.cli.firewall", "Regeln für nftables ausgeben, die zum Zugang über das Netz passen"),
    "log": ("arkanum.cli.log", "die Kette des Protokolls prüfen"),
}
"""Command, module, one line of help. A module offers `main(arguments) -> exit code`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        Its exit code; 2 for an unknown command.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_help())
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"Diesen Befehl gibt es nicht: {name}\n\n{_help()}", file=sys.stderr)
        return 2
    code: int = import_module(COMMANDS[name][0]).main(rest)
    return code


def _help() -> str:
    lines = [f"  arkanum {name:<11} {text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["Arkanum, Praxissoftware.", "", *lines, "", "arkanum BEFEHL --help sagt mehr."])
