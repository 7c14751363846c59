# SPDX-License-Identifier: MPL-2.0
"""Vital signs as drawn lines: points in the units of the picture, and the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from arkanum.charts.records import Curve
from arkanum.core import Sign, label
from arkanum.core.vitals import german
from arkanum.web.german import day

WIDTH, HEIGHT = 240, 58
"""Size of the picture in its own units; the style stretches it to its column."""

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_Y = 28, 6, 7
MOST_DOTS = 24
"""Beyond these dots would touch; only the last is drawn then."""

_MINUTES_A_DAY = 24 * 60
_ORDER = (Sign.RR_SYS, Sign.PULSE, Sign.WEIGHT, Sign.GLUCOSE, Sign.TEMP, Sign.SPO2, Sign.RESP, Sign.HEIGHT)

Point = tuple[date, time | None, Decimal]


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured value in the picture, with what it says when pointed at."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One line."""

    path: str
    dots: list[Dot]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture: a vital sign over time, or both blood pressures. A single value has no trace."""

    name: str
    unit: str
    last: str
    last_day: str
    first_day: str
    high: str
    low: str
    traces: list[Trace]


def figures_of(curves: Sequence[Curve]) -> list[Figure]:
    """Return the pictures in their usual order."""
    known = {curve.sign: curve for curve in curves}
    figures = []
    for sign in _ORDER:
        curve = known.get(sign)
        if curve is None or not curve.points:
            continue
        pair = [curve]
        if sign is Sign.RR_SYS and Sign.RR_DIA in known:
            pair.append(known[Sign.RR_DIA])
        figures.append(_figure(pair))
    return figures


def _figure(pair: Sequence[Curve]) -> Figure:
    everything = [point for curve in pair for point in curve.points]
    low, high = min(point[2] for point in everything), max(point[2] for point in everything)
    moments = [_moment(point) for point in everything]
    frame = _Frame(min(moments), max(moments), float(low), float(high))
    main = pair[0]
    return Figure(
        name="Blutdruck" if main.sign is Sign.RR_SYS else label(main.sign),
        unit=main.unit,
        last="/".join(german(curve.points[-1][2]) for curve in pair),
        last_day=day(main.points[-1][0]),
        first_day=day(main.points[0][0]),
        high=german(high),
        low=german(low) if low != high else "",
        traces=[_trace(curve, frame) for curve in pair] if len(main.points) > 1 else [],
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where time and value lie in the picture."""

    begin: float
    end: float
    low: float
    high: float

    def place(self, point: Point) -> tuple[float, float]:
        width, height = WIDTH - MARGIN_LEFT - MARGIN_RIGHT, HEIGHT - 2 * MARGIN_Y
        span, rise = self.end - self.begin, self.high - self.low
        along = (_moment(point) - self.begin) / span if span else 1.0
        up = (float(point[2]) - self.low) / rise if rise else 0.5
        return round(MARGIN_LEFT + along * width, 1), round(HEIGHT - MARGIN_Y - up * height, 1)


def _trace(curve: Curve, frame: _Frame) -> Trace:
    places = [frame.place(point) for point in curve.points]
    shown = range(len(places)) if len(places) <= MOST_DOTS else [len(places) - 1]
    dots = [Dot(*places[at], f"{day(curve.points[at][0])}: {german(curve.points[at][2])} {curve.unit}") for at in shown]
    return Trace(" ".join(f"{x},{y}" for x, y in places), dots)


def _moment(point: Point) -> float:
    at = point[1] or time(12)
    return point[0].toordinal() + (at.hour * 60 + at.minute) / _MINUTES_A_DAY
