# SPDX-License-Identifier: MPL-2.0
"""From xDT records to patients with their chart entries, one patient at a time.

Records of a patient follow each other in nearly every file: the master data
(6100) first, then treatment (6200) and cases (010x). A record without a name
belongs to the patient before it if the number is the same; only where that
fails are the people seen so far looked through, and only where exactly one of
them has the number is it used. Everything else is left to a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from arkanum.core.names import fold
from arkanum.exchange.families import Family, family_of
from arkanum.exchange.folders import Circumstances, Folder, ImportedPatient
from arkanum.exchange.formats import xdt
from arkanum.exchange.persons import Person, person_of
from arkanum.exchange.report import Fate, Ledger

_OF_NO_PATIENT = frozenset(
    {
        *("0010", "0020", "0021", "0022", "0023", "8220", "8221", "8230", "8231", "besa", "prax", "rvsa"),
        *("con0", "con9", "adt0", "adt9", "kad0", "kad9", "sad0", "sad9", "std0", "std9", "hdrg0", "hdrg9"),
    }
)
"""Records about the file, the practice or the laboratory."""


def imported_patients(
    records: Iterable[xdt.Record], circumstances: Circumstances, ledger: Ledger
) -> Iterator[ImportedPatient]:
    """Turn records into patients with their entries.

    Args:
        records: what the reader yields.
        circumstances: who imports which file when.
        ledger: every line is booked here, exactly once, by the time the last
            patient is out.
    """
    reception = _Reception(circumstances, ledger)
    for record in records:
        yield from reception.admit(record)
    yield from reception.close()


class _Reception:
    """Decides to whom each record belongs."""

    def __init__(self, circumstances: Circumstances, ledger: Ledger) -> None:
        self._circumstances = circumstances
        self._ledger = ledger
        self._current: Folder | None = None
        self._seen: dict[str, dict[tuple[str, ...], Person]] = {}
        self._file_day: date | None = None

    def admit(self, record: xdt.Record) -> Iterator[ImportedPatient]:
        """Take one record; yield the patient whose records are complete with it."""
        self._ledger.note(record)
        self._file_day = self._file_day or xdt.read_date(record.first("9103"))
        for place, fields in enumerate(_parts(record, self._number() if record.continued else "")):
            goes_on = record.continued and place == 0
            # What follows a lost record start is of an unknown kind.
            kind = record.kind if place == 0 else ""
            yield from self._admit_part(kind, fields, goes_on=goes_on, uprooted=place > 0)

    def _number(self) -> str:
        return self._current.person.number if self._current is not None else ""

    def close(self) -> Iterator[ImportedPatient]:
        """Yield the last patient."""
        if self._current is not None:
            yield self._current.imported()
        self._current = None

    def _without_structure(self, fields: Iterable[xdt.Field]) -> list[xdt.Field]:
        """Book structure and empty lines, and return the rest."""
        content = []
        for field in fields:
            if not field.text.strip(" \t\x00\x1a"):
                self._ledger.book([field], Fate.EMPTY)
            elif family_of(field) is Family.STRUCTURE:
                self._ledger.book([field], Fate.STRUCTURE)
            else:
                content.append(field)
        return content

    def _book_without_patient(self, fields: Iterable[xdt.Field]) -> None:
        for field in fields:
            sender = family_of(field) is Family.SENDER
            self._ledger.book([field], Fate.SENDER if sender else Fate.HOMELESS)

    def _admit_part(
        self, kind: str, part: Sequence[xdt.Field], *, goes_on: bool, uprooted: bool
    ) -> Iterator[ImportedPatient]:
        """Take one part of a record.

        Args:
            kind: record kind, empty when it is not known.
            part: its fields.
            goes_on: a further part of a record that was too long to be held at once.
            uprooted: the line that started it is lost, so it follows from nothing whose it is.
        """
        fields = self._without_structure(part)
        if kind in _OF_NO_PATIENT:
            self._book_without_patient(fields)
            yield from self.close()
            return
        doubtful = uprooted or any(field.is_damaged for field in fields)
        if self._is_about_nobody(kind, fields, doubtful=doubtful) and not goes_on:
            self._book_without_patient(fields)
            return
        personal = [field for field in fields if family_of(field) is Family.PERSON]
        person, left = person_of(personal)
        anonymous = not person.has_name and not person.number
        if not goes_on or self._current is None:
            yield from self._seat(person, doubtful=doubtful and anonymous)
        if self._current is not None:
            self._current.add(kind, fields, person, left, goes_on=goes_on)
            if self._current.is_full:
                yield self._current.imported()
                self._current = self._current.next_volume()

    def _is_about_nobody(self, kind: str, fields: Sequence[xdt.Field], *, doubtful: bool) -> bool:
        if any(family_of(field) not in _IMPERSONAL for field in fields):
            return False
        follows = kind in _OF_THE_PATIENT_BEFORE and self._current is not None
        return not fields or doubtful or not follows

    def _seat(self, person: Person, *, doubtful: bool) -> Iterator[ImportedPatient]:
        """Make the folder current to which a record of this person belongs."""
        current = self._current
        if current is not None and _belongs(current.person, person) and not doubtful:
            return
        yield from self.close()
        owner = self._owner(person)
        self._ledger.patients += 1
        self._current = Folder(owner, self._circumstances, self._ledger, self._file_day)
        if person.has_name and person.number:
            self._seen.setdefault(person.number, {})[_identity(person)] = person

    def _owner(self, person: Person) -> Person:
        """Return the one person seen before with this number, if the record has no name."""
        if person.has_name or not person.number:
            return person
        known = list(self._seen.get(person.number, {}).values())
        return known[0] if len(known) == 1 else person


_IMPERSONAL = frozenset({Family.SENDER, Family.LOOSE, Family.UNKNOWN})
"""Families that alone make nobody a patient."""

_OF_THE_PATIENT_BEFORE = frozenset({"6200", "0101", "0102", "0103", "0104", "0109", "0190", "0191", "0199"})
"""Records that continue the patient before them."""

_IDENTIFYING = frozenset({"3000", "3101"})
_TREATMENT = frozenset(
    {
        *(Family.DAY, Family.DIAGNOSIS, Family.MEDICATION, Family.TEXT, Family.TABLE, Family.SERVICE),
        *(Family.PERMANENT_DIAGNOSIS, Family.PERMANENT_MEDICATION, Family.ITEM, Family.CATEGORY),
    }
)
"""Families that come after the master data in every record."""


def _parts(record: xdt.Record, number: str) -> Iterator[list[xdt.Field]]:
    """Part a record where the start of another one must have been lost.

    The line that starts a record may be damaged. What follows it must not end
    in the chart of the patient before, which is the worst an import can do. A
    lost start shows in a second length (8100), in another patient number, and
    in master data after treatment if lines are damaged.

    Args:
        record: the record.
        number: patient number that holds already where the record goes on.
    """
    damaged = any(field.is_damaged for field in record.fields)
    part: list[xdt.Field] = []
    measured, treated = record.continued, False
    for field in record.fields:
        other_number = field.id == "3000" and number not in {"", field.text.strip()}
        late_name = damaged and treated and field.id in _IDENTIFYING
        if part and (other_number or late_name or (field.id == "8100" and measured)):
            yield part
            part, measured, treated, number = [], False, False, ""
        part.append(field)
        measured = measured or field.id == "8100"
        treated = treated or family_of(field) in _TREATMENT
        number = field.text.strip() if field.id == "3000" else number
    if part:
        yield part


def _belongs(known: Person, more: Person) -> bool:
    """Tell whether a record is about the person before."""
    if known.number and more.number and known.number != more.number:
        return False
    if not more.has_name:
        return True
    if known.kvnr and more.kvnr and known.kvnr != more.kvnr:
        return False
    same_birth = not known.birth or not more.birth or known.birth == more.birth
    return same_birth and _folded(known) == _folded(more)


def _folded(person: Person) -> tuple[str, str]:
    return fold(person.name.last), fold(person.name.first)


def _identity(person: Person) -> tuple[str, ...]:
    birth = person.birth.german() if person.birth else ""
    return (*_folded(person), birth)
