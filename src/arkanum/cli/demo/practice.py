# SPDX-License-Identifier: MPL-2.0
"""Makes the demo's practice through the guard's own doors: founded with the one-time code, like any other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from uuid import UUID

from arkanum.charts.moving import LARGEST_BATCH, Move, move_in
from arkanum.cli.demo.history import history, long_history
from arkanum.cli.demo.people import people
from arkanum.core.entries import Entry
from arkanum.core.ids import PatientId, new_id
from arkanum.core.passphrases import suggest
from arkanum.core.patients import Patient
from arkanum.guard import Client, Role
from arkanum.guard.roles import ENDS

PRACTICE = "Praxis am Lindenplatz"
LONG_CHART_ENTRIES = 500
"""Entries of the first patient, who has come for years."""

LIVELY = 1_000
"""So many patients have a whole year of entries. In a larger practice the others have their newest few alone, or a
practice of 60,000 would take half an hour to make."""

NEWEST_FEW = 3
LOCUM_DAYS = 60


@dataclass(frozen=True, slots=True)
class Account:
    """Someone of the demo's cast, with the pass phrase that was made for this run."""

    name: str
    login: str
    role: Role
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Demo:
    """What one needs to get into the demo."""

    accounts: tuple[Account, ...]
    link: str = field(repr=False)
    paper_codes: tuple[str, str, str] = field(repr=False)
    patients: int
    entries: int


CAST = (
    ("Dr. Ben Brandt", "ben", Role.LOCUM, False),
    ("Cora Claasen", "cora", Role.ASSISTANT, True),
    ("Tilda Tietjen", "tilda", Role.TRAINEE, False),
    ("Bea Behrens", "bea", Role.BILLING, False),
    ("Dan Dietrich", "dan", Role.ADMINISTRATOR, False),
    ("Rita Rehder", "rita", Role.AUDITOR, False),
)
"""Name, login name, role, and whether the practice lets them read charts."""


def make(
    client: Client, code: str, *, count: int, today: date, progress: Callable[[int], None], seed: int | None = None
) -> Demo:
    """Found the demo's practice and fill it.

    Args:
        client: the way to a guard whose data folder is empty.
        code: the one-time code from its console.
        count: number of patients.
        today: the last day of the year of entries.
        progress: called with the number of patients made so far.
        seed: the same seed invents the same patients; by chance when left out. Keys, codes and pass phrases are
            always made anew.

    Returns:
        How to get in; nothing of it is stored anywhere.
    """
    ada = Account("Dr. Ada Albrecht", "ada", Role.DOCTOR, suggest(6))
    founded = client.found_practice(
        code=code,
        practice_name=PRACTICE,
        name=ada.name,
        login=ada.login,
        passphrase=ada.passphrase,
        device_name="Demo auf der Konsole",
    )
    token = founded.token
    client.confirm_paper(token, first=founded.paper_codes[0], second=founded.paper_codes[1])
    others = [_add(client, token, founded.device_secret, entry, today) for entry in CAST]
    doctors = tuple(member.person for member in client.staff(token).members if member.role in {Role.DOCTOR, Role.LOCUM})
    patients, entries = _fill(client, token, invented(count, seed, today, doctors), progress)
    link = client.invite_device(token, name="Demo-Browser")
    client.remove_device(token, founded.who.device)
    return Demo((ada, *others), link, founded.paper_codes, patients, entries)


def _add(client: Client, token: bytes, device: bytes, entry: tuple[str, str, Role, bool], today: date) -> Account:
    name, login, role, with_treatment = entry
    until = date.fromordinal(today.toordinal() + LOCUM_DAYS) if role in ENDS else None
    first = client.add_person(token, name=name, login=login, role=role, until=until, with_treatment=with_treatment)
    account = Account(name, login, role, suggest(6))
    session = client.sign_in(device_secret=device, login=login, passphrase=first)
    client.change_passphrase(session.token, old=first, new=account.passphrase)
    client.sign_out(session.token)
    return account


def invented(
    count: int, seed: int | None, today: date, doctors: Sequence[UUID]
) -> Iterator[tuple[Patient, list[Entry]]]:
    """Yield the demo's patients with their entries, oldest first; the first patient has five hundred."""
    rng = random.Random(seed)  # noqa: S311 - invented people need no secret
    for index, patient in enumerate(people(count, rng.randrange(2**32), today=today)):
        if index == 0:
            yield patient, long_history(patient, rng, today, doctors, LONG_CHART_ENTRIES)
        else:
            entries = history(patient, rng, today, doctors)
            yield patient, entries if index < LIVELY else entries[-NEWEST_FEW:]


def _fill(
    client: Client, token: bytes, charts: Iterable[tuple[Patient, list[Entry]]], progress: Callable[[int], None]
) -> tuple[int, int]:
    made = written = 0
    for batch in _batches(charts):
        moves = [Move(PatientId(new_id()), patient, tuple(entries)) for patient, entries in batch]
        moved = move_in(client, token, moves, detail="demo")
        made, written = made + moved.patients, written + moved.entries
        progress(made)
    return made, written


def _batches(charts: Iterable[tuple[Patient, list[Entry]]]) -> Iterator[list[tuple[Patient, list[Entry]]]]:
    iterator = iter(charts)
    while batch := list(islice(iterator, LARGEST_BATCH)):
        yield batch
