# SPDX-License-Identifier: MPL-2.0
"""`arkanum import`: let in by a short code, shown before it is written, reported line by line."""

import re
from types import SimpleNamespace

import pytest

from arkanum import cli
from arkanum.charts import patients
from arkanum.cli import moving, pairing
from arkanum.cli.pairing import NotLetIn
from arkanum.core.patients import BirthDate
from arkanum.exchange import jobs
from arkanum.guard import Action, Client
from arkanum.guard import client as guard_client
from arkanum.guard.direct import DirectTransport
from arkanum.guard.errors import NotSignedIn, Refused
from tests.cast import master_data
from tests.exchange.people import treated

FILE = treated(("6220", "Lunge frei"), ("9999", "Feld eines Herstellers"))
CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "alt.bdt"
    path.write_bytes(FILE)
    return path


@pytest.fixture
def desk(founded, own_rows, settings, monkeypatch, capsys):
    """A console on the machine of the practice, whose guard answers in this process."""
    settings.DATA = own_rows
    monkeypatch.setenv("ARKANUM_DATA", str(own_rows))
    (own_rows / "guard.sock").touch()
    monkeypatch.setattr(pairing, "SocketTransport", lambda *_: DirectTransport(founded.guard))
    return Console(founded, monkeypatch, capsys)


class Console:
    """Where the command is typed; beside it a person may type the code it shows."""

    def __init__(self, founded, monkeypatch, capsys):
        self.founded, self._patch, self._capsys = founded, monkeypatch, capsys
        self.out = self.err = ""
        self.codes = []

    def run(self, *arguments, approver=None, answer=None):
        def wait(_seconds):
            self._read()
            self.codes = CODE.findall(self.err)
            if approver is not None:
                self.founded.client.approve_pairing(approver.token, code=self.codes[-1])
            else:
                self.founded.guard.pairings._clock = lambda: float("inf")

        self._patch.setattr(pairing, "time", SimpleNamespace(sleep=wait))
        self._patch.setattr("builtins.input", lambda _: self._answered(answer))
        code = cli.main(["import", *map(str, arguments), "--data", str(self.founded.folder)])
        self._read()
        return code

    def _answered(self, answer):
        self._read()
        self.asked_after = self.out
        if answer is None:
            raise EOFError
        return answer

    def _read(self):
        printed = self._capsys.readouterr()
        self.out, self.err = self.out + printed.out, self.err + printed.err


def found_at(ada, text):
    return [hit.card.patient for hit in ada.client.search(ada.token, text).hits]


def test_a_file_is_shown_asked_about_moved_in_and_reported(desk, file, ada):
    assert desk.run(file, approver=ada, answer="j") == 0

    assert "alt.bdt: BDT, 1 Personen" in desk.asked_after
    assert "Sommer, Dora 03.04.1965: " in desk.asked_after
    assert "Bericht über die Übernahme" not in desk.asked_after
    assert "Bericht über die Übernahme (BDT)" in desk.out
    assert "9999" in desk.out
    (dora,) = found_at(ada, "Sommer")
    assert "Lunge frei" in str(ada.chart(dora).entries)


@pytest.mark.parametrize("answer", ["", "n", "nein", "x", None])
def test_without_a_yes_nothing_is_written(desk, file, ada, answer):
    assert desk.run(file, approver=ada, answer=answer) == 0

    assert "Nichts wurde übernommen" in desk.out
    assert found_at(ada, "Sommer") == []


def test_who_said_yes_before_is_not_asked(desk, file, ada):
    assert desk.run(file, "--yes", approver=ada) == 0

    assert not hasattr(desk, "asked_after")
    assert len(found_at(ada, "Sommer")) == 1


def test_where_somebody_must_decide_the_command_ends_with_three(desk, file, ada):
    own = {"birth": BirthDate(year=1965, month=4, day=3), "insurance": ()}
    known = patients.new(ada.client, ada.token, master_data("Sommer", "Dora", **own))

    assert desk.run(file, "--yes", approver=ada) == 3

    assert "entscheiden" in desk.out
    assert ada.chart(known).entries == ()


@pytest.mark.parametrize("answer", ["j", "n", None])
def test_the_session_of_the_command_ends_with_it(desk, file, ada, answer, monkeypatch):
    tokens = []
    let_in = moving.let_in

    def remember(*arguments):
        client, token = let_in(*arguments)
        tokens.append(token)
        return client, token

    monkeypatch.setattr(moving, "let_in", remember)
    desk.run(file, approver=ada, answer=answer)

    with pytest.raises(NotSignedIn):
        ada.client.who(tokens[0])
    assert ada.client.who(ada.token).person == ada.person


def test_the_session_of_a_command_does_its_job_and_nothing_else(desk, ada, dora):
    client = Client(DirectTransport(desk.founded.guard))
    begun = client.begin_pairing("arkanum import alt.bdt", purpose="job")
    ada.client.approve_pairing(ada.token, code=begun.code)
    token = client.paired(begun.pairing).token

    for action in (Action.READ_CHART, Action.WRITE_CHART, Action.READ_PATIENT):
        with pytest.raises(Refused):
            client.permit(token, action, patient=dora)
    with pytest.raises(Refused):
        client.staff(token)


def test_a_code_that_nobody_types_lets_nobody_in(desk, file):
    assert desk.run(file) == 1

    assert len(desk.codes) == 1
    assert "nicht rechtzeitig eingegeben" in desk.err
    assert desk.out == ""


def test_without_a_server_the_command_says_how_to_start_one(tmp_path, capsys):
    with pytest.raises(NotLetIn) as refused:
        pairing.let_in(tmp_path, "arkanum import alt.bdt")

    assert f"arkanum serve --data {tmp_path}" in refused.value.german
    assert capsys.readouterr().err == ""


def test_a_socket_that_a_killed_server_left_is_no_server(short_folder, monkeypatch):
    monkeypatch.setattr(guard_client, "CONNECT_SECONDS", 0.1)
    (short_folder / "guard.sock").touch()

    with pytest.raises(NotLetIn) as refused:
        pairing.let_in(short_folder, "arkanum import alt.bdt")

    assert f"arkanum serve --data {short_folder}" in refused.value.german


def test_a_file_that_is_not_there_is_named_before_anybody_is_asked(desk, tmp_path, ada):
    assert desk.run(tmp_path / "fehlt.bdt", approver=ada) == 1

    assert "fehlt.bdt" in desk.err
    assert desk.codes == []


def test_a_file_of_another_kind_is_said_to_be_none(desk, file, ada):
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))

    assert desk.run(file, "--yes", approver=ada) == 1

    assert "keine BDT-" in desk.err


def test_a_practice_sealed_in_the_middle_says_what_stands(desk, file, ada, monkeypatch):
    run = jobs.run

    def seal_before(*arguments, **options):
        ada.client.seal(ada.token)
        return run(*arguments, **options)

    monkeypatch.setattr(jobs, "run", seal_before)

    assert desk.run(file, "--yes", approver=ada) == 1

    assert "Die Praxis wurde versiegelt" in desk.err
