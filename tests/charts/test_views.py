# SPDX-License-Identifier: MPL-2.0
"""What must always be in view, and vital signs over time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from arkanum.charts import patients, records
from arkanum.charts.records import ChartView, Line
from arkanum.core.entries import Caution, Entry, EntryKind, Measure, Medication, Sign, Vitals
from arkanum.guard import Action
from tests.cast import diagnosis, master_data, note

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def line(content_or_entry, **changes):
    entry = content_or_entry
    if not isinstance(entry, Entry):
        entry = replace(note(""), content=entry)
    entry = replace(entry, **{"happened": date(2026, 11, 23), "written": NOON, **changes})
    return Line(uuid4(), 1, 1, entry)


def view(*lines):
    return ChartView(tuple(lines), ())


def test_permanent_diagnoses_medication_and_cautions_are_always_in_view():
    asthma, cold = line(diagnosis("J45.9", "Asthma", permanent=True)), line(diagnosis("J06.9", "Infekt"))
    pills, short = (
        line(Medication(name="Ramipril", permanent=True)),
        line(Medication(name="Ibuprofen", permanent=False)),
    )
    allergy = line(Caution(text="Penicillin", allergy=True))

    summary = records.summary(view(asthma, cold, pills, short, allergy))

    assert (summary.permanent, summary.medication, summary.cautions) == ((asthma,), (pills,), (allergy,))
    assert summary.counts == {EntryKind.DIAGNOSIS: 2, EntryKind.MEDICATION: 2, EntryKind.CAUTION: 1}


def test_what_was_struck_out_is_not_in_view_but_counted():
    struck = line(Caution(text="Penicillin", allergy=True), struck="Irrtum")

    summary = records.summary(view(struck))

    assert summary.cautions == ()
    assert summary.counts == {EntryKind.CAUTION: 1}


def test_the_same_diagnosis_written_twice_stands_once_and_the_newest_counts():
    newest = line(diagnosis("J45.9", "Asthma bronchiale", permanent=True))
    older = line(diagnosis("J45.9", "Asthma", permanent=True))
    uncoded = line(diagnosis(None, "Asthma", permanent=True))

    assert records.summary(view(newest, older, uncoded)).permanent == (newest, uncoded)


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 1), (1, 1)])
def test_medication_that_has_ended_is_not_in_view(days, count):
    until = datetime.now(UTC).date() + timedelta(days=days)

    summary = records.summary(view(line(Medication(name="Ramipril", permanent=True, until=until))))

    assert len(summary.medication) == count


def test_vital_signs_are_curves_oldest_first():
    def measured(day, systolic, pulse=None, **changes):
        measures = [Measure(sign=Sign.RR_SYS, value=Decimal(systolic), unit="mmHg")]
        measures += [Measure(sign=Sign.PULSE, value=Decimal(pulse), unit="/min")] if pulse else []
        return line(Vitals(measures=tuple(measures)), happened=date(2026, 11, day), **changes)

    curves = records.vitals(
        view(measured(3, 130), measured(2, 150, struck="Manschette"), measured(1, 140, 72, at=time(9, 30)))
    )

    by_sign = {curve.sign: curve for curve in curves}
    assert by_sign[Sign.RR_SYS].points == (
        (date(2026, 11, 1), time(9, 30), Decimal(140)),
        (date(2026, 11, 3), None, Decimal(130)),
    )
    assert by_sign[Sign.PULSE].unit == "/min"
    assert len(by_sign[Sign.PULSE].points) == 1


def test_a_chart_is_read_newest_first(ada, dora):
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011
    client = ada.client
    for text, happened, at in (
        ("gestern", yesterday, None),
        ("heute früh", date.today(), time(8)),  # noqa: DTZ011
        ("heute spät", date.today(), time(17)),  # noqa: DTZ011
    ):
        entry = replace(note(text), happened=happened, at=at)
        records.write(client, ada.grant("write_chart", dora), entry)

    texts = [found.entry.content.text for found in ada.chart(dora).entries]
    assert texts == ["heute spät", "heute früh", "Zustand nach Sturz", "gestern"]


def test_a_given_number_is_one_that_nobody_has(founded, ada, monkeypatch):
    taken = patients.new(founded.client, ada.token, master_data("Sommer", number="100000"))
    drawn = iter([0, 0, 5])
    monkeypatch.setattr(patients.secrets, "randbelow", lambda _: next(drawn))

    fresh = patients.new(founded.client, ada.token, master_data("Winter"))

    assert patients.read(ada.grant(Action.READ_PATIENT, taken)).patient.number == "100000"
    assert patients.read(ada.grant(Action.READ_PATIENT, fresh)).patient.number == "100005"
