# SPDX-License-Identifier: MPL-2.0
"""Is a patient of a file known here already?

Insurance number and birth date together are a match. Name, birth date and sex
are a proposal that a person decides about. The patient number never counts:
files use one number for many people.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from arkanum.core.names import fold
from arkanum.core.patients import BirthDate, InsuranceKind, Patient, Sex


class Decision(StrEnum):
    """What happens with a patient of the file."""

    EXISTING = "existing"
    NEW = "new"
    ASK = "ask"
    LEAVE_OUT = "leave-out"


class KnownPatient(Protocol):
    """What matching needs of a patient; the directory's cards are such."""

    @property
    def patient(self) -> UUID:
        """Id of the patient."""
        ...

    @property
    def number(self) -> str:
        """The practice's own number."""
        ...

    @property
    def last(self) -> str:
        """Last name."""
        ...

    @property
    def first(self) -> str:
        """First names."""
        ...

    @property
    def birth(self) -> BirthDate | None:
        """Day of birth."""
        ...

    @property
    def sex(self) -> Sex:
        """Sex."""
        ...

    @property
    def kvnr(self) -> Sequence[str]:
        """All numbers of the insured person."""
        ...


class Candidate(msgspec.Struct, frozen=True):
    """A patient who may be the one in the file.

    Attributes:
        patient: id.
        number: the practice's own number.
        name: name for the screen, `Sommer, Dora`.
        birth: birth date for the screen, or empty.
        reason: German sentence: why this patient is proposed.
    """

    patient: UUID
    number: str
    name: str
    birth: str
    reason: str


class Match(msgspec.Struct, frozen=True):
    """What matching found.

    Attributes:
        decision: existing, new, or ask.
        patient: id of the patient when the decision is existing.
        candidates: patients among whom a person decides.
        reason: German sentence for the screen.
    """

    decision: Decision
    patient: UUID | None
    candidates: tuple[Candidate, ...]
    reason: str


class Matcher:
    """Finds known patients; made once for a file."""

    def __init__(self, cards: Iterable[KnownPatient]) -> None:
        """Sort the cards by what is looked for."""
        self._known: set[UUID] = set()
        self._by_kvnr: dict[str, list[KnownPatient]] = {}
        self._by_name: dict[tuple[str, str, BirthDate], list[KnownPatient]] = {}
        self.know(cards)

    def know(self, cards: Iterable[KnownPatient]) -> None:
        """Take more known patients; one who is known already changes nothing."""
        for card in cards:
            if card.patient in self._known:
                continue
            self._known.add(card.patient)
            for number in card.kvnr:
                self._by_kvnr.setdefault(number.strip().upper(), []).append(card)
            if card.birth is not None:
                key = (fold(card.last), fold(card.first), card.birth)
                self._by_name.setdefault(key, []).append(card)

    def match(self, patient: Patient, *, named: bool = True) -> Match:
        """Match one patient of a file.

        Args:
            patient: master data from the file.
            named: false when the file gives no name; then a person decides.
        """
        if not named:
            return _ask((), "Die Datei nennt keinen Namen. Wem gehören diese Einträge?")
        insured = self._insured(patient)
        sure = [card for card in insured if card.birth == patient.birth is not None]
        if len(sure) == 1 and _shares_a_name(sure[0], patient):
            reason = "Versichertennummer und Geburtsdatum stimmen überein."
            return Match(Decision.EXISTING, sure[0].patient, (), reason)
        if insured:
            reason = "Die Versichertennummer ist bekannt, der Rest ist nicht eindeutig."
            return _ask(insured, reason)
        namesakes = self._namesakes(patient)
        if namesakes:
            return _ask(namesakes, "Name und Geburtsdatum sind bekannt.")
        return Match(Decision.NEW, None, (), "Noch nicht bekannt.")

    def _insured(self, patient: Patient) -> list[KnownPatient]:
        numbers = kvnrs_of(patient)
        found = (card for number in numbers for card in self._by_kvnr.get(number, ()))
        return list({card.patient: card for card in found}.values())

    def _namesakes(self, patient: Patient) -> list[KnownPatient]:
        if patient.birth is None:
            return []
        key = (fold(patient.name.last), fold(patient.name.first), patient.birth)
        return [card for card in self._by_name.get(key, ()) if may_be_same_sex(card.sex, patient.sex)]


def _shares_a_name(card: KnownPatient, patient: Patient) -> bool:
    """Tell whether first or last name agree: last names change, both at once hardly ever."""
    same_last = fold(card.last) == fold(patient.name.last)
    return same_last or fold(card.first) == fold(patient.name.first)


def kvnrs_of(patient: Patient) -> tuple[str, ...]:
    """Return the statutory insurance numbers of a patient, in capitals."""
    statutory = (one for one in patient.insurance if one.kind is InsuranceKind.STATUTORY)
    return tuple(one.number.strip().upper() for one in statutory if one.number.strip())


def may_be_same_sex(first: Sex, second: Sex) -> bool:
    """Tell whether two entries of sex do not contradict each other; `X` also means unknown."""
    return first is second or Sex.X in {first, second}


def _ask(cards: Iterable[KnownPatient], reason: str) -> Match:
    candidates = tuple(
        Candidate(
            patient=card.patient,
            number=card.number,
            name=f"{card.last}, {card.first}",
            birth=card.birth.german() if card.birth else "",
            reason=reason,
        )
        for card in cards
    )
    return Match(Decision.ASK, None, candidates, reason)
