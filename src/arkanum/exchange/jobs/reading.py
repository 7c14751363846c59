# SPDX-License-Identifier: MPL-2.0
"""The people of an import's file, read again from the start each time they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from arkanum.core.catalogue import Catalogue
from arkanum.exchange.folders import Circumstances, ImportedPatient
from arkanum.exchange.formats import xdt
from arkanum.exchange.jobs.errors import NotOurKind
from arkanum.exchange.mapping import imported_patients
from arkanum.exchange.report import Ledger
from arkanum.guard import Grant
from arkanum.guard.log import now


def people_of(
    file: BinaryIO, grant: Grant, digest: str, catalogue: Catalogue
) -> tuple[Ledger, Iterator[ImportedPatient]]:
    """Return the ledger and the people of a file; the ledger is complete when the last one is out.

    Raises:
        NotOurKind: the file is not of the xDT family.
    """
    opened = xdt.open_file(file)
    if opened is None:
        raise NotOurKind
    head, records = opened

    def text_of(code: str) -> str:
        found = catalogue.by_code(code)
        return "" if found is None else found.text

    circumstances = Circumstances(
        by=grant.who.person, written=now(), file=digest, source=head.dialect.value, code_text=text_of
    )
    ledger = Ledger(head.dialect.value)
    return ledger, imported_patients(records, circumstances, ledger)
