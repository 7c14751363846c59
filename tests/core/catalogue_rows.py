# SPDX-License-Identifier: MPL-2.0
"""Rows of a catalogue as the tests need them."""

from arkanum.core.catalogue.tables import COLUMNS

SOURCE = "# ICD-10-GM Version 2024, abgeleitetes Format. Quelle: BfArM."


def row(code="A00.0", **changes):
    """Return a row of a catalogue, with changes."""
    usual = {
        "icd_normcode": code,
        "icd_code": code,
        "level": "4",
        "terminal": "T",
        "subcode_type": "X",
        "chapter_nr": "1",
        "icd_block_first": "A00",
        "usage_295": "P",
        "gender_specific": "9",
        "age_min": "9999",
        "age_max": "9999",
        "rare_in_central_europe": "N",
        "code_with_content": "J",
        "notifiable": "N",
        "label": f"Krankheit {code}",
    }
    return "\t".join((usual | changes)[column] for column in COLUMNS)
