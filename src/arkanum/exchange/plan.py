# SPDX-License-Identifier: MPL-2.0
"""The plan of an import: what would happen, before anything is written.

A plan is a value. It is made from the file alone, a person completes it, and
the import follows it; it can be sealed and taken up again. The entries
themselves are not in it: the import reads the file once more, and the
fingerprints lead each patient to the decision made here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

import msgspec

from arkanum.core.entries import kind_of
from arkanum.core.names import fold
from arkanum.core.patients import Patient
from arkanum.exchange.folders import ImportedPatient
from arkanum.exchange.matching import (
    Candidate,
    Decision,
    KnownPatient,
    Match,
    Matcher,
    kvnrs_of,
    may_be_same_sex,
)
from arkanum.exchange.persons import is_kvnr
from arkanum.exchange.report import ImportReport

FORMAT = 1


class PlanError(Exception):
    """Superclass of all errors of plans. Never raised itself."""


class UnknownPlanFormatError(PlanError):
    """The bytes are no plan that this version can read."""


class UnknownPlannedPatientError(PlanError):
    """A decision was made about a patient who is not in the plan."""


class PlannedPatient(msgspec.Struct, frozen=True, kw_only=True):
    """One person of the file and what shall happen with them.

    Attributes:
        key: place in the plan, counted from 0.
        fingerprints: all fingerprints under which the file tells of this person.
        name: name for the screen, `Sommer, Dora`; empty when the file has none.
        birth: birth date for the screen, or empty.
        sex: letter.
        number: patient number in the file.
        kvnr: insurance numbers in the file.
        decision: what shall happen.
        patient: id of the patient when the decision is existing.
        candidates: patients among whom a person decides.
        reason: German sentence: why this decision is proposed.
        entries: number of chart entries.
        kinds: chart entries by kind.
        first_day: earliest day of an entry, ISO, or empty.
        last_day: latest day of an entry, ISO, or empty.
        warnings: German sentences about what looked wrong.
        line: first line in the file.
    """

    key: int
    fingerprints: tuple[str, ...]
    name: str
    birth: str
    sex: str
    number: str
    kvnr: tuple[str, ...]
    decision: Decision
    patient: UUID | None
    candidates: tuple[Candidate, ...]
    reason: str
    entries: int
    kinds: dict[str, int]
    first_day: str
    last_day: str
    warnings: tuple[str, ...]
    line: int


class ImportPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen with a file.

    Attributes:
        format: version of this description.
        name: name of the file.
        file: first 32 hex digits of its SHA-256.
        source: dialect.
        patients: the people in it, in the order of the file.
        report: the account of every line.
    """

    format: int = FORMAT
    name: str
    file: str
    source: str
    patients: tuple[PlannedPatient, ...]
    report: ImportReport

    @property
    def open_questions(self) -> tuple[PlannedPatient, ...]:
        """The people about whom somebody still has to decide."""
        return tuple(one for one in self.patients if one.decision is Decision.ASK)

    @property
    def is_ready(self) -> bool:
        """Whether the import may begin."""
        return not self.open_questions

    def count(self, decision: Decision) -> int:
        """Return how many people have this decision."""
        return sum(one.decision is decision for one in self.patients)

    def by_fingerprint(self) -> dict[str, PlannedPatient]:
        """Return the way from a fingerprint to the person, for the import."""
        return {mark: one for one in self.patients for mark in one.fingerprints}

    def decided(self, key: int, decision: Decision, patient: UUID | None = None) -> Self:
        """Return the plan with one decision made.

        Args:
            key: the person's place in the plan.
            decision: existing, new or leave out.
            patient: id of the known patient; with `existing` and only then.

        Raises:
            UnknownPlannedPatientError: the plan has no such person.
            ValueError: existing without an id, an id without existing, or `ask`.
        """
        if not 0 <= key < len(self.patients):
            raise UnknownPlannedPatientError
        if decision is Decision.ASK or (decision is Decision.EXISTING) != (patient is not None):
            raise ValueError("a decision names a patient if and only if it says existing")
        changed = msgspec.structs.replace(self.patients[key], decision=decision, patient=patient)
        patients = (*self.patients[:key], changed, *self.patients[key + 1 :])
        return msgspec.structs.replace(self, patients=patients)

    def to_bytes(self) -> bytes:
        """Return the plan as bytes, ready to be sealed."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Return the plan that these bytes hold.

        Raises:
            UnknownPlanFormatError: they hold none that this version can read.
        """
        try:
            plan = msgspec.msgpack.decode(body, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            # The cause is cut off, because its message may quote the plan.
            raise UnknownPlanFormatError from None
        if plan.format != FORMAT:
            raise UnknownPlanFormatError
        return plan


class Planner:
    """Gathers the people of a file, one after the other, into a plan."""

    def __init__(self, cards: Iterable[KnownPatient]) -> None:
        """Take the patients known here."""
        self._matcher = Matcher(cards)
        self._people: list[_Gathering] = []
        self._by_name: dict[tuple[str, ...], list[_Gathering]] = {}

    def know(self, cards: Iterable[KnownPatient]) -> None:
        """Take more patients known here: they are looked up while the file is read, not all held in memory."""
        self._matcher.know(cards)

    def add(self, imported: ImportedPatient) -> None:
        """Add a person, or more of a person who is in the plan already."""
        bucket = self._by_name.setdefault(_name_key(imported), [])
        person = next((one for one in bucket if imported.fingerprint in one.fingerprints), None)
        if person is None:
            alike = [one for one in bucket if one.is_same_as(imported)]
            person = alike[0] if len(alike) == 1 else _Gathering.begun(imported, doubtful=bool(alike))
        if person not in bucket:
            bucket.append(person)
            self._people.append(person)
        person.take(imported)

    def plan(self, *, name: str, file: str, source: str, report: ImportReport) -> ImportPlan:
        """Return the plan with matches to the patients known here.

        Args:
            name: name of the file.
            file: first 32 hex digits of its SHA-256.
            source: dialect.
            report: the account of its lines.
        """
        patients = tuple(
            person.planned(key, person.asked(self._matcher.match(person.patient, named=person.named)))
            for key, person in enumerate(self._people)
        )
        return ImportPlan(name=name, file=file, source=source, patients=_told_apart(patients), report=report)


@dataclass(slots=True, eq=False)
class _Gathering:
    """What the file tells of one person so far."""

    patient: Patient
    named: bool
    doubtful: bool
    line: int
    fingerprints: dict[str, None] = field(default_factory=dict)
    numbers: dict[str, None] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)
    first_day: str = ""
    last_day: str = ""

    @classmethod
    def begun(cls, imported: ImportedPatient, *, doubtful: bool) -> Self:
        return cls(imported.patient, named=imported.named, doubtful=doubtful, line=imported.lines[0])

    def asked(self, match: Match) -> Match:
        """Ask where the file itself does not tell two people apart."""
        if not self.doubtful or match.decision is Decision.EXISTING:
            return match
        reason = "In der Datei gibt es mehrere Personen mit diesem Namen und Geburtsdatum."
        return Match(Decision.ASK, None, match.candidates, reason)

    def take(self, imported: ImportedPatient) -> None:
        if len(kvnrs_of(imported.patient)) > len(kvnrs_of(self.patient)):
            self.patient = imported.patient
        self.fingerprints[imported.fingerprint] = None
        self.numbers |= dict.fromkeys(kvnrs_of(imported.patient))
        self.warnings |= dict.fromkeys(imported.warnings)
        for entry in imported.entries:
            kind = kind_of(entry.content).value
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            day = entry.happened.isoformat()
            self.first_day = min(self.first_day or day, day)
            self.last_day = max(self.last_day, day)

    def is_same_as(self, imported: ImportedPatient) -> bool:
        """Compare people of equal name and birth date; two insurance numbers are two people."""
        if not self.named or self.patient.birth is None:
            return False
        numbers = {one for one in kvnrs_of(imported.patient) if is_kvnr(one)}
        own = {one for one in self.numbers if is_kvnr(one)}
        apart = bool(own and numbers) and not own & numbers
        return not apart and may_be_same_sex(self.patient.sex, imported.patient.sex)

    def planned(self, key: int, match: Match) -> PlannedPatient:
        patient = self.patient
        return PlannedPatient(
            key=key,
            fingerprints=tuple(self.fingerprints),
            name=patient.name.sorted() if self.named else "",
            birth=patient.birth.german() if patient.birth else "",
            sex=patient.sex.value,
            number=patient.number,
            kvnr=tuple(self.numbers),
            decision=match.decision,
            patient=match.patient,
            candidates=match.candidates,
            reason=match.reason,
            entries=sum(self.kinds.values()),
            kinds=dict(sorted(self.kinds.items())),
            first_day=self.first_day,
            last_day=self.last_day,
            warnings=tuple(self.warnings),
            line=self.line,
        )


def _name_key(imported: ImportedPatient) -> tuple[str, ...]:
    if not imported.named:
        return ("", imported.fingerprint)
    name, birth = imported.patient.name, imported.patient.birth
    return fold(name.last), fold(name.first), birth.german() if birth else ""


def _told_apart(patients: Sequence[PlannedPatient]) -> tuple[PlannedPatient, ...]:
    """Ask where two people of the file would end in one chart."""
    targets: dict[UUID, int] = {}
    for one in patients:
        if one.patient is not None:
            targets[one.patient] = targets.get(one.patient, 0) + 1
    reason = "Mehrere Personen der Datei passen auf denselben Patienten."
    return tuple(
        msgspec.structs.replace(one, decision=Decision.ASK, patient=None, reason=reason)
        if one.patient is not None and targets[one.patient] > 1
        else one
        for one in patients
    )
