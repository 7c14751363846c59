# SPDX-License-Identifier: MPL-2.0
"""What lies sealed in an import's row: the plan, and how far it has come."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from arkanum.exchange.plan import ImportPlan


class JobState(StrEnum):
    """Where an import stands."""

    READING = "reading"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


class Body(msgspec.Struct, frozen=True):
    """The file, and the plan once it is made."""

    filename: str
    digest: str
    plan: ImportPlan | None = None


class Progress(msgspec.Struct, frozen=True, array_like=True):
    """How far an import has come.

    Attributes:
        state: where it stands.
        done: people of the file who are written, in its order (one may come several times).
        total: how many there are.
        patients: new patients so far.
        entries: new entries so far.
        known: entries that were there already.
        left_out: entries left out because somebody said so.
        problem: German sentence, when it stopped by itself.
    """

    state: JobState
    done: int = 0
    total: int = 0
    patients: int = 0
    entries: int = 0
    known: int = 0
    left_out: int = 0
    problem: str = ""
