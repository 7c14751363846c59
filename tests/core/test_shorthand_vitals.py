# SPDX-License-Identifier: MPL-2.0
"""Vital signs are one line with German commas; impossible ones are refused where they stand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arkanum.core import Measure, ShorthandError, Sign, Vitals
from arkanum.core.shorthand import line_of, parse_line
from arkanum.core.shorthand.signs import KEYS
from arkanum.core.vitals import RANGES, UNITS

EXAMPLE = "Beispiel: v rr 135/85 p 72 t 37,8."


@pytest.fixture(scope="module")
def read(catalogue):
    """Read a line."""
    return lambda line: parse_line(line, catalogue, date(2026, 11, 23))


def vitals(**values):
    """Return vital signs by their short names, in their usual units unless given as a pair."""
    measures = []
    for name, given_value in values.items():
        value, unit = given_value if isinstance(given_value, tuple) else (given_value, UNITS[Sign(name)])
        measures.append(Measure(sign=Sign(name), value=Decimal(value), unit=unit))
    return Vitals(measures=tuple(measures))


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("v rr 135/85 p 72", vitals(rr_sys="135", rr_dia="85", pulse="72")),
        ("v RR135/85 P72", vitals(rr_sys="135", rr_dia="85", pulse="72")),
        ("v rr: 135 / 85 mmHg, puls=72/min; t 37,8°C", vitals(rr_sys="135", rr_dia="85", pulse="72", temp="37.8")),
        ("v rr 100", vitals(rr_sys="100")),
        ("v rrs 135 rrd 85", vitals(rr_sys="135", rr_dia="85")),
        ("v t 37.8", vitals(temp="37.8")),
        ("v temp 37,80", vitals(temp="37.80")),
        ("v hf 72", vitals(pulse="72")),
        ("v gew 81kg gr 176 cm", vitals(weight="81", height="176")),
        ("v gewicht 81,5 größe 176", vitals(weight="81.5", height="176")),
        ("v GRÖSSE 176", ShorthandError),
        ("v spo2 98% bz 110 af 16", vitals(spo2="98", glucose="110", resp="16")),
        ("v spo298", vitals(spo2="98")),
        ("v bz 6,1 MMOL/L", vitals(glucose=("6.1", "mmol/l"))),
        ("v bz 110 mg/dl", vitals(glucose="110")),
        ("v\nt 37,8\np 72", vitals(temp="37.8", pulse="72")),
    ],
)
def test_vital_signs_are_read_as_they_are_spoken(read, line, content):
    if content is ShorthandError:
        with pytest.raises(ShorthandError):
            read(line)
        return
    assert read(line) == content
    assert [str(each.value) for each in read(line).measures] == [str(each.value) for each in content.measures]


@pytest.mark.parametrize(
    ("line", "code", "position", "german"),
    [
        ("v ", "empty", 2, f"Hier fehlen die Werte. {EXAMPLE}"),
        ("v p", "unreadable", 2, f"Das ist kein Vitalwert. {EXAMPLE}"),
        ("v p 72 hoch", "unreadable", 7, f"Das ist kein Vitalwert. {EXAMPLE}"),
        ("v t 37,8x", "unreadable", 2, f"Das ist kein Vitalwert. {EXAMPLE}"),
        ("v p -72", "unreadable", 2, f"Das ist kein Vitalwert. {EXAMPLE}"),
        ("v p 72345", "unreadable", 2, f"Das ist kein Vitalwert. {EXAMPLE}"),
        (
            "v p 72 Xy 5",
            "unknown_sign",
            7,
            f"„Xy“ ist kein Vitalwert. Möglich: {', '.join(KEYS)}.",
        ),
        ("v p 72/80", "second_value", 7, "Zwei Werte hat nur der Blutdruck (rr 135/85)."),
        ("v rrs 135/85", "second_value", 10, "Zwei Werte hat nur der Blutdruck (rr 135/85)."),
        ("v p 72 kg", "unit", 7, "Puls wird nicht in kg gemessen."),
        ("v t 37,8 p 72 t 37", "twice", 14, "Temperatur steht zweimal in der Zeile."),
        ("v p 72 t 377", "impossible", 7, "Temperatur 377 °C ist nicht möglich."),
        ("v gr 1,76", "impossible", 2, "Größe 1,76 cm ist nicht möglich."),
        ("v rr 135/850", "impossible", 2, "Blutdruck diastolisch 850 mmHg ist nicht möglich."),
        ("v rr 85/135", "swapped", 1, "Der systolische Blutdruck muss über dem diastolischen liegen."),
        ("v rrd 85 rr 85", "swapped", 1, "Der systolische Blutdruck muss über dem diastolischen liegen."),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(read, line, code, position, german):
    with pytest.raises(ShorthandError) as refused:
        read(line)

    assert (refused.value.code, refused.value.position, refused.value.german) == (code, position, german)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            vitals(rr_sys="135", rr_dia="85", pulse="72", temp="37.8", weight="81", height="176", spo2="98", resp="16"),
            "v rr 135/85 p 72 t 37,8 gew 81 gr 176 spo2 98 af 16",
        ),
        (vitals(rr_sys="135", pulse="72", rr_dia="85"), "v rrs 135 p 72 rrd 85"),
        (vitals(rr_dia="85", rr_sys="135"), "v rrd 85 rrs 135"),
        (vitals(rr_sys="100"), "v rrs 100"),
        (vitals(glucose="110"), "v bz 110"),
        (vitals(glucose=("6.1", "mmol/l")), "v bz 6,1 mmol/l"),
        (vitals(temp=("98.6", "°F")), "v t 98,6 °F"),
        (vitals(rr_sys=("18", "kPa"), rr_dia=("11", "kPa")), "v rrs 18 kPa rrd 11 kPa"),
        (vitals(rr_sys="135", rr_dia=("11", "kPa")), "v rrs 135 rrd 11 kPa"),
        (vitals(), "v"),
    ],
)
def test_the_line_of_vital_signs_is_short(content, line):
    assert line_of(content) == line


@st.composite
def possible(draw):
    signs = draw(st.lists(st.sampled_from(sorted(RANGES)), min_size=1, unique_by=lambda pair: pair[0]))
    measures = [_measure(draw, sign, unit) for sign, unit in signs]
    taken = {each.sign: each.value for each in measures}
    if taken.get(Sign.RR_SYS, Decimal("Infinity")) <= taken.get(Sign.RR_DIA, 0):
        measures = [each for each in measures if each.sign is not Sign.RR_DIA]
    return Vitals(measures=tuple(measures))


def _measure(draw, sign, unit):
    bounds = RANGES[sign, unit]
    value = draw(st.decimals(bounds.lowest, bounds.highest, places=draw(st.integers(0, 2))))
    return Measure(sign=sign, value=min(max(value, bounds.lowest), bounds.highest), unit=unit)


@given(possible())
def test_vital_signs_are_read_back_from_their_line(read, content):
    assert read(line_of(content)) == content
