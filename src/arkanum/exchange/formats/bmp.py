# SPDX-License-Identifier: MPL-2.0
"""BMP: the nationwide medication plan (*Bundeseinheitlicher Medikationsplan*), XML.

Older versions use a namespace and newer ones none, so a plan is known by its
root element and its attributes.

Source: KBV, BMP Anlage 3, version 2.8.
"""

from itertools import groupby

from arkanum.exchange.formats.leaves import Document, Leaf
from arkanum.exchange.formats.parts import Part, PartField

_ROOT = "MP"
_NAMESPACES = ("", "http://ws.gematik.de/fa/amtss/")

_ELEMENTS = {
    "MP": "Medikationsplan",
    "P": "Patient",
    "A": "Ausstellende Person oder Einrichtung",
    "O": "Parameter des Patienten",
    "S": "Abschnitt",
    "M": "Medikament",
    "W": "Wirkstoff",
    "X": "Freitextzeile",
    "R": "Rezeptur",
}
_ATTRIBUTES = {
    ("MP", "v"): "Version",
    ("MP", "U"): "Kennung des Plans",
    ("MP", "l"): "Sprache",
    ("MP", "a"): "Seite",
    ("MP", "z"): "Seiten",
    ("P", "g"): "Vorname",
    ("P", "f"): "Name",
    ("P", "t"): "Titel",
    ("P", "v"): "Vorsatzwort",
    ("P", "z"): "Namenszusatz",
    ("P", "egk"): "Versicherten-ID",
    ("P", "b"): "Geburtsdatum",
    ("P", "s"): "Geschlecht",
    ("A", "lanr"): "Arztnummer",
    ("A", "idf"): "Apothekenkennung",
    ("A", "kik"): "Krankenhaus-IK",
    ("A", "n"): "Name",
    ("A", "s"): "Straße",
    ("A", "z"): "PLZ",
    ("A", "c"): "Ort",
    ("A", "p"): "Telefon",
    ("A", "e"): "E-Mail",
    ("A", "t"): "Ausgedruckt am",
    ("O", "ai"): "Allergien",
    ("O", "w"): "Gewicht (kg)",
    ("O", "h"): "Größe (cm)",
    ("O", "c"): "Kreatinin",
    ("O", "p"): "Schwanger",
    ("O", "b"): "Stillend",
    ("O", "x"): "Freitext",
    ("S", "c"): "Überschrift (Code)",
    ("S", "t"): "Überschrift",
    ("M", "p"): "PZN",
    ("M", "a"): "Handelsname",
    ("M", "f"): "Darreichungsform (Code)",
    ("M", "fd"): "Darreichungsform",
    ("M", "m"): "Morgens",
    ("M", "d"): "Mittags",
    ("M", "v"): "Abends",
    ("M", "h"): "Zur Nacht",
    ("M", "t"): "Dosierung (Freitext)",
    ("M", "du"): "Einheit (Code)",
    ("M", "dud"): "Einheit",
    ("M", "i"): "Hinweis",
    ("M", "r"): "Grund",
    ("M", "x"): "Zusatzzeile",
    ("W", "w"): "Wirkstoff",
    ("W", "s"): "Wirkstärke",
    ("X", "t"): "Freitext",
    ("R", "t"): "Rezeptur",
}


def is_bmp(document: Document) -> bool:
    """Tell whether a document is a medication plan."""
    known_space = document.namespace.startswith(_NAMESPACES[1]) or not document.namespace
    attributes = {leaf.path[1] for leaf in document.leaves if len(leaf.path) == len(("MP", "@v"))}
    return document.root == _ROOT and known_space and {"@v", "@U"} <= attributes


def version_of(document: Document) -> str:
    """Return the version as it is written, such as `028`."""
    return next((leaf.value for leaf in document.leaves if leaf.path == (_ROOT, "@v")), "")


def read_bmp(document: Document) -> tuple[Part, ...]:
    """Return one part for each element with values."""
    return tuple(_part(element, list(leaves)) for element, leaves in groupby(document.leaves, _element_of))


def _element_of(leaf: Leaf) -> tuple[str, ...]:
    return leaf.path[:-1] if leaf.path[-1].startswith("@") else leaf.path


def _part(element: tuple[str, ...], leaves: list[Leaf]) -> Part:
    kind = element[-1].partition("[")[0]
    fields = []
    for leaf in leaves:
        last = leaf.path[-1]
        key = last.removeprefix("@") if last.startswith("@") else "text"
        fields.append(PartField(key, _ATTRIBUTES.get((kind, key), ""), leaf.value, leaf.line))
    return Part(kind, _ELEMENTS.get(kind, ""), tuple(fields))
