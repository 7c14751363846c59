# SPDX-License-Identifier: MPL-2.0
"""A newer year is installed after a look at every row; what is no catalogue is refused with a sentence."""

import gzip
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arkanum.core import CatalogueError
from arkanum.core.catalogue import Catalogue, files, install
from arkanum.core.catalogue.files import FEWEST_CODES
from arkanum.core.catalogue.tables import COLUMNS, LARGEST_BYTES
from tests.core.catalogue_rows import SOURCE, row

ROWS = [row(f"{letter}{group:02}.{detail}") for letter in "ABCDEFGHIJK" for group in range(100) for detail in range(10)]


def table(rows=ROWS, source=SOURCE, columns=COLUMNS):
    """Return the text of a catalogue file."""
    return "\n".join([source, "\t".join(columns), *rows, ""])


@pytest.fixture
def given_file(tmp_path):
    """Write a file and return where it is."""

    def write(content, *, packed=True):
        plain = content.encode() if isinstance(content, str) else content
        path = tmp_path / "given"
        path.write_bytes(gzip.compress(plain) if packed else plain)
        return path

    return write


@pytest.fixture
def folder(tmp_path):
    """A practice's folder for catalogues, which does not exist yet."""
    return tmp_path / "practice" / "catalogues"


def refusal(path, folder):
    with pytest.raises(CatalogueError) as refused:
        install(path, folder)
    assert str(refused.value) == refused.value.code
    assert not folder.exists() or not list(folder.iterdir())
    return refused.value.code, refused.value.german


@pytest.mark.parametrize("packed", [True, False])
def test_an_installed_year_wins_over_the_shipped_one(given_file, folder, packed):
    made = install(given_file(table(), packed=packed), folder)

    newer = Catalogue.load(folder)

    assert made == folder / "icd10gm-2024.tsv.gz"
    assert newer.year == 2024
    assert newer.source == SOURCE.removeprefix("# ")
    assert len(newer) == len(ROWS)
    assert newer.by_code("A00.0").text == "Krankheit A00.0"
    assert [path.name for path in folder.iterdir()] == ["icd10gm-2024.tsv.gz"]


def test_an_older_year_does_not_win(given_file, folder):
    install(given_file(table(source=SOURCE.replace("2024", "2019"))), folder)

    assert Catalogue.load(folder).year == 2023


@pytest.mark.parametrize("exists", [True, False])
def test_without_an_installed_year_the_shipped_one_counts(folder, exists):
    if exists:
        folder.mkdir(parents=True)
        (folder / "icd10gm-9999.tsv.gz.new").write_bytes(b"half written")

    assert Catalogue.load(folder).year == 2023


def test_the_same_year_can_be_installed_again(given_file, folder):
    install(given_file(table()), folder)
    corrected = install(given_file(table([row(label="Berichtigt"), *ROWS[1:]])), folder)

    assert gzip.decompress(corrected.read_bytes()).decode().splitlines()[2].endswith("Berichtigt")
    assert Catalogue.load(folder).by_code("A00.0").text == "Berichtigt"


def test_what_is_installed_keeps_every_byte_of_the_table(given_file, folder):
    made = install(given_file(table()), folder)

    assert gzip.decompress(made.read_bytes()).decode() == table()


def test_a_table_from_another_system_is_read_all_the_same(given_file, folder):
    windows = "\ufeff" + table().replace("\n", "\r\n")

    made = install(given_file(windows), folder)

    assert gzip.decompress(made.read_bytes()).decode() == table()


def test_the_same_table_always_gives_the_same_bytes(given_file, tmp_path):
    first = install(given_file(table()), tmp_path / "one").read_bytes()
    second = install(given_file(table(), packed=False), tmp_path / "two").read_bytes()

    assert first == second
    assert first[4:8] == bytes(4)  # the time of packing


def test_a_bomb_gets_no_more_memory_than_a_catalogue(given_file, folder):
    bomb = given_file(b"#" * (4 * LARGEST_BYTES))

    tracemalloc.start()
    refused = refusal(bomb, folder)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refused[0] == "too_large"
    assert peak_bytes < 3 * LARGEST_BYTES


@pytest.mark.parametrize(
    ("content", "code", "german"),
    [
        ("", "no_source", "In der ersten Zeile fehlt der Quellenvermerk (# ICD-10-GM Version …)."),
        (
            table(source="ICD-10-GM Version 2024"),
            "no_source",
            "In der ersten Zeile fehlt der Quellenvermerk (# ICD-10-GM Version …).",
        ),
        (
            table(source="# OPS 2024"),
            "no_year",
            "Der Quellenvermerk in Zeile 1 nennt keine Version (ICD-10-GM Version JJJJ).",
        ),
        (SOURCE, "columns", "Zeile 2 nennt nicht die erwarteten Spalten."),
        (table(columns=COLUMNS[::-1]), "columns", "Zeile 2 nennt nicht die erwarteten Spalten."),
        (b"# ICD-10-GM Version 2024\xff", "not_utf8", "Die Datei ist kein Text in UTF-8."),
        (
            table(ROWS[: FEWEST_CODES - 1]),
            "too_few",
            "Der Katalog hat nur 9999 Schlüsselnummern und ist unvollständig.",
        ),
        (table([*ROWS, ""]), "row", "Zeile 11003: 1 Spalten statt 15."),
        (table([row() + "\tmehr"]), "row", "Zeile 3: 16 Spalten statt 15."),
        (table([row("Grippe")]), "row", "Zeile 3: keine Schlüsselnummer der ICD-10-GM."),
        (table([row("a00.0")]), "row", "Zeile 3: keine Schlüsselnummer der ICD-10-GM."),
        (table([row(icd_code="B00.0")]), "row", "Zeile 3: keine Schlüsselnummer der ICD-10-GM."),
        (table([row(), row()]), "row", "Zeile 4: die Schlüsselnummer A00.0 kommt zweimal vor."),
        (table([row(label=" ")]), "row", "Zeile 3: der Text der Schlüsselnummer fehlt."),
        (table([row(terminal="X")]), "row", "Zeile 3: unbekannter Wert in der Spalte terminal."),
        (table([row(usage_295="")]), "row", "Zeile 3: unbekannter Wert in der Spalte usage_295."),
        (table([row(gender_specific="D")]), "row", "Zeile 3: unbekannter Wert in der Spalte gender_specific."),
        (
            table([row(rare_in_central_europe="j")]),
            "row",
            "Zeile 3: unbekannter Wert in der Spalte rare_in_central_europe.",
        ),
        (table([row(code_with_content="?")]), "row", "Zeile 3: unbekannter Wert in der Spalte code_with_content."),
        (table([row(notifiable="ja")]), "row", "Zeile 3: unbekannter Wert in der Spalte notifiable."),
        (table([row(age_min="15")]), "row", "Zeile 3: unbekannte Altersangabe in der Spalte age_min."),
        (table([row(age_max="j0155")]), "row", "Zeile 3: unbekannte Altersangabe in der Spalte age_max."),
    ],
)
def test_what_is_no_catalogue_is_refused_with_a_sentence(given_file, folder, content, code, german):
    assert refusal(given_file(content), folder) == (code, german)


def test_exactly_enough_codes_are_enough(given_file, folder):
    install(given_file(table(ROWS[:FEWEST_CODES])), folder)

    assert len(Catalogue.load(folder)) == FEWEST_CODES


@pytest.mark.parametrize(
    "spoil", [lambda packed: packed[:-9], lambda packed: packed + b"more", lambda packed: packed[:99] + b"x" * 99]
)
def test_a_damaged_file_is_refused(given_file, folder, spoil):
    path = given_file(table())
    path.write_bytes(spoil(path.read_bytes()))

    assert refusal(path, folder) == ("damaged", "Die Datei ist beschädigt und lässt sich nicht entpacken.")


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_would_fill_the_memory_is_refused(given_file, folder, packed):
    bomb = given_file(b"#" * (LARGEST_BYTES + 1), packed=packed)

    assert refusal(bomb, folder) == ("too_large", "Die Datei ist viel zu groß für einen Diagnosenkatalog.")


def test_a_file_of_the_largest_size_is_read(given_file, folder):
    largest = given_file(b"#" * LARGEST_BYTES)

    assert refusal(largest, folder)[0] == "no_year"


def test_a_file_that_cannot_be_read_is_refused(tmp_path, folder):
    assert refusal(tmp_path / "missing", folder) == ("unreadable", "Die Datei lässt sich nicht lesen.")
    assert refusal(tmp_path, folder)[0] == "unreadable"
    assert refusal(Path("/dev/zero"), folder)[0] == "unreadable"


def test_a_file_that_refuses_to_be_read_is_refused(given_file, folder, monkeypatch):
    def fail(_path):
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", fail)

    assert refusal(given_file(table()), folder) == ("unreadable", "Die Datei lässt sich nicht lesen.")


def test_a_folder_that_cannot_be_written_is_refused(given_file, tmp_path):
    (tmp_path / "a file").touch()

    with pytest.raises(CatalogueError) as refused:
        install(given_file(table()), tmp_path / "a file" / "catalogues")

    assert refused.value.code == "not_written"
    assert refused.value.german == "Der Katalog lässt sich in diesem Ordner nicht speichern."


def test_a_power_cut_while_writing_leaves_the_old_year(given_file, folder, monkeypatch):
    install(given_file(table()), folder)

    def fail(_descriptor):
        raise OSError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CatalogueError):
        install(given_file(table([row(label="Berichtigt"), *ROWS[1:]])), folder)

    assert Catalogue.load(folder).by_code("A00.0").text == "Krankheit A00.0"


def test_a_product_without_its_catalogue_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "shipped", lambda: tmp_path)

    with pytest.raises(CatalogueError) as refused:
        Catalogue.load()

    assert refused.value.code == "missing"
    assert refused.value.german == "Es ist kein Diagnosenkatalog installiert."


@given(st.binary(max_size=300), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_the_installation(given_file, folder, noise, packed):
    with pytest.raises(CatalogueError):
        install(given_file(noise, packed=packed), folder)


def test_the_tool_makes_the_shipped_file(root, tmp_path):
    made = files.shipped() / "icd10gm-2023.tsv.gz"
    before = made.read_bytes()
    plain = tmp_path / "table.tsv"
    plain.write_bytes(gzip.decompress(before))

    subprocess.run(
        [sys.executable, root / "tools/make_icd_catalogue.py", plain],
        check=True,
        capture_output=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(root / "src")},
    )

    assert made.read_bytes() == before
