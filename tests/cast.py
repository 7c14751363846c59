# SPDX-License-Identifier: MPL-2.0
"""The cast: the same people in every test, in a practice of the test's own with real rows on a real disk.

Dr. Ada founded the practice, Ben is her locum, Cora sits at the desk, Dan looks after the computers and holds no ring,
Tilda is a trainee, Rita an auditor, Dora is a patient, Emil a stranger. The guard runs in this process over the same
bytes as on its socket; the one thing that is cheaper than in life is Argon2id, and it is made so where the guard is
made, never by a setting.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from arkanum.charts import patients, records
from arkanum.core.entries import Diagnosis, Entry, Note
from arkanum.core.ids import PatientId
from arkanum.core.patients import BirthDate, Insurance, InsuranceKind, Name, Patient, Phone, Sex
from arkanum.guard import Action, Client, Grant, Role, use
from arkanum.guard import protocol as p
from arkanum.guard.direct import DirectTransport
from arkanum.guard.directory_pages import at_once
from arkanum.guard.house import Guard
from arkanum.guard.roles import ENDS
from arkanum.vault import Cost

CHEAP = Cost(64, 1, 1)
"""Argon2id in a tenth of a millisecond."""

PASSPHRASE = "korrekt pferd batterie stapel wolke geige"
"""Ada's."""

SECOND_PASSPHRASE = "salat tonne fichte rakete pinguin sessel"
"""What the others choose when they first sign in, and Ada when she forgot hers."""

PRACTICE = "Praxis am Markt"


@dataclass(frozen=True)
class Colleague:
    """Somebody of the practice, signed in."""

    client: Client
    token: bytes = field(repr=False)
    who: p.Who
    login: str
    passphrase: str = field(repr=False)
    device_secret: bytes = field(repr=False)

    @property
    def person(self) -> UUID:
        return self.who.person

    def grant(self, action: Action, patient: UUID | None = None, record: UUID | None = None) -> Grant:
        return self.client.permit(self.token, action, patient=patient, record=record)

    def chart(self, patient: UUID) -> records.ChartView:
        return records.read(self.grant(Action.READ_CHART, patient))

    def write(self, patient: UUID, text: str) -> records.Line:
        return records.write(self.client, self.grant(Action.WRITE_CHART, patient), note(text))

    def sign_in(self, *, passphrase: str | None = None) -> Colleague:
        """Sign in once more at the same device."""
        signed_in = self.client.sign_in(
            device_secret=self.device_secret, login=self.login, passphrase=passphrase or self.passphrase
        )
        return replace(self, token=signed_in.token, who=signed_in.who, passphrase=passphrase or self.passphrase)

    def sign_out(self) -> None:
        self.client.sign_out(self.token)


@dataclass(frozen=True)
class Founded:
    """A practice whose paper codes were typed back, with its founder signed in."""

    guard: Guard
    client: Client
    folder: Path
    ada: Colleague
    paper_codes: tuple[str, str, str] = field(repr=False)

    @property
    def device_secret(self) -> bytes:
        """The secret of the practice's first device."""
        return self.ada.device_secret

    def add(self, name: str, login: str, role: Role, **options: object) -> Colleague:
        """Let Ada add a person, who signs in and chooses a pass phrase; who comes for a time stays ten days."""
        if role in ENDS:
            options.setdefault("until", date.today() + timedelta(days=10))  # noqa: DTZ011
        first = self.client.add_person(self.ada.token, name=name, login=login, role=role, **options)
        signed_in = self.client.sign_in(device_secret=self.device_secret, login=login, passphrase=first)
        self.client.change_passphrase(signed_in.token, old=first, new=SECOND_PASSPHRASE)
        who = self.client.who(signed_in.token)
        return Colleague(self.client, signed_in.token, who, login, SECOND_PASSPHRASE, self.device_secret)


@dataclass(frozen=True)
class Stranger:
    """Emil: he knows the program and every name, and has no device of the practice."""

    client: Client
    device_secret: bytes = field(repr=False)


def found(guard: Guard, *, name: str = PRACTICE, login: str = "ada", passphrase: str = PASSPHRASE) -> Founded:
    """Found a practice on a guard and type its paper codes back."""
    client = Client(DirectTransport(guard))
    made = client.found_practice(
        code=guard.founding_code,
        practice_name=name,
        name="Dr. Ada Lovelace",
        login=login,
        passphrase=passphrase,
        device_name="Empfang",
    )
    client.confirm_paper(made.token, first=made.paper_codes[0], second=made.paper_codes[2])
    ada = Colleague(client, made.token, client.who(made.token), login, passphrase, made.device_secret)
    return Founded(guard, client, guard.data, ada, made.paper_codes)


def in_process(folder: Path, **options: object) -> Guard:
    """Make a guard in this process; `options` are those of `Guard`."""
    return Guard(folder, **{"spawn": at_once, "cost": lambda: CHEAP, **options})


def restarted(founded: Founded, **options: object) -> Founded:
    """End the practice's guard and start another on the same folder; nobody is signed in there."""
    founded.guard.close()
    guard = in_process(founded.folder, **options)
    client = Client(DirectTransport(guard))
    return Founded(guard, client, founded.folder, replace(founded.ada, client=client), founded.paper_codes)


def master_data(last: str = "Müller", first: str = "Dora", **changes: object) -> Patient:
    """Return somebody's master data, not yet in the practice."""
    patient = Patient(
        number="",
        name=Name(first=first, last=last),
        birth=BirthDate(year=1965, month=4, day=3),
        sex=Sex.W,
        addresses=(),
        phones=(Phone(number="030 1234567"),),
        emails=(),
        insurance=(Insurance(kind=InsuranceKind.STATUTORY, payer="AOK", number="A123456780"),),
        by=UUID(int=0),
        written=datetime.now(UTC),
        origin=None,
    )
    return replace(patient, **changes)


def note(text: str) -> Entry:
    """Return an entry of free text."""
    return Entry(content=Note(text=text), happened=date.today(), by=UUID(int=0), written=datetime.now(UTC))  # noqa: DTZ011


def diagnosis(code: str, text: str, **options: object) -> Entry:
    """Return a diagnosis."""
    content = Diagnosis(code=code, text=text, **options)
    return replace(note(""), content=content)


def new_patient(colleague: Colleague, last: str = "Müller", first: str = "Dora") -> PatientId:
    """Take somebody in as a patient."""
    return patients.new(colleague.client, colleague.token, master_data(last, first))


@dataclass
class Clock:
    """A clock that goes when told to: `clock()` gives seconds, `clock.now()` an aware time."""

    seconds: float = 0.0
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.seconds)

    def go(self, seconds: float) -> None:
        self.seconds += seconds


def at_the_same_time(*works: Callable[[], object]) -> None:
    """Run each work in a thread of its own, give its database connection back, and raise the first failure here."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


# --- rows of the test's own ------------------------------------------------------------------------------------------


def _point_at(name: str) -> None:
    connections.close_all()
    connections.settings["default"]["NAME"] = name
    if hasattr(connections._connections, "default"):
        del connections["default"]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker):
    """A migrated database that tests copy: SQLite's file, or the name of a PostgreSQL template."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            name = str(tmp_path_factory.mktemp("rows") / "empty.sqlite3")
        else:
            name = f"arkanum_empty_{uuid4().hex}"
            _server(f'CREATE DATABASE "{name}"')
        _point_at(name)
        call_command("migrate", verbosity=0)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _point_at(before)
    yield name
    if connection.vendor == "postgresql":
        _server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def own_rows(empty_database: str, tmp_path: Path, django_db_blocker):
    """A data folder with a migrated database of the test's own; every thread of the test sees it."""
    with django_db_blocker.unblock(), rows_in(tmp_path / "data", empty_database) as folder:
        yield folder


@contextmanager
def rows_in(folder: Path, empty: str) -> Iterator[Path]:
    """Make a data folder with a copy of the empty database, and let Django use that until the end."""
    folder.mkdir(mode=0o700)
    before = connections.settings["default"]["NAME"]
    if connection.vendor == "sqlite":
        name = str(folder / "arkanum.sqlite3")
        shutil.copyfile(empty, name)
    else:
        name = f"arkanum_{uuid4().hex}"
        _server(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
    _point_at(name)
    yield folder
    _point_at(before)
    if connection.vendor == "postgresql":
        _server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server(statement: str) -> None:
    """Run a statement on the cluster itself, outside of any test's database."""
    options = connections.settings["default"]
    address = {"host": options["OPTIONS"]["host"]} if "host" in options["OPTIONS"] else {"host": options["HOST"]}
    with psycopg.connect(dbname="postgres", user=options["USER"], autocommit=True, **address) as server:
        server.execute(statement)


# --- the people ------------------------------------------------------------------------------------------------------


@pytest.fixture
def guard(own_rows: Path):
    """A guard on an empty installation, in this process."""
    guard = in_process(own_rows)
    yield guard
    guard.close()


@pytest.fixture
def client(guard: Guard):
    """The way to that guard; also what `arkanum.guard.connect()` gives."""
    client = Client(DirectTransport(guard))
    use(client)
    yield client
    use(None)


@pytest.fixture
def founded(guard: Guard, client: Client) -> Founded:
    """A practice with Ada signed in, ready for patients."""
    return found(guard)


@pytest.fixture
def ada(founded: Founded) -> Colleague:
    """Dr. Ada: every ring."""
    return founded.ada


@pytest.fixture
def ben(founded: Founded) -> Colleague:
    """Ben, her locum until the end of next week: every ring but the log."""
    return founded.add("Ben Thorsen", "ben", Role.LOCUM, until=date.today() + timedelta(days=10))  # noqa: DTZ011


@pytest.fixture
def cora(founded: Founded) -> Colleague:
    """Cora at the desk: desk and inbox."""
    return founded.add("Cora Feddersen", "cora", Role.ASSISTANT)


@pytest.fixture
def tilda(founded: Founded) -> Colleague:
    """Tilda, the trainee: the desk."""
    return founded.add("Tilda Nissen", "tilda", Role.TRAINEE)


@pytest.fixture
def rita(founded: Founded) -> Colleague:
    """Rita, who audits for ten days: the log and nothing else."""
    return founded.add("Rita Lorenzen", "rita", Role.AUDITOR)


@pytest.fixture
def dan(founded: Founded) -> Colleague:
    """Dan, the administrator: no ring at all."""
    return founded.add("Dan Olsen", "dan", Role.ADMINISTRATOR)


@pytest.fixture
def dora(ada: Colleague) -> PatientId:
    """A patient, with one entry in her chart."""
    patient = new_patient(ada)
    ada.write(patient, "Zustand nach Sturz")
    return patient


@pytest.fixture
def emil(client: Client) -> Stranger:
    """A stranger."""
    return Stranger(client, uuid4().bytes + bytes(32))
