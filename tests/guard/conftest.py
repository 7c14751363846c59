# SPDX-License-Identifier: MPL-2.0
"""A practice whose time goes when it is told to, for what ends by itself."""

import pytest

from arkanum.guard.sessions import Sessions
from tests.cast import Clock, found, in_process


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def timed(own_rows, clock):
    """A founded practice whose guard goes by the test's clock."""
    guard = in_process(own_rows, clock=clock.now, sessions=Sessions(clock))
    yield found(guard)
    guard.close()
