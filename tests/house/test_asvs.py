# SPDX-License-Identifier: MPL-2.0
"""The ASVS table is whole and honest: real numbers, tests that exist, and a reason for everything."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from tests.house.test_threats import functions
from tools import asvs
from tools.asvs import Requirement, Status

TABLE = asvs.load(asvs.TABLE.read_text())
PER_CHAPTER = {"V1": 30, "V2": 13, "V3": 31, "V4": 16, "V5": 13, "V6": 47, "V7": 19, "V8": 13, "V9": 7}
PER_CHAPTER |= {"V10": 36, "V11": 24, "V12": 12, "V13": 21, "V14": 13, "V15": 21, "V16": 17, "V17": 12}
"""How many requirements ASVS 5.0.0 has in each chapter: 345 in all."""


def test_every_requirement_of_the_standard_stands_in_the_table_once():
    assert dict(Counter(one.chapter for one in TABLE)) == PER_CHAPTER
    assert len(TABLE) == 345


def test_numbers_are_numbers_of_the_standard_and_in_order():
    parts = [tuple(int(part) for part in one.number[1:].split(".")) for one in TABLE]

    assert all(re.fullmatch(r"V\d{1,2}\.\d\.\d{1,2}", one.number) for one in TABLE)
    assert parts == sorted(parts)
    for before, after in pairwise(parts):
        assert after[2] == (before[2] + 1 if after[:2] == before[:2] else 1), after


@pytest.mark.parametrize("status", list(Status))
def test_everything_has_a_level_a_summary_and_a_reason(status: Status):
    for one in TABLE:
        if one.status is status:
            assert one.level in asvs.LEVELS, one.number
            assert len(one.summary) > 5, one.number
            assert len(one.reason) > 5, one.number
            assert not (one.summary + one.reason).endswith("."), one.number
            assert not one.summary.startswith("Verify"), one.number


def test_tests_that_are_named_exist(root: Path):
    for one in TABLE:
        for named in one.tests:
            file, _, function = named.partition("::")
            assert (root / "tests" / file).is_file(), (one.number, named)
            assert not function or function in functions(root / "tests" / file), (one.number, named)


def test_what_is_met_is_shown_by_a_test_or_names_its_mechanism():
    without = [one for one in TABLE if one.status is Status.MET and not one.tests]

    assert len(without) < 15
    assert all(len(one.reason) > 10 for one in without)


def test_level_one_and_two_are_met_but_for_what_is_named_here():
    left = {one.number for one in TABLE if one.status is Status.OPEN and one.level < 3}

    assert len(left) <= 16, left


def test_a_requirement_with_a_missing_or_an_unknown_field_is_refused():
    whole = '["V1.1.1"]\nlevel = 1\nstatus = "met"\nsummary = "x"\nreason = "y"\n'

    assert asvs.load(whole) == [Requirement(number="V1.1.1", level=1, status=Status.MET, summary="x", reason="y")]
    for wrong in (whole.replace("level = 1\n", ""), whole + 'note = "z"\n', whole.replace("met", "maybe")):
        with pytest.raises(msgspec.ValidationError):
            asvs.load(wrong)


def test_the_page_counts_every_chapter():
    page = asvs.page(TABLE)

    assert page.count("\n## ") == len(asvs.CHAPTERS) + 1
    assert page.count("\n| V") == 345 + len(asvs.CHAPTERS)
