# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about lists of many patients."""

from __future__ import annotations

from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking
from arkanum.guard.purposes import Purpose


class AsksForLists(Asking):
    """Questions about lists for one purpose."""

    def begin_purpose(
        self, token: bytes, purpose: Purpose, *, criteria: p.Criteria, reason: str, passphrase: str
    ) -> p.Capability:
        """Begin a list."""
        question = p.BeginPurpose(token=token, purpose=purpose, criteria=criteria, reason=reason, passphrase=passphrase)
        return self.ask(question, p.Capability)

    def ask_purpose(self, token: bytes, capability: bytes, page: bytes) -> p.ListPage:
        """Return one page of a list."""
        return self.ask(p.AskPurpose(token=token, capability=capability, page=page), p.ListPage)

    def listed(self, token: bytes, begun: p.Capability) -> tuple[p.ListedPatient, ...]:
        """Return all pages of a list."""
        lines: list[p.ListedPatient] = []
        page = begun.first_page
        while page:
            got = self.ask_purpose(token, begun.capability, page)
            lines += got.lines
            page = got.next_page
        return tuple(lines)
