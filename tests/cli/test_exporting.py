# SPDX-License-Identifier: MPL-2.0
"""`arkanum recipient`, `arkanum export`, `arkanum open-export`: a key pair, a sealed file, the file opened again."""

import json
import re
from types import SimpleNamespace

import pytest

from arkanum import cli
from arkanum.cli import open_export, pairing, recipient
from arkanum.exchange.container import make_recipient, read_recipient
from arkanum.guard import Role, exporting
from arkanum.guard.direct import DirectTransport
from tests.cast import CHEAP
from tests.guard.brakes import lines, taken_in

PASSPHRASE = "salat tonne fichte rakete pinguin sessel"
CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)
PATIENTS = 12


@pytest.fixture
def console(founded, own_rows, settings, monkeypatch, capsys, tmp_path):
    """A console on the machine of the practice, and beside it Ada, who types the codes it shows."""
    settings.DATA = own_rows
    monkeypatch.setenv("ARKANUM_DATA", str(own_rows))
    monkeypatch.setattr(pairing, "SocketTransport", lambda *_: DirectTransport(founded.guard))
    monkeypatch.setattr(recipient, "make_recipient", lambda name, secret: make_recipient(name, secret, CHEAP))
    (own_rows / "guard.sock").touch()
    return Console(founded, monkeypatch, capsys, tmp_path)


class Console:
    """Where commands are typed."""

    def __init__(self, founded, monkeypatch, capsys, folder):
        self.founded, self._patch, self._capsys, self.folder = founded, monkeypatch, capsys, folder
        self.err = self.out = ""

    def type(self, *arguments, secrets=()):
        """Run a command; its questions for pass phrases are answered in this order."""
        left = iter(secrets)
        for command in (recipient, open_export):
            self._patch.setattr(command, "getpass", lambda _: next(left))
        self._patch.setattr(pairing, "time", SimpleNamespace(sleep=self._let_in))
        self.err = self.out = ""
        code = cli.main([str(one) for one in arguments])
        self._read()
        return code

    def export(self, file):
        return self.type("export", file, "--data", self.founded.folder)

    def open(self, file, key, out, secret=PASSPHRASE):
        return self.type("open-export", file, "--key", key, "--out", out, secrets=[secret])

    def _let_in(self, _seconds):
        self._read()
        self.founded.client.approve_pairing(self.founded.ada.token, code=CODE.findall(self.err)[-1])

    def _read(self):
        printed = self._capsys.readouterr()
        self.out, self.err = self.out + printed.out, self.err + printed.err


@pytest.fixture
def key(console):
    """The recipient's private file; the public one lies beside it."""
    made = console.type("recipient", "Praxis am See", "--folder", console.folder, secrets=[PASSPHRASE, PASSPHRASE])
    assert made == 0
    return console.folder / "Praxis-am-See.key"


@pytest.fixture
def agreed(founded, ada, key, monkeypatch):
    """An export in three parts that Ada prepared and Berta agreed to; returns who is in it."""
    monkeypatch.setattr(exporting, "PART_PATIENTS", 5)
    patients = taken_in(ada, PATIENTS)
    ada.write(patients[0], "Zustand nach Sturz")
    to = read_recipient(key.with_suffix(".pub").read_text(encoding="utf-8"))
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    berta = founded.add("Dr. Berta Brandt", "berta", Role.DOCTOR)
    public = to.public.to_bytes()
    order = ada.client.prepare_export(ada.token, recipient=to.name, public_key=public, reason="Umzug").order
    berta.client.agree_export(berta.token, order, passphrase=berta.passphrase)
    return {str(one) for one in patients}


def told(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_the_practice_exports_its_recipient_opens(console, key, agreed):
    file, out = console.folder / "praxis.arkanum", console.folder / "praxis.jsonl"

    exported = console.export(file)
    said = console.err
    opened = console.open(file, key, out)

    assert (exported, opened) == (0, 0)
    assert "12 Akten für Praxis am See" in said
    assert "3 von 3 Teilen" in said
    assert "12 Akten geöffnet, der Export ist vollständig." in console.err
    assert {one["patient"] for one in told(out)} == agreed
    assert "Sturz" in out.read_text(encoding="utf-8")
    assert b"Sturz" not in file.read_bytes()
    assert [path.stat().st_mode & 0o077 for path in (file, out, key)] == [0, 0, 0]


def test_a_wrong_pass_phrase_opens_nothing(console, key, agreed):
    file, out = console.folder / "praxis.arkanum", console.folder / "praxis.jsonl"
    console.export(file)

    assert console.open(file, key, out, secret="falsch geraten und noch ein wort") == 1

    assert not out.exists()
    assert "Passphrase" in console.err


def test_a_file_that_was_cut_off_says_so_and_the_same_command_goes_on(console, key, agreed, ada):
    file, out, again = (console.folder / name for name in ("praxis.arkanum", "halb.jsonl", "ganz.jsonl"))
    console.export(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    before = len(lines(ada, "export_part"))

    half = console.open(file, key, out)
    said = console.err
    went_on = console.export(file)

    assert (half, went_on, console.open(file, key, again)) == (1, 0, 0)
    assert "sein Ende fehlt" in said
    assert {one["patient"] for one in told(again)} == agreed
    assert 0 < len(lines(ada, "export_part")) - before < 3


def test_a_changed_file_is_noticed(console, key, agreed):
    file = console.folder / "praxis.arkanum"
    console.export(file)
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)

    assert console.open(file, key, console.folder / "x.jsonl") == 1


def test_a_file_of_another_export_is_left_alone(console, key, agreed):
    file = console.folder / "praxis.arkanum"
    file.write_bytes(b"etwas ganz anderes, das niemand verlieren will")

    assert console.export(file) == 1

    assert "gehört zu einem anderen Export" in console.err
    assert file.read_bytes() == b"etwas ganz anderes, das niemand verlieren will"


def test_without_an_agreement_nothing_is_written(console, key, ada):
    file = console.folder / "praxis.arkanum"

    assert console.export(file) == 1

    assert "dem jemand zugestimmt hat" in console.err
    assert not file.exists()


def test_a_key_is_never_overwritten(console, key):
    before = key.read_bytes()

    assert console.type("recipient", "Praxis am See", "--folder", console.folder, secrets=[PASSPHRASE] * 2) == 1

    assert key.read_bytes() == before


@pytest.mark.parametrize(
    ("secrets", "said"), [((PASSPHRASE, "anders"), "verschieden"), (("kurz", "kurz"), "zu kurz"), (("", ""), "")]
)
def test_a_mistyped_or_easy_pass_phrase_makes_no_key(console, secrets, said):
    assert console.type("recipient", "Praxis am See", "--folder", console.folder, secrets=secrets) == 1

    assert said in console.err
    assert list(console.folder.glob("*.key")) == []
