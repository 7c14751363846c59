# SPDX-License-Identifier: MPL-2.0
"""What the core's fixed values are called on the screen, in German."""

from collections.abc import Mapping
from enum import StrEnum

from arkanum.core.entries import Certainty, EntryKind, Side, Sign
from arkanum.core.patients import AddressKind, InsuranceKind, Sex

# Looked up by class first: members of different classes are equal when their
# letters are (`Certainty.A` is "A"), so one flat dictionary would mix them up.
_LABELS: Mapping[type[StrEnum], Mapping[str, str]] = {
    EntryKind: {
        EntryKind.DIAGNOSIS: "Diagnose",
        EntryKind.FINDING: "Befund",
        EntryKind.THERAPY: "Therapie",
        EntryKind.HISTORY: "Anamnese",
        EntryKind.NOTE: "Notiz",
        EntryKind.MEDICATION: "Medikation",
        EntryKind.CAUTION: "CAVE",
        EntryKind.VITALS: "Vitalwerte",
        EntryKind.FOREIGN: "Übernommen",
    },
    Certainty: {
        Certainty.G: "gesichert",
        Certainty.V: "Verdacht auf",
        Certainty.A: "Ausschluss von",
        Certainty.Z: "Zustand nach",
    },
    Side: {Side.R: "rechts", Side.L: "links", Side.B: "beidseits"},
    Sex: {Sex.M: "männlich", Sex.W: "weiblich", Sex.D: "divers", Sex.X: "unbestimmt"},
    AddressKind: {
        AddressKind.HOME: "Wohnung",
        AddressKind.POST: "Postanschrift",
        AddressKind.OTHER: "Weitere",
    },
    InsuranceKind: {
        InsuranceKind.STATUTORY: "gesetzlich versichert",
        InsuranceKind.PRIVATE: "privat versichert",
        InsuranceKind.ACCIDENT: "Unfallversicherung",
        InsuranceKind.SELF_PAYER: "Selbstzahler",
    },
    Sign: {
        Sign.RR_SYS: "Blutdruck systolisch",
        Sign.RR_DIA: "Blutdruck diastolisch",
        Sign.PULSE: "Puls",
        Sign.TEMP: "Temperatur",
        Sign.WEIGHT: "Gewicht",
        Sign.HEIGHT: "Größe",
        Sign.SPO2: "Sauerstoffsättigung",
        Sign.GLUCOSE: "Blutzucker",
        Sign.RESP: "Atemfrequenz",
    },
}


def label(value: StrEnum) -> str:
    """Return what a fixed value of the core is called on the screen."""
    return _LABELS[type(value)][value]


def options(kind: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    """Return all values of a class with their labels, for a form's choice."""
    return tuple(_LABELS[kind].items())
