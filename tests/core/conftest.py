# SPDX-License-Identifier: MPL-2.0
"""What the tests of the core share."""

from datetime import date

import pytest
from hypothesis import settings

from arkanum.core.catalogue import Catalogue

# A busy machine is no reason to fail; how fast things are is measured in bench.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def catalogue():
    """The catalogue that ships with the product."""
    return Catalogue.load()


@pytest.fixture
def today():
    """A Monday."""
    return date(2026, 11, 23)


@pytest.fixture(scope="session")
def foreign_files(root):
    """Real files that nobody of this project wrote, beside the checkout."""
    folder = root.parent / "shared" / "testdata"
    if not folder.is_dir():
        pytest.skip("the foreign files are not on this machine")
    return folder
