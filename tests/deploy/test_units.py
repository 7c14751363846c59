# SPDX-License-Identifier: MPL-2.0
"""The two services on a server of their own, as a practice's IT provider sets them up: real units, real systemd."""

import grp
import re
import subprocess

import pytest

from tests.cli.stage import eventually
from tests.deploy.machine import ROOT, missing
from tests.deploy.stage import CODE, PORT
from tests.deploy.visitor import Visitor

UNITS = [ROOT / "deploy/systemd" / f"arkanum-{name}.service" for name in ("guard", "web")]
needs_machine = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_each_unit_safe(unit):
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )

    assert judged.returncode == 0, judged.stdout[-200:]
    assert "Overall exposure level" in judged.stdout


def test_a_unit_with_fewer_walls_is_not_found_safe(tmp_path):
    weak = tmp_path / "arkanum-web.service"
    text = UNITS[1].read_text()
    weak.write_text(
        re.sub(r"(?m)^(CapabilityBoundingSet|SystemCallFilter|ProtectSystem|NoNewPrivileges)=.*\n", "", text)
    )

    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", weak], capture_output=True, check=False
    )

    assert judged.returncode != 0


def property_of(machine, unit, name):
    return machine.run("systemctl", "show", "-P", name, unit).stdout.strip()


def as_user(machine, name, *command):
    return machine.run("runuser", "-u", name, "--", *command, check=False)


@needs_machine
def test_the_code_of_the_journal_founds_a_practice_whose_charts_are_written_and_read(machine, ada_there):
    machine.ask(ada_there.sign_in)  # another test may have sealed the practice

    assert "Sommer" in machine.ask(lambda: ada_there.get(ada_there.chart))
    assert ada_there.chart.startswith("/kartei/")


@needs_machine
def test_guard_and_pages_are_two_users_and_neither_is_root(machine, ada_there):
    owners = {
        unit: machine.run("ps", "-o", "user:20=", "-p", property_of(machine, unit, "MainPID")).stdout.strip()
        for unit in ("arkanum-guard", "arkanum-web")
    }

    assert owners == {"arkanum-guard": "arkanum-guard", "arkanum-web": "arkanum-web"}


@needs_machine
def test_signing_out_ends_the_guard_and_an_empty_one_takes_its_place(machine, ada_there):
    machine.ask(ada_there.sign_in)
    before = property_of(machine, "arkanum-guard", "MainPID")

    machine.ask(ada_there.sign_out)
    eventually(lambda: property_of(machine, "arkanum-guard", "MainPID") not in {before, "0"}, "another guard")
    start = machine.ask(ada_there.sign_in)

    assert property_of(machine, "arkanum-guard", "NRestarts") != "0"
    assert "Anmeldename" not in start
    assert "Sommer" in machine.ask(lambda: ada_there.get(ada_there.chart))


@needs_machine
def test_the_journal_tells_no_code_once_there_is_a_practice(machine, ada_there):
    machine.run("systemctl", "restart", "arkanum-guard")

    codes = CODE.findall(machine.journal("arkanum-guard"))

    assert len(codes) == 1


@needs_machine
def test_the_services_read_nothing_of_each_other_but_the_rows(machine, ada_there):
    everything = ["find", "/var/lib/arkanum", "-type", "f", "-readable"]

    guards = as_user(machine, "arkanum-guard", *everything).stdout.split()
    pages = as_user(machine, "arkanum-web", *everything).stdout.split()

    assert any(path.endswith(".log") for path in guards)
    assert not any(path.startswith("/var/lib/arkanum/web") for path in guards)
    assert not any(path.startswith("/var/lib/arkanum/guard") for path in pages)
    assert {path for path in pages if "/rows/" in path} == {path for path in guards if "/rows/" in path} != set()


@needs_machine
def test_nobody_else_reads_or_even_lists_anything(machine, ada_there):
    for place in ("/var/lib/arkanum", "/run/arkanum"):
        seen = as_user(machine, "nobody", "find", place, "-mindepth", "1")
        assert seen.stdout == ""
    world = machine.run("find", "/var/lib/arkanum", "/run/arkanum", "-perm", "/007").stdout
    assert world == ""


@needs_machine
def test_the_guard_has_no_network_at_all(machine, ada_there):
    pid = property_of(machine, "arkanum-guard", "MainPID")

    devices = machine.run("nsenter", "-t", pid, "-n", "ip", "-o", "link").stdout.splitlines()
    sockets = machine.run("nsenter", "-t", pid, "-n", "ss", "-Htuwan").stdout

    assert len(devices) == 1
    assert "lo" in devices[0]
    assert sockets == ""


@needs_machine
def test_the_pages_reach_the_practices_network_and_nothing_beyond_it(machine, ada_there):
    machine.run("ip", "link", "add", "away", "type", "veth", "peer", "name", "further")
    for address in ("10.99.1.1/24", "203.0.113.7/24"):
        machine.run("ip", "address", "add", address, "dev", "away")
    machine.run("ip", "link", "set", "away", "up")
    become_pages = "echo $$ > /sys/fs/cgroup/system.slice/arkanum-web.service/cgroup.procs;"
    knock = "exec timeout 2 bash -c 'exec 3<>/dev/tcp/$0/9' $0"

    near = machine.run("bash", "-c", become_pages + knock, "10.99.1.1", check=False)
    far = machine.run("bash", "-c", become_pages + knock, "203.0.113.7", check=False)
    as_somebody_else = machine.run("bash", "-c", knock, "203.0.113.7", check=False)

    # Nobody listens anywhere: "refused" is the answer of whoever was let out.
    assert "refused" in near.stderr
    assert "refused" in as_somebody_else.stderr
    assert "refused" not in far.stderr
    assert far.returncode != 0


@needs_machine
def test_somebody_else_in_the_group_keeps_both_services_from_starting(machine, ada_there):
    refusal = "ist für weitere Benutzer offen: games"
    machine.run("usermod", "-a", "-G", "arkanum", "games")
    try:
        for unit in ("arkanum-guard", "arkanum-web"):
            machine.run("systemctl", "restart", unit, check=False)
            eventually(lambda unit=unit: refusal in machine.journal(unit), f"{unit} refuses")
            assert machine.run("systemctl", "is-active", unit, check=False).stdout.strip() != "active"
            assert property_of(machine, unit, "ExecMainStatus") == "78"
    finally:
        machine.run("gpasswd", "-d", "games", "arkanum")
        machine.run("systemctl", "restart", "arkanum-guard", "arkanum-web")


@needs_machine
def test_the_installer_may_run_again_and_changes_nothing(machine, ada_there):
    def facts():
        listed = machine.run("find", "/var/lib/arkanum", "/etc/arkanum", "-printf", "%M %u:%g %p\n").stdout
        return sorted(line for line in listed.splitlines() if not line.endswith(("-wal", "-shm")))

    before = facts()

    machine.run("/opt/arkanum/deploy/install.sh", "users", "places", "units", "start")

    assert facts() == before
    assert "Einmal-Code" not in machine.ask(lambda: Visitor(PORT).get("/anmelden"))


@needs_machine
def test_the_log_is_verified_as_the_guards_user(machine, ada_there):
    verified = machine.run("/usr/local/sbin/arkanum-as", "guard", "log", "verify")

    assert "die Kette ist ganz" in verified.stdout
    assert as_user(machine, "arkanum-web", "ls", "/var/lib/arkanum/guard").returncode != 0


@needs_machine
def test_a_command_finds_the_guard_from_the_pages_user(machine, ada_there):
    machine.run("sh", "-c", "printf '0138000' > /srv/alt.bdt; chmod 644 /srv/alt.bdt")

    shown = machine.run("timeout", "5", "/usr/local/sbin/arkanum-as", "web", "import", "/srv/alt.bdt", check=False)

    assert "diesen Code eingeben" in shown.stderr


@needs_machine
def test_systemd_understands_each_unit(machine):
    units = [f"/etc/systemd/system/{unit.name}" for unit in UNITS]

    assert machine.run("systemd-analyze", "verify", *units).stderr == ""


@needs_machine
def test_no_user_or_group_of_the_test_is_this_machines(machine):
    with pytest.raises(KeyError):
        grp.getgrnam("arkanum")
