# SPDX-License-Identifier: MPL-2.0
"""Everything the chart's page shows, read once and turned into plain strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from arkanum.charts import patients, records
from arkanum.charts.records import ChartView, Line, Summary
from arkanum.core import Address, Caution, Certainty, Diagnosis, Insurance, Medication, Patient, label
from arkanum.core import options as labels_of
from arkanum.core.entries import EntryKind
from arkanum.guard import Grant
from arkanum.web.chart.curves import Figure, figures_of
from arkanum.web.chart.rows import BADGES, Day, days_of
from arkanum.web.german import day


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is, in the line over the chart."""

    last: str
    given: str
    born: str
    age: str
    sex: str
    sex_letter: str
    number: str
    insurance: str
    town: str
    phone: str
    desk_note: str
    died_on: str


@dataclass(frozen=True, slots=True)
class Side:
    """A line of what is always in view."""

    record: UUID
    code: str
    text: str
    mark: str
    small: str


@dataclass(frozen=True, slots=True)
class Button:
    """A kind that the list can be reduced to, and how many there are."""

    kind: str
    name: str
    badge: str
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The chart as the page shows it."""

    patient: UUID
    person: Person
    cautions: list[Side]
    diagnoses: list[Side]
    medication: list[Side]
    buttons: list[Button]
    total: int
    days: list[Day]
    damaged: tuple[str, ...]
    figures: list[Figure]


def shown(grant: Grant, today: date) -> Shown:
    """Read the grant's chart and return what the page shows of it."""
    patient = patients.read(grant).patient
    return shown_of(grant.require_patient(), patient, records.read(grant), grant.colleagues, today)


def shown_of(patient_id: UUID, patient: Patient, view: ChartView, names: Mapping[UUID, str], today: date) -> Shown:
    """Return what the page shows of a chart that was read already.

    Args:
        patient_id: whose chart it is.
        patient: the newest master data.
        view: the entries.
        names: names of the people who wrote them.
        today: the day of which ages and valid insurance are shown.
    """
    summary = records.summary(view)
    return Shown(
        patient=patient_id,
        person=person_of(patient, today),
        cautions=[_caution(line) for line in summary.cautions],
        diagnoses=[_diagnosis(line) for line in summary.permanent],
        medication=[_medication(line) for line in summary.medication],
        buttons=_buttons(summary),
        total=len(view.entries),
        days=days_of(view.entries, names),
        damaged=tuple(damage.reason for damage in view.damaged),
        figures=figures_of(records.vitals(view)),
    )


def person_of(patient: Patient, today: date) -> Person:
    """Return the line over the chart."""
    name = patient.name
    home = _home(patient.addresses)
    return Person(
        last=name.last,
        given=" ".join(part for part in (name.title, name.first, name.suffix, name.prefix) if part),
        born=patient.birth.german() if patient.birth else "",
        age=str(patient.birth.age(patient.died_on or today)) if patient.birth else "",
        sex=label(patient.sex),
        sex_letter=patient.sex.value,
        number=patient.number,
        insurance=_insurance(patient.insurance, today),
        town=" ".join(part for part in (home.postcode, home.town) if part) if home else "",
        phone=patient.phones[0].number if patient.phones else "",
        desk_note=patient.desk_note,
        died_on=day(patient.died_on),
    )


def _home(addresses: Iterable[Address]) -> Address | None:
    return next(iter(addresses), None)


def _insurance(episodes: Iterable[Insurance], today: date) -> str:
    valid = [one for one in episodes if one.valid_until is None or one.valid_until >= today]
    if not valid:
        return ""
    newest = max(valid, key=lambda one: one.valid_from or date.min)
    return newest.payer or label(newest.kind)


def _caution(line: Line) -> Side:
    content = line.entry.content
    allergy = isinstance(content, Caution) and content.allergy
    text = content.text if isinstance(content, Caution) else ""
    return Side(line.record, "", text, "", "Allergie" if allergy else "")


def _diagnosis(line: Line) -> Side:
    content = line.entry.content
    if not isinstance(content, Diagnosis):
        return Side(line.record, "", "", "", "")
    certain = "" if content.certainty is Certainty.G else label(content.certainty)
    side = label(content.side) if content.side else ""
    return Side(line.record, content.code or "–", content.text, certain, side)


def _medication(line: Line) -> Side:
    content = line.entry.content
    if not isinstance(content, Medication):
        return Side(line.record, "", "", "", "")
    small = " · ".join(part for part in (content.reason, f"seit {day(content.since)}" if content.since else "") if part)
    return Side(line.record, "", content.name, content.dose, small)


def _buttons(summary: Summary) -> list[Button]:
    names = dict(labels_of(EntryKind))
    return [
        Button(kind.value, names[kind], badge, summary.counts[kind])
        for kind, badge in BADGES.items()
        if summary.counts.get(kind)
    ]
