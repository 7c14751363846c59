# SPDX-License-Identifier: MPL-2.0
"""W9: the file share for everyone. Whoever else is on the machine, or mounts its folders, reads no file."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from arkanum.cli.processes import free_port
from tests.attacks.twin import assert_red
from tests.cli.stage import Running
from tests.deploy.machine import missing
from tests.deploy.visitor import Visitor

CODE = re.compile(r"Einmal-Code für den ersten Start: (\S+)")
needs_machine = pytest.mark.skipif(bool(missing()), reason=missing())
pytestmark = pytest.mark.slow


@dataclass
class Place:
    """What a practice has on disk, and who is let in by its modes."""

    folders: tuple[str, ...]
    run: object = field(repr=False)
    bits: str = "/077"

    def open_to(self, bits):
        return self.run("find", *self.folders, "-perm", bits, "-not", "-type", "l").split()

    def read_by(self, user):
        return self.run("runuser", "-u", user, "--", "find", *self.folders, "-mindepth", "1", "-readable").split()


def attack(place):
    """Look for anything whose mode lets others in, and go and read as two users who have no business here."""
    assert place.open_to(place.bits) == []
    if shutil.which("runuser") and not missing():
        assert place.read_by("nobody") == []
        assert place.read_by("games") == []


def here(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The folder of a server after a day: founded, a patient taken in, signed out and in again; still running."""
    folder = Path(tmp_path_factory.mktemp("w9", numbered=True)) / "praxis"
    # Others may walk up to it: what stops them is the folder itself.
    for parent in (folder.parent, *folder.parent.parents[:2]):
        parent.chmod(0o755)
    port = free_port()
    server = Running("serve", "--data", folder, "--port", port)
    try:
        code = CODE.search(server.line_with("Einmal-Code"))[1]
        visitor = Visitor(port)
        visitor.found(code)
        visitor.take_in("Sommer")
        visitor.sign_out()
        visitor.sign_in()
        yield folder
    finally:
        server.end()


def test_a_server_of_one_user_leaves_nothing_open(served):
    assert len([*served.rglob("*")]) >= 6
    attack(Place((str(served),), here))


def test_the_attack_finds_a_folder_shared_for_convenience(served):
    served.chmod(0o755)
    (served / "log").chmod(0o755)
    try:
        assert_red(attack, Place((str(served),), here))
    finally:
        served.chmod(0o700)
        (served / "log").chmod(0o700)


def test_the_attack_finds_one_readable_file(served):
    (served / "export.csv").touch(mode=0o644)
    try:
        assert_red(attack, Place((str(served),), here))
    finally:
        (served / "export.csv").unlink()


def two_users(server):
    """Of two users the group's bits are theirs; that nobody else has the group is what their start makes sure of."""
    return Place(("/var/lib/arkanum", "/run/arkanum"), lambda *c: server.run(*c, check=False).stdout, "/007")


@needs_machine
def test_two_services_leave_nothing_open_either(machine, ada_there):
    members = machine.run("getent", "group", "arkanum").stdout.strip().rpartition(":")[2].split(",")

    assert sorted(members) == ["arkanum-guard", "arkanum-web"]
    attack(two_users(machine))


@needs_machine
@pytest.mark.parametrize("mode", ["o+rX /var/lib/arkanum /var/lib/arkanum/rows", "o+x /run/arkanum"])
def test_the_attack_finds_a_bit_for_everybody_between_two_services(machine, ada_there, mode):
    machine.run("chmod", *mode.split())
    try:
        assert_red(attack, two_users(machine))
    finally:
        machine.run("chmod", mode.replace("+", "-").split()[0].replace("rX", "rwx"), *mode.split()[1:])
