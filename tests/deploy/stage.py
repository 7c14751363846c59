# SPDX-License-Identifier: MPL-2.0
"""A server as a practice has it, made once a run for all tests that look at it. Whoever changes it puts it back."""

import re

import pytest

from tests.deploy.machine import Machine
from tests.deploy.visitor import Visitor

CODE = re.compile(r"Einmal-Code für den ersten Start: (\S+)")
PORT = 8420


@pytest.fixture(scope="session")
def machine(tmp_path_factory):
    """A server on which the installer ran, with nothing founded yet; the program is there already."""
    server = Machine(tmp_path_factory.mktemp("machine"))
    try:
        server.run("systemctl", "start", "systemd-journald.service")
        server.run("/opt/arkanum/deploy/install.sh", "users", "places", "units", "start")
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def ada_there(machine):
    """Dr. Ada, who founded her practice with the code of the journal and took a patient in."""
    return founded_on(machine)


def founded_on(machine):
    """Found a practice with the code of the journal, take a patient in, and return the visitor who did."""
    code = CODE.findall(machine.journal("arkanum-guard"))[-1]

    def first_day():
        visitor = Visitor(PORT)
        visitor.found(code)
        visitor.chart = visitor.take_in("Sommer")
        return visitor

    return machine.ask(first_day)
