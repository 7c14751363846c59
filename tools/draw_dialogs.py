# SPDX-License-Identifier: MPL-2.0
"""Draw the dialogs that a new workplace shows while it is set up; for the pages and for the papers, from one list.

`python tools/draw_dialogs.py` writes them, `--check` only tells whether they are up to date. They are drawings of our
own: what stands where and what to press, not what it looks like in one version.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "src/arkanum/web/frontend/pictures", ROOT / "docs/pictures/workplace")
WIDTH = 520
LINE, PAD = 26, 22
INK, MUTED, BORDER, ACCENT, PRESS = "#16201f", "#5f6a66", "#8a938f", "#0c4a56", "#b35c00"


@dataclass(frozen=True)
class Part:
    """One line of a dialog.

    Attributes:
        kind: text, head, note, radio, check, field, row, toggle.
        text: what stands there.
        on: chosen, ticked, switched on.
        press: this is what the person should touch.
    """

    kind: str
    text: str
    on: bool = False
    press: bool = False


@dataclass(frozen=True)
class Dialog:
    """A window: its title, its lines, its buttons (the one to press is marked)."""

    style: str
    title: str
    parts: tuple[Part, ...]
    buttons: tuple[str, ...] = ()
    press: str = ""


def text(line: str) -> Part:
    """Return a plain line."""
    return Part("text", line)


def head(line: str) -> Part:
    """Return a line in bold."""
    return Part("head", line)


def note(line: str) -> Part:
    """Return a line in small print."""
    return Part("note", line)


def chosen(kind: str, line: str, *, press: bool = True) -> Part:
    """Return a radio button, tick box, list row or switch that is on."""
    return Part(kind, line, on=True, press=press)


def left(kind: str, line: str) -> Part:
    """Return one that stays as it is."""
    return Part(kind, line)


def field(line: str, *, press: bool = True) -> Part:
    """Return a field to type into."""
    return Part("field", line, press=press)


DIALOGS = {
    "warning": Dialog(
        "browser",
        "https://arkanum.local/geraet",
        (
            head("Dies ist keine sichere Verbindung"),
            text("Der Browser kennt das Zertifikat der Praxis noch nicht."),
            note("Erst den Fingerabdruck vergleichen, dann weiter."),
        ),
        ("Erweitert", "Weiter zu arkanum.local"),
        "Erweitert",
    ),
    "choose": Dialog(
        "browser",
        "https://arkanum.local",
        (
            head("Zertifikat auswählen"),
            note("Wählen Sie ein Zertifikat, um sich bei arkanum.local auszuweisen."),
            chosen("row", "Empfang 2 vom 25.11.2026 (Arkanum)"),
            left("row", "Empfang 2 vom 24.10.2025 (Arkanum)"),
        ),
        ("Abbrechen", "OK"),
        "OK",
    ),
    "windows-ca": Dialog(
        "windows",
        "Zertifikat",
        (
            head("Zertifikatsinformationen"),
            text("Ausgestellt für:  Praxis am Markt"),
            text("Ausgestellt von:  Praxis am Markt"),
        ),
        ("Zertifikat installieren …", "OK"),
        "Zertifikat installieren …",
    ),
    "windows-store": Dialog(
        "windows",
        "Zertifikatimport-Assistent",
        (
            text("Zertifikatspeicher auswählen:"),
            left("radio", "Zertifikatspeicher automatisch auswählen"),
            chosen("radio", "Alle Zertifikate in folgendem Speicher speichern"),
            field("Vertrauenswürdige Stammzertifizierungsstellen"),
        ),
        ("Abbrechen", "Durchsuchen …", "Weiter"),
        "Weiter",
    ),
    "windows-trust": Dialog(
        "windows",
        "Sicherheitswarnung",
        (
            text("Sie sind im Begriff, ein Zertifikat von einer"),
            text("Zertifizierungsstelle zu installieren:  Praxis am Markt"),
            head("Fingerabdruck (sha1):  mit dem anderen Bildschirm vergleichen"),
            text("Möchten Sie dieses Zertifikat installieren?"),
        ),
        ("Nein", "Ja"),
        "Ja",
    ),
    "windows-password": Dialog(
        "windows",
        "Zertifikatimport-Assistent",
        (
            head("Schutz für den privaten Schlüssel"),
            text("Kennwort:"),
            field("••••••••••••••••••••••••"),
            left("check", "Schlüssel als exportierbar markieren"),
            chosen("check", "Alle erweiterten Eigenschaften mit einbeziehen", press=False),
        ),
        ("Abbrechen", "Weiter"),
        "Weiter",
    ),
    "mac-password": Dialog(
        "mac",
        "Schlüsselbundverwaltung",
        (
            text("Geben Sie das Passwort für „arkanum.p12“ ein:"),
            field("••••••••••••••••••••••••"),
        ),
        ("Abbrechen", "OK"),
        "OK",
    ),
    "mac-trust": Dialog(
        "mac",
        "Praxis am Markt",
        (
            head("Vertrauen"),
            text("Bei Verwendung dieses Zertifikats:"),
            chosen("row", "Immer vertrauen"),
            note("Fenster schließen und mit dem Mac-Passwort bestätigen."),
        ),
    ),
    "linux-authority": Dialog(
        "linux",
        "Zertifikatverwaltung · Zertifizierungsstellen · Importieren",
        (
            head("Sie wurden gebeten, einer neuen Zertifizierungsstelle zu vertrauen."),
            chosen("check", "Dieser Stelle vertrauen, um Websites zu identifizieren"),
            left("check", "Dieser Stelle vertrauen, um E-Mail-Nutzer zu identifizieren"),
        ),
        ("Abbrechen", "OK"),
        "OK",
    ),
    "linux-password": Dialog(
        "linux",
        "Zertifikatverwaltung · Ihre Zertifikate · Importieren",
        (
            text("Passwort, mit dem die Zertifikatsdatei verschlüsselt ist:"),
            field("••••••••••••••••••••••••"),
        ),
        ("Abbrechen", "OK"),
        "OK",
    ),
    "ipad-profile": Dialog(
        "ipad",
        "Einstellungen",
        (
            chosen("row", "Profil geladen"),
            left("row", "Allgemein"),
            note("Wird das Profil nicht angezeigt: Allgemein, dann VPN und Geräteverwaltung."),
        ),
    ),
    "ipad-install": Dialog(
        "ipad",
        "Profil installieren",
        (
            head("Arkanum · Praxis am Markt"),
            text("Enthält:  2 Zertifikate"),
            note("Erst den Code des iPads, dann das Passwort von der Einrichtungsseite eingeben."),
        ),
        ("Abbrechen", "Installieren"),
        "Installieren",
    ),
    "ipad-trust": Dialog(
        "ipad",
        "Zertifikatsvertrauenseinstellungen",
        (
            note("Volles Vertrauen für Root-Zertifikate aktivieren:"),
            chosen("toggle", "Praxis am Markt"),
        ),
    ),
}


def draw(dialog: Dialog) -> str:
    """Return a dialog as SVG."""
    top = 46 if dialog.style != "browser" else 58
    body, y = [], top + PAD + 4
    for part in dialog.parts:
        shapes, height = _part(part, y)
        body += shapes
        y += height
    if dialog.buttons:
        body += _buttons(dialog, y + 6)
        y += 46
    height = y + 6
    radius = {"windows": 2, "ipad": 16}.get(dialog.style, 9)
    frame = [
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="{radius}" fill="#fff" stroke="{BORDER}"/>',
        *_bar(dialog, top),
    ]
    label = escape(f"{dialog.title}: {' '.join(part.text for part in dialog.parts)}")
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' role="img" aria-label="{label}" font-family="\'Segoe UI\', system-ui, \'DejaVu Sans\', sans-serif">'
        ),
        "<!-- SPDX-License-Identifier: MPL-2.0. Made by tools/draw_dialogs.py. -->",
        *frame,
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _bar(dialog: Dialog, height: int) -> Iterator[str]:
    yield f'<line x1="1" y1="{height}" x2="{WIDTH - 1}" y2="{height}" stroke="#dcdfd9"/>'
    if dialog.style == "browser":
        yield f'<rect x="16" y="14" width="{WIDTH - 32}" height="30" rx="15" fill="#f3f4f1" stroke="#dcdfd9"/>'
        yield _words(34, 34, dialog.title, size=14, fill=MUTED)
    elif dialog.style == "mac":
        for at, colour in enumerate(("#e5675c", "#e5b84a", "#62b356")):
            yield f'<circle cx="{22 + at * 19}" cy="23" r="6" fill="{colour}"/>'
        yield _words(WIDTH // 2, 28, dialog.title, weight=600, anchor="middle")
    elif dialog.style == "windows":
        yield _words(PAD, 29, dialog.title)
        yield f'<path d="M{WIDTH - 34} 18l11 11m0-11l-11 11" stroke="{INK}" stroke-width="1.3"/>'
    else:
        yield _words(WIDTH // 2, 28, dialog.title, weight=600, anchor="middle")


def _part(part: Part, y: int) -> tuple[list[str], int]:
    match part.kind:
        case "head":
            return [_words(PAD, y, part.text, weight=650)], LINE + 2
        case "note":
            return [_words(PAD, y, part.text, size=12.5, fill=MUTED)], LINE
        case "field":
            return _boxed(part, y + 4, [_words(PAD + 12, y + 6, part.text)]), LINE + 20
        case "row":
            return _row(part, y + 4), LINE + 14
        case "toggle":
            return _toggle(part, y + 4), LINE + 20
        case "radio" | "check":
            return _mark(part, y), LINE + 2
        case _:
            return [_words(PAD, y, part.text)], LINE


def _boxed(part: Part, y: int, inside: list[str]) -> list[str]:
    stroke, width = (PRESS, 2.5) if part.press else (BORDER, 1)
    frame = (
        f'<rect x="{PAD}" y="{y - 19}" width="{WIDTH - 2 * PAD}" height="32" rx="4" fill="#fff" stroke="{stroke}"'
        f' stroke-width="{width}"/>'
    )
    return [frame, *inside]


def _row(part: Part, y: int) -> list[str]:
    shapes = _boxed(part, y, [_words(PAD + 12, y + 2, part.text, weight=600 if part.on else 400)])
    return [shapes[0].replace('fill="#fff"', 'fill="#e2eff0"'), *shapes[1:]] if part.on else shapes


def _toggle(part: Part, y: int) -> list[str]:
    x = WIDTH - PAD - 58
    knob = x + 36 if part.on else x + 12
    switch = [
        f'<rect x="{x}" y="{y - 15}" width="46" height="24" rx="12" fill="{"#2f8f4e" if part.on else "#dcdfd9"}"/>',
        f'<circle cx="{knob - 1}" cy="{y - 3}" r="9.5" fill="#fff"/>',
    ]
    return _boxed(part, y, [_words(PAD + 12, y + 2, part.text), *switch])


def _mark(part: Part, y: int) -> list[str]:
    colour = PRESS if part.press else BORDER
    cx, cy = PAD + 9, y - 5
    shapes = [
        f'<circle cx="{cx}" cy="{cy}" r="8" fill="#fff" stroke="{colour}" stroke-width="{2.5 if part.press else 1}"/>'
        if part.kind == "radio"
        else f'<rect x="{cx - 8}" y="{cy - 8}" width="16" height="16" rx="3" fill="#fff" stroke="{colour}"'
        f' stroke-width="{2.5 if part.press else 1}"/>'
    ]
    if part.on and part.kind == "radio":
        shapes.append(f'<circle cx="{cx}" cy="{cy}" r="4" fill="{ACCENT}"/>')
    elif part.on:
        shapes.append(f'<path d="M{cx - 4} {cy}l3 4 6-8" fill="none" stroke="{ACCENT}" stroke-width="2.2"/>')
    return [*shapes, _words(PAD + 27, y, part.text)]


def _buttons(dialog: Dialog, y: int) -> Iterator[str]:
    x: float = WIDTH - PAD
    for label in reversed(dialog.buttons):
        width = 34 + len(label) * 7.6
        x -= width
        marked = label == dialog.press
        stroke, thick = (PRESS, 2.5) if marked else (BORDER, 1)
        yield (
            f'<rect x="{x:.0f}" y="{y - 12}" width="{width:.0f}" height="32" rx="5"'
            f' fill="{"#fdf2d9" if marked else "#f8f8f6"}" stroke="{stroke}" stroke-width="{thick}"/>'
        )
        yield _words(x + width / 2, y + 9, label, weight=600 if marked else 400, anchor="middle")
        x -= 10


def _words(  # noqa: PLR0913 - what SVG says about a text
    x: float, y: float, line: str, *, size: float = 14, weight: int = 400, fill: str = INK, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.0f}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
        f' xml:space="preserve">{escape(line)}</text>'
    )


def main(arguments: list[str]) -> int:
    """Write the drawings, or tell which are not up to date.

    Returns:
        1 when `--check` found one that is not.
    """
    drawn = {folder / f"{name}.svg": draw(dialog) for folder in FOLDERS for name, dialog in DIALOGS.items()}
    if "--check" in arguments:
        old = [path for path, svg in drawn.items() if not path.exists() or path.read_text(encoding="utf-8") != svg]
        for path in old:
            print(f"not up to date: {path.relative_to(ROOT)}")
        return int(bool(old))
    for path, svg in drawn.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
