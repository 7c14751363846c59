# SPDX-License-Identifier: MPL-2.0
"""Reading and writing a foreign file takes minutes: it goes on in a thread while the person looks at the progress."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from arkanum.charts.errors import ChartsError
from arkanum.exchange import jobs
from arkanum.guard.errors import GuardError
from arkanum.web import failures
from arkanum.web.chart.writing import catalogue
from arkanum.web.doors import Visitor

AT_ONCE = 2


@dataclass(slots=True)
class Work:
    """One job that is at work in this process."""

    read: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


class Workshop:
    """The jobs at work. A job whose process ended is simply not here, and its page offers to go on."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="import")
        self._works: dict[UUID, Work] = {}
        self._lock = threading.Lock()

    def work(self, job: UUID) -> Work | None:
        """Return a job's work while it lasts."""
        return self._works.get(job)

    def prepare(self, visitor: Visitor, job: UUID) -> None:
        """Read the file and make the plan."""
        self._begin(job, lambda work: _prepare(visitor, job, work))

    def run(self, visitor: Visitor, job: UUID) -> None:
        """Write what the plan says."""
        self._begin(job, lambda work: _run(visitor, job, work))

    def pause(self, job: UUID) -> None:
        """Let a job stop after its batch."""
        work = self.work(job)
        if work is not None:
            work.stop.set()

    def wait(self) -> None:
        """Wait until nothing is at work any more; for tests and for a regular end."""
        while self._works:
            threading.Event().wait(0.01)

    def _begin(self, job: UUID, deed: Callable[[Work], None]) -> None:
        with self._lock:
            if job in self._works:
                return
            work = self._works[job] = Work()
        future = self._pool.submit(_alone, deed, work)
        future.add_done_callback(lambda done: self._end(job, done))

    def _end(self, job: UUID, done: Future[None]) -> None:
        self._works.pop(job, None)
        error = done.exception()
        if isinstance(error, Exception):
            failures.note(error)


def _alone(deed: Callable[[Work], None], work: Work) -> None:
    """Do it with a database connection of this thread's own, closed afterwards."""
    try:
        deed(work)
    except (GuardError, ChartsError, jobs.JobError) as expected:
        # The session ended, the practice was sealed, or the file is not ours: the page says which from the job's state.
        failures.note(expected)
    finally:
        connection.close()


def _prepare(visitor: Visitor, job: UUID, work: Work) -> None:
    def told(read: int) -> None:
        work.read = read

    jobs.prepare(visitor.client, visitor.token, job, catalogue(), told)


def _run(visitor: Visitor, job: UUID, work: Work) -> None:
    jobs.run(visitor.client, visitor.token, job, catalogue(), stop=work.stop.is_set)


WORKSHOP = Workshop()
"""This process's; its threads begin with the first file."""
