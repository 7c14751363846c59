# SPDX-License-Identifier: MPL-2.0
"""Test results (8402 to 8490): vital signs where they are some, else a table as text."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal

from arkanum.core.entries import Finding, Measure, Sign, Vitals
from arkanum.core.names import fold
from arkanum.core.vitals import is_possible
from arkanum.exchange.drafts import Draft
from arkanum.exchange.families import Group
from arkanum.exchange.formats import xdt

_NUMBER = re.compile(r"\d{1,5}(?:[.,]\d{1,3})?", re.ASCII)
_PRESSURE = re.compile(r"(?:RR)?:?\s*(\d{2,3})\s*/\s*(\d{2,3})(?:\s*mm\s?Hg)?", re.ASCII | re.IGNORECASE)

_SIGNS: dict[str, Sign] = {
    "gewicht": Sign.WEIGHT,
    "koerpergewicht": Sign.WEIGHT,
    "groesse": Sign.HEIGHT,
    "koerpergroesse": Sign.HEIGHT,
    "systole": Sign.RR_SYS,
    "systolisch": Sign.RR_SYS,
    "blutdruck systolisch": Sign.RR_SYS,
    "rr systolisch": Sign.RR_SYS,
    "systolischer blutdruck": Sign.RR_SYS,
    "diastole": Sign.RR_DIA,
    "diastolisch": Sign.RR_DIA,
    "blutdruck diastolisch": Sign.RR_DIA,
    "rr diastolisch": Sign.RR_DIA,
    "diastolischer blutdruck": Sign.RR_DIA,
    "puls": Sign.PULSE,
    "pulsfrequenz": Sign.PULSE,
    "herzfrequenz": Sign.PULSE,
    "temperatur": Sign.TEMP,
    "koerpertemperatur": Sign.TEMP,
    "spo2": Sign.SPO2,
    "sauerstoffsaettigung": Sign.SPO2,
    "blutzucker": Sign.GLUCOSE,
    "atemfrequenz": Sign.RESP,
}
"""Names of tests that mean the sign and nothing more; `Systole max Tagphase` is another thing."""

_UNITS: dict[str, str] = {
    "mmhg": "mmHg",
    "kg": "kg",
    "cm": "cm",
    "%": "%",
    "/min": "/min",
    "1/min": "/min",
    "p/min": "/min",
    "s/min": "/min",
    "bpm": "/min",
    "°c": "°C",
    "grad c": "°C",
    "mg/dl": "mg/dl",
    "mmol/l": "mmol/l",
}
_KINDS = {
    "BDM": "Langzeit-Blutdruckmessung",
    "BLA": "Blutabnahme",
    "EKG": "Elektrokardiogramm",
    "ERG": "Ergometrie",
    "LUF": "Lungenfunktion",
    "LZE": "Langzeit-EKG",
    "BLU": "Blutdruckmessung",
    "AUG": "Augenuntersuchung",
    "HOR": "Hörtest",
    "UNI": "Allgemeine Untersuchung",
    "USO": "Ultraschall",
    "VIT": "Vitalwerte",
}
"""Source: GDT 2.1, appendix A (examples of field 8402); the first three letters name the kind."""

_FIRST_OF_TEST = "8410"
_PLAIN_VALUE = frozenset({"8402", "8410", "8411", "8420", "8421", "8432", "8433", "8439"})


def drafts_of_results(group: Group, day: date | None, at: time | None) -> Iterator[Draft]:
    """Yield vital signs and a finding for one group of result fields."""
    head, tests = _tests(group.fields)
    vital = [test for test in tests if measure_of(test) is not None]
    others = [test for test in tests if measure_of(test) is None]
    yield from _vitals(vital, day, at)
    if others or head:
        rest = [field for test in ([head] if head else []) + others for field in test]
        yield Draft(
            Finding(text=_table(head, others)),
            day or _day_of(rest),
            at,
            (min(field.line for field in rest), max(field.last_line for field in rest)),
        )


def body_measures(group: Group) -> tuple[list[Measure], list[xdt.Field]]:
    """Read height (3622, cm) and weight (3623, kg); return what is none as well."""
    measures: list[Measure] = []
    others: list[xdt.Field] = []
    for field in group.fields:
        sign = Sign.HEIGHT if field.id == "3622" else Sign.WEIGHT
        measure = _measure(sign, field.text, "cm" if sign is Sign.HEIGHT else "kg")
        if measure is None or any(known.sign is sign for known in measures):
            others.append(field)
        else:
            measures.append(measure)
    return measures, others


def pressure_of(text: str) -> Vitals | None:
    """Read a blood pressure such as `135/85` (6230), or return `None`."""
    found = _PRESSURE.fullmatch(text.strip())
    if found is None:
        return None
    upper = _measure(Sign.RR_SYS, found[1], "mmHg")
    lower = _measure(Sign.RR_DIA, found[2], "mmHg")
    return Vitals(measures=(upper, lower)) if upper and lower else None


def measure_of(test: Sequence[xdt.Field]) -> Measure | None:
    """Read one test as a vital sign, or return `None` if it is none or says more than a value."""
    if any(field.id not in _PLAIN_VALUE for field in test):
        return None
    name = fold(_first(test, "8411") or _first(test, "8410"))
    sign = _SIGNS.get(name)
    unit = _UNITS.get(_first(test, "8421").strip().lower(), "")
    values = [field.text for field in test if field.id == "8420"]
    if sign is None or len(values) != 1:
        return None
    return _measure(sign, values[0], unit)


def _measure(sign: Sign, text: str, unit: str) -> Measure | None:
    plain = text.strip()
    if _NUMBER.fullmatch(plain) is None:
        return None
    measure = Measure(sign=sign, value=Decimal(plain.replace(",", ".")), unit=unit)
    return measure if is_possible(measure) else None


def _tests(
    fields: Sequence[xdt.Field],
) -> tuple[list[xdt.Field], list[list[xdt.Field]]]:
    """Part the fields into what stands before the first test, and the tests."""
    head: list[xdt.Field] = []
    tests: list[list[xdt.Field]] = []
    for field in fields:
        if field.id == _FIRST_OF_TEST:
            tests.append([field])
        elif tests:
            tests[-1].append(field)
        else:
            head.append(field)
    return head, tests


def _vitals(tests: list[list[xdt.Field]], day: date | None, at: time | None) -> Iterator[Draft]:
    """Put signs of one moment together; a second value of the same sign begins anew."""
    held: list[list[xdt.Field]] = []
    for test in tests:
        moment = _moment(test)
        signs = {measure.sign for one in held if (measure := measure_of(one))}
        measure = measure_of(test)
        if held and (_moment(held[0]) != moment or (measure and measure.sign in signs)):
            yield _vitals_draft(held, day, at)
            held = []
        held.append(test)
    if held:
        yield _vitals_draft(held, day, at)


def _vitals_draft(tests: list[list[xdt.Field]], day: date | None, at: time | None) -> Draft:
    measures = tuple(measure for test in tests if (measure := measure_of(test)))
    own_day, own_time = _moment(tests[0])
    lines = (tests[0][0].line, tests[-1][-1].last_line)
    return Draft(Vitals(measures=measures), own_day or day, own_time or at, lines)


def _moment(test: Sequence[xdt.Field]) -> tuple[date | None, time | None]:
    taken_at = _first(test, "8433") or _first(test, "8439")
    return _day_of(test), xdt.read_time(taken_at)


def _day_of(fields: Sequence[xdt.Field]) -> date | None:
    return xdt.read_date(_first(fields, "8432"))


def _first(fields: Sequence[xdt.Field], field_id: str) -> str:
    return next((field.text for field in fields if field.id == field_id), "")


def _table(head: list[xdt.Field], tests: list[list[xdt.Field]]) -> str:
    """Write tests as rows in columns, with everything that the fields say."""
    rows = [_row(test) for test in tests]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(_COLUMNS)]
    lines = [_head_line(field) for field in head]
    for row, test in zip(rows, tests, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width)
        lines.append("  ".join(cells).rstrip())
        lines += [f"  {_named(field)}" for field in test if field.id not in _IN_ROW]
    return "\n".join(lines)


_COLUMNS = 4
_IN_ROW = frozenset({"8410", "8411", "8420", "8421", "8422", "8461", "8462", "8432", "8433", "8439"})


def _row(test: list[xdt.Field]) -> tuple[str, str, str, str]:
    ident, name = _all(test, "8410"), _all(test, "8411")
    value = " ".join(filter(None, [_all(test, "8420"), _all(test, "8421"), _all(test, "8422")]))
    low, high = _all(test, "8461"), _all(test, "8462")
    limits = f"(Norm {low or '...'} bis {high or '...'})" if low or high else ""
    return f"{name} [{ident}]" if name else ident, value, limits, _when(test)


def _all(test: list[xdt.Field], field_id: str) -> str:
    return " ".join(field.text for field in test if field.id == field_id)


def _when(test: list[xdt.Field]) -> str:
    words = []
    for field in test:
        if field.id == "8432":
            day = xdt.read_date(field.text)
            words.append(f"{day:%d.%m.%Y}" if day else field.text)
        elif field.id in {"8433", "8439"}:
            at = xdt.read_time(field.text)
            words.append(f"{at:%H:%M}" if at and not at.second else (f"{at:%H:%M:%S}" if at else field.text))
    return " ".join(words)


def _head_line(field: xdt.Field) -> str:
    if field.id == "8402":
        kind = _KINDS.get(field.text.strip()[:3].upper(), "")
        return f"{kind} ({field.text})" if kind else _named(field)
    return _named(field)


def _named(field: xdt.Field) -> str:
    return f"{xdt.name_of_field(field.id)}: {field.text}"
