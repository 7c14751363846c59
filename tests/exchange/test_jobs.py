# SPDX-License-Identifier: MPL-2.0
"""Moving in as a job: sealed from the first byte, planned, decided, carried out in batches, and taken up again."""

import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from arkanum.charts import patients
from arkanum.core.catalogue import Catalogue
from arkanum.core.patients import BirthDate, Insurance, InsuranceKind
from arkanum.exchange import jobs
from arkanum.exchange.jobs import JobState, running, store
from arkanum.exchange.matching import Decision
from arkanum.guard import Action
from arkanum.guard.errors import NotFound, NotSignedIn, Refused
from tests.cast import master_data, restarted
from tests.exchange.builders import lines, shared
from tests.exchange.people import DORA, EMIL, KVNR, START, TREATMENT

pytestmark = pytest.mark.postgresql

SECRET = "Sommersprossenflechte"
TWO_PEOPLE = lines(
    START,
    *DORA,
    TREATMENT,
    ("3000", "17"),
    ("6200", "05052020"),
    ("6220", SECRET),
    ("6205", "Grippaler Infekt"),
    START,
    *EMIL,
    TREATMENT,
    ("3000", "18"),
    ("6200", "06052020"),
    ("6220", "Lunge frei"),
    ("9999", "Feld eines Herstellers"),
)


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load()


@pytest.fixture(autouse=True)
def sealed_files_beside_the_rows(own_rows, settings):
    settings.DATA = own_rows


@pytest.fixture
def mover(ada, catalogue):
    return Mover(ada, catalogue)


class Mover:
    """Somebody who moves files in."""

    def __init__(self, colleague, catalogue):
        self.colleague, self.catalogue = colleague, catalogue
        self.client, self.token = colleague.client, colleague.token

    def accept(self, content, name="alt.bdt"):
        pieces = (content[at : at + 1000] for at in range(0, len(content), 1000))
        return jobs.accept(self.client, self.token, name, pieces)

    def prepare(self, job):
        return jobs.prepare(self.client, self.token, job, self.catalogue)

    def planned(self, content):
        job = self.accept(content)
        return job, self.prepare(job)

    def run(self, job, **options):
        return jobs.run(self.client, self.token, job, self.catalogue, **options)

    def move_in(self, content):
        return self.run(self.planned(content)[0])

    def view(self, job):
        return jobs.view(self.client, self.token, job)

    def decide(self, job, key, decision, patient=None):
        return jobs.decide(self.client, self.token, job, key, decision=decision, patient=patient)

    def hits(self, text):
        return [hit.card for hit in self.client.search(self.token, text).hits]

    def entries(self, patient):
        return [line.entry for line in self.colleague.chart(patient).entries]


def family(number):
    """Return a last name of letters only, another one for each number."""
    return f"Familie{chr(97 + number // 26)}{chr(97 + number % 26)}"


def many_people(count):
    """A file of people with one finding each, the same text for nobody."""
    return b"".join(
        lines(
            START,
            ("3000", str(number)),
            ("3101", family(number)),
            ("3102", "Kim"),
            ("3103", f"{number % 28 + 1:02}{number % 12 + 1:02}{1940 + number % 70}"),
            ("3110", "1"),
            TREATMENT,
            ("3000", str(number)),
            ("6200", "05052020"),
            ("6220", f"Befund Nummer {number}"),
        )
        for number in range(count)
    )


def dora_here(ada, **changes):
    """Take Dora of the file in by hand, before the file comes."""
    own = {"birth": BirthDate(year=1965, month=4, day=3), "insurance": ()} | changes
    return patients.new(ada.client, ada.token, master_data("Sommer", "Dora", **own))


def families(mover):
    """Return how many entries each family of the file has; one that is there twice comes twice."""
    return sorted((card.last, len(mover.entries(card.patient))) for card in mover.hits("Familie"))


def each_once(count):
    return [(family(number), 1) for number in range(count)]


# --- taking a file in ------------------------------------------------------------------------------------------------


def test_a_file_is_sealed_while_it_arrives(mover, founded):
    seen = []

    def arriving():
        yield from TWO_PEOPLE.splitlines(keepends=True) * 2000
        seen.extend(path for path in founded.folder.rglob("*.half"))
        seen.append(_everything_in(founded.folder))

    job = jobs.accept(mover.client, mover.token, f"{SECRET}.bdt", arriving())

    half, during = seen
    assert half.name == f"{job}.half"
    for content in (during, _everything_in(founded.folder)):
        for word in (SECRET, "Sommer", "Winter", "Grippaler", "03041965"):
            assert word.encode() not in content
    assert not list(founded.folder.rglob("*.half"))
    assert mover.view(job).progress.state is JobState.READING


def _everything_in(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_out_as_it_went_in(mover):
    job = mover.accept(TWO_PEOPLE * 500)
    grant = store.permit(mover.client, mover.token, job)

    with store.open_file(grant, job) as file:
        assert file.read() == TWO_PEOPLE * 500
    assert mover.view(job).size_bytes == len(TWO_PEOPLE) * 500


def test_a_file_that_is_too_large_leaves_nothing_behind(mover, founded, monkeypatch):
    monkeypatch.setattr(store, "LARGEST_BYTES", len(TWO_PEOPLE) - 1)

    with pytest.raises(jobs.TooLarge) as failed:
        mover.accept(TWO_PEOPLE)

    assert "zu groß" in failed.value.german
    assert jobs.jobs(mover.client, mover.token) == ()
    assert list((founded.folder / "imports").iterdir()) == []


def test_a_sender_who_breaks_off_leaves_nothing_behind(mover, founded):
    def broken():
        yield TWO_PEOPLE
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        jobs.accept(mover.client, mover.token, "alt.bdt", broken())

    assert jobs.jobs(mover.client, mover.token) == ()
    assert list((founded.folder / "imports").iterdir()) == []


def test_a_file_of_another_kind_is_marked_as_failed(mover):
    job = mover.accept(b"%PDF-1.7\n" + bytes(range(256)) * 20)

    with pytest.raises(jobs.NotOurKind):
        mover.prepare(job)

    progress = mover.view(job).progress
    assert progress.state is JobState.FAILED
    assert "keine BDT-" in progress.problem
    with pytest.raises(jobs.NotReady):
        mover.run(job)


def test_an_empty_file_is_of_no_kind(mover):
    with pytest.raises(jobs.NotOurKind):
        mover.prepare(mover.accept(b""))


# --- plan, decisions, run --------------------------------------------------------------------------------------------


def test_a_plan_writes_nothing_and_the_run_writes_it_all(mover):
    job, plan = mover.planned(TWO_PEOPLE)
    assert [(one.name, one.decision) for one in plan.patients] == [
        ("Sommer, Dora", Decision.NEW),
        ("Winter, Emil", Decision.NEW),
    ]
    assert mover.hits("Sommer") == []

    done = mover.run(job)

    assert (done.state, done.done, done.total, done.patients) == (JobState.DONE, 2, 2, 2)
    (dora,) = mover.hits("Sommer")
    assert [entry.content.text for entry in mover.entries(dora.patient) if "flechte" in str(entry.content)] == [SECRET]
    (emil,) = mover.hits("Winter")
    assert any("Hersteller" in str(entry.content) for entry in mover.entries(emil.patient))
    assert done.entries == len(mover.entries(dora.patient)) + len(mover.entries(emil.patient)) == plan.report.entries


def test_every_line_of_the_file_is_accounted_for(mover):
    _, plan = mover.planned(TWO_PEOPLE + b"\r\nkein Feld\r\n" + lines(("8000", "0020"), ("9100", "x")))

    report = plan.report
    assert sum(report.fates.values()) == report.fields
    assert report.lines == TWO_PEOPLE.count(b"\r\n") + 4
    assert report.fields == report.lines
    assert [one.line for one in report.damaged] == [TWO_PEOPLE.count(b"\r\n") + 2]
    assert {one.id for one in report.kept} == {"9999"}


def test_a_plan_before_it_is_made_is_not_ready(mover):
    job = mover.accept(TWO_PEOPLE)

    with pytest.raises(jobs.NotReady):
        mover.run(job)
    with pytest.raises(jobs.NotReady):
        mover.decide(job, 0, Decision.NEW)


def test_a_namesake_is_asked_about_and_joins_the_chart_that_a_person_names(mover, ada):
    known = dora_here(ada)
    job, plan = mover.planned(TWO_PEOPLE)
    (question,) = plan.open_questions
    assert [one.patient for one in question.candidates] == [known]
    with pytest.raises(jobs.NotReady):
        mover.run(job)

    assert mover.decide(job, question.key, Decision.EXISTING, known).plan.is_ready
    done = mover.run(job)

    assert done.patients == 1
    assert [card.patient for card in mover.hits("Sommer")] == [known]
    assert SECRET in str(mover.entries(known))


def test_a_namesake_who_is_somebody_else_gets_a_chart_of_her_own(mover, ada):
    known = dora_here(ada)
    job, plan = mover.planned(TWO_PEOPLE)

    mover.decide(job, plan.open_questions[0].key, Decision.NEW)
    mover.run(job)

    assert len(mover.hits("Sommer")) == 2
    assert mover.entries(known) == []


def test_who_is_left_out_is_counted_and_not_written(mover):
    job, plan = mover.planned(TWO_PEOPLE)

    mover.decide(job, 0, Decision.LEAVE_OUT)
    done = mover.run(job)

    assert mover.hits("Sommer") == []
    assert (done.patients, done.left_out) == (1, plan.patients[0].entries)
    assert done.entries + done.left_out == plan.report.entries


def test_an_insured_person_is_known_by_number_and_birth_date(mover, ada):
    insurance = (Insurance(kind=InsuranceKind.STATUTORY, payer="AOK", number=KVNR),)
    known = dora_here(ada, insurance=insurance)
    file = lines(START, *DORA, ("3119", KVNR), ("6220", "Lunge frei"))

    job, plan = mover.planned(file)
    done = mover.run(job)

    assert [(one.decision, one.patient) for one in plan.patients] == [(Decision.EXISTING, known)]
    assert done.patients == 0
    assert "Lunge frei" in str(mover.entries(known))


@pytest.mark.parametrize(
    ("key", "decision", "whom"),
    [(9, Decision.NEW, None), (-1, Decision.NEW, None), (0, Decision.ASK, None), (0, Decision.EXISTING, None)],
)
def test_a_decision_without_sense_changes_nothing(mover, key, decision, whom):
    job, plan = mover.planned(TWO_PEOPLE)

    with pytest.raises(jobs.NotReady):
        mover.decide(job, key, decision, whom)

    assert mover.view(job).plan == plan


def test_nobody_joins_a_chart_that_was_not_proposed(mover, ada, dora):
    dora_here(ada)
    job, plan = mover.planned(TWO_PEOPLE)

    with pytest.raises(jobs.NotReady):
        mover.decide(job, plan.open_questions[0].key, Decision.EXISTING, dora)


def test_of_two_who_decide_at_once_the_second_is_told(mover, ben, catalogue, monkeypatch):
    job, _ = mover.planned(TWO_PEOPLE)
    other = Mover(ben, catalogue)
    look = store.read

    def look_while_ben_decides(grant, of):
        shown = look(grant, of)
        monkeypatch.setattr(store, "read", look)
        other.decide(of, 0, Decision.LEAVE_OUT)
        return shown

    monkeypatch.setattr(store, "read", look_while_ben_decides)
    with pytest.raises(jobs.JobError):
        mover.decide(job, 1, Decision.LEAVE_OUT)

    decisions = [one.decision for one in mover.view(job).plan.patients]
    assert decisions == [Decision.LEAVE_OUT, Decision.NEW]


def test_nothing_is_decided_once_it_is_done(mover):
    job, _ = mover.planned(TWO_PEOPLE)
    mover.run(job)

    with pytest.raises(jobs.NotReady):
        mover.decide(job, 0, Decision.LEAVE_OUT)
    with pytest.raises(jobs.NotReady):
        mover.run(job)


# --- twice, half, and again ------------------------------------------------------------------------------------------


def test_the_same_file_twice_gives_nothing_new(mover):
    first = mover.move_in(TWO_PEOPLE)

    job, plan = mover.planned(TWO_PEOPLE)
    again = mover.run(job)

    assert plan.is_ready
    assert (again.patients, again.entries, again.known) == (0, 0, first.entries)
    assert len(mover.hits("Sommer")) == len(mover.hits("Winter")) == 1


def test_a_longer_file_of_the_same_people_brings_only_what_is_new(mover):
    first = mover.move_in(TWO_PEOPLE)
    more = lines(START, *DORA, TREATMENT, ("3000", "17"), ("6200", "09092021"), ("6220", "Wieder gesund"))

    again = mover.move_in(TWO_PEOPLE + more)

    assert (again.patients, again.entries, again.known) == (0, 1, first.entries)


@pytest.mark.slow
def test_many_people_move_in_with_a_stop_between_two_batches(mover):
    job, plan = mover.planned(many_people(250))
    told = []

    paused = mover.run(job, told=told.append, stop=lambda: len(told) == 1)
    assert (paused.state, paused.done, paused.patients) == (JobState.PAUSED, running.BATCH, running.BATCH)
    assert mover.view(job).progress == paused
    done = mover.run(job)

    assert (done.state, done.done, done.patients, done.known) == (JobState.DONE, 250, 250, 0)
    assert done.entries == plan.report.entries
    assert [card.last for card in mover.hits(family(0))][:1] == [family(0)]
    assert [card.last for card in mover.hits(family(249))][:1] == [family(249)]


def test_after_a_crash_nothing_is_there_twice_and_nothing_is_lost(mover, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 5)
    job, _ = mover.planned(many_people(18))
    keep, kept = store.save_progress, []

    def power_cut(grant, of, progress):
        if progress.done == 10:
            raise KeyboardInterrupt
        kept.append(progress.done)
        keep(grant, of, progress)

    monkeypatch.setattr(store, "save_progress", power_cut)
    with pytest.raises(KeyboardInterrupt):
        mover.run(job)
    monkeypatch.setattr(store, "save_progress", keep)
    assert mover.view(job).progress.done == 5
    assert jobs.is_interrupted(mover.view(job), running=False)
    done = mover.run(job)

    assert (done.state, done.done, done.patients) == (JobState.DONE, 18, 13)
    assert families(mover) == each_once(18)
    # The batch that was written and not counted is found to be here already.
    assert (done.entries, done.known) == (13, 5)


def test_a_person_who_comes_in_two_batches_has_one_chart(mover, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    again = lines(START, *DORA, TREATMENT, ("3000", "17"), ("6200", "09092021"), ("6220", "Wieder gesund"))

    done = mover.move_in(TWO_PEOPLE + many_people(3) + again)

    assert done.patients == 5
    (dora,) = mover.hits("Sommer")
    texts = str(mover.entries(dora.patient))
    assert SECRET in texts
    assert "Wieder gesund" in texts


def test_after_a_restart_of_the_guard_an_import_goes_on(mover, founded, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 4)
    job, _ = mover.planned(many_people(10))
    mover.run(job, stop=lambda: mover.view(job).progress.done == 4)

    later = restarted(founded)
    ada = later.ada.sign_in()
    after = Mover(ada, mover.catalogue)
    done = after.run(job)

    assert (done.state, done.patients) == (JobState.DONE, 10)
    assert families(after) == each_once(10)
    later.guard.close()


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


# --- files that nobody of this project wrote -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("bdt", "dgmann-m1-aow_pat.bdt"),
        ("gdt", "albertzak-gdt2_1-6301.gdt"),
        ("gdt", "albertzak-gdt2_1-6310.gdt"),
        ("gdt", "druc-corrupt_sample.gdt"),
        ("gdt", "druc-empty_line_sample.gdt"),
        ("gdt", "druc-sample-6310.gdt"),
    ],
)
def test_real_files_move_in_and_again_bring_nothing(mover, kind, name):
    content = shared(kind, name).read_bytes()

    job, plan = mover.planned(content)
    for one in plan.open_questions:
        mover.decide(job, one.key, Decision.NEW)
    first = mover.run(job)
    again, known = mover.planned(content)
    for one in known.open_questions:
        mover.decide(again, one.key, Decision.EXISTING, one.candidates[0].patient)
    second = mover.run(again)

    assert sum(plan.report.fates.values()) == plan.report.fields
    assert (first.state, first.entries) == (JobState.DONE, plan.report.entries)
    assert (second.patients, second.entries, second.known) == (0, 0, first.entries)
