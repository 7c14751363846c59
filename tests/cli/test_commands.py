# SPDX-License-Identifier: MPL-2.0
"""The small commands: help, catalogue, log, and where a data folder and its socket are."""

import gzip
import json
import os

import pytest

from arkanum import cli
from arkanum.cli import place
from arkanum.cli.place import PlaceError
from arkanum.core.catalogue import Catalogue
from arkanum.core.catalogue.files import shipped


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """A command chooses the data folder for its whole process; here that ends with the test."""
    monkeypatch.setenv("ARKANUM_DATA", "nowhere")


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [[], ["-h"], ["--help"], ["help"]])
def test_help_names_every_command(argv, capsys):
    assert cli.main(argv) == 0

    printed = capsys.readouterr().out
    for name in cli.COMMANDS:
        assert f"arkanum {name} " in printed


def test_an_unknown_command_is_named_and_help_follows(capsys):
    assert cli.main(["verkaufen"]) == 2

    printed = capsys.readouterr()
    assert "Diesen Befehl gibt es nicht: verkaufen" in printed.err
    assert "arkanum serve" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])

    assert ended.value.code == 0
    assert f"arkanum {name}" in capsys.readouterr().out


# --- catalogue -------------------------------------------------------------------------------------------------------


@pytest.fixture
def newer_year(tmp_path):
    """The shipped catalogue as if it were of another year, in a table of its own."""
    (packed,) = shipped().glob("icd10gm-*.tsv.gz")
    year = packed.name[8:12]
    source, rest = gzip.decompress(packed.read_bytes()).decode().split("\n", 1)
    assert year in source
    path = tmp_path / "katalog.tsv"
    path.write_text(source.replace(year, "2031") + "\n" + rest, "utf-8")
    return path


def test_a_newer_catalogue_is_installed_and_used_from_then_on(newer_year, tmp_path, capsys):
    data = tmp_path / "data"

    assert cli.main(["catalogue", str(newer_year), "--data", str(data)]) == 0

    assert "icd10gm-2031.tsv.gz" in capsys.readouterr().out
    assert Catalogue.load(data / "catalogues").by_code("J06.9") is not None
    assert [path.name for path in (data / "catalogues").iterdir()] == ["icd10gm-2031.tsv.gz"]


@pytest.mark.parametrize("content", [b"", b"kein Katalog\n", b"\x1f\x8b\x08kaputt", b"\xff" * 5000])
def test_what_is_no_catalogue_changes_nothing(content, tmp_path, capsys):
    path = tmp_path / "katalog.tsv"
    path.write_bytes(content)

    assert cli.main(["catalogue", str(path), "--data", str(tmp_path / "data")]) == 1

    assert capsys.readouterr().err.strip()
    assert not list(tmp_path.rglob("icd10gm-*"))


def test_a_catalogue_that_is_cut_changes_nothing(newer_year, tmp_path, capsys):
    newer_year.write_bytes(newer_year.read_bytes()[:100_000])

    assert cli.main(["catalogue", str(newer_year), "--data", str(tmp_path / "data")]) == 1

    assert capsys.readouterr().err.strip()
    assert not list(tmp_path.rglob("icd10gm-*"))


def test_a_catalogue_that_is_not_there_is_said_to_be_missing(tmp_path, capsys):
    assert cli.main(["catalogue", str(tmp_path / "nichts.tsv"), "--data", str(tmp_path)]) == 1

    assert "lässt sich nicht lesen" in capsys.readouterr().err


# --- log verify ------------------------------------------------------------------------------------------------------


@pytest.fixture
def written_log(founded, dora):
    """The log of a practice that was sealed in the evening."""
    founded.guard.close()
    (log,) = (founded.folder / "log").glob("*.log")
    return log


def verify(folder):
    return cli.main(["log", "verify", "--data", str(folder)])


def test_a_whole_log_is_said_to_be_whole(written_log, own_rows, capsys):
    assert verify(own_rows) == 0

    count = len(written_log.read_text("ascii").splitlines())
    assert f"{written_log.name}: {count} Zeilen, die Kette ist ganz." in capsys.readouterr().out


def test_the_changed_line_is_named(written_log, own_rows, capsys):
    lines = written_log.read_text("ascii").splitlines(keepends=True)
    number, kind, body, digest = lines[2].split(" ")
    lines[2] = " ".join((number, kind, ("B" if body[0] == "A" else "A") + body[1:], digest))
    written_log.write_text("".join(lines), "ascii")

    assert verify(own_rows) == 1

    assert f"{written_log.name}: Zeile 3:" in capsys.readouterr().out


def test_a_log_cut_at_its_end_is_noticed_by_its_signed_head(written_log, own_rows, capsys):
    lines = written_log.read_text("ascii").splitlines(keepends=True)
    written_log.write_text("".join(lines[:-1]), "ascii")

    assert verify(own_rows) == 1

    assert "fehlen am Ende" in capsys.readouterr().out


def test_a_log_without_its_heads_is_not_whole(written_log, own_rows, capsys):
    written_log.with_suffix(".heads").unlink()

    assert verify(own_rows) == 1

    assert "Unterschriften" in capsys.readouterr().out


def test_a_practice_whose_log_is_gone_is_not_whole(written_log, own_rows, capsys):
    written_log.unlink()

    assert verify(own_rows) == 1

    assert written_log.name in capsys.readouterr().out


def test_the_check_tells_a_program_what_it_found(written_log, own_rows, capsys):
    cli.main(["log", "verify", "--json", "--data", str(own_rows)])

    (found,) = json.loads(capsys.readouterr().out)
    assert (found["log"], found["whole"], found["bad_line"]) == (written_log.name, True, None)
    assert found["lines"] == found["signed"] > 0


def test_a_head_from_paper_is_still_in_the_log(written_log, own_rows):
    no, _, _, digest = written_log.read_text("ascii").splitlines()[3].split(" ")

    assert cli.main(["log", "verify", "--data", str(own_rows), "--head", f"{no} {digest[:20]}"]) == 0


def test_a_head_from_paper_that_the_log_does_not_have_is_told(written_log, own_rows, capsys):
    no, _, _, digest = written_log.read_text("ascii").splitlines()[3].split(" ")
    other = digest[:19] + ("0" if digest[19] != "0" else "1")
    for head, told in ((f"{no} {other}", "lautet heute anders"), (f"99999 {digest}", "abgeschnitten")):
        assert cli.main(["log", "verify", "--data", str(own_rows), "--head", head]) == 1
        assert told in capsys.readouterr().out


def test_what_is_no_head_is_said_to_be_none(written_log, own_rows, capsys):
    assert cli.main(["log", "verify", "--data", str(own_rows), "--head", "Guten Tag"]) == 2

    assert "Wochenblatt" in capsys.readouterr().err


def test_a_folder_without_any_log_is_said_to_have_none(tmp_path, capsys):
    assert verify(tmp_path) == 2

    assert "kein Protokoll" in capsys.readouterr().err


# --- the place -------------------------------------------------------------------------------------------------------


def test_the_socket_lies_inside_a_data_folder_with_a_short_path(short_folder):
    assert place.socket_path(short_folder) == short_folder / "guard.sock"


def test_a_very_long_folder_gets_its_socket_in_a_private_one(tmp_path, short_folder, monkeypatch):
    monkeypatch.setattr(place.tempfile, "gettempdir", lambda: str(short_folder))
    long = tmp_path / ("o" * 120)

    path = place.socket_path(long)

    assert len(os.fsencode(path)) < 108
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert place.socket_path(long) == path
    assert place.socket_path(tmp_path / ("u" * 120)) != path


def test_umlauts_count_twice_in_the_length_of_a_path(short_folder, monkeypatch):
    monkeypatch.setattr(place.tempfile, "gettempdir", lambda: str(short_folder))

    path = place.socket_path(short_folder / ("ü" * 40))

    assert len(os.fsencode(path)) < 108


def test_the_private_folder_of_a_socket_is_closed_to_others_again(tmp_path, short_folder, monkeypatch):
    monkeypatch.setattr(place.tempfile, "gettempdir", lambda: str(short_folder))
    long = tmp_path / ("o" * 120)
    place.socket_path(long).parent.chmod(0o777)

    assert place.socket_path(long).parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_socket_folder_that_somebody_else_made_first_is_refused(tmp_path, short_folder, monkeypatch):
    monkeypatch.setattr(place.tempfile, "gettempdir", lambda: str(short_folder))
    long = tmp_path / ("o" * 120)
    os.chown(place.socket_path(long).parent, 65534, 65534)

    with pytest.raises(PlaceError) as refused:
        place.socket_path(long)

    assert "gehört einem anderen Benutzer" in refused.value.german


def test_only_one_holds_a_data_folder(tmp_path):
    with place.alone(tmp_path):
        with pytest.raises(PlaceError) as refused, place.alone(tmp_path):
            pytest.fail("two hold it")
        assert "läuft Arkanum bereits" in refused.value.german

    with place.alone(tmp_path):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600


def test_the_folder_is_that_of_the_environment_or_one_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("ARKANUM_DATA", str(tmp_path))
    assert place.default_folder() == tmp_path

    monkeypatch.setenv("ARKANUM_DATA", "")
    monkeypatch.setenv("HOME", "/heim")
    assert str(place.default_folder()) == "/heim/.local/share/arkanum"
