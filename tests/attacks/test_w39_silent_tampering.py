# SPDX-License-Identifier: MPL-2.0
"""W39: silent tampering with a record. Whoever can write to the database and holds no key is noticed (§ 630f BGB)."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.db import connection, models, transaction

from arkanum.charts import chain, patients, records
from arkanum.charts.errors import NoSuchRecord, RecordDamaged
from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.guard import Action
from arkanum.guard.errors import Damaged, NotFound
from arkanum.storage.models import Chart, Record
from tests.attacks.twin import assert_red
from tests.cast import Colleague, master_data, new_patient, note
from tests.web.browser import Browser, text

pytestmark = pytest.mark.postgresql

RANDOM_TRIES = 50


def sql(statement, *values):
    """Run a statement as somebody does who holds the database and nothing else."""
    as_stored = models.UUIDField().get_db_prep_value
    prepared = [as_stored(value, connection) if isinstance(value, UUID) else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(statement, prepared)


@dataclass(frozen=True)
class Row:
    """A row of the table of records, as the thief sees it."""

    id: UUID
    number: int
    body: bytes


@dataclass(frozen=True)
class Practice:
    """Dora's chart with six rows, Erna's with three; and how somebody would notice."""

    ada: Colleague
    dora: UUID
    erna: UUID
    looks: tuple[Callable[["Practice"], bool], ...]

    def rows(self, patient, ring="treatment"):
        found = Record.objects.filter(chart__patient_id=patient, chart__ring=ring).order_by("number")
        return [Row(row.id, row.number, row.body.to_storage()) for row in found]

    def chart(self, patient, ring="treatment"):
        return Chart.objects.get(patient_id=patient, ring=ring)

    def noticed(self):
        return any(look(self) for look in self.looks)


def in_the_chart(practice):
    """Tell whether somebody who opens the two charts sees that something is wrong."""
    for patient in (practice.dora, practice.erna):
        try:
            if practice.ada.chart(patient).damaged:
                return True
            patients.versions(practice.ada.grant(Action.READ_PATIENT, patient))
        except (Damaged, RecordDamaged, NoSuchRecord, NotFound):
            return True
    return False


def in_the_log(practice):
    """Tell whether checking the log says that something is wrong."""
    verdict = practice.ada.client.verify_log(practice.ada.token)
    return verdict.bad_line is not None or bool(verdict.alarms)


def attack(practice_and_tricks):
    """Do each trick in a transaction of its own that is rolled back, and look whether it is noticed."""
    practice, tricks = practice_and_tricks
    unnoticed = []
    for trick in tricks:
        with transaction.atomic():
            trick(practice)
            if not practice.noticed():
                unnoticed.append(trick.__name__)
            transaction.set_rollback(True)
    assert unnoticed == []


@pytest.fixture
def practice(ada):
    """Two patients; Dora's second entry was corrected."""
    dora, erna = new_patient(ada), new_patient(ada, "Sommerfeld", "Erna")
    first = [ada.write(dora, f"Befund {number}") for number in range(4)]
    for number in range(3):
        ada.write(erna, f"Verlauf {number}")
    for version, said in enumerate(("Befund links", "Befund rechts"), start=1):
        grant = ada.grant(Action.WRITE_CHART, dora)
        records.correct(ada.client, grant, first[1].record, version, note(said))
    return Practice(ada, dora, erna, (in_the_chart, in_the_log))


# --- tricks ----------------------------------------------------------------------------------------------------------


def change_a_byte(practice):
    row = practice.rows(practice.dora)[2]
    _put(row, _flipped(row.body, len(row.body) - 20))


def remove_the_newest_version(practice):
    _remove(practice.rows(practice.dora)[-1])


def remove_the_newest_version_and_shorten(practice):
    _remove(practice.rows(practice.dora)[-1])
    sql("UPDATE storage_chart SET length = length - 1 WHERE id = %s", practice.chart(practice.dora).id)


def remove_the_oldest(practice):
    _remove(practice.rows(practice.dora)[0])


def remove_the_oldest_and_renumber(practice):
    chart = practice.chart(practice.dora)
    _remove(practice.rows(practice.dora)[0])
    for row in practice.rows(practice.dora):
        sql("UPDATE storage_record SET number = %s WHERE id = %s", row.number - 1, row.id)
    sql("UPDATE storage_chart SET length = length - 1 WHERE id = %s", chart.id)


def swap_two_bodies(practice):
    _swap(*practice.rows(practice.dora)[:2])


def swap_two_versions_of_an_entry(practice):
    rows = practice.rows(practice.dora)
    _swap(rows[1], rows[4])


def swap_bodies_between_patients(practice):
    _swap(practice.rows(practice.dora)[0], practice.rows(practice.erna)[0])


def swap_two_numbers(practice):
    first, second = practice.rows(practice.dora)[:2]
    for row, number in ((first, 1000), (second, first.number), (first, second.number)):
        sql("UPDATE storage_record SET number = %s WHERE id = %s", number, row.id)


def copy_a_row_from_another_chart(practice):
    row = practice.rows(practice.erna)[0]
    _copy(row, practice.chart(practice.dora).id, 7)
    sql("UPDATE storage_chart SET length = length + 1 WHERE id = %s", practice.chart(practice.dora).id)


def move_a_row_to_another_chart(practice):
    row = practice.rows(practice.erna)[-1]
    sql("UPDATE storage_record SET chart_id = %s, number = 7 WHERE id = %s", practice.chart(practice.dora).id, row.id)


def double_an_entry(practice):
    _copy(practice.rows(practice.dora)[0], practice.chart(practice.dora).id, 7, uuid4())


def pretend_another_permit(practice):
    sql("UPDATE storage_record SET log_no = log_no + 1 WHERE id = %s", practice.rows(practice.dora)[0].id)


def hide_a_correction(practice):
    sql("UPDATE storage_record SET version = 9 WHERE id = %s", practice.rows(practice.dora)[1].id)


def give_an_entry_another_id(practice):
    sql("UPDATE storage_record SET record_id = %s WHERE id = %s", uuid4(), practice.rows(practice.dora)[0].id)


def use_the_head_of_another_chart(practice):
    other = practice.chart(practice.erna).head.to_storage()
    sql("UPDATE storage_chart SET head = %s WHERE id = %s", other, practice.chart(practice.dora).id)


def swap_the_charts_of_two_patients(practice):
    mine, theirs = practice.chart(practice.dora), practice.chart(practice.erna)
    for patient, chart in ((uuid4(), mine), (practice.dora, theirs), (practice.erna, mine)):
        sql("UPDATE storage_chart SET patient_id = %s WHERE id = %s", patient, chart.id)


def swap_the_keys_of_two_charts(practice):
    mine, theirs = practice.chart(practice.dora), practice.chart(practice.erna)
    for chart, other in ((mine, theirs), (theirs, mine)):
        sql("UPDATE storage_chart SET key = %s WHERE id = %s", other.key.to_storage(), chart.id)


def change_the_master_data(practice):
    row = practice.rows(practice.dora, "desk")[0]
    _put(row, _flipped(row.body, 40))


def remove_the_master_data(practice):
    _remove(practice.rows(practice.dora, "desk")[0])


IN_THE_CHART = [
    change_a_byte,
    remove_the_newest_version,
    remove_the_newest_version_and_shorten,
    remove_the_oldest,
    remove_the_oldest_and_renumber,
    swap_two_bodies,
    swap_two_versions_of_an_entry,
    swap_bodies_between_patients,
    swap_two_numbers,
    copy_a_row_from_another_chart,
    move_a_row_to_another_chart,
    double_an_entry,
    pretend_another_permit,
    hide_a_correction,
    give_an_entry_another_id,
    use_the_head_of_another_chart,
    swap_the_charts_of_two_patients,
    swap_the_keys_of_two_charts,
    change_the_master_data,
    remove_the_master_data,
]


def remove_a_whole_chart(practice):
    chart = practice.chart(practice.dora)
    for row in practice.rows(practice.dora):
        _remove(row)
    sql("DELETE FROM storage_chart WHERE id = %s", chart.id)


def _put(row, body):
    sql("UPDATE storage_record SET body = %s WHERE id = %s", body, row.id)


def _remove(row):
    sql("DELETE FROM storage_record WHERE id = %s", row.id)


def _swap(first, second):
    _put(first, second.body)
    _put(second, first.body)


def _copy(row, chart, number, record=None):
    columns = "version, log_no, sequence, body"
    statement = f"""INSERT INTO storage_record (id, chart_id, number, record_id, {columns})
        SELECT %s, %s, %s, COALESCE(%s, record_id), {columns} FROM storage_record WHERE id = %s"""  # noqa: S608
    sql(statement, uuid4(), chart, number, record, row.id)


def _flipped(raw, place):
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def random_tricks():
    """Return tricks on a chart, a row and a byte that chance has chosen."""
    chance = random.Random(630)
    return [_random_trick(chance) for _ in range(RANDOM_TRIES)]


def _random_trick(chance):
    kind = chance.choice(["body", "head", "key", "remove", "number", "version", "log_no", "length", "cut", "swap"])
    ring, seed = chance.choice(["treatment", "treatment", "desk"]), chance.random()

    def trick(practice):
        own = random.Random(seed)
        patient = own.choice([practice.dora, practice.erna])
        chart, rows = practice.chart(patient, ring), practice.rows(patient, ring)
        row = own.choice(rows)
        if kind in {"head", "key"}:
            raw = getattr(chart, kind).to_storage()
            flipped = _flipped(raw, own.randrange(len(raw)))
            sql(f"UPDATE storage_chart SET {kind} = %s WHERE id = %s", flipped, chart.id)  # noqa: S608
        elif kind in {"number", "version", "log_no"}:
            more = own.randrange(10, 1000)
            sql(f"UPDATE storage_record SET {kind} = {kind} + %s WHERE id = %s", more, row.id)  # noqa: S608
        elif kind == "length":
            sql("UPDATE storage_chart SET length = length + %s WHERE id = %s", own.randrange(1, 9), chart.id)
        elif kind == "remove":
            _remove(row)
        elif kind == "cut":
            _put(row, row.body[: -own.randrange(1, 30)])
        elif kind == "swap":
            _swap(row, practice.rows(practice.erna if patient == practice.dora else practice.dora, ring)[0])
        else:
            _put(row, _flipped(row.body, own.randrange(len(row.body))))

    trick.__name__ = f"{kind} {ring} {seed}"
    return trick


# --- noticed ---------------------------------------------------------------------------------------------------------


def test_nothing_is_noticed_where_nobody_has_tampered(practice):
    assert not practice.noticed()


def test_whoever_opens_the_chart_notices_twenty_ways_to_tamper_with_it(practice):
    assert len(IN_THE_CHART) == 20
    attack((Practice(practice.ada, practice.dora, practice.erna, (in_the_chart,)), IN_THE_CHART))


def test_all_of_fifty_random_changes_are_noticed_by_opening_the_chart(practice):
    attack((Practice(practice.ada, practice.dora, practice.erna, (in_the_chart,)), random_tricks()))


def test_the_page_shows_in_red_that_a_chart_was_changed(practice):
    change_a_byte(practice)

    page = Browser().sit_down(practice.ada.token).get(f"/kartei/{practice.dora}")

    assert 'data-test="damage"' in text(page)
    assert "Befund 0" in text(page)


def rolled_back(practice, entry):
    """Write one more entry and return the trick that puts the whole chart back to the state before it."""
    before = practice.chart(practice.dora)
    entry()

    def put_the_whole_chart_back(practice):
        for row in practice.rows(practice.dora)[before.length :]:
            _remove(row)
        statement = "UPDATE storage_chart SET length = %s, head = %s WHERE id = %s"
        sql(statement, before.length, before.head.to_storage(), before.id)

    return put_the_whole_chart_back


def test_a_chart_put_back_to_yesterday_is_noticed_by_the_log(practice):
    trick = rolled_back(practice, lambda: practice.ada.write(practice.dora, "Allergie gegen Penicillin"))

    attack((practice, [trick, remove_a_whole_chart]))


def test_the_log_says_under_which_line_something_was_removed(practice):
    trick = rolled_back(practice, lambda: practice.ada.write(practice.dora, "Allergie gegen Penicillin"))
    line = Record.objects.filter(chart__patient_id=practice.dora).order_by("-log_no").first().log_no
    trick(practice)

    verdict = practice.ada.client.verify_log(practice.ada.token)

    assert verdict.alarms == (f"Die Einträge zu Zeile {line} wurden entfernt.",)


def test_one_patient_removed_out_of_a_batch_is_noticed_by_the_log(founded, ada):
    moves = [Move(PatientId(new_id()), master_data(f"Sommer{n}"), (note("Lunge frei"),)) for n in range(20)]
    move_in(founded.client, ada.token, moves)
    assert founded.client.verify_log(ada.token).alarms == ()

    victim = moves[7].patient_id
    Record.objects.filter(chart__patient_id=victim).delete()
    Chart.objects.filter(patient_id=victim).delete()

    alarms = founded.client.verify_log(ada.token).alarms
    assert [alarm.endswith("wurden 2 von 40 Einträgen entfernt.") for alarm in alarms] == [True]


def test_after_a_correction_the_original_stays_with_who_and_when(founded, ada, ben, dora):
    line = ada.write(dora, "Fraktur links")
    grant = ben.grant(Action.WRITE_CHART, dora)
    records.correct(ben.client, grant, line.record, 1, note("Fraktur rechts"))
    records.strike(ada.client, ada.grant(Action.WRITE_CHART, dora), line.record, 2, "falscher Patient")

    newest, corrected, original = records.history(ada.grant(Action.READ_CHART, dora), line.record)

    assert (newest.version, newest.entry.by, newest.entry.struck) == (3, ada.person, "falscher Patient")
    assert (corrected.entry.content.text, corrected.entry.by) == ("Fraktur rechts", ben.person)
    assert (original.entry.content.text, original.entry.by) == ("Fraktur links", ada.person)
    assert original.entry.written <= corrected.entry.written <= newest.entry.written


# --- weakened twins --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trick", [remove_the_newest_version, remove_the_oldest, pretend_another_permit])
def test_the_attack_goes_unnoticed_by_a_reader_without_a_chain(practice, monkeypatch, trick):
    monkeypatch.setattr(chain, "_check_head", lambda *_: [])

    assert_red(attack, (Practice(practice.ada, practice.dora, practice.erna, (in_the_chart,)), [trick]))


def test_the_rollback_goes_unnoticed_where_nobody_compares_rows_with_the_log(practice):
    trick = rolled_back(practice, lambda: practice.ada.write(practice.dora, "Allergie gegen Penicillin"))

    assert_red(attack, (Practice(practice.ada, practice.dora, practice.erna, (in_the_chart,)), [trick]))
