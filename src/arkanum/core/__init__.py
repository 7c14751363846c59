# SPDX-License-Identifier: MPL-2.0
"""The trade: patients, entries and the rules about them, as plain Python.

The core knows no keys, no tables and no pages. Its values are frozen dataclasses;
`encode` and `decode` turn them into bytes and back. The rooms of their own inside
it are asked by their full name: `catalogue` (ICD-10-GM), `shorthand` (the line
typed into a chart), `names` and `query` (search words), `passphrases`.
"""

from arkanum.core.checkdigits import ik_is_valid, kvnr_is_valid, lanr_is_valid, pzn_is_valid
from arkanum.core.codec import Record, decode, encode
from arkanum.core.entries import (
    Caution,
    Certainty,
    Content,
    Diagnosis,
    Entry,
    EntryKind,
    Finding,
    Foreign,
    History,
    Measure,
    Medication,
    Note,
    Side,
    Sign,
    Therapy,
    Vitals,
    kind_of,
)
from arkanum.core.errors import CatalogueError, CoreError, ImpossibleValue, Malformed, ShorthandError, UnknownFormat
from arkanum.core.hints import Hint
from arkanum.core.ids import DeviceId, PatientId, PersonId, PracticeId, RecordId, VersionId, new_id
from arkanum.core.labels import label, options
from arkanum.core.origins import Origin
from arkanum.core.patients import (
    Address,
    AddressKind,
    BirthDate,
    Insurance,
    InsuranceKind,
    Name,
    Patient,
    Phone,
    Sex,
    check,
    parse_birth,
)
from arkanum.core.retention import YEARS_AFTER_TREATMENT, keep_until

__all__ = [
    "YEARS_AFTER_TREATMENT",
    "Address",
    "AddressKind",
    "BirthDate",
    "CatalogueError",
    "Caution",
    "Certainty",
    "Content",
    "CoreError",
    "DeviceId",
    "Diagnosis",
    "Entry",
    "EntryKind",
    "Finding",
    "Foreign",
    "Hint",
    "History",
    "ImpossibleValue",
    "Insurance",
    "InsuranceKind",
    "Malformed",
    "Measure",
    "Medication",
    "Name",
    "Note",
    "Origin",
    "Patient",
    "PatientId",
    "PersonId",
    "Phone",
    "PracticeId",
    "Record",
    "RecordId",
    "Sex",
    "ShorthandError",
    "Side",
    "Sign",
    "Therapy",
    "UnknownFormat",
    "VersionId",
    "Vitals",
    "check",
    "decode",
    "encode",
    "ik_is_valid",
    "keep_until",
    "kind_of",
    "kvnr_is_valid",
    "label",
    "lanr_is_valid",
    "new_id",
    "options",
    "parse_birth",
    "pzn_is_valid",
]
