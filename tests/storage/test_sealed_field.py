# SPDX-License-Identifier: MPL-2.0
"""A sealed column takes ciphertext and nothing else, by whatever way it comes."""

import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from arkanum.storage.errors import PlaintextRefused
from arkanum.storage.models import Chart, Record
from arkanum.vault import Sealed
from tests.storage.builders import a_chart, a_practice, a_record, sealed

pytestmark = pytest.mark.postgresql

PLAINTEXTS = [b"Ulcus cruris", "Ulcus cruris", None, memoryview(b"Ulcus cruris"), bytearray(b"Ulcus"), 17]
SNIPPET = """
from arkanum.storage.models import Chart

def forge(chart: Chart) -> None:
    chart.key = {value}
"""


@pytest.fixture
def chart(own_rows):
    return a_chart(a_practice().id)


def test_what_was_sealed_comes_back_sealed(chart):
    found = Chart.objects.get(pk=chart.pk)

    assert isinstance(found.key, Sealed)
    assert found.key == chart.key


@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=lambda value: type(value).__name__)
def test_saving_plaintext_is_refused(chart, plaintext):
    before = chart.key
    chart.key = plaintext

    with pytest.raises(PlaintextRefused):
        chart.save()

    assert Chart.objects.get(pk=chart.pk).key == before


@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=lambda value: type(value).__name__)
def test_inserting_plaintext_is_refused(chart, plaintext):
    with pytest.raises(PlaintextRefused):
        Record.objects.create(**_columns(chart, plaintext))

    assert not Record.objects.exists()


@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=lambda value: type(value).__name__)
def test_inserting_plaintext_among_ciphertext_is_refused(chart, plaintext):
    rows = [a_record(chart, 1), Record(**_columns(chart, plaintext))]

    with pytest.raises(PlaintextRefused):
        Record.objects.bulk_create(rows)

    assert not Record.objects.exists()


@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=lambda value: type(value).__name__)
def test_updating_rows_in_bulk_with_plaintext_is_refused(chart, plaintext):
    before = chart.key
    chart.key = plaintext

    with pytest.raises(PlaintextRefused):
        Chart.objects.bulk_update([chart], ["key"])

    assert Chart.objects.get(pk=chart.pk).key == before


@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=lambda value: type(value).__name__)
def test_an_update_with_plaintext_is_refused(chart, plaintext):
    with pytest.raises(PlaintextRefused):
        Chart.objects.update(key=plaintext)

    assert Chart.objects.get(pk=chart.pk).key == chart.key


@pytest.mark.parametrize("lookup", ["key", "key__exact", "key__in", "key__isnull", "key__gt", "key__startswith"])
def test_no_query_can_compare_ciphertext(chart, lookup):
    with pytest.raises(FieldError):
        Chart.objects.filter(**{lookup: [sealed()] if lookup.endswith("in") else sealed()}).exists()


def test_a_message_of_refusal_carries_no_content(chart):
    chart.key = b"Ulcus cruris"

    with pytest.raises(PlaintextRefused) as refused:
        chart.save()

    assert "Ulcus" not in str(refused.value)


def test_no_form_shows_a_sealed_column():
    assert not Chart._meta.get_field("key").editable


@pytest.mark.parametrize("table", ["storage_chart", "storage_record", "storage_person", "storage_practice"])
def test_no_sealed_column_may_be_empty(own_rows, table):
    with connection.cursor() as cursor:
        columns = {row.name: row for row in connection.introspection.get_table_description(cursor, table)}

    for name in {"key", "head", "body", "private_key", "profile", "recovery_site"} & columns.keys():
        assert not columns[name].null_ok


@pytest.mark.slow
def test_assigning_bytes_to_a_sealed_column_is_a_type_error(root: Path, tmp_path: Path):
    forged, honest = tmp_path / "forged.py", tmp_path / "honest.py"
    forged.write_text(SNIPPET.format(value='b"Ulcus cruris"'))
    honest.write_text(SNIPPET.format(value="chart.head"))
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "--follow-imports=silent"]

    said = subprocess.run(
        [*command, str(forged), str(honest)], capture_output=True, text=True, check=False, cwd=root, timeout=240
    ).stdout

    complaints = [line for line in said.splitlines() if ": error: " in line]
    assert len(complaints) == 1, said
    assert "forged.py:5" in complaints[0]
    assert '"Sealed"' in complaints[0]
    assert "[assignment]" in complaints[0]


def _columns(chart, body):
    return {
        "id": uuid4(),
        "chart_id": chart.id,
        "number": 2,
        "record_id": uuid4(),
        "version": 1,
        "log_no": 1,
        "sequence": 1,
        "body": body,
    }
