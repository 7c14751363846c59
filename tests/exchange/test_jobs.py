# SPDX-License-Identifier: MPL-2.0
"""Moving in as a job: sealed from the first byte, planned, decided, carried out in batches, and taken up again."""

import pytest

from arkanum.charts import patients
from arkanum.core.catalogue import Catalogue
from arkanum.core.patients import BirthDate, Insurance, InsuranceKind
from arkanum.exchange import jobs
from arkanum.exchange.jobs import JobState, running, store
from arkanum.exchange.matching import Decision
from arkanum.guard import Role, WallKind
from arkanum.guard.errors import Refused
from tests.cast import master_data, restarted
from tests.exchange.builders import lines, shared
from tests.exchange.movers import SECRET, TWO_PEOPLE, Mover, each_once, families, family, many_people
from tests.exchange.people import DORA, KVNR, START, TREATMENT

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


def dora_here(ada, **changes):
    """Take Dora of the file in by hand, before the file comes."""
    own = {"birth": BirthDate(year=1965, month=4, day=3), "insurance": ()} | changes
    return patients.new(ada.client, ada.token, master_data("Sommer", "Dora", **own))


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


# --- behind a wall ---------------------------------------------------------------------------------------------------


def test_what_a_doctor_in_shared_rooms_moves_in_is_behind_her_wall_and_so_is_the_job(founded, ada, mover, catalogue):
    ada.client.make_wall(ada.token, name="Praxis Lovelace", kind=WallKind.COMMUNITY, emergency=False)
    greta = founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)
    other = Mover(greta, catalogue)

    job = mover.accept(TWO_PEOPLE)
    mover.prepare(job)
    mover.run(job)

    assert len(mover.hits("sommer")) == 1
    assert other.hits("sommer") == []
    assert [one.job for one in jobs.jobs(mover.client, mover.token)] == [job]
    assert jobs.jobs(other.client, other.token) == ()
    with pytest.raises(Refused):
        other.view(job)
    assert other.move_in(TWO_PEOPLE).patients == 2
    assert len(other.hits("sommer")) == 1


def test_a_file_does_not_add_to_a_chart_behind_a_wall_of_others(founded, ada, catalogue):
    here = dora_here(ada)
    ada.client.make_wall(ada.token, name="Psychotherapie", kind=WallKind.RESTRICTED, emergency=False)
    ada.client.put_behind(ada.token, here, ada.client.walls(ada.token).walls[0].ring)
    other = Mover(founded.add("Dr. Greta Holm", "greta", Role.DOCTOR), catalogue)
    job, plan = other.planned(TWO_PEOPLE)
    for key, one in enumerate(plan.patients):
        if one.decision is Decision.ASK:
            other.decide(job, key, Decision.EXISTING, here)

    with pytest.raises(Refused):
        other.run(job)

    assert len(ada.chart(here).entries) == 0
