# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about exports of many charts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.grant import Grant, grants_of_part


class AsksToExport(Asking):
    """Questions about exports of many charts."""

    def prepare_export(
        self, token: bytes, *, recipient: str, public_key: bytes, reason: str, patients: Sequence[UUID] = ()
    ) -> p.ExportOrder:
        """Prepare an export; without patients it is all of them."""
        question = p.PrepareExport(
            token=token, recipient=recipient, public_key=public_key, reason=reason, patients=tuple(patients)
        )
        return self.ask(question, p.ExportOrder)

    def exports(self, token: bytes) -> tuple[p.ExportOrder, ...]:
        """List the exports of this day."""
        return self.ask(p.AskExports(token=token), p.Exports).exports

    def agree_export(self, token: bytes, order: UUID, *, passphrase: str) -> None:
        """Agree to a colleague's export."""
        self.ask(p.AgreeExport(token=token, order=order, passphrase=passphrase), p.Done)

    def export_part(self, token: bytes, order: UUID, number: int) -> dict[UUID, Grant]:
        """Return a grant for each patient of one part."""
        part = self.ask(p.AskExportPart(token=token, order=order, number=number), p.ExportPart)
        return grants_of_part(part, token)
