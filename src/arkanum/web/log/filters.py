# SPDX-License-Identifier: MPL-2.0
"""The filters of the log as they stand in the address and in the form."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone

from arkanum.guard.protocol import LogQuery

UUID_LETTERS = 36
WORD_LETTERS = 40
PAGE_LETTERS = 6
LINES_A_PAGE = 100

FIELDS = {
    "patient": UUID_LETTERS,
    "person": UUID_LETTERS,
    "device": UUID_LETTERS,
    "what": WORD_LETTERS,
    "outcome": WORD_LETTERS,
    "since": 20,
    "until": 20,
    "unusual": 2,
}
"""Every filter with the most letters it may have."""

ADDRESS = {**FIELDS, "page": PAGE_LETTERS, "span": 5}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for, as the form shows it again."""

    patient: str = ""
    person: str = ""
    device: str = ""
    what: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""
    unusual: str = ""

    @property
    def query(self) -> LogQuery:
        """What the guard is asked."""
        until = _moment(self.until)
        return LogQuery(
            patient=_id(self.patient),
            person=_id(self.person),
            device=_id(self.device),
            what=self.what or None,
            outcome=self.outcome or None,
            since=_moment(self.since),
            # To a minute on the clock: that minute counts.
            until=None if until is None else until + timedelta(minutes=1),
            unusual=self.unusual == "1",
        )

    @property
    def given(self) -> list[tuple[str, str]]:
        """The filters that are set, by name."""
        values = {name: getattr(self, name) for name in FIELDS}
        return [(name, value) for name, value in values.items() if value]

    def address(self, **more: str | int) -> str:
        """Return the part of an address behind `?` with these filters and something more."""
        return urlencode([*self.given, *more.items()])


def filters_of(sent: Mapping[str, str]) -> Filters:
    """Read the filters; what is none is left out."""
    filters = Filters(**{name: sent.get(name, "").strip() for name in FIELDS})
    kept = {name: value for name, value in filters.given if _is_good(name, value)}
    return Filters(**kept)


def page_number(sent: Mapping[str, str]) -> int:
    """Return which page is asked for, from 1 on."""
    text = sent.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() else 1


def _is_good(name: str, value: str) -> bool:
    if name in {"patient", "person", "device"}:
        return _id(value) is not None
    return _moment(value) is not None if name in {"since", "until"} else True


def _id(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return timezone.make_aware(moment) if moment.tzinfo is None else None
    return None
