# SPDX-License-Identifier: MPL-2.0
"""Every fixed value has its word on the screen."""

import pytest

from arkanum.core import (
    AddressKind,
    Certainty,
    EntryKind,
    InsuranceKind,
    Sex,
    Side,
    Sign,
    label,
    options,
)

KINDS = [EntryKind, Certainty, Side, Sex, AddressKind, InsuranceKind, Sign]


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_has_a_label_of_its_own(kind):
    labels = [label(value) for value in kind]

    assert all(each.strip() and each != value for value, each in zip(kind, labels, strict=True))
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_offers_every_value_in_its_order(kind):
    assert options(kind) == tuple((value, label(value)) for value in kind)


def test_the_words_of_the_trade_are_right():
    shown = {value: label(value) for kind in (Certainty, Side, Sex) for value in kind}

    assert shown == {
        "G": "gesichert",
        "V": "Verdacht auf",
        "A": "Ausschluss von",
        "Z": "Zustand nach",
        "R": "rechts",
        "L": "links",
        "B": "beidseits",
        "M": "männlich",
        "W": "weiblich",
        "D": "divers",
        "X": "unbestimmt",
    }


def test_values_with_the_same_letter_keep_their_own_label():
    assert label(AddressKind.OTHER) == "Weitere"
    assert label(InsuranceKind.ACCIDENT) == "Unfallversicherung"
    assert label(EntryKind.CAUTION) == "CAVE"
    assert label(Sign.RR_DIA) == "Blutdruck diastolisch"
