# SPDX-License-Identifier: MPL-2.0
"""A practice installs the file that the BfArM publishes, as it comes."""

import gzip
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arkanum.core import CatalogueError, Sex
from arkanum.core.catalogue import Catalogue, Usage, install
from arkanum.core.catalogue.tables import LARGEST_BYTES

CHOLERA = "3;N;X;01;A00;A00.-;A00;A00;Cholera;Cholera;;;V;V;1-002;2-001;3-003;4-002;001;9;9;9999;9999;9;J;J;J;J"
NAME = "icd10gm2026syst_kodes.txt"


def line(code, text, *, usage="P", sex="9", ages=("9999", "9999"), marks="NJN"):
    """Return a terminal code as the BfArM writes it; the last mark is for the laboratory."""
    head = ["4", "T", "X", "01", "A00", code, code.rstrip("*!"), code.replace(".", ""), text, "Dreisteller", text, ""]
    lists = ["1-002", "2-001", "3-003", "4-002", "001"]
    return ";".join([*head, usage, usage, *lists, sex, "K", *ages, "K", *marks, "J"])


LINES = [
    CHOLERA,
    *(line(f"{x}{y:02}.{z}", f"Krankheit {x}{y:02}.{z}") for x in "BCDEFGHIJK" for y in range(100) for z in range(10)),
    line("N40.0", "Prostatahyperplasie", sex="M", ages=("j030", "j124")),
    line("A01.0*", "Stern", usage="O", marks="JNJ"),
]
TEXT = "\n".join([*LINES, ""]).encode()


def archive(members):
    """Return a ZIP file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def published(tmp_path):
    """Write a file as it came from the BfArM and return where it is."""

    def write(content, name=NAME):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def folder(tmp_path):
    """A practice's folder for catalogues."""
    return tmp_path / "catalogues"


def refusal(path, folder):
    with pytest.raises(CatalogueError) as refused:
        install(path, folder)
    assert not folder.exists()
    return refused.value.code, refused.value.german


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (NAME, TEXT),
        ("ICD10GM2026SYST_KODES.TXT", b"\xef\xbb\xbf" + TEXT.replace(b"\n", b"\r\n")),
        (
            "icd10gm2026syst-meta.zip",
            archive({"liesmich.txt": b"?", f"Klassifikationsdateien/{NAME}": TEXT, f"Alt/{NAME}": b""}),
        ),
    ],
)
def test_the_published_file_is_installed_as_it_comes(published, folder, name, content):
    made = install(published(content, name), folder)

    newer = Catalogue.load(folder)
    assert made.name == "icd10gm-2026.tsv.gz"
    assert newer.year == 2026
    assert newer.source == (
        "ICD-10-GM Version 2026, abgeleitetes Format. Die Erstellung erfolgt unter Verwendung der "
        "maschinenlesbaren Fassung des Bundesinstituts fuer Arzneimittel und Medizinprodukte (BfArM)."
    )
    assert len(newer) == len(LINES)


def test_every_column_arrives_in_its_place(published, folder):
    made = install(published(TEXT), folder)

    rows = gzip.decompress(made.read_bytes()).decode().splitlines()
    assert rows[2].split("\t") == [
        "A00",
        "A00.-",
        "3",
        "N",
        "X",
        "01",
        "A00",
        "V",
        "9",
        "9999",
        "9999",
        "J",
        "J",
        "J",
        "Cholera",
    ]


def test_a_code_knows_what_the_published_file_says(published, folder):
    install(published(TEXT), folder)
    newer = Catalogue.load(folder)

    cholera, prostate, star = (newer.by_code(code) for code in ("A00", "N40.0", "A01.0"))
    assert (cholera.terminal, cholera.usage, cholera.rare, cholera.notifiable) == (False, Usage.NONE, True, True)
    assert (prostate.sex, prostate.age_min, prostate.age_max) == (Sex.M, 30, 124)
    assert (prostate.rare, prostate.has_content, prostate.notifiable) == (False, True, False)
    assert (star.shown, star.usage) == ("A01.0*", Usage.STAR)
    assert (star.rare, star.has_content, star.notifiable) == (True, False, True)


@pytest.mark.parametrize(
    ("name", "content", "code", "german"),
    [
        (NAME, b"", "row", "Zeile 1: 1 Felder statt 28."),
        (NAME, TEXT + b"4;T\n", "row", "Zeile 10004: 2 Felder statt 28."),
        (
            NAME,
            CHOLERA.encode() + b"\n" + CHOLERA.encode(),
            "row",
            "Zeile 2: die Schlüsselnummer A00 kommt zweimal vor.",
        ),
        (NAME, CHOLERA.encode(), "too_few", "Der Katalog hat nur 1 Schlüsselnummern und ist unvollständig."),
        (NAME, CHOLERA.encode("ascii") + b"\xff", "not_utf8", "Die Datei ist kein Text in UTF-8."),
        (
            "x.zip",
            archive({"liesmich.txt": b"?"}),
            "no_member",
            "In der ZIP-Datei fehlt die Datei icd10gmJJJJsyst_kodes.txt.",
        ),
        ("x.zip", archive({NAME: TEXT})[:-30], "damaged", "Die Datei ist beschädigt und lässt sich nicht entpacken."),
        ("kodes.txt", TEXT, "no_source", "In der ersten Zeile fehlt der Quellenvermerk (# ICD-10-GM Version …)."),
    ],
)
def test_what_is_not_the_published_file_is_refused_with_a_sentence(published, folder, name, content, code, german):
    assert refusal(published(content, name), folder) == (code, german)


def test_a_bomb_in_a_zip_file_does_not_go_off(published, folder):
    bomb = published(archive({NAME: b"0" * (LARGEST_BYTES + 1)}), "bomb.zip")

    assert refusal(bomb, folder) == ("too_large", "Die Datei ist viel zu groß für einen Diagnosenkatalog.")


SMALL = archive({"liesmich.txt": b"?", NAME: CHOLERA.encode()})


@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_zip_file_breaks_the_installation(published, folder, damage):
    spoilt = bytearray(SMALL)
    for place, value in damage:
        spoilt[place] = value

    with pytest.raises(CatalogueError):
        install(published(bytes(spoilt), "meta.zip"), folder)
