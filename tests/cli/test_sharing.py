# SPDX-License-Identifier: MPL-2.0
"""Guard and pages as two users: what they may share, and with whom they never do."""

import os
import pwd
import socket
import stat
import subprocess

import pytest
from django.conf import settings

from arkanum.cli import notify, place, sharing
from arkanum.cli.place import PlaceError
from tests.cli.stage import arkanum

US = os.getuid()
GAMES = pwd.getpwnam("games")
MAIL = pwd.getpwnam("mail")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: folders of other users")


@pytest.fixture
def rows(tmp_path):
    """A folder for the rows, with the group of one service user."""
    folder = tmp_path / "rows"
    folder.mkdir()
    os.chown(folder, -1, GAMES.pw_gid)
    folder.chmod(0o2770)
    return folder


def require(folder, users=(US, GAMES.pw_uid)):
    sharing.require_shared(folder / "arkanum.sqlite3", frozenset(users))


@as_root
def test_the_two_users_share_a_folder_and_the_file_is_theirs(rows):
    require(rows)

    file = rows / "arkanum.sqlite3"
    assert file.stat().st_mode & 0o777 == 0o660
    assert file.stat().st_gid == GAMES.pw_gid
    require(rows)


@as_root
@pytest.mark.parametrize("mode", [0o2771, 0o2774, 0o2777, 0o2772])
def test_a_folder_that_everybody_may_look_into_is_refused(rows, mode):
    rows.chmod(mode)

    with pytest.raises(PlaceError, match="für jeden"):
        require(rows)


@as_root
@pytest.mark.parametrize("mode", [0o0770, 0o2700, 0o2750, 0o3770])
def test_a_folder_that_two_users_cannot_write_in_is_refused(rows, mode):
    rows.chmod(mode)

    with pytest.raises(PlaceError, match="chmod 2770"):
        require(rows)


@as_root
def test_a_file_for_everybody_beside_the_rows_is_refused(rows):
    (rows / "arkanum.sqlite3-wal").touch(0o664)
    (rows / "arkanum.sqlite3-wal").chmod(0o664)

    with pytest.raises(PlaceError, match="chmod o-rwx"):
        require(rows)


@as_root
def test_a_group_with_a_third_member_is_refused_by_name(rows):
    with pytest.raises(PlaceError, match="games"):
        require(rows, users=(US, MAIL.pw_uid))


@as_root
def test_a_folder_or_file_of_a_third_user_is_refused(rows):
    (rows / "arkanum.sqlite3").touch(0o660)
    os.chown(rows / "arkanum.sqlite3", MAIL.pw_uid, GAMES.pw_gid)

    with pytest.raises(PlaceError, match="gehört einem anderen"):
        require(rows)


@as_root
def test_a_link_in_the_place_of_the_rows_is_refused(rows, tmp_path):
    (tmp_path / "elsewhere").touch()
    (rows / "arkanum.sqlite3").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PlaceError):
        require(rows)


@as_root
def test_an_access_list_that_lets_somebody_else_in_is_refused(rows):
    # Version 2, then one line an entry: user::rwx, user:mail:rwx, group::rwx, mask::rwx, other::---.
    none = 0xFFFFFFFF
    lines = [(1, 7, none), (2, 7, MAIL.pw_uid), (4, 7, none), (16, 7, none), (32, 0, none)]
    raw = (2).to_bytes(4, "little") + b"".join(
        tag.to_bytes(2, "little") + may.to_bytes(2, "little") + who.to_bytes(4, "little") for tag, may, who in lines
    )
    try:
        os.setxattr(rows, "system.posix_acl_access", raw)
    except OSError:
        pytest.skip("this file system has no access lists")

    with pytest.raises(PlaceError, match="setfacl"):
        require(rows)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PlaceError, match="nicht zu benutzen"):
        require(tmp_path / "rows")


@pytest.mark.parametrize("name", ["root", pwd.getpwuid(US).pw_name])
def test_the_other_service_is_a_user_of_its_own(name):
    with pytest.raises(PlaceError, match="eigener Benutzer"):
        sharing.user(name)


def test_an_unknown_user_is_nobody():
    with pytest.raises(PlaceError, match="gibt es auf diesem Rechner nicht"):
        sharing.user("arkanum-nobody")


def test_members_are_those_of_the_line_and_those_whose_first_group_it_is():
    assert sharing.members(GAMES.pw_gid) == {GAMES.pw_uid}
    assert sharing.members(4_000_000_000) == frozenset()


def test_rows_outside_the_data_folder_are_closed_to_others_without_two_users(tmp_path, monkeypatch):
    rows = tmp_path / "rows"
    rows.mkdir()
    rows.chmod(0o755)
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(rows / "arkanum.sqlite3"))
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")

    place._require_rows(tmp_path / "data", frozenset())

    assert stat.S_IMODE(rows.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("command", "option"), [("guard", "--web-user"), ("web", "--guard-user")], ids=["guard", "web"]
)
def test_neither_service_starts_without_the_others_name(short_folder, command, option):
    place_of = ("--data", short_folder / "data", "--socket", short_folder / "guard.sock")

    unnamed = arkanum(command, *place_of)
    unknown = arkanum(command, *place_of, option, "arkanum-nobody")

    assert unnamed.returncode == 2
    assert unknown.returncode == sharing.WRONG_SETUP
    assert "arkanum-nobody" in unknown.stderr
    assert not (short_folder / "data").exists()


def test_systemd_is_told_when_a_service_is_ready(short_folder, monkeypatch):
    address = short_folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(address))
        monkeypatch.setenv("NOTIFY_SOCKET", str(address))
        notify.ready()

        assert listening.recv(100) == b"READY=1"
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify.ready()


def test_commands_find_a_guard_that_is_a_service_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("ARKANUM_SOCKET", "/run/arkanum/guard.sock")
    monkeypatch.setenv("ARKANUM_GUARD_USER", "games")

    assert str(place.socket_path(tmp_path)) == "/run/arkanum/guard.sock"
    assert place.guard_owner() == GAMES.pw_uid
    monkeypatch.setenv("ARKANUM_GUARD_USER", "arkanum-nobody")
    with pytest.raises(PlaceError):
        place.guard_owner()


def test_the_command_for_administrators_says_how_it_is_used(root):
    said = subprocess.run([root / "deploy/arkanum-as"], capture_output=True, text=True, check=False)

    assert said.returncode == 2
    assert "arkanum-as guard log verify" in said.stderr
