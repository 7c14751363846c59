# SPDX-License-Identifier: MPL-2.0
"""The stopwatch itself: what it says, and that a run from beginning to end says it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.memory import children, memory_mb
from bench.rows import Target, share, table, write

ROOT = Path(__file__).parents[2]
SHAPE = {"name": str, "ours": float, "reference": float, "ratio": float, "unit": str, "target": str, "met": bool}


def test_a_promise_with_two_parts_is_met_only_when_both_are():
    target = Target(most=35, times=1.5)

    rows = [target.row("open", ours, reference, "ms") for ours, reference in ((30, 25), (30, 15), (40, 39))]

    assert [row.met for row in rows] == [True, False, False]
    assert rows[0].target == "<= 1.5 x the twin and <= 35 ms"
    assert rows[0].ratio == 1.2


def test_a_promise_without_a_reference_looks_at_the_figure_alone():
    assert Target(most=5).row("search", 4.9, 1.0, "ms").met
    assert not Target(most=5).row("search", 5.1, 100.0, "ms").met


def test_share_is_what_so_many_stay_below():
    assert share([5.0, 1.0, 4.0, 2.0, 3.0], 0.5) == 3.0
    assert share([1.0], 0.95) == 1.0


def test_the_result_file_is_a_list_of_rows(tmp_path):
    rows = [Target(most=1).row("eins", 0.5, 2, "s")]

    write(rows, tmp_path / "results.json")

    assert json.loads((tmp_path / "results.json").read_text()) == [
        {"name": "eins", "ours": 0.5, "reference": 2, "ratio": 0.25, "unit": "s", "target": "<= 1 s", "met": True}
    ]
    assert "| eins | 0.5 s | 2 s | 0.25 | <= 1 s | yes |" in table(rows)


def test_a_process_and_its_memory_are_found():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in children(os.getpid())
        assert memory_mb([child.pid]) > 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_small_run_measures_all_nine_promises(tmp_path):
    results = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", "--quick", "--patients", "40", "--turns", "3"]

    done = subprocess.run(
        [*command, "--folder", str(tmp_path), "--results", str(results)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode in {0, 1}, done.stderr
    rows = json.loads(results.read_text())
    assert len(rows) == 9
    for row in rows:
        assert {name: type(value) for name, value in row.items()} == SHAPE
        assert row["ours"] > 0
        assert row["name"] in done.stdout
