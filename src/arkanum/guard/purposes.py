# SPDX-License-Identifier: MPL-2.0
"""What lists of many patients are for, and what each purpose may show: its fields, and nothing else.

A list reads many patients in a minute, so the brake cannot count it, and it must not be a way round the brake: a
purpose shows no chart and no id, picks by few criteria, and takes its person's pass phrase each time
(`docs/decisions/0063`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from arkanum.core.patients import Address, AddressKind, Insurance, InsuranceKind, Patient
from arkanum.guard.roles import Action


class Purpose(StrEnum):
    """What a list is for."""

    RECALL = "recall"
    BILLING = "billing"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a purpose is: who may do it (by rings and roles, see `roles`), what it shows and what it picks by."""

    action: Action
    fields: frozenset[str]
    criteria: frozenset[str]


_ALWAYS = frozenset({"number", "name", "birth"})
_PICKED = frozenset({"birth_month", "born_from", "born_until", "insurance"})

PURPOSES: Mapping[Purpose, Declared] = MappingProxyType(
    {
        Purpose.RECALL: Declared(
            Action.LIST_RECALL, _ALWAYS | {"phones", "emails", "address"}, _PICKED | {"phone_missing"}
        ),
        Purpose.BILLING: Declared(
            Action.LIST_BILLING,
            _ALWAYS | {"insurance_kind", "payer", "insurance_number"},
            _PICKED | {"insurance_missing"},
        ),
    }
)


def fields_of(purpose: Purpose) -> frozenset[str]:
    """Return the fields that a purpose may show."""
    return PURPOSES[purpose].fields


def told(purpose: Purpose, patient: Patient, today: date) -> dict[str, object]:
    """Return of a patient's master data what a purpose may show; what it may not show is not even read."""
    fields = fields_of(purpose)
    return {name: read(patient, today) for name, read in _READ.items() if name in fields}


def insured_now(patient: Patient, today: date) -> Insurance | None:
    """Return how a patient is insured today, by the episode that was written down last; nothing if not at all."""
    return next((one for one in reversed(patient.insurance) if _is_valid(one, today)), None)


def _is_valid(one: Insurance, today: date) -> bool:
    return (one.valid_from is None or one.valid_from <= today) and (one.valid_until is None or today <= one.valid_until)


def _post(patient: Patient) -> Address | None:
    """Return where letters go: the address for the post, else the home."""
    by_kind = {one.kind: one for one in reversed(patient.addresses)}
    return by_kind.get(AddressKind.POST) or by_kind.get(AddressKind.HOME) or by_kind.get(AddressKind.OTHER)


def _kind(patient: Patient, today: date) -> InsuranceKind | None:
    insured = insured_now(patient, today)
    return None if insured is None else insured.kind


def _payer(patient: Patient, today: date) -> str:
    insured = insured_now(patient, today)
    return "" if insured is None else insured.payer


def _number(patient: Patient, today: date) -> str:
    insured = insured_now(patient, today)
    return "" if insured is None else insured.number


_READ: Mapping[str, Callable[[Patient, date], object]] = {
    "number": lambda patient, _: patient.number,
    "name": lambda patient, _: patient.name.sorted(),
    "birth": lambda patient, _: patient.birth,
    "phones": lambda patient, _: patient.phones,
    "emails": lambda patient, _: patient.emails,
    "address": lambda patient, _: _post(patient),
    "insurance_kind": _kind,
    "payer": _payer,
    "insurance_number": _number,
}
