# SPDX-License-Identifier: MPL-2.0
"""`arkanum inspect`: text, JSON, hidden contents, and files of every kind."""

import base64
import gzip
import json
import subprocess
import sys

import msgspec
import pytest

from arkanum.cli.inspect import harmless, main
from arkanum.exchange.shown import ShownFile
from tests.exchange.builders import SHARED, line, lines, shared

PATIENT = lines(
    ("8000", "6310"),
    ("9218", "02.10"),
    ("3000", "17"),
    ("3101", "Geheimrat"),
    ("3102", "Dörte"),
    ("3103", "03041965"),
    ("6220", "Befund ohne Besonderheit"),
    ("7777", "Herstellerfeld"),
)
BMP = (
    b'<MP v="028" U="0123456789ABCDEF0123456789ABCDEF" l="de-DE"><P g="Dora" f="Sommer"'
    b' b="19650403" s="W"/><S><M p="06313728" m="1" v="1"><W w="Ramipril" s="5 mg"/></M></S></MP>'
)
VSD = (
    '<?xml version="1.0" encoding="ISO-8859-15"?><v:UC_PersoenlicheVersichertendatenXML'
    ' xmlns:v="http://ws.gematik.de/fa/vsdm/vsd/v5.2" CDM_VERSION="5.2.0"><v:Versicherter>'
    "<v:Versicherten_ID>A123456780</v:Versicherten_ID><v:Person><v:Nachname>Müller</v:Nachname>"
    "</v:Person></v:Versicherter></v:UC_PersoenlicheVersichertendatenXML>"
).encode("iso-8859-15")
FHIR_XML = (
    b'<Bundle xmlns="http://hl7.org/fhir"><!-- note --><type value="document"/><entry><resource>'
    b'<Patient><name><family value="Sommer"/></name></Patient></resource></entry></Bundle>'
)
FHIR_JSON = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {"resourceType": "Patient", "name": [{"family": "Sommer"}]}},
            {"resource": {"resourceType": "Coverage", "status": "active"}},
        ],
    }
).encode()
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


def inspect(tmp_path, capsys, content, *options, name="test.dat"):
    path = tmp_path / name
    path.write_bytes(content)
    assert main([str(path), *options]) == 0
    return capsys.readouterr().out


def inspect_json(tmp_path, capsys, content, *options):
    answer = inspect(tmp_path, capsys, content, "--json", *options)
    return msgspec.json.decode(answer, type=ShownFile)


def test_the_text_shows_kind_records_fields_and_warnings(tmp_path, capsys):
    out = inspect(tmp_path, capsys, PATIENT + b"0993000wrong\r\n")

    assert "GDT 2 (xDT-Familie)" in out
    assert "Satz 1: 6310 Untersuchungsdaten übermitteln (Zeilen 1-9)" in out
    assert "3101  Name" in out
    assert "Geheimrat" in out
    assert "7777  (unbekanntes Feld)" in out
    assert "Zeile 9: Längenangabe stimmt nicht (angegeben 099, gezählt 014)" in out


def test_the_json_fits_its_schema_and_counts_everything(tmp_path, capsys):
    answer = inspect_json(tmp_path, capsys, PATIENT)

    assert answer.head.kind == "xdt"
    assert answer.head.dialect == "GDT 2"
    assert answer.head.version == "02.10"
    assert answer.summary.lines == 8
    assert answer.summary.field_count == 8
    assert answer.summary.charsets == {"ascii": 7, "iso-8859-15": 1}
    assert answer.summary.unknown_fields["7777"].count == 1
    assert answer.summary.record_kinds["6310"].count == 1
    assert [field.text for field in answer.records[0].fields][3:5] == ["Geheimrat", "Dörte"]


def test_the_schema_describes_every_part_of_the_answer(capsys):
    assert main(["--schema"]) == 0

    schema = json.loads(capsys.readouterr().out)

    assert schema["$ref"] == "#/$defs/ShownFile"
    assert set(schema["$defs"]) == {
        "ShownCount",
        "ShownField",
        "ShownFile",
        "ShownHead",
        "ShownRecord",
        "ShownSummary",
        "ShownWarning",
    }
    assert schema["$defs"]["ShownField"]["additionalProperties"] is False


@pytest.mark.parametrize("content", [PATIENT, BMP, VSD, FHIR_XML, FHIR_JSON])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_hidden_contents_do_not_show_anywhere(tmp_path, capsys, content, form):
    planted = ["Geheimrat", "Dörte", "D\\u00f6rte", "03041965", "Befund ohne", "Herstellerfeld"]
    planted += ["Sommer", "Ramipril", "19650403", "A123456780", "Müller", "06313728"]

    out = inspect(tmp_path, capsys, content, "--without-contents", *form, name="Sommer_Dora.gdt")

    assert not [word for word in planted if word in out]
    assert "Sommer_Dora" not in out
    assert "Zeichen:" in out


def test_hidden_contents_do_not_show_in_damaged_places(tmp_path, capsys):
    content = lines(("8000", "Geheimrat"), ("8000", "6310"), ("9218", "Geheimrat"), ("3101", "x"))
    content += b"Geheimrat ohne Kopf\r\n" + line("8002", "Obj Geheimrat")

    out = inspect(tmp_path, capsys, content, "--without-contents")

    assert "Geheimrat" not in out
    assert "6310" in out


def test_the_form_of_a_file_stays_readable_when_contents_are_hidden(tmp_path, capsys):
    answer = inspect_json(tmp_path, capsys, PATIENT, "--without-contents")

    fields = answer.records[0].fields
    assert [field.text for field in fields][:2] == ["6310", "02.10"]
    assert fields[3].text == "[9 Zeichen: Buchstaben]"
    assert fields[4].text == "[5 Zeichen: Buchstaben, Umlaute]"
    assert answer.summary.sha256 == ""


def test_the_summary_alone_has_no_records(tmp_path, capsys):
    answer = inspect_json(tmp_path, capsys, PATIENT, "--summary")

    assert answer.records == ()
    assert answer.summary.field_count == 8


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (BMP, ("bmp", {"MP", "P", "M", "W"})),
        (VSD, ("vsd", {"UC_PersoenlicheVersichertendatenXML"})),
        (gzip.compress(VSD, mtime=0), ("vsd", {"UC_PersoenlicheVersichertendatenXML"})),
        (base64.b64encode(gzip.compress(VSD, mtime=0)), ("vsd", {"UC_PersoenlicheVersichertendatenXML"})),
        (FHIR_XML, ("fhir", {"Bundle", "Patient"})),
        (FHIR_JSON, ("fhir", {"Bundle", "Patient", "Coverage"})),
    ],
)
def test_other_formats_are_known_at_the_level_of_structure(tmp_path, capsys, content, expected):
    answer = inspect_json(tmp_path, capsys, content)

    assert answer.head.known
    assert (answer.head.kind, set(answer.summary.record_kinds)) == expected


def test_a_card_in_latin_9_keeps_its_umlauts(tmp_path, capsys):
    answer = inspect_json(tmp_path, capsys, VSD)

    texts = {field.id: field.text for field in answer.records[0].fields}
    assert texts["Versicherter.Person.Nachname"] == "Müller"
    assert answer.head.version == "5.2.0"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"%PDF-1.7\n", "PDF-Dokument"),
        (b"", "Leere Datei"),
        (b"Sehr geehrte Frau Kollegin", "Text ohne bekannte Form"),
        (b"\x00\x01\x02\x03", "Unbekannte Binärdatei"),
        (b"<html></html>", "XML-Dokument"),
        (b'{"a": 1}', "JSON-Dokument"),
        (b"\x1f\x8b\x08broken", "Gepackte Daten (gzip)"),
        (gzip.compress(b"text", mtime=0), "Gepackte Daten (gzip)"),
        (b"{broken", "JSON-Dokument"),
    ],
)
def test_what_is_not_known_is_said_plainly(tmp_path, capsys, content, title):
    out = inspect(tmp_path, capsys, content)

    assert title in out
    assert "kennt Arkanum nicht" in out


def test_entities_are_refused_and_not_expanded(tmp_path, capsys):
    answer = inspect_json(tmp_path, capsys, BOMB)

    assert not answer.head.known
    assert answer.summary.warnings[0].text.startswith("XML mit Dokumenttyp oder Entitäten")


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * 5000,
        b"[" * 100_000,
        b'{"a":' * 5000,
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'{"resourceType":"Patient","id":"\\ud800"}',
        b'\xef\xbb\xbf{"resourceType":"Patient"}',
        b'{"resourceType":"Patient","n":' + b"9" * 6000 + b"}",
    ],
)
def test_hostile_documents_do_not_crash(tmp_path, capsys, content):
    inspect_json(tmp_path, capsys, content)


def test_a_packed_bomb_is_not_unpacked(tmp_path, capsys):
    bomb = gzip.compress(b"<a>" + b" " * (80 << 20))

    answer = inspect_json(tmp_path, capsys, bomb)

    assert answer.summary.warning_counts == {"packed": 1}


def test_control_sequences_of_a_file_do_not_reach_the_terminal(tmp_path, capsys):
    content = PATIENT + line("6220", "\x1b]0;owned\x07\x9b31m", charset="latin-1")

    out = inspect(tmp_path, capsys, content)

    assert "\x1b" not in out
    assert "\x9b" not in out
    assert harmless("a\u202eb") == "a\\u202eb"


def test_a_file_that_cannot_be_opened_is_said_without_a_traceback(tmp_path, capsys):
    assert main([str(tmp_path / "missing.gdt")]) == 2

    assert "kann nicht gelesen werden" in capsys.readouterr().err


def test_it_runs_without_django_and_without_keys(tmp_path):
    path = tmp_path / "a.gdt"
    path.write_bytes(PATIENT)
    script = (
        "import sys; from arkanum.cli.inspect import main; main([sys.argv[1]]);"
        "bad = {'django', 'cryptography', 'arkanum.vault', 'arkanum.storage', 'arkanum.guard'};"
        "sys.exit(bool(bad & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=False)

    assert done.returncode == 0


def test_the_reader_of_the_output_may_stop_early(tmp_path):
    path = tmp_path / "a.gdt"
    path.write_bytes(PATIENT * 3000)
    script = "import sys; from arkanum.cli.inspect import main; sys.exit(main([sys.argv[1]]))"
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )

    process.stdout.read(100)
    process.stdout.close()

    assert process.wait(timeout=30) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_many_warnings_are_counted_and_a_thousand_listed(tmp_path, capsys):
    answer = inspect_json(tmp_path, capsys, PATIENT + b"0993000x\r\n" * 1500)

    assert answer.summary.warning_counts["length"] == 1500
    assert len(answer.summary.warnings) == 1000


def real_documents():
    return sorted(
        path for folder in ("fhir", "vsd") for path in (SHARED / folder).rglob("*") if path.suffix in {".xml", ".json"}
    )


def test_every_real_fhir_file_is_known(capsys):
    shared("fhir")

    for path in real_documents():
        assert main([str(path), "--json"]) == 0
        answer = msgspec.json.decode(capsys.readouterr().out, type=ShownFile)
        assert answer.head.kind == "fhir", path.name
        assert answer.summary.field_count > 5
        assert "entry" not in answer.summary.record_kinds
