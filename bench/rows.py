# SPDX-License-Identifier: MPL-2.0
"""What a run of the bench says: one row for each promise, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One promise and what was measured.

    Attributes:
        name: what was measured, the share of all measurements included.
        ours: what it takes here.
        reference: what it takes beside us: the plaintext twin, or what the target names.
        ratio: ours divided by the reference.
        unit: of `ours` and `reference`.
        target: the promise in words.
        met: whether it was kept in this run.
    """

    name: str
    ours: float
    reference: float
    ratio: float
    unit: str
    target: str
    met: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A promise: at most so much, at most so many times the reference, or both."""

    most: float | None = None
    times: float | None = None
    reference: str = "the twin"

    def row(self, name: str, ours: float, reference: float, unit: str) -> Row:
        """Return the row that says whether the promise was kept."""
        ratio = ours / reference if reference else 0.0
        met = (self.most is None or ours <= self.most) and (self.times is None or ratio <= self.times)
        return Row(
            name, round(float(ours), 3), round(float(reference), 3), round(ratio, 2), unit, self._words(unit), met
        )

    def _words(self, unit: str) -> str:
        parts = [f"<= {self.times:g} x {self.reference}"] if self.times is not None else []
        parts += [f"<= {self.most:g} {unit}"] if self.most is not None else []
        return " and ".join(parts)


def share(times: Sequence[float], part: float) -> float:
    """Return the time that a part of all stays below."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    lines = ["| what | ours | reference | ratio | target | met |", "|---|---:|---:|---:|---|---|"]
    for row in rows:
        figures = f"{row.ours:g} {row.unit} | {row.reference:g} {row.unit} | {row.ratio:g}"
        lines.append(f"| {row.name} | {figures} | {row.target} | {'yes' if row.met else 'NO'} |")
    return "\n".join(lines)


def write(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as a JSON list."""
    path.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
