# SPDX-License-Identifier: MPL-2.0
"""Vital signs: what nobody can have, what is worth a second look, and how numbers are written."""

from decimal import Decimal

import pytest

from arkanum.core import Measure, Sign, Vitals
from arkanum.core.vitals import RANGES, UNITS, german, is_possible, vitals_hints


def measure(sign, value, unit=None):
    return Measure(sign=sign, value=Decimal(value), unit=unit or UNITS[sign])


STEP = Decimal("0.01")


@pytest.mark.parametrize(("sign", "unit"), RANGES)
def test_the_bounds_are_part_of_what_is_possible_and_usual(sign, unit):
    bounds = RANGES[sign, unit]

    for value in (bounds.lowest, bounds.low, bounds.high, bounds.highest):
        assert is_possible(measure(sign, value, unit))
    for value in (bounds.lowest - STEP, bounds.highest + STEP):
        assert not is_possible(measure(sign, value, unit))
    for value in (bounds.low, bounds.high):
        assert vitals_hints(Vitals(measures=(measure(sign, value, unit),))) == ()
    for value in (bounds.low - STEP, bounds.high + STEP):
        (hint,) = vitals_hints(Vitals(measures=(measure(sign, value, unit),)))
        assert hint.code == f"unusual_{sign}"


@pytest.mark.parametrize(("sign", "unit"), RANGES)
def test_what_is_usual_is_possible(sign, unit):
    bounds = RANGES[sign, unit]

    assert bounds.lowest < bounds.low < bounds.high <= bounds.highest


@pytest.mark.parametrize("sign", Sign)
def test_every_sign_has_a_usual_unit_with_bounds(sign):
    assert (sign, UNITS[sign]) in RANGES


@pytest.mark.parametrize(
    ("sign", "usual"),
    [
        (Sign.RR_SYS, "135"),
        (Sign.RR_DIA, "85"),
        (Sign.PULSE, "72"),
        (Sign.TEMP, "37.8"),
        (Sign.WEIGHT, "3.4"),
        (Sign.WEIGHT, "120"),
        (Sign.HEIGHT, "52"),
        (Sign.HEIGHT, "176"),
        (Sign.SPO2, "98"),
        (Sign.GLUCOSE, "110"),
        (Sign.RESP, "16"),
    ],
)
def test_what_every_practice_measures_gives_no_hint(sign, usual):
    assert vitals_hints(Vitals(measures=(measure(sign, usual),))) == ()


def test_a_hint_names_sign_number_and_unit():
    taken = Vitals(measures=(measure(Sign.PULSE, 72), measure(Sign.TEMP, "41.5")))

    (hint,) = vitals_hints(taken)

    assert hint.text == "Temperatur 41,5 °C: bitte prüfen."


def test_a_unit_that_nobody_knows_is_looked_at_again():
    strange = measure(Sign.TEMP, 98, "°F")

    assert not is_possible(strange)
    assert vitals_hints(Vitals(measures=(strange,)))


@pytest.mark.parametrize(("value", "shown"), [("37.80", "37,80"), ("98", "98"), ("1E+2", "100"), ("0.5", "0,5")])
def test_numbers_have_a_comma_and_the_places_they_were_given(value, shown):
    assert german(Decimal(value)) == shown
