# SPDX-License-Identifier: MPL-2.0
"""The folder of one patient while a file is read: master data and entries gather in it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from arkanum.core.entries import Entry, Foreign
from arkanum.core.names import fold
from arkanum.core.origins import Origin
from arkanum.core.patients import Patient, Sex, check
from arkanum.exchange.contents import Moment, drafts_of, foreign
from arkanum.exchange.diagnoses import CodeText
from arkanum.exchange.drafts import Draft
from arkanum.exchange.families import Family, Group, family_of, grouped
from arkanum.exchange.formats import xdt
from arkanum.exchange.persons import Person, conflicts, merged
from arkanum.exchange.report import Fate, Ledger

ENTRY_LIMIT = 20_000
"""Most entries that are held of one patient; more are handed out as the same patient again."""

SIZE_LIMIT = 32 << 20
"""Most characters that are held of one patient."""

_REQUEST = "6302"
"""Record kind that asks a device for an examination (GDT)."""

_FINGERPRINT_DIGITS = 32
_QUARTER_STARTS = {"1": 1, "2": 4, "3": 7, "4": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Under which circumstances a file is imported.

    Attributes:
        by: person who imports it.
        written: aware time of the import.
        file: first 32 hex digits of the file's SHA-256.
        source: dialect, such as `BDT`.
        code_text: gives the catalogue's text of an ICD code, or an empty text.
    """

    by: UUID
    written: datetime
    file: str
    source: str
    code_text: CodeText


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPatient:
    """A patient as the file tells of them.

    The same person may come several times in one file; the fingerprint is the
    same each time.

    Attributes:
        patient: master data, ready to be written if the patient is new.
        entries: chart entries in the order of the file.
        fingerprint: identity in hex: name, birth date, sex and insurance number.
        lines: first and last line in the file.
        named: false when the records carry a number and no name; then only a
            person can say whose they are.
        warnings: German sentences about what looked wrong.
    """

    patient: Patient
    entries: tuple[Entry, ...]
    fingerprint: str
    lines: tuple[int, int]
    named: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A draft and what its fingerprint is made of."""

    draft: Draft
    substance: str


class Folder:
    """Gathers the records of one patient.

    Attributes:
        person: master data as known so far.
    """

    def __init__(self, person: Person, circumstances: Circumstances, ledger: Ledger, file_day: date | None) -> None:
        """Open the folder of a person.

        Args:
            person: what is known of them.
            circumstances: who imports which file when.
            ledger: where lines are booked.
            file_day: day on which the file was written, if it says so; for
                content that has no day of its own.
        """
        self.person = person
        self._circumstances = circumstances
        self._ledger = ledger
        self._fallback_day = file_day or circumstances.written.date()
        self._gathered: list[_Gathered] = []
        self._gathered_size = 0
        self._seen: Counter[str] = Counter()
        self._left: dict[tuple[str, str], xdt.Field] = {}
        self._disagreements: dict[str, tuple[int, int]] = {}
        self._lines: tuple[int, int] | None = None
        self._day: date | None = None
        self._time: time | None = None

    def add(
        self,
        kind: str,
        fields: Sequence[xdt.Field],
        person: Person,
        left: Sequence[xdt.Field],
        *,
        goes_on: bool = False,
    ) -> None:
        """Add one record.

        Args:
            kind: record kind.
            fields: its fields without structure and empty lines.
            person: master data in it.
            left: fields of master data that could not be read.
            goes_on: the record is a further part of the one before, so its day goes on too.
        """
        lines = fields[0].line, fields[-1].last_line
        self._lines = (self._lines[0], lines[1]) if self._lines else lines
        self._add_person(fields, person, left, lines)
        if not goes_on:
            self._day, self._time = _day_of_record(fields), None
        for group in grouped(f for f in fields if family_of(f) is not Family.PERSON):
            self._add_group(kind, group)

    @property
    def is_full(self) -> bool:
        """Whether the entries should be handed out before the file tells more of this patient."""
        return len(self._gathered) >= ENTRY_LIMIT or self._gathered_size >= SIZE_LIMIT

    def next_volume(self) -> "Folder":
        """Return an empty folder of the same patient that goes on where this one ends."""
        volume = Folder(self.person, self._circumstances, self._ledger, self._fallback_day)
        volume._seen = self._seen
        volume._day, volume._time = self._day, self._time
        return volume

    def imported(self) -> ImportedPatient:
        """Close the folder and return the patient with all entries."""
        self._gather_leftovers()
        patient = self._patient()
        entries = tuple(self._entries())
        self._ledger.entries += len(entries)
        return ImportedPatient(
            patient=patient,
            entries=entries,
            fingerprint=fingerprint_of(self.person),
            lines=self._lines or (0, 0),
            named=self.person.has_name,
            warnings=tuple(self._warnings(patient)),
        )

    def _add_person(
        self,
        fields: Sequence[xdt.Field],
        person: Person,
        left: Sequence[xdt.Field],
        lines: tuple[int, int],
    ) -> None:
        for text in conflicts(self.person, person):
            self._disagreements.setdefault(text, lines)
        self.person = merged(self.person, person)
        places = {id(field) for field in left}
        personal = [field for field in fields if family_of(field) is Family.PERSON]
        self._ledger.book((f for f in personal if id(f) not in places), Fate.UNDERSTOOD)
        self._ledger.book(left, Fate.KEPT)
        for field in left:
            self._left.setdefault((field.id, field.text.strip()), field)

    def _add_group(self, kind: str, group: Group) -> None:
        if group.family is Family.SENDER:
            self._ledger.book(group.fields, Fate.SENDER)
            return
        moment = Moment(self._day, self._time, xdt.name_of_record(kind), requested=kind == _REQUEST)
        if group.family in {Family.DAY, Family.TIME} and self._sets_moment(group):
            self._ledger.book(group.fields, Fate.UNDERSTOOD)
            return
        drafts = drafts_of(group, moment, self._circumstances.code_text)
        self._gather(group, drafts)
        self._book(group, drafts)

    def _sets_moment(self, group: Group) -> bool:
        """Take over a day or time; tell whether it could be read."""
        text = group.fields[0].text
        if group.family is Family.TIME:
            at = xdt.read_time(text)
            self._time = at or self._time
            return at is not None
        day = xdt.read_date(text)
        if day is not None:
            self._day, self._time = day, None
        return day is not None

    def _book(self, group: Group, drafts: Iterable[Draft]) -> None:
        """Book each field of a group once: kept if it stands in a draft that only keeps it."""
        kept = [draft.lines for draft in drafts if not draft.understood]
        for field in group.fields:
            is_kept = any(first <= field.line <= last for first, last in kept)
            self._ledger.book([field], Fate.KEPT if is_kept else Fate.UNDERSTOOD)

    def _gather(self, group: Group, drafts: Iterable[Draft]) -> None:
        substance = "\x1e".join(f"{field.id}\x1f{field.text.strip()}" for field in group.fields)
        for number, draft in enumerate(drafts):
            self._gathered.append(_Gathered(draft, f"{substance}\x1e{number}"))
        self._gathered_size += len(substance)

    def _gather_leftovers(self) -> None:
        """Keep unread master data and disagreements as one text each."""
        nowhere = Moment(None, None, "")
        if self._left:
            group = Group(Family.PERSON, tuple(self._left.values()))
            self._gather(group, [foreign(group, nowhere)])
        for text, lines in self._disagreements.items():
            content = Foreign(label="Abweichende Stammdaten", field="", text=text)
            draft = Draft(content, None, None, lines, understood=False)
            self._gathered.append(_Gathered(draft, text))

    def _patient(self) -> Patient:
        person = self.person
        return Patient(
            number=person.number,
            name=person.name,
            birth=person.birth,
            sex=person.sex or Sex.X,
            addresses=person.addresses,
            phones=person.phones,
            emails=person.emails,
            insurance=person.insurance,
            by=self._circumstances.by,
            written=self._circumstances.written,
            origin=self._origin(fingerprint_of(person), self._lines or (0, 0)),
        )

    def _warnings(self, patient: Patient) -> Iterable[str]:
        if not self.person.has_name:
            yield "Die Datei nennt keinen Namen zu diesen Einträgen."
        if self.person.sex is None:
            yield "Das Geschlecht fehlt oder ist unlesbar."
        yield from (hint.text for hint in check(patient))

    def _entries(self) -> Iterable[Entry]:
        """Make the entries; equal ones of one day are told apart by their order."""
        for one in self._gathered:
            day = one.draft.day
            # A day that the file does not say is left out: the same file imported
            # on another day must give the same fingerprints.
            plain = f"{day or ''}\x1d{one.draft.at or ''}\x1d{one.substance}"
            mark = _hex(plain)
            self._seen[mark] += 1
            yield self._entry(one.draft, _hex(f"{plain}\x1d{self._seen[mark]}"))

    def _entry(self, draft: Draft, record: str) -> Entry:
        return Entry(
            content=draft.content,
            happened=draft.day or self._fallback_day,
            at=draft.at,
            by=self._circumstances.by,
            written=self._circumstances.written,
            origin=self._origin(record, draft.lines),
        )

    def _origin(self, record: str, lines: tuple[int, int]) -> Origin:
        circumstances = self._circumstances
        return Origin(source=circumstances.source, file=circumstances.file, record=record, lines=lines)


def fingerprint_of(person: Person) -> str:
    """Return the identity of a person in a file: name, birth date, sex, insurance number.

    The patient number counts only when there is no name, because files use one
    number for many people.
    """
    name = person.name
    birth = person.birth.german() if person.birth else ""
    parts = [fold(name.last), fold(name.first), birth, (person.sex or Sex.X).value, person.kvnr]
    if not person.has_name:
        parts.append(person.number)
    return _hex("\x1f".join(parts))


def _hex(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", errors="surrogatepass"))
    return digest.hexdigest()[:_FINGERPRINT_DIGITS]


def _day_of_record(fields: Sequence[xdt.Field]) -> date | None:
    """Return the first day that a record tells: of treatment, of a service, of the case."""
    for field_id in ("6200", "8432", "5000", "4102", "8301"):
        for field in fields:
            day = xdt.read_date(field.text) if field.id == field_id else None
            if day is not None:
                return day
    quarters = (field.text.strip() for field in fields if field.id == "4101")
    return next((day for text in quarters if (day := _quarter_start(text))), None)


def _quarter_start(text: str) -> date | None:
    """Read a quarter `QJJJJ` as its first day."""
    if len(text) != len("12026") or text[0] not in _QUARTER_STARTS:
        return None
    year = xdt.read_partial_date(f"0000{text[1:]}")
    return date(year.year, _QUARTER_STARTS[text[0]], 1) if year else None
