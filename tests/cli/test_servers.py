# SPDX-License-Identifier: MPL-2.0
"""Real servers on loopback: how they start, whom they refuse, and what is there after they were killed."""

import json
import os
import re
import signal
import socket
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from arkanum.cli.processes import free_port
from arkanum.guard import Client, SocketTransport
from arkanum.guard.errors import PracticeSealed
from tests.cli.stage import PATIENCE_SECONDS, Running, arkanum, command_of, eventually
from tests.exchange.people import treated

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")]

CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4})+")


@pytest.fixture
def running():
    """Commands of this test; all of them end with it."""
    begun = []

    def start(*arguments):
        begun.append(Running(*arguments))
        return begun[-1]

    yield start
    for one in begun:
        one.end()


def page(port, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.read().decode()


# --- a folder, a port, a server --------------------------------------------------------------------------------------


def test_a_first_start_closes_the_folder_prints_the_code_and_stands_alone(running, short_folder):
    folder = short_folder / "praxis"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    port = free_port()

    server = running("serve", "--data", folder, "--port", port)
    first = CODE.search(server.line_with("Einmal-Code"))
    server.line_with(f"http://127.0.0.1:{port}/")

    assert first
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not [path for path in folder.rglob("*") if path.stat().st_mode & 0o077]
    assert "Einmalcode" in page(port, "/")
    _is_refused_beside_it(folder)
    _gets_a_new_guard_when_the_old_one_is_killed(server, port, first[0])
    assert server.end() == 0
    assert not (folder / "guard.sock").exists()


def _is_refused_beside_it(folder):
    second = arkanum("serve", "--data", folder, "--port", free_port())
    assert second.returncode == 1
    assert "läuft Arkanum bereits" in second.stderr


def _gets_a_new_guard_when_the_old_one_is_killed(server, port, first):
    old = server.child("arkanum.guard")
    os.kill(old, signal.SIGKILL)

    code = CODE.search(server.line_with("Einmal-Code"))
    assert code[0] != first
    assert server.child("arkanum.guard") != old
    assert "Einmalcode" in page(port, "/")


def test_a_folder_of_somebody_else_is_refused(short_folder):
    if os.geteuid() == 0:
        folder = short_folder / "fremd"
        folder.mkdir(mode=0o700)
        os.chown(folder, 65534, 65534)
    else:
        folder = Path("/usr")

    refused = arkanum("serve", "--data", folder, "--port", free_port())

    assert refused.returncode == 1
    assert "gehört einem anderen Benutzer" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_cannot_be_made_is_refused(short_folder):
    (short_folder / "datei").touch()

    refused = arkanum("serve", "--data", short_folder / "datei" / "praxis", "--port", free_port())

    assert refused.returncode == 1
    assert "lässt sich nicht anlegen" in refused.stderr


# --- the demo --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", ["0", "-1", "200001"])
def test_a_demo_has_between_one_and_two_hundred_thousand_patients(count):
    refused = arkanum("demo", "--patients", count)

    assert refused.returncode == 2
    assert "zwischen 1 und 200000" in refused.stderr


def test_a_demo_wants_an_empty_folder(short_folder):
    (short_folder / "arkanum.sqlite3").touch()

    refused = arkanum("demo", "--data", short_folder)

    assert refused.returncode == 1
    assert f"arkanum serve --data {short_folder}" in refused.stderr
    assert [path.name for path in short_folder.iterdir()] == ["arkanum.sqlite3"]


@dataclass
class Practice:
    """A demo's practice, the device that its link made, and the way to its guard."""

    folder: Path
    facts: dict
    secret: bytes
    client: Client

    def sign_in(self):
        ada = self.facts["people"][0]
        return self.client.sign_in(device_secret=self.secret, login=ada["login"], passphrase=ada["passphrase"]).token

    def finds_dora(self, token):
        return len(self.client.search(token, "Sommer, Dora").hits) == 1


def test_a_practice_outlives_its_guard_and_its_server(running, short_folder):
    folder, port = short_folder / "demo", free_port()
    server = running("demo", "--json", "--patients", 3, "--seed", 1, "--data", folder, "--port", port)
    facts = json.loads(server.line_with("{"))
    _tells_all_in_one_line(server, facts, folder, port)
    with closing(SocketTransport(folder / "guard.sock")) as transport:
        client = Client(transport)
        practice = Practice(folder, facts, client.redeem_link(facts["device_link"].partition("#")[2]), client)
        token = practice.sign_in()
        _moves_in_by_the_code(practice, running, token)
        _loses_its_guard(practice, server, port, token)
        _loses_its_server(practice, server)

        again = running("serve", "--data", folder, "--port", port)
        again.line_with(f"http://127.0.0.1:{port}/")
        token = practice.sign_in()
        assert practice.finds_dora(token)
        assert client.verify_log(token).bad_line is None
        client.sign_out(token)
    assert again.end() == 0
    verified = arkanum("log", "verify", "--data", folder)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "die Kette ist ganz" in verified.stdout


def _tells_all_in_one_line(server, facts, folder, port):
    assert facts["url"] == f"http://127.0.0.1:{port}/"
    assert facts["device_link"].startswith(f"http://127.0.0.1:{port}/geraet#")
    assert [one["login"] for one in facts["people"]] == ["ada", "ben", "cora", "tilda", "bea", "dan", "rita"]
    assert all(set(one) == {"name", "login", "role", "passphrase"} for one in facts["people"])
    assert len({one["passphrase"] for one in facts["people"]}) == 7
    assert all(len(one["passphrase"].split()) == 6 for one in facts["people"])
    assert len(facts["paper_codes"]) == 3
    assert (facts["patients"], facts["data"]) == (3, str(folder))
    assert facts["entries"] > 500
    assert server.lines.empty()


def _moves_in_by_the_code(practice, running, token):
    """Import a file with a real command, and type the code that it shows."""
    file = practice.folder.parent / "alt.bdt"
    file.write_bytes(treated(("6220", "Lunge frei"), ("9999", "Feld eines Herstellers")))

    command = running("import", file, "--yes", "--data", practice.folder)
    command.line_with("diesen Code eingeben")
    practice.client.approve_pairing(token, code=CODE.search(command.line_with("-"))[0])

    assert command.line_with("neu: ") == "neu: 2, schon vorhanden: 0"
    assert command.process.wait(PATIENCE_SECONDS) == 0
    assert practice.finds_dora(token)


def _loses_its_guard(practice, server, port, token):
    os.kill(old := server.child("arkanum.guard"), signal.SIGKILL)
    eventually(lambda: server.child("arkanum.guard") not in {None, old}, "another guard")

    with pytest.raises(PracticeSealed):
        practice.client.who(token)
    assert "<html" in page(port, "/anmelden")
    assert practice.finds_dora(practice.sign_in())


def _loses_its_server(practice, server):
    children = server.children()
    assert len(children) == 2

    server.kill()

    eventually(lambda: not any(map(command_of, children)), "the end of guard and pages after that of their server")


def test_a_server_on_a_taken_port_leaves_no_guard_behind(short_folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = arkanum("serve", "--data", short_folder, "--port", taken.getsockname()[1])

    assert refused.returncode == 1
    assert "ist belegt" in refused.stderr
    ours = [path for path in Path("/proc").glob("[0-9]*") if str(short_folder) in command_of(int(path.name))]
    assert ours == []


# --- the door on the network -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [("0.0.0.0", "alle Netze"), ("8.8.8.8", "keine private Adresse"), ("10.99.98.97", "hat dieser")],  # noqa: S104
)
def test_a_server_starts_on_no_address_that_strangers_could_reach(short_folder, address, why):
    refused = arkanum("serve", "--data", short_folder / "praxis", "--port", free_port(), "--lan", address)

    assert refused.returncode == 1
    assert why in refused.stderr
    assert "Traceback" not in refused.stderr


def test_before_the_first_start_nobody_on_the_network_is_let_in(running, short_folder):
    port = free_port()

    server = running("serve", "--data", short_folder / "praxis", "--port", port, "--lan", "127.0.0.2")

    assert "geschieht an diesem Rechner selbst" in server.line_with("Im Netz der Praxis: geschlossen.")
    listening = Path(f"/proc/{server.child('arkanum.cli.worker')}/net/tcp").read_text()
    assert f"0100007F:{port:04X}" in listening
    assert f"0200007F:{port:04X}" not in listening
