# SPDX-License-Identifier: MPL-2.0
"""Accesses per hour as a picture of bars, in the units of the picture; the page only draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from arkanum.guard.protocol import Accesses
from arkanum.web.german import WEEKDAYS, day, number

WIDTH, HEIGHT = 960, 132
LEFT, BOTTOM, TOP = 36, 20, 8
DAY_HOURS = 24
EVERY_HOURS = 3
MIDNIGHT = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: all accesses, and below the ones that stand out."""

    x: float
    y: float
    width: float
    height: float
    odd_y: float
    odd_height: float
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A word under the picture."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture, and what it says in words."""

    bars: list[Bar]
    ticks: list[Tick]
    most: str
    words: str


def picture_of(accesses: Accesses) -> Picture:
    """Return the bars of a day or a week."""
    most = max((*accesses.counts, 1))
    step = (WIDTH - LEFT) / len(accesses.counts)
    base, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    bars, ticks = [], []
    for at, (count, odd) in enumerate(zip(accesses.counts, accesses.unusual, strict=True)):
        begin = timezone.localtime(accesses.begin + timedelta(hours=at))
        x, height, odd_height = LEFT + at * step, room * count / most, room * odd / most
        if word := _tick(begin, len(accesses.counts)):
            ticks.append(Tick(round(x, 1), word))
        if count:
            bars.append(
                Bar(
                    x=round(x + step * 0.1, 1),
                    y=round(base - height, 1),
                    width=round(step * 0.8, 1),
                    height=round(height, 1),
                    odd_y=round(base - odd_height, 1),
                    odd_height=round(odd_height, 1),
                    title=_title(begin, count, odd),
                )
            )
    total, marked = sum(accesses.counts), sum(accesses.unusual)
    return Picture(bars, ticks, number(most), f"{number(total)} Zugriffe, davon {number(marked)} auffällig")


def _tick(begin: datetime, hours: int) -> str:
    if hours <= DAY_HOURS:
        return f"{begin.hour} Uhr" if begin.hour % EVERY_HOURS == 0 else ""
    return f"{WEEKDAYS[begin.weekday()][:2]} {begin.day}.{begin.month}." if begin.hour == MIDNIGHT else ""


def _title(begin: datetime, count: int, odd: int) -> str:
    more = f", {number(odd)} auffällig" if odd else ""
    return f"{day(begin.date())}, {begin.hour} bis {begin.hour + 1} Uhr: {number(count)} Zugriffe{more}"
