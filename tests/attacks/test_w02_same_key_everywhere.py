# SPDX-License-Identifier: MPL-2.0
"""W2: the same key in all installations. Whoever has bought the program once has the keys of every practice."""

from dataclasses import dataclass

import pytest

from arkanum.guard.founding import new_founding_code
from arkanum.vault import Key
from tests.attacks.thief import plain_cells
from tests.attacks.twin import assert_red
from tests.cast import found

PUBLIC = {"ring", "app", "name"}
"""Columns that hold a word of the program, not a secret."""


@dataclass
class TwoPractices:
    """Everything two practices keep: their cells and the secrets told at founding."""

    first: set[bytes]
    second: set[bytes]


def attack(both):
    """Look for anything of sixteen bytes or more that both practices have."""
    shared = {value for value in both.first & both.second if len(value) >= 16}
    assert shared == set()


def _cells():
    return {
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for _, column, value in plain_cells()
        if column not in PUBLIC and value is not None
    }


def _secrets(practice, opened):
    keys = [key for ring in opened.rings.values() for key in (*ring.epochs.values(),)]
    private = [key for ring in opened.rings.values() for _, key in ring.private]
    told = [practice.device_secret[16:], practice.ada.token, *(code.encode() for code in practice.paper_codes)]
    return {opened.site.expose(), *(key.expose() for key in (*keys, *private)), *told}


@pytest.fixture
def both(founded, guard):
    first = _cells() | _secrets(founded, guard.opened[founded.ada.who.practice])
    before = _cells()
    new_founding_code(guard)
    other = found(guard, name="Praxis am Hafen", login="ada")
    second = (_cells() - before) | _secrets(other, guard.opened[other.ada.who.practice])
    return TwoPractices(first, second)


def test_two_practices_with_the_same_names_and_pass_phrases_share_no_secret(both):
    assert len(both.first) > 60
    attack(both)


def test_the_attack_finds_a_key_that_a_vendor_built_in(both):
    built_in = Key.new().expose()

    assert_red(attack, TwoPractices(both.first | {built_in}, both.second | {built_in}))
