# SPDX-License-Identifier: MPL-2.0
"""The mutation score counts what was run, room by room."""

import pytest

from tools.mutation_score import noticed_percent, scores

RESULTS = """
    arkanum.vault.tags.x_tag__mutmut_1: killed
    arkanum.vault.tags.x_tag__mutmut_2: survived
    arkanum.vault.tags.x_tag__mutmut_3: timeout
    arkanum.vault.tags.x_tag__mutmut_4: not checked
    arkanum.core.ids.x_new_id__mutmut_1: no tests
""".splitlines()


def test_a_mutant_that_nothing_noticed_lowers_the_score_of_its_room():
    rooms = scores(RESULTS)

    assert noticed_percent(rooms["vault"]) == pytest.approx(200 / 3)
    assert noticed_percent(rooms["core"]) == 0


def test_what_was_not_run_does_not_count():
    assert scores(RESULTS)["vault"].total() == 3
