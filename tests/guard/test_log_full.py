# SPDX-License-Identifier: MPL-2.0
"""A log without room: nobody gets a key, the page says what to do, and everything goes on once there is room."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError

from arkanum.guard import Action
from arkanum.guard import answers as answers_room
from arkanum.guard import protocol as p
from arkanum.guard.errors import LogBroken
from arkanum.guard.log_chain import read_lines
from tests.cast import found, in_process, new_patient, restarted
from tests.web.browser import Browser, text

AT_THE_LIMIT = """
import resource, signal, sys
from pathlib import Path
from uuid import UUID
from arkanum.guard.errors import LogBroken
from arkanum.guard.log import Event, Log, now
from arkanum.vault import PrivateKey

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
limit = lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
limit(int(sys.argv[2]))
ring = PrivateKey.new()
log = Log(path, UUID(int=7), ring.public)
refused = 0
for number in range(40):
    try:
        log.append(Event(at=now(), what=f"one {number}"))
    except LogBroken:
        refused += 1
again = Log(path, UUID(int=7), ring.public)
limit(resource.RLIM_INFINITY)
for writer in (log,) if sys.argv[3] == "same" else (again,):
    writer.append(Event(at=now(), what="room again"))
print(refused)
"""


@pytest.mark.parametrize("who", ["same", "next"])
@pytest.mark.parametrize("limit", [0, 700, 4321, 5555])
def test_a_file_that_may_not_grow_refuses_and_goes_on_when_it_may(tmp_path, limit, who):
    path = tmp_path / "x.log"
    command = [sys.executable, "-c", AT_THE_LIMIT, str(path), str(limit), who]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "arkanum.storage.settings"}

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)

    assert int(ended.stdout) > 10
    lines = [*read_lines(path, 1 << 60)]
    assert lines[-1].kind == "L"
    assert [line.no for line in lines] == list(range(1, len(lines) + 1))


@pytest.fixture
def small_disk(own_rows):
    """A practice whose log has a real disk of 64 KiB of its own."""
    if os.geteuid() != 0:
        pytest.skip("a disk can be mounted by root alone")
    folder = own_rows / "log"
    folder.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def founded(small_disk, own_rows):
    from arkanum.guard import use

    guard = in_process(own_rows)
    founded = found(guard)
    use(founded.client)
    yield founded
    use(None)
    guard.close()


def fill(folder):
    """Write until nothing fits any more."""
    with (folder / "filler").open("wb", buffering=0) as filler:
        for size in (4096, 1):
            try:
                while filler.write(b"x" * size):
                    pass
            except OSError:
                continue


def test_a_full_disk_gives_out_no_key_and_says_what_to_do(founded, small_disk):
    ada = founded.ada
    dora = new_patient(ada)
    browser = Browser().sit_down(ada.token)
    fill(small_disk)

    until_full(lambda: ada.grant(Action.READ_CHART, dora))
    pages = [browser.get(f"/kartei/{dora}"), browser.get("/protokoll")]
    stranger = Browser().own_device(founded.device_secret)
    pages.append(stranger.post("/anmelden", {"login": "ada", "passphrase": ada.passphrase}))
    pages.append(stranger.post("/anmelden", {"login": "ada", "passphrase": "falsch geraten und zwar sehr"}))

    assert [page.status_code for page in pages] == [503] * 4
    assert all("Schaffen Sie dort Platz" in text(page) for page in pages)

    (small_disk / "filler").unlink()
    assert browser.get(f"/kartei/{dora}").status_code == 200
    assert founded.client.verify_log(ada.token).bad_line is None


def test_a_practice_that_is_sealed_with_a_full_disk_opens_again_when_there_is_room(founded, small_disk):
    ada = founded.ada
    fill(small_disk)
    until_full(lambda: founded.client.search(ada.token, "m") and founded.client.read_log(ada.token))
    with pytest.raises(LogBroken):
        ada.sign_out()
    assert founded.client.state().sealed

    again = restarted(founded)
    with pytest.raises(LogBroken):
        again.ada.sign_in()
    assert again.client.state().sealed
    (small_disk / "filler").unlink()
    ada = again.ada.sign_in()

    assert again.client.verify_log(ada.token).bad_line is None
    assert again.client.read_log(ada.token).bad_line is None
    again.guard.close()


def until_full(ask):
    """Ask until there is no room: what is left of the last block may hold a line or two."""

    def all_of_it():
        for _ in range(60):
            ask()

    with pytest.raises(LogBroken):
        all_of_it()


def test_rows_without_room_are_told_like_a_log_without_room(tmp_path, monkeypatch):
    def full(*_):
        raise OperationalError

    monkeypatch.setitem(answers_room._ANSWERS, p.SignIn, full)
    monkeypatch.setattr(answers_room, "_is_full", lambda _: True)
    question = p.SignIn(device_secret=b"", login="x", passphrase="x")

    assert answers_room.answer(None, question).error == "LogBroken"
    monkeypatch.setattr(answers_room, "_is_full", lambda _: False)
    with pytest.raises(OperationalError):
        answers_room.answer(None, question)
