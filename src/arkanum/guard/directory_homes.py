# SPDX-License-Identifier: MPL-2.0
"""Streets of patients, beside their cards and never on one: they mark accesses to neighbours and go out to nobody."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock
from uuid import UUID

from arkanum.core.patients import AddressKind, Patient
from arkanum.core.unusual import Home

_NUMBER_BITS = 14
_NUMBER = (1 << _NUMBER_BITS) - 1


class Homes:
    """Where the patients of a practice live: one small number each, and every street once.

    Safe to use from several threads. With 60,000 patients it takes some 5 MB.
    """

    def __init__(self) -> None:
        """Begin without patients."""
        self._lock = Lock()
        self._streets: list[str] = []
        self._number_of: dict[str, int] = {}
        self._homes: dict[UUID, int] = {}

    def put(self, patient: UUID, home: Home | None) -> None:
        """Take a patient's home in place of the former one; `None` where it is unknown."""
        with self._lock:
            if home is None:
                self._homes.pop(patient, None)
                return
            street = self._number_of.get(home.street)
            if street is None:
                street = self._number_of[home.street] = len(self._streets)
                self._streets.append(home.street)
            self._homes[patient] = street << _NUMBER_BITS | min(home.number, _NUMBER)

    def get(self, patient: UUID) -> Home | None:
        """Return a patient's home, `None` where it is unknown."""
        with self._lock:
            home = self._homes.get(patient)
            return None if home is None else Home(self._streets[home >> _NUMBER_BITS], home & _NUMBER)

    def in_streets(self, streets: Collection[str]) -> dict[str, dict[UUID, int]]:
        """Return for each of these streets who lives there in which house; all patients are looked through once."""
        with self._lock:
            found: dict[str, dict[UUID, int]] = {street: {} for street in streets}
            wanted = {self._number_of[street]: found[street] for street in found if street in self._number_of}
            if wanted:
                for patient, home in self._homes.items():
                    living = wanted.get(home >> _NUMBER_BITS)
                    if living is not None:
                        living[patient] = home & _NUMBER
            return found


def home_of(patient: Patient) -> Home | None:
    """Return where a patient lives: the first home address with street and postcode."""
    addresses = (one for one in patient.addresses if one.kind is AddressKind.HOME)
    homes = (Home.of(one.street, one.house_no, one.postcode) for one in addresses)
    return next((home for home in homes if home is not None), None)
