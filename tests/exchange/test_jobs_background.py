# SPDX-License-Identifier: MPL-2.0
"""Imports in the background of the pages, and who may move in at all."""

import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from arkanum.core.catalogue import Catalogue
from arkanum.exchange import jobs
from arkanum.exchange.jobs import JobState, running
from arkanum.exchange.matching import Decision
from arkanum.guard import Action
from arkanum.guard.errors import NotFound, NotSignedIn, Refused
from tests.exchange.movers import TWO_PEOPLE, Mover, each_once, families, many_people

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load()


@pytest.fixture(autouse=True)
def sealed_files_beside_the_rows(own_rows, settings):
    settings.DATA = own_rows


@pytest.fixture
def mover(ada, catalogue):
    return Mover(ada, catalogue)


# --- in the background -----------------------------------------------------------------------------------------------


@pytest.fixture
def workshop(client, catalogue):
    return jobs.Workshop(client, catalogue)


def rested(workshop, job):
    until = time.monotonic() + 30
    while workshop.runs(job):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_workshop_plans_first_and_writes_then(mover, workshop):
    job = mover.accept(TWO_PEOPLE)

    workshop.start(mover.token, job)
    rested(workshop, job)
    assert mover.view(job).progress.state is JobState.WAITING
    workshop.start(mover.token, job)
    rested(workshop, job)

    assert mover.view(job).progress.state is JobState.DONE


def test_the_workshop_begins_nothing_twice_and_pauses(mover, workshop, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 3)
    job, _ = mover.planned(many_people(9))
    arrived, go_on = threading.Event(), threading.Event()
    write = running.move_in

    def slowly(*arguments, **options):
        arrived.set()
        assert go_on.wait(20)
        return write(*arguments, **options)

    monkeypatch.setattr(running, "move_in", slowly)
    workshop.start(mover.token, job)
    assert arrived.wait(20)
    with pytest.raises(jobs.NotReady):
        workshop.start(mover.token, job)
    workshop.pause(job)
    go_on.set()
    rested(workshop, job)

    shown = mover.view(job)
    assert (shown.progress.state, shown.progress.done) == (JobState.PAUSED, 3)
    assert not jobs.is_interrupted(shown, running=False)


def test_to_pause_what_does_not_run_does_nothing(workshop):
    workshop.pause(uuid4())


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_signs_out_in_the_middle_ends_the_import_quietly(mover, ben, workshop, catalogue, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 3)
    job, _ = mover.planned(many_people(9))
    write = running.move_in

    def then_sign_out(*arguments, **options):
        moved = write(*arguments, **options)
        monkeypatch.setattr(running, "move_in", write)
        mover.colleague.sign_out()
        return moved

    monkeypatch.setattr(running, "move_in", then_sign_out)
    workshop.start(mover.token, job)
    rested(workshop, job)

    with pytest.raises(NotSignedIn):
        mover.view(job)
    other = Mover(ben, catalogue)
    shown = other.view(job)
    assert jobs.is_interrupted(shown, running=workshop.runs(job))
    workshop.start(ben.token, job)
    rested(workshop, job)
    assert other.view(job).progress.state is JobState.DONE
    assert families(other) == each_once(9)


def test_the_workshop_shows_what_is_of_no_kind(mover, workshop):
    job = mover.accept(b"\x89PNG\r\n")

    workshop.start(mover.token, job)
    rested(workshop, job)

    assert mover.view(job).progress.state is JobState.FAILED


# --- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["cora", "dan"])
def test_who_may_not_read_charts_moves_nothing_in(who, request, mover, catalogue):
    job, _ = mover.planned(TWO_PEOPLE)
    other = Mover(request.getfixturevalue(who), catalogue)

    for attempt in (
        lambda: other.accept(TWO_PEOPLE),
        lambda: other.view(job),
        lambda: other.prepare(job),
        lambda: other.run(job),
        lambda: other.decide(job, 0, Decision.NEW),
        lambda: jobs.jobs(other.client, other.token),
    ):
        with pytest.raises(Refused):
            attempt()
    assert mover.view(job).progress.state is JobState.WAITING


def test_a_stranger_sees_no_import(mover, catalogue):
    job, _ = mover.planned(TWO_PEOPLE)
    emil = Mover(replace(mover.colleague, token=bytes(32)), catalogue)

    with pytest.raises(NotSignedIn):
        emil.view(job)


def test_an_import_that_there_is_not_is_not_found(mover):
    with pytest.raises(NotFound):
        mover.view(uuid4())


def test_who_moved_in_stands_in_the_log(mover, ada):
    job, _ = mover.planned(TWO_PEOPLE)
    mover.run(job)

    told = mover.client.read_log(mover.token).lines
    assert (ada.person, Action.IMPORT_RECORDS.value) in {(line.person, line.what) for line in told}
