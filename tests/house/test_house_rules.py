# SPDX-License-Identifier: MPL-2.0
"""The rules hold over the whole checkout, and each of them bites."""

from pathlib import Path

import pytest

from tools import house_rules as rules
from tools.house_rules import Source


def test_the_checkout_keeps_every_rule(root: Path):
    found = list(rules.complaints(rules.checkout(root)))

    assert found == []


BAD = [
    (rules.tables_only_in_storage, "src/arkanum/web/pages.py", "rows = Chart.objects.all()"),
    (rules.tables_only_in_storage, "src/arkanum/guard/rows.py", "rows = Chart._default_manager.all()"),
    (rules.tables_only_in_storage, "src/arkanum/charts/rows.py", "connection.cursor().execute('x')"),
    (rules.catch_only_what_you_can_answer, "src/arkanum/core/a.py", "try:\n    x()\nexcept Exception:\n    pass"),
    (rules.catch_only_what_you_can_answer, "src/arkanum/core/a.py", "try:\n    x()\nexcept:\n    pass"),
    (
        rules.catch_only_what_you_can_answer,
        "src/arkanum/core/a.py",
        "try:\n    x()\nexcept (A, BaseException):\n    pass",
    ),
    (rules.log_nothing_about_people, "src/arkanum/charts/a.py", "logger.info('read %s', patient.name)"),
    (rules.log_nothing_about_people, "src/arkanum/charts/a.py", "logger.warning(f'read {chart}')"),
    (rules.log_nothing_about_people, "src/arkanum/charts/a.py", "self._logger.info('x', extra=entry)"),
    (rules.name_things, "src/arkanum/web/utils.py", ""),
    (rules.name_things, "tests/helpers/test_x.py", ""),
    (rules.carry_the_licence, "src/arkanum/web/front/main.js", "alert(1)"),
    (rules.carry_the_licence, "tools/x.sh", "#!/bin/sh\ntrue"),
    (rules.name_no_host, "docs/a.md", "see " + "pypi" + ".org/simple"),
    (rules.name_no_host, "requirements.lock", "x @ https://example.invalid/x.whl"),
    (rules.stay_short, "src/arkanum/core/long.py", "x = 1\n" * 601),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=lambda value: getattr(value, "__name__", None))
def test_a_rule_bites(rule, path, text):
    assert list(rule(Source(path, text)))


GOOD = [
    (rules.tables_only_in_storage, "src/arkanum/storage/charts.py", "rows = Chart.objects.all()"),
    (rules.catch_only_what_you_can_answer, "src/arkanum/core/a.py", "try:\n    x()\nexcept ValueError:\n    pass"),
    (rules.log_nothing_about_people, "src/arkanum/charts/a.py", "logger.info('%d rows of %s', len(rows), patient_id)"),
    (rules.log_nothing_about_people, "src/arkanum/guard/log.py", "self.log.info('not a logger', name)"),
    (rules.name_things, "src/arkanum/web/pages.py", ""),
    (rules.carry_the_licence, "tools/x.sh", "#!/bin/sh\n# SPDX-License-Identifier: MPL-2.0\ntrue"),
    (rules.stay_short, "src/arkanum/core/long.py", "x = 1\n" * 600),
]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=lambda value: getattr(value, "__name__", None))
def test_a_rule_leaves_good_code_alone(rule, path, text):
    assert not list(rule(Source(path, text)))


def test_every_place_that_catches_everything_exists_and_there_are_two_at_most(root: Path):
    assert len(rules.EXCEPTION_PLACES) <= 2
    assert all((root / path).exists() for path in rules.EXCEPTION_PLACES)


def test_a_growing_file_is_named_before_it_is_too_long():
    assert rules.long_files(iter([Source("a.py", "x\n" * 301), Source("b.py", "x\n" * 300)])) == ["a.py: 301 lines"]
