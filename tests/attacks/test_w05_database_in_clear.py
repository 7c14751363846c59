# SPDX-License-Identifier: MPL-2.0
"""W5: the database in clear. A thousand words are planted through every way in and looked for in every file."""

from __future__ import annotations

import random
import tempfile
import zlib
from base64 import b64encode
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from django.db import connection

from arkanum.charts import patients, records
from arkanum.core.catalogue import Catalogue
from arkanum.core.patients import Address, AddressKind, Name
from arkanum.exchange import jobs
from arkanum.guard import Action, Role
from tests.attacks.thief import plain_cells
from tests.attacks.twin import assert_red
from tests.cast import SECOND_PASSPHRASE, diagnosis, master_data, note

pytestmark = pytest.mark.postgresql

WORDS = 1000
LETTERS = "bcdfghklmnprstvwzaeiouäöüß"


@dataclass
class Practice:
    """Where words were planted: the data folder, and other bytes that must not hold them."""

    folder: Path
    words: list[str]
    elsewhere: list[bytes] = field(default_factory=list)


def forms(word: str) -> set[bytes]:
    """Return the word as it may lie on a disk: encodings, base64 at each alignment, hex."""
    plain = {word.encode(code) for code in ("utf-8", "iso-8859-15", "utf-16-le", "utf-16-be")}
    found = set(plain)
    for raw in plain:
        found |= {raw.hex().encode(), raw.hex().upper().encode()}
        for shift in range(3):
            # The first and last letters of base64 mix with their neighbours; the middle stays.
            found.add(b64encode(bytes(shift) + raw)[4 if shift else 0 : -4])
    return {form for form in found if len(form) >= 8}


def inflated(raw: bytes) -> bytes:
    """Return what a file holds when it is zlib data, and nothing otherwise."""
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return b""


def attack(practice: Practice) -> None:
    """Search every file, every cell and everything printed for every form of every word."""
    haystacks = [raw for path in practice.folder.rglob("*") if path.is_file() for raw in [path.read_bytes()]]
    haystacks += [bytes(value) for *_, value in plain_cells() if isinstance(value, bytes | memoryview)]
    haystacks += [str(value).encode() for *_, value in plain_cells() if isinstance(value, str)]
    haystacks += [*practice.elsewhere, *filter(None, map(inflated, haystacks))]
    assert hits(b"\0".join(haystacks), {form for word in practice.words for form in forms(word)}) == 0


def hits(haystack: bytes, needles: set[bytes]) -> int:
    """Return how many places hold one of many needles: one walk over the haystack, whatever their number."""
    by_beginning: dict[bytes, list[bytes]] = {}
    for needle in needles:
        by_beginning.setdefault(needle[:8], []).append(needle)
    beginnings = by_beginning.keys()
    places = (at for at in range(len(haystack) - 7) if haystack[at : at + 8] in beginnings)
    return sum(haystack.startswith(needle, at) for at in places for needle in by_beginning[haystack[at : at + 8]])


def planted_words() -> list[str]:
    chance = random.Random(203)
    return ["".join(chance.choice(LETTERS) for _ in range(12)) for _ in range(WORDS)]


def bdt_of(words: list[str]) -> bytes:
    """Return a small file of another program that is full of planted words."""
    fields = [("8000", "6100"), ("3000", "77"), ("3101", words[0]), ("3102", words[1]), ("3103", "01021970")]
    fields += [("8000", "6200"), ("3000", "77"), ("6200", "01022024")]
    fields += [("6220", word) for word in words[2:60]] + [("6333", word) for word in words[60:]]
    lines = [f"{len(text.encode('iso-8859-15')) + 9:03}{code}{text}\r\n" for code, text in fields]
    return "".join(lines).encode("iso-8859-15")


@pytest.fixture
def practice(founded, ada, tmp_path, monkeypatch, capfd):
    """A practice into which a thousand words went: charts, master data, staff, devices, an import, a sign-in."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    words = planted_words()
    free = iter(words)
    for _ in range(20):
        name = Name(first=next(free), last=next(free))
        home = Address(kind=AddressKind.HOME, street=next(free), house_no="1", extra="", postcode="1", town=next(free))
        patient = replace(master_data(), name=name, addresses=(home,), desk_note=next(free), number=next(free))
        who = patients.new(founded.client, ada.token, patient)
        for _ in range(15):
            records.write(founded.client, ada.grant(Action.WRITE_CHART, who), note(next(free)))
            code = diagnosis("J06.9", next(free))
            line = records.write(founded.client, ada.grant(Action.WRITE_CHART, who), code)
        corrected = note(next(free))
        records.correct(founded.client, ada.grant(Action.WRITE_CHART, who), line.record, 1, corrected)
        founded.client.search(ada.token, name.last[:5])
    founded.add(next(free), next(free), Role.ASSISTANT)
    founded.client.invite_device(ada.token, name=next(free))
    file = [next(free) for _ in range(120)]
    job = jobs.accept(founded.client, ada.token, next(free), [bdt_of(file)])
    jobs.prepare(founded.client, ada.token, job, Catalogue.load())
    jobs.run(founded.client, ada.token, job, Catalogue.load())
    ada.sign_out()
    printed = "".join(capfd.readouterr()).encode()
    temporary = [path.read_bytes() for path in (tmp_path / "temp").rglob("*") if path.is_file()]
    return Practice(founded.folder, [*words, ada.passphrase, SECOND_PASSPHRASE], [printed, *temporary])


def test_none_of_a_thousand_planted_words_lies_on_the_disk(practice):
    kinds = {path.suffix for path in practice.folder.rglob("*") if path.is_file()}

    assert len(practice.words) > WORDS
    assert {".log", ".heads"} <= kinds
    attack(practice)


HIDING_PLACES = {
    "clear": lambda word: word.encode(),
    "utf-16": lambda word: word.encode("utf-16-le"),
    "base64": lambda word: b64encode(b"x" + word.encode("iso-8859-15") + b"yz"),
    "hex": lambda word: word.encode().hex().encode(),
    "zlib": lambda word: zlib.compress(word.encode()),
}


def test_the_attack_finds_a_single_word_in_a_forgotten_file_or_a_column(practice):
    forgotten = practice.folder / "zwischenspeicher.tmp"
    for hide in HIDING_PLACES.values():
        forgotten.write_bytes(hide(practice.words[500]))
        assert_red(attack, practice)
    forgotten.unlink()
    with connection.cursor() as cursor:
        one = "id = (SELECT id FROM storage_chart ORDER BY id LIMIT 1)"
        cursor.execute(f"UPDATE storage_chart SET ring = %s WHERE {one}", [practice.words[0]])  # noqa: S608

    assert_red(attack, practice)
