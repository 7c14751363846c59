# SPDX-License-Identifier: MPL-2.0
"""A route that the attack on foreign objects does not know would not be attacked."""

from arkanum.web import doors
from tests.attacks.matrix import missing


def test_every_route_stands_in_the_matrix_of_foreign_objects():
    said = missing({str(route.name) for route in doors.routes()})

    assert not said, f"\n{said}"
