# SPDX-License-Identifier: MPL-2.0
"""A damaged file never puts a finding into the wrong chart."""

import random

import pytest

from arkanum.exchange.formats import xdt
from tests.exchange.builders import lines
from tests.exchange.people import DORA, EMIL, START, TREATMENT, contents, imported
from tests.exchange.test_xdt_fuzz import mutated

LENGTH = ("8100", "00100")
KLARA = (("3000", "19"), ("3101", "Herbst"), ("3102", "Klara"), ("3103", "01011970"), ("3110", "W"))
PEOPLE = {"Dora": DORA, "Emil": EMIL, "Klara": KLARA}


def chart(first, person):
    treatment = [
        field
        for day in (1, 2, 3)
        for field in (
            *(TREATMENT, LENGTH, person[0], ("6200", f"0{day}052020")),
            *(("6205", f"{first}diag{day}"), ("6220", f"{first}befund{day}"), ("6227", f"{first}note{day}")),
        )
    ]
    return [START, LENGTH, *person, *treatment]


FILE = lines(*[field for first, person in PEOPLE.items() for field in chart(first, person)])


def strangers(content):
    """Return whose words stand in the chart of another person of the file."""
    wrong = []
    for patient in imported(content)[0]:
        first = patient.patient.name.first
        words = repr(contents(patient))
        if first in PEOPLE:
            wrong += [(first, other) for other in PEOPLE if other != first and f"{other}befund" in words]
    return wrong


def test_the_sound_file_has_three_charts():
    assert strangers(FILE) == []
    assert len(imported(FILE)[0]) == 3


@pytest.mark.parametrize("seed", range(4))
def test_damage_anywhere_never_mixes_charts(seed):
    dice = random.Random(seed)

    for _ in range(100):
        damaged = mutated(FILE, dice)
        if xdt.sniff(damaged) is not None:
            assert strangers(damaged) == []


@pytest.mark.parametrize("lost", ["01380006100", "01380006200"])
def test_lost_record_starts_never_mix_charts(lost):
    assert strangers(FILE.replace(lost.encode(), b"0138x00????")) == []
    assert strangers(FILE.replace(lost.encode() + b"\r\n", b"")) == []


def test_lost_patient_numbers_never_mix_charts():
    for number in ("17", "18", "19"):
        line = f"0113000{number}".encode()
        assert strangers(FILE.replace(line, b"0113" + b"?" * 5)) == []


def test_a_patient_after_a_lost_start_in_the_head_of_the_file_is_not_lost():
    head = lines(("8000", "0022"), LENGTH, ("9213", "02/94"))
    content = head + FILE.replace(b"01380006100\r\n", b"", 1)

    patients, _ = imported(content)

    assert [one.patient.name.first for one in patients] == ["Dora", "Emil", "Klara"]
    assert strangers(content) == []
