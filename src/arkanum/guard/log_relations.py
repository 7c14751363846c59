# SPDX-License-Identifier: MPL-2.0
"""What patients' names and streets have to do with the team: worked out in the guard, where both are known."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from arkanum.core.names import fold
from arkanum.core.unusual import Home, Mark, PersonName, is_common, neighbours, relations
from arkanum.guard.directory import Card
from arkanum.guard.directory_homes import Homes
from arkanum.guard.errors import PracticeSealed
from arkanum.guard.log_index import LogIndex, Related
from arkanum.guard.people import body_of, names_of
from arkanum.guard.roles import Ring
from arkanum.guard.sessions import OpenPractice
from arkanum.storage import people as rows

BELIEVED_SECONDS = 300.0

ByPatient = dict[UUID, dict[UUID, list[Mark]]]
"""By patient and by person of the team: what the one has to do with the other."""


def related(practice: OpenPractice, index: LogIndex) -> Related:
    """Return for each patient who has something to do with the team to whom that matters, and how.

    Nothing while nobody is here who may see names. 60,000 names take a tenth of a second, so what was found is
    believed for some minutes.
    """
    until, found = index.relations
    if time.monotonic() < until:
        return found
    if Ring.DESK not in practice.rings:
        return {}
    try:
        cards, homes = practice.directory.names().cards(), practice.directory.homes()
    except PracticeSealed:
        return {}
    team = {person: PersonName.of_staff(name) for person, name in names_of(practice).items()}
    by_id = _compare(team, cards)
    _add_neighbours(by_id, _living(team, by_id, _typed(practice), homes), homes)
    people, patients = index.vocabulary.people, index.vocabulary.patients
    found = {
        patients.of(patient): {people.of(person): frozenset(marks) for person, marks in about.items()}
        for patient, about in by_id.items()
    }
    index.relations = (time.monotonic() + BELIEVED_SECONDS, found)
    return found


def forget(practice: OpenPractice) -> None:
    """Work out anew with the next question what patients have to do with the team: something of the team changed."""
    if practice.log_index is not None:
        practice.log_index.relations = (0.0, {})


def _compare(team: Mapping[UUID, PersonName], cards: Iterable[Card]) -> ByPatient:
    """Compare the team with all patients; only a last name that somebody of the team has can matter."""
    wanted = {name.last for name in team.values() if name.last}
    counted: Counter[str] = Counter()
    alike: list[tuple[UUID, PersonName]] = []
    folded: dict[str, str] = {}
    patients = 0
    for card in cards:
        patients += 1
        last = folded.get(card.last)
        if last is None:
            last = folded[card.last] = fold(card.last)
        if last in wanted:
            counted[last] += 1
            alike.append((card.patient, PersonName.of_patient(card.last, card.first)))
    found: ByPatient = {}
    for patient, name in alike:
        common = is_common(counted[name.last], patients)
        same = [person for person, own in team.items() if own.is_same(name)]
        for reader, own in team.items():
            others = (team[person] for person in same if person != reader)
            if marks := relations(own, others, name, common=common):
                found.setdefault(patient, {})[reader] = marks
    return found


def _typed(practice: OpenPractice) -> dict[UUID, Home]:
    """Return where those of the team live who said so themselves."""
    bodies = ((row.id, body_of(practice.site, row)) for row in rows.people(practice.id))
    homes = ((person, Home.read(body.street)) for person, body in bodies if body is not None)
    return {person: home for person, home in homes if home is not None}


def _living(team: Iterable[UUID], found: ByPatient, typed: Mapping[UUID, Home], homes: Homes) -> dict[UUID, Home]:
    """Return where the team lives: as they typed it, else as it stands in the only chart under their own name."""
    own: dict[UUID, list[UUID]] = {}
    for patient, about in found.items():
        for person, marks in about.items():
            if Mark.OWN_NAME in marks:
                own.setdefault(person, []).append(patient)
    living = dict(typed)
    for person in team:
        charts = own.get(person, [])
        if person not in living and len(charts) == 1 and (home := homes.get(charts[0])):
            living[person] = home
    return living


def _add_neighbours(found: ByPatient, living: Mapping[UUID, Home], homes: Homes) -> None:
    streets = homes.in_streets({home.street for home in living.values()})
    for person, home in living.items():
        for patient in neighbours(home.number, streets[home.street]):
            marks = found.setdefault(patient, {}).setdefault(person, [])
            if Mark.OWN_NAME not in marks:
                marks.append(Mark.NEIGHBOUR)
