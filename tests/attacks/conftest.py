# SPDX-License-Identifier: MPL-2.0
"""Attacks on the pages need them served, as the tests of the pages do."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.attacks import outside
from tests.deploy.network import Cable
from tests.web.conftest import built_front_end

__all__ = ["built_front_end"]


@pytest.fixture(scope="session")
def lan_practice():
    """A practice whose door stands open on a network of its own, and certificates of every kind."""
    cable = Cable()
    try:
        with TemporaryDirectory(prefix="ark-") as folder:
            served = outside.serve(cable, Path(folder), "--lan", Cable.server, "--name", outside.NAME)
            try:
                served.certify()
                yield served
            finally:
                served.end()
    finally:
        cable.cut()
