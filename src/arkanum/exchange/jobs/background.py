# SPDX-License-Identifier: MPL-2.0
"""Imports that go on while the pages answer: one thread an import, which a person may pause."""

from __future__ import annotations

import threading
from contextlib import suppress
from uuid import UUID

from django.db import connections

from arkanum.core.catalogue import Catalogue
from arkanum.exchange.jobs import store
from arkanum.exchange.jobs.bodies import JobState
from arkanum.exchange.jobs.errors import JobError, NotReady
from arkanum.exchange.jobs.preparing import prepare
from arkanum.exchange.jobs.running import run
from arkanum.guard import Client
from arkanum.guard.errors import GuardError


class Workshop:
    """The imports that run in this process."""

    def __init__(self, client: Client, catalogue: Catalogue) -> None:
        """Begin with none."""
        self._client = client
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._running: dict[UUID, threading.Event] = {}

    def runs(self, job: UUID) -> bool:
        """Tell whether the import goes on in this process now."""
        return job in self._running

    def running(self) -> frozenset[UUID]:
        """Return the imports that go on in this process now.

        Ask before looking at an import: one that stops between the two has said so by then, and is taken for
        nothing worse than still going on. The other way round it would look interrupted.
        """
        with self._lock:
            return frozenset(self._running)

    def start(self, token: bytes, job: UUID) -> None:
        """Begin or go on: make the plan where there is none yet, else write what the plan says.

        The work has a session of its own, so that it goes on while the screen of the person who started it rests.

        Raises:
            NotReady: it runs already.
            GuardError: this person may not move records in.
        """
        stop = threading.Event()
        with self._lock:
            if job in self._running:
                raise NotReady
            own = self._client.begin_job(token)
            self._running[job] = stop
        threading.Thread(target=self._work, args=(own, job, stop), name="import", daemon=True).start()

    def pause(self, job: UUID) -> None:
        """Let an import stop after the batch it is at."""
        with self._lock:
            stop = self._running.get(job)
        if stop is not None:
            stop.set()

    def _work(self, token: bytes, job: UUID, stop: threading.Event) -> None:
        # Signed out or sealed in between: what was written stands, and the page shows that it waits to go on.
        with suppress(GuardError, JobError):
            self._go_on(token, job, stop)

    def _go_on(self, token: bytes, job: UUID, stop: threading.Event) -> None:
        try:
            if store.view(self._client, token, job).body.plan is None:
                prepare(self._client, token, job, self._catalogue)
            else:
                run(self._client, token, job, self._catalogue, stop=stop.is_set)
        finally:
            with self._lock:
                del self._running[job]
            with suppress(GuardError):
                self._client.sign_out(token)
            connections.close_all()


def is_interrupted(shown: store.JobView, *, running: bool) -> bool:
    """Tell whether an import stopped without anybody's wish: the server ended, or the person signed out."""
    return not running and shown.progress.state in {JobState.RUNNING, JobState.READING}
