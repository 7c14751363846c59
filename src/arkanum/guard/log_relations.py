# SPDX-License-Identifier: MPL-2.0
"""What patients' names have to do with the team: worked out in the guard, where both are known."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from arkanum.core.names import fold
from arkanum.core.unusual import Mark, PersonName, is_common, relations
from arkanum.guard.directory import Card
from arkanum.guard.errors import PracticeSealed
from arkanum.guard.log_index import LogIndex, Related
from arkanum.guard.people import names_of
from arkanum.guard.roles import Ring
from arkanum.guard.sessions import OpenPractice

BELIEVED_SECONDS = 300.0


def related(practice: OpenPractice, index: LogIndex) -> Related:
    """Return for each patient with a name like somebody's of the team to whom that matters, and how.

    Nothing while nobody is here who may see names. 60,000 names take a tenth of a second, so what was found is
    believed for some minutes.
    """
    until, found = index.relations
    if time.monotonic() < until:
        return found
    if Ring.DESK not in practice.rings:
        return {}
    try:
        cards = practice.directory.names().cards()
    except PracticeSealed:
        return {}
    by_id = _compare(names_of(practice), cards)
    people, patients = index.vocabulary.people, index.vocabulary.patients
    found = {
        patients.of(patient): {people.of(person): frozenset(marks) for person, marks in about.items()}
        for patient, about in by_id.items()
    }
    index.relations = (time.monotonic() + BELIEVED_SECONDS, found)
    return found


def _compare(staff: dict[UUID, str], cards: Iterable[Card]) -> dict[UUID, dict[UUID, list[Mark]]]:
    """Compare the team with all patients; only a last name that somebody of the team has can matter."""
    team = {person: PersonName.of_staff(name) for person, name in staff.items()}
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
    found: dict[UUID, dict[UUID, list[Mark]]] = {}
    for patient, name in alike:
        common = is_common(counted[name.last], patients)
        same = [person for person, own in team.items() if own.is_same(name)]
        for reader, own in team.items():
            others = (team[person] for person in same if person != reader)
            if marks := relations(own, others, name, common=common):
                found.setdefault(patient, {})[reader] = marks
    return found
