# SPDX-License-Identifier: MPL-2.0
"""A sealed file is there whole, or not at all."""

import os
from uuid import uuid4

import pytest

from arkanum.storage import files
from arkanum.storage.errors import Missing


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    return settings.DATA / "imports"


def names(folder):
    return [path.name for path in folder.iterdir()]


def break_off(file_id, content):
    with files.create("imports", file_id) as file:
        file.write(content)
        file.flush()
        raise ZeroDivisionError


def store(file_id, content):
    with files.create("imports", file_id) as file:
        file.write(content)


def test_a_file_is_read_as_it_was_written(folder):
    file_id = uuid4()

    store(file_id, b"first" + bytes(100_000))

    with files.read("imports", file_id) as file:
        assert file.read() == b"first" + bytes(100_000)
    assert names(folder) == [str(file_id)]


def test_only_the_server_may_look_into_the_folder_and_the_file(folder):
    file_id = uuid4()

    store(file_id, b"x")

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / str(file_id)).stat().st_mode & 0o777 == 0o600


def test_a_file_is_not_there_before_it_is_whole(folder):
    file_id = uuid4()

    with files.create("imports", file_id) as file:
        file.write(b"half")
        file.flush()

        with pytest.raises(Missing):
            files.read("imports", file_id)

    files.read("imports", file_id).close()


def test_an_error_in_the_middle_leaves_nothing(folder):
    file_id = uuid4()

    with pytest.raises(ZeroDivisionError):
        break_off(file_id, b"half")

    assert names(folder) == []
    with pytest.raises(Missing):
        files.read("imports", file_id)


def test_a_disk_that_refuses_the_last_bytes_leaves_nothing(folder, monkeypatch):
    file_id = uuid4()

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        store(file_id, b"whole")

    assert names(folder) == []


def test_an_error_leaves_the_file_that_stood_there_before(folder):
    file_id = uuid4()
    store(file_id, b"old")

    with pytest.raises(ZeroDivisionError):
        break_off(file_id, b"new")

    with files.read("imports", file_id) as file:
        assert file.read() == b"old"


def test_what_a_power_cut_left_half_is_written_anew(folder):
    file_id = uuid4()
    folder.mkdir(parents=True)
    (folder / f"{file_id}.half").write_bytes(b"a longer rest of last time")

    store(file_id, b"short")

    with files.read("imports", file_id) as file:
        assert file.read() == b"short"
    assert names(folder) == [str(file_id)]


def test_the_bytes_are_on_the_disk_before_the_name(folder, monkeypatch):
    order = []
    fsync, rename = os.fsync, files.Path.rename
    monkeypatch.setattr(files.os, "fsync", lambda handle: (order.append("sync"), fsync(handle)))
    monkeypatch.setattr(files.Path, "rename", lambda path, to: (order.append("name"), rename(path, to))[1])

    store(uuid4(), b"x")

    assert order == ["sync", "name", "sync"]


def test_a_removed_file_is_missing_and_may_be_removed_again():
    file_id = uuid4()
    store(file_id, b"x")

    files.remove("imports", file_id)
    files.remove("imports", file_id)

    with pytest.raises(Missing):
        files.read("imports", file_id)
