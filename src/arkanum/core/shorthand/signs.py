# SPDX-License-Identifier: MPL-2.0
"""Vital signs as a line: `v rr 135/85 p 72 t 37,8 gew 81 gr 176 spo2 98 bz 110 af 16`."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from arkanum.core.entries import Measure, Sign, Vitals
from arkanum.core.errors import ShorthandError
from arkanum.core.labels import label
from arkanum.core.vitals import RANGES, UNITS, german, is_possible

KEYS: Mapping[str, Sign] = {
    "rr": Sign.RR_SYS,
    "rrs": Sign.RR_SYS,
    "rrd": Sign.RR_DIA,
    "p": Sign.PULSE,
    "puls": Sign.PULSE,
    "hf": Sign.PULSE,
    "t": Sign.TEMP,
    "temp": Sign.TEMP,
    "gew": Sign.WEIGHT,
    "gewicht": Sign.WEIGHT,
    "gr": Sign.HEIGHT,
    "größe": Sign.HEIGHT,
    "spo2": Sign.SPO2,
    "bz": Sign.GLUCOSE,
    "af": Sign.RESP,
}
"""What stands before a number, and which sign it means."""

_PRESSURE = "rr"
_SHORTEST_KEY: Mapping[Sign, str] = {
    Sign.RR_SYS: "rrs",
    Sign.RR_DIA: "rrd",
    Sign.PULSE: "p",
    Sign.TEMP: "t",
    Sign.WEIGHT: "gew",
    Sign.HEIGHT: "gr",
    Sign.SPO2: "spo2",
    Sign.GLUCOSE: "bz",
    Sign.RESP: "af",
}
_SPELLED_UNITS = {unit.lower(): unit for _, unit in RANGES}
_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,6})?"
_ITEM = re.compile(
    rf"""
    (?P<key> spo2 | [a-zäöüß]+ ) \s* [:=]? \s*
    (?P<value> {_NUMBER} )
    (?: \s* / \s* (?P<second> {_NUMBER} ) )?
    (?: \s* (?P<unit> mmhg | /min | °c | kg | cm | % | mg/dl | mmol/l ) )?
    (?= [\s;] | ,(?![0-9]) | $ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_GAP = re.compile(r"[\s,;]*")
_EXAMPLE = "Beispiel: v rr 135/85 p 72 t 37,8"


def parse_vitals(line: str, start: int) -> Vitals:
    """Return the vital signs that the rest of a line says.

    Raises:
        ShorthandError: an unknown sign, no number, a unit that does not fit, a
            value that no living person has, or a sign said twice.
    """
    measures: dict[Sign, Measure] = {}
    at = _after_gap(line, start)
    while at < len(line):
        found = _ITEM.match(line, at)
        if found is None:
            raise ShorthandError("unreadable", at, f"Das ist kein Vitalwert. {_EXAMPLE}.")
        for measure in _measures(found):
            _refuse_wrong(measure, measures, at)
            measures[measure.sign] = measure
        at = _after_gap(line, found.end())
    if not measures:
        raise ShorthandError("empty", at, f"Hier fehlen die Werte. {_EXAMPLE}.")
    _refuse_swapped(measures, start)
    return Vitals(measures=tuple(measures.values()))


def _after_gap(line: str, at: int) -> int:
    gap = _GAP.match(line, at)
    return at if gap is None else gap.end()


def _measures(found: re.Match[str]) -> Iterator[Measure]:
    """Return the one sign of an item, or the two of a blood pressure."""
    key = found["key"].lower()
    sign = KEYS.get(key)
    if sign is None:
        raise ShorthandError(
            "unknown_sign", found.start(), f"„{found['key']}“ ist kein Vitalwert. Möglich: {', '.join(KEYS)}."
        )
    yield _measure(sign, found["value"], found)
    if found["second"] is None:
        return
    if key != _PRESSURE:
        raise ShorthandError("second_value", found.start("second"), "Zwei Werte hat nur der Blutdruck (rr 135/85).")
    yield _measure(Sign.RR_DIA, found["second"], found)


def _measure(sign: Sign, number: str, found: re.Match[str]) -> Measure:
    unit = UNITS[sign] if found["unit"] is None else _SPELLED_UNITS[found["unit"].lower()]
    if (sign, unit) not in RANGES:
        raise ShorthandError("unit", found.start("unit"), f"{label(sign)} wird nicht in {unit} gemessen.")
    return Measure(sign=sign, value=Decimal(number.replace(",", ".")), unit=unit)


def _refuse_wrong(measure: Measure, known: Mapping[Sign, Measure], at: int) -> None:
    if measure.sign in known:
        raise ShorthandError("twice", at, f"{label(measure.sign)} steht zweimal in der Zeile.")
    if not is_possible(measure):
        value = f"{german(measure.value)} {measure.unit}"
        raise ShorthandError("impossible", at, f"{label(measure.sign)} {value} ist nicht möglich.")


def _refuse_swapped(measures: Mapping[Sign, Measure], at: int) -> None:
    upper, lower = measures.get(Sign.RR_SYS), measures.get(Sign.RR_DIA)
    if upper and lower and upper.value <= lower.value:
        raise ShorthandError("swapped", at, "Der systolische Blutdruck muss über dem diastolischen liegen.")


def vitals_line(vitals: Vitals) -> str:
    """Return the line that says vital signs; units only where they are not the usual ones."""
    items = ["v"]
    rest = list(vitals.measures)
    while rest:
        measure = rest.pop(0)
        if _is_pressure(measure, rest):
            items.append(f"{_PRESSURE} {german(measure.value)}/{german(rest.pop(0).value)}")
        else:
            items.append(_item(measure))
    return " ".join(items)


def _is_pressure(measure: Measure, rest: list[Measure]) -> bool:
    """Say whether a measure and the next one are the two values of a blood pressure."""
    pair = [(each.sign, each.unit) for each in (measure, *rest[:1])]
    return pair == [(Sign.RR_SYS, UNITS[Sign.RR_SYS]), (Sign.RR_DIA, UNITS[Sign.RR_DIA])]


def _item(measure: Measure) -> str:
    unit = "" if measure.unit == UNITS[measure.sign] else f" {measure.unit}"
    return f"{_SHORTEST_KEY[measure.sign]} {german(measure.value)}{unit}"
