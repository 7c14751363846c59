# SPDX-License-Identifier: MPL-2.0
"""Damage is named by its number, in words, and hides nothing beside it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F

from arkanum.charts import records
from arkanum.charts.errors import RecordDamaged
from arkanum.guard import Action, Ring
from arkanum.guard.errors import Refused
from arkanum.storage import charts
from arkanum.storage.models import Chart, Record
from tests.cast import new_patient, note, restarted

pytestmark = pytest.mark.postgresql

CHANGED = "Dieser Eintrag wurde außerhalb von Arkanum verändert."
INCOMPLETE = "In dieser Akte fehlen Einträge, oder es wurden welche ausgetauscht."


@pytest.fixture
def fritz(ada):
    """A patient with three entries."""
    patient = new_patient(ada, "Fischer", "Fritz")
    for text in ("eins", "zwei", "drei"):
        ada.write(patient, text)
    return patient


def treatment(patient):
    return Chart.objects.get(patient_id=patient, ring=Ring.TREATMENT)


def rows(patient):
    return list(Record.objects.filter(chart=treatment(patient)).order_by("number"))


def body(row):
    return row.body.to_storage()


def overwrite(row, column, raw):
    """Write bytes into a row as somebody does who holds the database."""
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [raw, key])  # noqa: S608


def texts(view):
    return {line.entry.content.text for line in view.entries}


def reasons(view):
    return [(damage.number, damage.reason) for damage in view.damaged]


def corrected(ada, patient):
    """Correct the second entry, and return its id."""
    record = rows(patient)[1].record_id
    records.correct(ada.client, ada.grant(Action.WRITE_CHART, patient), record, 1, note("zwei, rechts"))
    return record


@pytest.mark.parametrize("byte", [0, 1, 2, 3, 6, 7, 20, -1])
def test_a_body_with_one_byte_changed_is_named_and_the_rest_is_shown(ada, fritz, byte):
    row = rows(fritz)[1]
    raw = bytearray(body(row))
    raw[byte] ^= 0xFF
    overwrite(row, "body", bytes(raw))

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "drei"}
    assert reasons(view) == [(3, INCOMPLETE), (2, CHANGED)]
    assert view.damaged[1].record == row.record_id


@pytest.mark.parametrize("raw", [b"", b"\x00", b"Zustand nach Sturz", bytes(500)], ids=["none", "one", "text", "zeros"])
def test_a_body_that_is_no_ciphertext_at_all_is_named_and_the_rest_is_shown(ada, fritz, raw):
    overwrite(rows(fritz)[1], "body", raw)

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "drei"}
    assert reasons(view) == [(3, INCOMPLETE), (2, CHANGED)]


def test_a_head_that_is_no_ciphertext_is_noticed_and_the_entries_are_shown(ada, fritz):
    overwrite(treatment(fritz), "head", b"no envelope")

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "zwei", "drei"}
    assert reasons(view) == [(3, INCOMPLETE)]


@pytest.mark.parametrize("ring", [Ring.DESK, Ring.TREATMENT])
def test_one_broken_header_hides_no_other_patient(founded, fritz, dora, ring):
    overwrite(Record.objects.filter(chart__patient_id=fritz, chart__ring=ring).first(), "body", b"no envelope")

    ada = restarted(founded).ada.sign_in()

    assert [hit.card.patient for hit in ada.client.search(ada.token, "Müller").hits] == [dora]
    assert ada.chart(dora).damaged == ()


def test_a_row_that_nobody_wrote_is_noticed(ada, fritz):
    row = rows(fritz)[0]
    row.pk, row.number, row.record_id = uuid4(), 4, uuid4()
    row.save(force_insert=True)

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "zwei", "drei"}
    assert reasons(view) == [(3, INCOMPLETE), (4, CHANGED)]


def test_an_older_version_replayed_as_the_newest_is_noticed(ada, fritz):
    corrected(ada, fritz)
    overwrite(rows(fritz)[3], "body", body(rows(fritz)[1]))

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "zwei", "drei"}
    assert reasons(view) == [(4, INCOMPLETE), (4, CHANGED)]


def test_an_older_head_replayed_under_the_newer_length_is_noticed(ada, fritz):
    old = treatment(fritz)
    ada.write(fritz, "vier")
    Record.objects.filter(pk=rows(fritz)[3].pk).delete()
    Chart.objects.filter(pk=old.pk).update(head=old.head)

    assert reasons(ada.chart(fritz)) == [(4, INCOMPLETE)]


def test_renumbered_rows_are_noticed_though_all_of_them_open(ada, fritz):
    Record.objects.filter(chart=treatment(fritz)).update(number=F("number") + 10)

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "zwei", "drei"}
    assert reasons(view) == [(3, INCOMPLETE)]


def test_versions_in_the_wrong_order_show_the_newest_all_the_same(ada, fritz):
    corrected(ada, fritz)
    _, second, _, fourth = rows(fritz)
    for row, number in ((second, 90), (fourth, 2), (second, 4)):
        Record.objects.filter(pk=row.pk).update(number=number)

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "zwei, rechts", "drei"}
    assert reasons(view) == [(4, INCOMPLETE)]


def test_damage_stays_visible_when_somebody_goes_on_writing(ada, fritz):
    Record.objects.filter(pk=rows(fritz)[0].pk).delete()

    ada.write(fritz, "vier")

    assert texts(ada.chart(fritz)) == {"zwei", "drei", "vier"}
    assert reasons(ada.chart(fritz)) == [(4, INCOMPLETE)]


def test_an_entry_is_not_corrected_while_a_version_of_it_does_not_open(ada, fritz):
    record = corrected(ada, fritz)
    overwrite(rows(fritz)[3], "body", body(rows(fritz)[0]))

    for base in (1, 2):
        with pytest.raises(RecordDamaged):
            records.correct(ada.client, ada.grant(Action.WRITE_CHART, fritz), record, base, note("zwei, links"))
    with pytest.raises(RecordDamaged):
        records.strike(ada.client, ada.grant(Action.WRITE_CHART, fritz), record, 1, "falsch")

    assert len(rows(fritz)) == 4
    assert [line.version for line in records.history(ada.grant(Action.READ_CHART, fritz), record)] == [1]


def test_the_history_of_an_entry_that_does_not_open_says_so(ada, fritz):
    row = rows(fritz)[0]
    overwrite(row, "body", body(rows(fritz)[1]))

    with pytest.raises(RecordDamaged):
        records.history(ada.grant(Action.READ_CHART, fritz), row.record_id)


def test_a_chart_that_somebody_writes_while_it_is_read_shows_no_damage(ada, fritz, monkeypatch):
    records_of, meanwhile = charts.records_of, ["vier", "fünf"]

    def written_meanwhile(chart_id):
        if meanwhile:
            ada.write(fritz, meanwhile.pop())
        return records_of(chart_id)

    monkeypatch.setattr(charts, "records_of", written_meanwhile)

    view = ada.chart(fritz)

    assert texts(view) == {"eins", "zwei", "drei", "vier", "fünf"}
    assert view.damaged == ()


def test_a_chart_that_somebody_shortens_while_it_is_read_shows_damage(ada, fritz, monkeypatch):
    records_of = charts.records_of

    def shortened_meanwhile(chart_id):
        Record.objects.filter(chart_id=chart_id, number=3).delete()
        Chart.objects.filter(pk=chart_id).update(length=2)
        return records_of(chart_id)

    monkeypatch.setattr(charts, "records_of", shortened_meanwhile)

    assert reasons(ada.chart(fritz)) == [(3, INCOMPLETE)]


def test_a_grant_for_the_desk_opens_no_chart(ada, fritz):
    with pytest.raises(Refused):
        records.read(ada.grant(Action.READ_PATIENT, fritz))
