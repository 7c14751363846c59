# SPDX-License-Identifier: MPL-2.0
"""Dates, times and numbers as a German reader expects them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def day(value: date | None) -> str:
    """Return `03.04.2026`, or nothing for an unknown day."""
    return f"{value.day:02}.{value.month:02}.{value.year:04}" if value else ""


def weekday(value: date) -> str:
    """Return the name of the day of the week."""
    return WEEKDAYS[value.weekday()]


def moment(value: datetime) -> str:
    """Return `03.04.2026, 14:05` in the practice's own time."""
    local = timezone.localtime(value)
    return f"{day(local.date())}, {local:%H:%M}"


def clock(value: datetime) -> str:
    """Return `14:05:09` in the practice's own time."""
    return f"{timezone.localtime(value):%H:%M:%S}"


def number(value: int | Decimal) -> str:
    """Return `60.000` or `37,8`."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def fingerprint(digest: bytes) -> str:
    """Return a digest in groups of four, so that two people can compare it aloud."""
    text = digest.hex().upper()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
