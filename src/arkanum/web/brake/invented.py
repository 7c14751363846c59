# SPDX-License-Identifier: MPL-2.0
"""Invented people for planted charts: plausible, and nobody's."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

FIRST = ("Marlies", "Henning", "Renate", "Volker", "Ilona", "Detlef", "Gudrun", "Jochen", "Silke", "Ralf")
LAST = ("Brackvogel", "Tiedemann-Rust", "Ossendorf", "Quandel", "Heitbrock", "Zwillich", "Morgner", "Lehnhardt")
LINES = (
    "d J06.9 G",
    "d I10.90 G dauer",
    "d M17.1 G R",
    "b Lunge frei, Rachen gerötet",
    "b Abdomen weich, kein Druckschmerz",
    "t Inhalation",
    "a seit 3 Tagen Husten",
    "v rr 135/85 p 72",
    "v rr 142/90 p 80",
    "n Rückruf am Freitag",
    "m Ramipril 5 mg 1-0-0 dauer",
)
YOUNGEST_DAYS, OLDEST_DAYS = 25 * 365, 85 * 365


@dataclass(frozen=True, slots=True)
class Invented:
    """What the form offers: a name and a day of birth."""

    first: str
    last: str
    birth: str


def invented(today: date) -> Invented:
    """Return somebody who does not exist."""
    born = today - timedelta(days=YOUNGEST_DAYS + secrets.randbelow(OLDEST_DAYS - YOUNGEST_DAYS))
    return Invented(secrets.choice(FIRST), secrets.choice(LAST), f"{born:%d.%m.%Y}")


def lines() -> list[str]:
    """Return some lines as a doctor writes them, another number of them each time."""
    return secrets.SystemRandom().sample(LINES, 3 + secrets.randbelow(len(LINES) - 3))


def phone() -> str:
    """Return a telephone number that the regulator keeps free for films.

    Source: Bundesnetzagentur, numbers for use in media (Berlin 030 23125 000 to 999).
    """
    return f"030 23125{secrets.randbelow(1000):03}"
