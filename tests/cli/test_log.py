# SPDX-License-Identifier: MPL-2.0
"""`arkanum log`: excerpts that are checked, and a person who lets the command read the bodies."""

import json

import pytest

from arkanum import cli
from arkanum.cli import log as command
from arkanum.guard import protocol as p
from arkanum.guard.errors import Refused
from arkanum.storage.models import Record


@pytest.fixture
def excerpt(founded, ada, ben, dora, tmp_path):
    """An excerpt of what Ben did."""
    ben.chart(dora)
    made = founded.client.export_log(ada.token, p.LogQuery(person=ben.person))
    path = tmp_path / made.name
    path.write_bytes(made.content)
    return path


def check(path, folder):
    return cli.main(["log", "check-export", str(path), "--data", str(folder)])


def test_an_excerpt_is_good_and_still_in_the_log(excerpt, own_rows, capsys):
    assert check(excerpt, own_rows) == 0

    said = capsys.readouterr().out
    assert "die Unterschrift ist gut" in said
    assert "stehen genau so im Protokoll" in said


def test_away_from_the_practice_the_signature_alone_is_checked(excerpt, tmp_path, capsys):
    assert check(excerpt, tmp_path / "nowhere") == 0

    assert "liegt nicht hier" in capsys.readouterr().out


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[0], *reversed(lines[1:-1]), lines[-1]],
        lambda lines: [*lines[:1], lines[1].replace(b"Ben", b"Ada", 1), *lines[2:]],
        lambda lines: lines[:-1],
        lambda lines: [],
        lambda lines: [b"{}\n", b"[]\n"],
        lambda lines: [b"Guten Tag\n", b"x\n"],
    ],
)
def test_a_changed_excerpt_is_told_to_be_one(excerpt, own_rows, capsys, harm):
    lines = excerpt.read_bytes().splitlines(keepends=True)
    excerpt.write_bytes(b"".join(harm(lines)))

    assert check(excerpt, own_rows) == 1


def test_an_excerpt_of_a_log_that_was_replaced_is_told(excerpt, founded, own_rows, capsys):
    path = founded.guard.log_path(founded.ada.who.practice)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[5] = lines[5].replace(lines[5][10:20], lines[5][11:21])
    path.write_bytes(b"".join(lines))

    assert check(excerpt, own_rows) == 1
    assert "nicht unversehrt" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_to_be_none(tmp_path):
    assert check(tmp_path / "nichts.jsonl", tmp_path) == 2


# --- with a person ---------------------------------------------------------------------------------------------------


@pytest.fixture
def let_in(monkeypatch):
    """Let a colleague type the code that the command shows."""

    def by(colleague):
        def waiting(_, name, purpose):
            pairing = colleague.client.begin_pairing(name, purpose=purpose)
            colleague.client.approve_pairing(colleague.token, code=pairing.code)
            return colleague.client, colleague.client.paired(pairing.pairing).token

        monkeypatch.setattr(command, "let_in", waiting)

    return by


def opened(folder):
    return cli.main(["log", "verify", "--open", "--json", "--data", str(folder)])


def test_with_a_person_the_bodies_and_the_records_are_checked_too(founded, ada, dora, own_rows, let_in, capsys):
    let_in(ada)

    assert opened(own_rows) == 0
    assert [one["whole"] for one in json.loads(capsys.readouterr().out)] == [True, True]

    Record.objects.filter(number=1).delete()
    assert opened(own_rows) == 1
    assert "entfernt" in json.loads(capsys.readouterr().out)[1]["reason"]


def test_the_command_may_check_the_log_and_nothing_else(founded, ada, dora):
    pairing = founded.client.begin_pairing("arkanum log verify", purpose="examine")
    founded.client.approve_pairing(ada.token, code=pairing.code)
    token = founded.client.paired(pairing.pairing).token

    assert founded.client.verify_log(token).bad_line is None
    with pytest.raises(Refused):
        founded.client.search(token, "m")


def test_who_may_not_read_the_log_lets_nobody_in(founded, ada, cora, dora, own_rows, let_in, capsys):
    let_in(cora)

    assert opened(own_rows) == 2

    assert "darf das Protokoll nicht lesen" in capsys.readouterr().err
