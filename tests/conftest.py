# SPDX-License-Identifier: MPL-2.0
"""What every test may ask for, whatever room it is about."""

import os
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ["tests.cast", "tests.deploy.stage"]
ON_POSTGRESQL = os.environ.get("ARKANUM_TEST_DB") == "postgresql"


def pytest_configure(config: pytest.Config) -> None:
    if ON_POSTGRESQL and not os.environ.get("ARKANUM_DATABASE"):
        pytest.exit("PostgreSQL needs its cluster: python tests/postgres.py .venv/bin/pytest -m postgresql", 4)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the steps of a journey back into their order, after chance has mixed everything else."""
    places: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        if item.get_closest_marker("journey"):
            places.setdefault(item.location[0], []).append(place)
    for steps in places.values():
        in_order = sorted((items[place] for place in steps), key=lambda item: item.location[1] or 0)
        for place, item in zip(steps, in_order, strict=True):
            items[place] = item


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def database_address() -> str:
    """A database of this test's own, as `ARKANUM_DATABASE` wants it: empty for SQLite."""
    if not ON_POSTGRESQL:
        return ""
    name = f"arkanum_{uuid4().hex}"
    base, _, options = os.environ["ARKANUM_DATABASE"].partition("?")
    server, _, _ = base.rpartition("/")
    folder = options.removeprefix("host=")
    subprocess.run(["createdb", "-h", folder, "-U", "postgres", name], check=True, timeout=60)
    return f"{server}/{name}?{options}"


@pytest.fixture
def short_folder():
    """A folder with a short path, because the path of a Unix socket must fit into 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="ark-") as folder:
        yield Path(folder)
