# SPDX-License-Identifier: MPL-2.0
"""Helpers for tests of lists of many patients."""

from collections.abc import Iterable

from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.core.patients import Address, BirthDate, Insurance, InsuranceKind, Patient, Phone
from arkanum.guard import protocol as p
from arkanum.guard.purposes import Purpose
from tests.cast import Colleague
from tests.cast import master_data as somebody

REASON = "Erinnerung an die Vorsorge"
APRIL = p.Criteria(birth_month=4)
KVNR, PHONE = "A123456780", "030 1234567"
HOME = Address(street="Lindenweg", house_no="7", postcode="10115", town="Berlin")


def patient(last: str = "Müller", *, year: int = 1965, month: int = 4, **changes: object) -> Patient:
    """Return somebody with everything that a list could show."""
    birth = BirthDate(year=year, month=month, day=3)
    return somebody(last, birth=birth, addresses=(HOME,), emails=("dora@example.org",), **changes)


def private() -> tuple[Insurance, ...]:
    """Return a private insurance."""
    return (Insurance(kind=InsuranceKind.PRIVATE, payer="Debeka", number="P-77"),)


def phone(number: str) -> tuple[Phone, ...]:
    """Return one phone."""
    return (Phone(number=number),)


def moved_in(colleague: Colleague, some: Iterable[Patient]) -> list[PatientId]:
    """Take these in at once."""
    everybody = list(some)
    ids = [PatientId(new_id()) for _ in everybody]
    moves = [Move(one, master_data, ()) for one, master_data in zip(ids, everybody, strict=True)]
    for start in range(0, len(moves), 250):
        move_in(colleague.client, colleague.token, moves[start : start + 250])
    return ids


def begun(
    colleague: Colleague,
    purpose: Purpose = Purpose.RECALL,
    criteria: p.Criteria = APRIL,
    *,
    reason: str = REASON,
    passphrase: str | None = None,
) -> p.Capability:
    """Begin a list."""
    secret = colleague.passphrase if passphrase is None else passphrase
    return colleague.client.begin_purpose(colleague.token, purpose, criteria=criteria, reason=reason, passphrase=secret)


def listed(colleague: Colleague, purpose: Purpose = Purpose.RECALL, criteria: p.Criteria = APRIL):
    """Make a list and return its lines."""
    return colleague.client.listed(colleague.token, begun(colleague, purpose, criteria))


def names(lines: Iterable[p.ListedPatient]) -> list[str]:
    """Return the names on a list."""
    return [one.name for one in lines]
