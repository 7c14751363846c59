# SPDX-License-Identifier: MPL-2.0
"""Files about the usual people, and a short way to import them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID, uuid4

from arkanum.core.entries import Content, Entry
from arkanum.core.patients import BirthDate, Sex
from arkanum.exchange.folders import Circumstances, ImportedPatient
from arkanum.exchange.formats import xdt
from arkanum.exchange.mapping import imported_patients
from arkanum.exchange.report import ImportReport, Ledger
from tests.exchange.builders import lines

ADA = UUID("00000000-0000-7000-8000-00000000ada0")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
KVNR = "A123456780"

START = ("8000", "6100")
DORA = (
    ("3000", "17"),
    ("3101", "Sommer"),
    ("3102", "Dora"),
    ("3103", "03041965"),
    ("3110", "2"),
)
EMIL = (
    ("3000", "18"),
    ("3101", "Winter"),
    ("3102", "Emil"),
    ("3103", "12121950"),
    ("3110", "M"),
)
TREATMENT = ("8000", "6200")


@dataclass(frozen=True)
class Known:
    """A card as the directory has it."""

    patient: UUID
    last: str
    first: str
    birth: BirthDate | None
    sex: Sex = Sex.W
    number: str = "1"
    kvnr: tuple[str, ...] = ()


def known_dora(**changes) -> Known:
    values = {
        "patient": uuid4(),
        "last": "Sommer",
        "first": "Dora",
        "birth": BirthDate(year=1965, month=4, day=3),
    }
    return Known(**(values | changes))


def imported(
    content: bytes, *, written: datetime = NOW, texts: dict[str, str] | None = None
) -> tuple[list[ImportedPatient], ImportReport]:
    opened = xdt.open_file(BytesIO(content))
    assert opened is not None
    head, records = opened
    ledger = Ledger(head.dialect.value)
    circumstances = Circumstances(
        by=ADA,
        written=written,
        file="f" * 32,
        source=head.dialect.value,
        code_text=lambda code: (texts or {}).get(code, ""),
    )
    patients = list(imported_patients(records, circumstances, ledger))
    return patients, ledger.report()


def contents(patient: ImportedPatient) -> list[Content]:
    return [entry.content for entry in patient.entries]


def the_entry(content: bytes, **options) -> Entry:
    (patient,), _ = imported(content, **options)
    (entry,) = patient.entries
    return entry


def day(text: str) -> date:
    return date.fromisoformat(text)


def treated(*fields):
    return lines(START, *DORA, TREATMENT, ("3000", "17"), ("6200", "05052020"), *fields)
