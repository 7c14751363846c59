# SPDX-License-Identifier: MPL-2.0
"""The guard as a process: what it gives up, whom it answers, and what survives its end."""

import contextlib
import os
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from arkanum.charts import patients, records
from arkanum.guard import Action, Client, SocketTransport, server, wire
from arkanum.guard import client as client_module
from arkanum.guard import protocol as p
from arkanum.guard.errors import GuardAway, GuardError, PracticeSealed
from arkanum.guard.log import Event, Log, now
from arkanum.guard.log_chain import read_lines
from arkanum.guard.server import Server, peer
from arkanum.storage import practices
from arkanum.vault import PublicKey
from tests.cast import PASSPHRASE, PRACTICE, master_data, note
from tests.guard.process import start

PYTHON = "/usr/bin/python3"
"""Debian's, because another user may not be let into the checkout."""

pytestmark = pytest.mark.postgresql


@pytest.fixture
def begun():
    """Processes of this test; all of them end with it."""
    processes = []
    yield processes
    for process in processes:
        process.end()


@pytest.fixture
def ask(short_folder):
    """The way to the server inside this process."""
    transport = SocketTransport(short_folder / "guard.sock")
    yield Client(transport)
    transport.close()


@pytest.fixture
def process(own_rows, short_folder, begun):
    begun.append(start(own_rows, short_folder / "guard.sock"))
    return begun[-1]


def found_by(client, code):
    made = client.found_practice(
        code=code,
        practice_name=PRACTICE,
        name="Dr. Ada Lovelace",
        login="ada",
        passphrase=PASSPHRASE,
        device_name="Empfang",
    )
    client.confirm_paper(made.token, first=made.paper_codes[0], second=made.paper_codes[1])
    return made


def test_a_fresh_process_prints_a_code_and_gives_up_what_it_need_not_have(process, own_rows):
    assert re.fullmatch(r"code [2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", process.line)

    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if ":\t" in line
    )
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"
    # What is not dumpable belongs to root in /proc, so that no other process of the same user reads its memory.
    assert Path(f"/proc/{process.pid}/environ").stat().st_uid == 0
    assert process.socket.stat().st_mode & 0o777 == 0o600
    assert (own_rows / "log").stat().st_mode & 0o777 == 0o700


def test_the_process_founds_answers_seals_and_ends(process, own_rows):
    client = process.client()
    made = found_by(client, process.code)
    assert client.search(made.token, "x").hits == ()
    log = own_rows / "log" / f"{made.who.practice}.log"
    assert log.stat().st_mode & 0o777 == 0o600

    client.sign_out(made.token)

    assert process.running.wait(20) == 0
    assert not process.socket.exists()
    assert process.running.stderr.read() == ""


def test_a_stopped_process_seals_and_signs_its_log(process, own_rows):
    made = found_by(process.client(), process.code)

    assert process.stop() == 0

    log = own_rows / "log" / f"{made.who.practice}.log"
    newest = [*read_lines(log, 1 << 60)][-1]
    assert log.with_suffix(".heads").read_text().splitlines()[-1].startswith(f"{newest.no} {newest.digest} ")


def test_garbage_ends_the_connection_and_not_the_guard(process):
    for garbage in (
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0\0\0\4\xc1\xc1\xc1\xc1",
        struct.pack(">I", 1 << 31),
        b"\0\0",
        b"\0" * 4,
    ):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(process.socket))
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):  # how it hangs up where bytes were left unread
                assert connection.recv(10) == b""

    assert not process.client().state().founded


def test_too_many_connections_are_turned_away(process):
    held = []
    try:
        for _ in range(server.MOST_CONNECTIONS + 20):
            held.append(socket.socket(socket.AF_UNIX))
            held[-1].connect(str(process.socket))
            held[-1].settimeout(20)
        with contextlib.suppress(ConnectionResetError):
            assert held[-1].recv(1) == b""
    finally:
        for connection in held:
            connection.close()
    time.sleep(0.2)
    assert not process.client().state().founded


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_machine_gets_no_answer(process, short_folder):
    short_folder.chmod(0o755)
    process.socket.chmod(0o666)
    question = (
        "import socket,sys; c=socket.socket(socket.AF_UNIX); c.settimeout(5); c.connect(sys.argv[1]);"
        "sys.exit(0 if c.recv(1) == b'' else 1)"
    )

    for user in (65534, 12345):
        asked = subprocess.run(
            [PYTHON, "-c", question, str(process.socket)], check=False, user=user, timeout=20, cwd="/"
        )
        assert asked.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_cannot_even_connect_and_reads_no_memory(process):
    for what in (
        f"socket.socket(socket.AF_UNIX).connect({str(process.socket)!r})",
        f"open('/proc/{process.pid}/mem','rb')",
        f"open('/proc/{process.pid}/environ','rb').read()",
    ):
        asked = subprocess.run(
            check=False,
            args=[PYTHON, "-c", f"import socket; {what}"],
            user=65534,
            timeout=20,
            capture_output=True,
            cwd="/",
        )
        assert b"PermissionError" in asked.stderr


def test_a_hardened_process_has_no_network_and_no_core_file():
    code = """
import errno, os, resource, socket
from arkanum.guard.hardening import harden
harden()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
import ctypes
assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET):
    try:
        socket.socket(family, socket.SOCK_STREAM if family != socket.AF_PACKET else socket.SOCK_RAW)
    except PermissionError as error:
        assert error.errno == errno.EACCES
    else:
        raise SystemExit(f"{family} is open")
libc = ctypes.CDLL(None, use_errno=True)
assert libc.syscall(425, 1, None) == -1  # io_uring, the other way to a socket
assert ctypes.get_errno() == errno.EACCES
socket.socketpair()
socket.socket(socket.AF_UNIX).close()
os.fork() or os._exit(0 if not os.path.exists("/x") else 1)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def written_until_it_dies(client, token, patient):
    """Write as fast as it goes and yield every text whose writing was acknowledged."""
    with contextlib.suppress(GuardError):
        for number in range(500):
            text = f"{patient} {number}"
            records.write(client, client.permit(token, Action.WRITE_CHART, patient=patient), note(text))
            yield text


def test_a_killed_guard_has_lost_nothing_that_it_acknowledged(own_rows, short_folder, begun, monkeypatch):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.2)
    chance = random.Random(2)
    begun.append(start(own_rows, short_folder / "guard.sock"))
    made = found_by(begun[-1].client(), begun[-1].code)
    acknowledged = {}
    practice, signed_in = made.who.practice, made
    for _ in range(3):
        process = begun[-1]
        client = process.client()
        patient = patients.new(client, signed_in.token, master_data("Müller", "Dora"))
        killer = threading.Timer(chance.uniform(0.02, 0.5), process.running.kill)
        killer.start()
        acknowledged[patient] = list(written_until_it_dies(client, signed_in.token, patient))
        killer.join()
        process.running.wait(20)
        begun.append(start(own_rows, short_folder / "guard.sock"))
        assert begun[-1].line == "ready"
        signed_in = begun[-1].client().sign_in(device_secret=made.device_secret, login="ada", passphrase=PASSPHRASE)

    client = begun[-1].client()
    for patient, texts in acknowledged.items():
        chart = records.read(client.permit(signed_in.token, Action.READ_CHART, patient=patient))
        assert chart.damaged == ()
        assert set(texts) <= {line.entry.content.text for line in chart.entries}
    verdict = client.verify_log(signed_in.token)
    assert (verdict.bad_line, verdict.alarms) == (None, ())
    assert practices.all_ids() == (practice,)


def test_who_asks_a_dead_guard_is_told_so(process, monkeypatch):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.1)
    client = process.client()
    client.state()
    process.kill()

    with pytest.raises(GuardAway):
        client.state()
    with pytest.raises(GuardAway):
        Client(SocketTransport(process.socket.with_name("nobody"))).state()


# --- the same server in a thread of this process ---------------------------------------------------------------------


@pytest.fixture
def inside(own_rows, short_folder):
    """The server of the process, in a thread: not hardened, but seen by the debugger and by coverage."""
    house = Server(short_folder / "guard.sock", own_rows)
    thread = threading.Thread(target=house.run, name="server")
    thread.start()
    yield house
    house.stop()
    thread.join(20)


def test_a_failing_question_ends_nothing_and_shows_no_text(inside, ask, monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("Dora Müller hat Borreliose")

    client = ask
    assert not client.state().founded
    monkeypatch.setattr(server, "answer", broken)
    with pytest.raises(GuardAway):
        client.begin_pairing("x")
    monkeypatch.undo()

    assert not client.state().founded
    said = capsys.readouterr().err
    assert "RuntimeError at BeginPairing" in said
    assert "Dora" not in said


def test_a_failing_thread_shows_no_text_either(capsys):
    error = RuntimeError("Dora Müller hat Borreliose")
    server._report(threading.ExceptHookArgs((RuntimeError, error, None, threading.current_thread())))

    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "Dora" not in said


def test_the_server_ends_when_the_practice_is_sealed(inside, ask, short_folder):
    made = found_by(ask, inside.guard.founding_code)
    ask.sign_out(made.token)

    time.sleep(server.LAST_ANSWER_SECONDS + 0.5)
    assert not (short_folder / "guard.sock").exists()
    assert inside.guard.logs == {}


def test_a_server_that_is_about_to_end_begins_nothing_more(inside, ask, short_folder):
    made = found_by(ask, inside.guard.founding_code)
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.settimeout(10)
        waiting.connect(str(short_folder / "guard.sock"))
        wire.send(waiting, p.AskState())
        before = wire.receive_answer(waiting)
        ask.sign_out(made.token)

        wire.send(waiting, p.AskState())
        said = waiting.recv(1)

    assert isinstance(before, p.State)
    assert said == b""


def test_the_server_keeps_house(own_rows, short_folder, monkeypatch):
    monkeypatch.setattr(server, "HOUSEKEEPING_SECONDS", 0.01)
    kept = threading.Event()
    house = Server(short_folder / "guard.sock", own_rows)
    monkeypatch.setattr(house.guard, "keep_house", kept.set)
    thread = threading.Thread(target=house.run)
    thread.start()

    assert kept.wait(10)
    house.stop()
    thread.join(20)


def test_a_socket_of_a_foreign_user_is_closed(inside, short_folder, monkeypatch):
    monkeypatch.setattr(server, "peer", lambda connection: 4711)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(short_folder / "guard.sock"))
        connection.settimeout(5)
        assert connection.recv(1) == b""


def test_the_kernel_says_who_is_at_the_other_end():
    one, other = socket.socketpair()
    with one, other:
        assert peer(one) == os.getuid()


# --- messages --------------------------------------------------------------------------------------------------------


def test_a_message_comes_out_as_it_went_in():
    one, other = socket.socketpair()
    with one, other:
        wire.send(one, p.AskPermit(token=b"t", action=Action.READ_CHART, patient=None))
        question = wire.receive_question(other)
        assert isinstance(question, p.AskPermit)
        assert question.action is Action.READ_CHART
        wire.send(other, p.Done())
        assert isinstance(wire.receive_answer(one), p.Done)
        one.close()
        assert wire.receive_question(other) is None


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0\0\5ab", struct.pack(">I", 1 << 30), b"\0\0\0\1\xc1", b"\0\0\0\1", b"\0\0\0\0"]
)
def test_half_a_message_or_none_is_no_answer(raw):
    one, other = socket.socketpair()
    with one, other:
        one.sendall(raw)
        one.close()
        with pytest.raises(wire.WireBroken):
            wire.receive_answer(other)


def test_a_question_is_never_large():
    one, other = socket.socketpair()
    with one, other:
        one.sendall(struct.pack(">I", p.MAX_QUESTION_BYTES + 1))
        with pytest.raises(wire.WireBroken):
            wire.receive_question(other)


def test_an_answer_is_not_a_question():
    with pytest.raises(wire.WireBroken):
        wire.roundtrip_question(p.Done())
    with pytest.raises(wire.WireBroken):
        wire.roundtrip_answer(p.AskState())


def test_messages_do_not_show_what_they_carry():
    secret = p.SignIn(device_secret=b"geheim", login="ada", passphrase="geheim")

    assert repr(secret) == "<SignIn>"
    assert "geheim" not in repr(p.Handed(secret="geheim"))


def test_an_answer_nobody_knows_is_a_guard_that_is_away():
    class Odd:
        def ask(self, _question):
            return p.Failed(error="os")

    with pytest.raises(GuardAway):
        Client(Odd()).state()


def test_a_process_without_a_guard_says_so():
    from arkanum.guard import connect, use

    use(None)
    with pytest.raises(GuardAway):
        connect()


def test_the_socket_of_a_dead_guard_is_taken_over(inside, own_rows, short_folder):
    path = short_folder / "other.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    house = Server(path, own_rows)

    assert path.stat().st_mode & 0o777 == 0o600
    house._socket.close()
    house.guard.close()


def test_a_line_written_by_one_guard_is_read_by_the_next(tmp_path):
    from arkanum.core.ids import new_id
    from arkanum.vault import PrivateKey

    practice, ring = new_id(), PrivateKey.new()
    for what in ("one", "two"):
        log = Log(tmp_path / "x.log", practice, PublicKey.from_bytes(ring.public.to_bytes()))
        log.append(Event(at=now(), what=what))
        log.close()

    assert len([*read_lines(tmp_path / "x.log", 1 << 60)]) == 4


def test_a_sealed_practice_says_so_over_the_socket(inside, ask):
    with pytest.raises(PracticeSealed):
        ask.who(bytes(32))
