# SPDX-License-Identifier: MPL-2.0
"""Vital signs: their units, what is possible, and what is worth a second look."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from arkanum.core.entries import Measure, Sign, Vitals
from arkanum.core.hints import Hint
from arkanum.core.labels import label


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a vital sign in one unit, all inclusive.

    Attributes:
        lowest: below it nobody lives: a slip of the finger.
        low: below it a hint asks to look again.
        high: above it a hint asks to look again.
        highest: above it nobody lives.
    """

    lowest: Decimal
    low: Decimal
    high: Decimal
    highest: Decimal


UNITS: Mapping[Sign, str] = {
    Sign.RR_SYS: "mmHg",
    Sign.RR_DIA: "mmHg",
    Sign.PULSE: "/min",
    Sign.TEMP: "°C",
    Sign.WEIGHT: "kg",
    Sign.HEIGHT: "cm",
    Sign.SPO2: "%",
    Sign.GLUCOSE: "mg/dl",
    Sign.RESP: "/min",
}
"""The unit in which a sign is written when none is named."""

RANGES: Mapping[tuple[Sign, str], Range] = {
    unit: Range(*map(Decimal, bounds.split()))
    for unit, bounds in {
        (Sign.RR_SYS, "mmHg"): "30 80 200 370",
        (Sign.RR_DIA, "mmHg"): "10 40 120 360",
        (Sign.PULSE, "/min"): "10 40 150 350",
        (Sign.TEMP, "°C"): "13 35 40.5 47",
        (Sign.WEIGHT, "kg"): "0.2 2 200 650",
        (Sign.HEIGHT, "cm"): "20 40 210 275",
        (Sign.SPO2, "%"): "20 90 100 100",
        (Sign.GLUCOSE, "mg/dl"): "5 60 300 3000",
        (Sign.GLUCOSE, "mmol/l"): "0.3 3.3 16.7 170",
        (Sign.RESP, "/min"): "1 8 40 150",
    }.items()
}
"""Bounds for children and grown-ups alike. Ours, not a guideline's: the outer ones lie
beyond what has been reported of living people, the inner ones catch swapped digits."""


def is_possible(measure: Measure) -> bool:
    """Say whether a living person can have this value in this unit."""
    bounds = RANGES.get((measure.sign, measure.unit))
    return bounds is not None and bounds.lowest <= measure.value <= bounds.highest


def vitals_hints(vitals: Vitals) -> tuple[Hint, ...]:
    """Return a hint for each value that is possible but unusual."""
    return tuple(
        Hint(f"unusual_{measure.sign}", f"{label(measure.sign)} {german(measure.value)} {measure.unit}: bitte prüfen.")
        for measure in vitals.measures
        if _is_unusual(measure)
    )


def _is_unusual(measure: Measure) -> bool:
    bounds = RANGES.get((measure.sign, measure.unit))
    return bounds is None or not bounds.low <= measure.value <= bounds.high


def german(value: Decimal) -> str:
    """Return a number with a decimal comma, as many places as it has."""
    return f"{value:f}".replace(".", ",")
