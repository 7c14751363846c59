# SPDX-License-Identifier: MPL-2.0
"""Rows of practices, rings and imports: what one change touches, and what it leaves."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from arkanum.storage import charts, jobs, pages, people, practices, rings
from arkanum.storage.errors import Missing, VersionTaken
from tests.conftest import ON_POSTGRESQL
from tests.storage.builders import (
    a_chart,
    a_device,
    a_job,
    a_page,
    a_person,
    a_practice,
    a_record,
    a_ring_key,
    a_share,
    an_epoch,
    paper_shares,
    sealed,
)

pytestmark = pytest.mark.postgresql


@pytest.fixture
def practice(own_rows):
    return a_practice()


@pytest.fixture
def neighbour(practice):
    """Another practice of the same installation."""
    return a_practice()


# --- practices -------------------------------------------------------------------------------------------------------


def test_practices_are_listed_by_id(practice, neighbour):
    assert practices.all_ids() == tuple(sorted((practice.id, neighbour.id)))


def test_a_new_practice_has_its_three_paper_shares_in_order_and_takes_no_patients_yet(practice, neighbour):
    assert [share.pair for share in practices.paper_shares(practice.id)] == [1, 2, 3]
    assert not practices.get(practice.id).accepts_patients

    practices.accept_patients(practice.id)

    assert practices.get(practice.id).accepts_patients
    assert not practices.get(neighbour.id).accepts_patients


def test_a_practice_that_is_not_there_has_no_sequence(practice):
    with transaction.atomic(), pytest.raises(Missing):
        practices.next_sequence(uuid4())


def test_a_sequence_number_of_a_change_that_failed_is_given_again(practice):
    def fail():
        with transaction.atomic():
            practices.next_sequence(practice.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with transaction.atomic():
        assert practices.next_sequence(practice.id) == 1


def test_two_practices_count_for_themselves(practice, neighbour):
    with transaction.atomic():
        practices.next_sequence(practice.id, 7)

    assert practices.get(neighbour.id).sequence == 0


def test_the_public_keys_of_the_log_and_the_reach_of_the_directory_are_changed_one_by_one(practice, neighbour):
    head = sealed()

    practices.save_log_ring_key(practice.id, b"new ring")
    practices.save_log_verify_key(practice.id, b"new verify")
    practices.save_directory(practice.id, 5, head)

    row, other = practices.get(practice.id), practices.get(neighbour.id)
    assert (bytes(row.log_ring_public_key), bytes(row.log_verify_key)) == (b"new ring", b"new verify")
    assert (row.directory_sequence, row.directory_head) == (5, head)
    assert (bytes(other.log_ring_public_key), other.directory_sequence) == (b"log", 0)


def test_another_recovery_key_replaces_the_shares_of_this_practice_alone(practice, neighbour):
    old, theirs = practices.paper_shares(practice.id), practices.paper_shares(neighbour.id)
    practice.recovery_public_key, practice.sequence = b"another", 99

    practices.replace_recovery(practice, paper_shares(practice.id))

    assert bytes(practices.get(practice.id).recovery_public_key) == b"another"
    assert practices.get(practice.id).sequence == 0
    assert {share.id for share in practices.paper_shares(practice.id)}.isdisjoint({share.id for share in old})
    assert len(practices.paper_shares(practice.id)) == 3
    assert practices.paper_shares(neighbour.id) == theirs


# --- people and devices ----------------------------------------------------------------------------------------------


def test_devices_are_listed_oldest_first_and_removed_by_their_own_practice_only(practice, neighbour):
    younger, older = a_device(practice.id, date(2026, 2, 1)), a_device(practice.id, date(2025, 2, 1))

    assert people.devices(practice.id) == (older, younger)
    with pytest.raises(Missing):
        people.remove_device(neighbour.id, older.id)
    people.remove_device(practice.id, older.id)

    assert people.device(older.id) is None
    assert people.device(younger.id) == younger


def test_a_person_is_found_by_tag_in_their_own_practice_only(practice, neighbour):
    person = a_person(practice.id, b"t" * 32)

    assert people.person_by_tag(practice.id, b"t" * 32) == person
    assert people.person_by_tag(neighbour.id, b"t" * 32) is None
    assert people.person(practice.id, person.id) == person


def test_a_login_tag_belongs_to_one_person(practice):
    a_person(practice.id, b"t" * 32)

    with pytest.raises(IntegrityError), transaction.atomic():
        a_person(practice.id, b"t" * 32)


# --- rings -----------------------------------------------------------------------------------------------------------


def test_ring_keys_and_epochs_come_newest_first_within_a_ring(practice):
    keys = {(ring, number): a_ring_key(practice.id, ring, number) for ring in ("log", "desk") for number in (1, 2)}
    made = {place: an_epoch(key, place[1]) for place, key in keys.items()}
    order = [("desk", 2), ("desk", 1), ("log", 2), ("log", 1)]

    assert rings.ring_keys(practice.id) == tuple(keys[place] for place in order)
    assert rings.epochs(practice.id) == tuple(made[place] for place in order)


def test_shares_are_those_of_a_person_or_of_the_recovery_key(practice):
    person = a_person(practice.id)
    old, new = (a_ring_key(practice.id, "desk", number, (person.id, None)) for number in (1, 2))

    assert [share.ring_key_id for share in rings.shares_of(practice.id, person.id)] == [new.id, old.id]
    assert [share.person_id for share in rings.shares_of(practice.id, None)] == [None, None]
    assert rings.members_of(practice.id, "desk") == {person.id}
    assert rings.members_of(practice.id, "log") == frozenset()


def test_a_share_that_a_member_has_already_is_not_given_twice(practice):
    person = a_person(practice.id)
    key = a_ring_key(practice.id, members=(person.id,))
    (before,) = rings.shares_of(practice.id, person.id)

    rings.insert_shares([a_share(key, person.id)])

    assert rings.shares_of(practice.id, person.id) == (before,)


def test_shares_are_taken_away_of_one_ring_or_of_all(practice):
    ada, ben = a_person(practice.id), a_person(practice.id)
    for ring in ("desk", "log", "billing"):
        a_ring_key(practice.id, ring, members=(ada.id, ben.id, None))

    rings.drop_shares(ada.id, "log")
    assert [share.ring_key.ring for share in rings.shares_of(practice.id, ada.id)] == ["billing", "desk"]
    rings.drop_shares(ada.id)

    assert rings.shares_of(practice.id, ada.id) == ()
    assert len(rings.shares_of(practice.id, ben.id)) == 3
    assert len(rings.shares_of(practice.id, None)) == 3


def test_the_recovery_key_loses_the_rings_of_its_own_practice_alone(practice, neighbour):
    person = a_person(practice.id)
    for home in (practice, neighbour):
        a_ring_key(home.id, members=(None,))
    a_ring_key(practice.id, "log", members=(person.id, None))

    rings.drop_recovery_shares(practice.id)

    assert rings.shares_of(practice.id, None) == ()
    assert len(rings.shares_of(practice.id, person.id)) == 1
    assert len(rings.shares_of(neighbour.id, None)) == 1


def test_old_epochs_and_generations_are_destroyed_and_the_newer_ones_stay(practice, neighbour):
    first, second = (a_ring_key(practice.id, "desk", number, (None,)) for number in (1, 2))
    other, theirs = a_ring_key(practice.id, "log"), a_ring_key(neighbour.id, "desk")
    kept = [an_epoch(second, 3), an_epoch(other, 1)]
    an_epoch(first, 1)
    an_epoch(first, 2)
    an_epoch(theirs, 1)

    rings.drop_epochs_before(practice.id, "desk", 3)
    rings.drop_ring_keys_before(practice.id, "desk", 2)

    assert list(rings.epochs(practice.id)) == kept
    assert rings.ring_keys(practice.id) == (second, other)
    assert len(rings.shares_of(practice.id, None)) == 1
    assert len(rings.epochs(neighbour.id)) == 1


def test_an_epoch_is_held_while_it_is_there(practice):
    an_epoch(a_ring_key(practice.id, "desk"), 4)

    with transaction.atomic():
        rings.hold_epoch(practice.id, "desk", 4)
        rings.hold_all_epochs(practice.id, "desk")
        rings.drop_epochs_before(practice.id, "desk", 5)

        with pytest.raises(Missing):
            rings.hold_epoch(practice.id, "desk", 4)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite a transaction locks the whole file, not its rows")
@pytest.mark.parametrize("hold", [rings.hold_epoch, rings.hold_all_epochs])
def test_an_epoch_is_held_in_a_transaction_or_not_at_all(practice, hold):
    an_epoch(a_ring_key(practice.id, "desk"), 4)
    place = (practice.id, "desk", 4) if hold is rings.hold_epoch else (practice.id, "desk")

    with pytest.raises(transaction.TransactionManagementError):
        hold(*place)


def test_it_is_the_newest_generation_that_waits_for_its_rotation(practice):
    a_ring_key(practice.id, "desk", 1)
    rings.mark_rotation_due(practice.id, ["desk", "billing"])
    assert rings.rotation_due(practice.id, "desk")

    a_ring_key(practice.id, "desk", 2)

    assert not rings.rotation_due(practice.id, "desk")


# --- charts, pages, imports ------------------------------------------------------------------------------------------


def test_charts_of_several_patients_are_parted_by_patient_and_ring(practice, neighbour):
    both, one, none = uuid4(), uuid4(), uuid4()
    desk, treatment = a_chart(practice.id, both, "desk"), a_chart(practice.id, both, "treatment")
    single = a_chart(practice.id, one, "desk")
    a_chart(neighbour.id, none, "desk")

    found = charts.charts_of_many(practice.id, [both, one, none])

    assert found == {both: {"desk": desk, "treatment": treatment}, one: {"desk": single}, none: {}}
    assert charts.charts_of(practice.id, both) == found[both]
    assert charts.chart(practice.id, none, "desk") is None


def test_newly_wrapped_keys_are_stored_and_nothing_else(practice):
    chart = a_chart(practice.id)
    key, length = sealed(), chart.length
    chart.key, chart.length = key, 99

    charts.save_keys([chart])

    stored = charts.chart(practice.id, chart.patient_id, chart.ring)
    assert (stored.key, stored.length) == (key, length)


def test_many_charts_grow_in_one_go(practice):
    grown = [a_chart(practice.id, ring="desk") for _ in range(3)]
    heads = [sealed() for _ in grown]
    for chart, head in zip(grown, heads, strict=True):
        chart.length, chart.head = 2, head

    charts.append_many(grown, [a_record(chart, number) for chart in grown for number in (1, 2)])

    for chart, head in zip(grown, heads, strict=True):
        assert charts.chart(practice.id, chart.patient_id, "desk").head == head
        assert [row[0] for row in charts.records_of(chart.id)] == [1, 2]
    patients = [chart.patient_id for chart in grown]
    assert charts.begun(practice.id, [*patients, uuid4()], "desk") == frozenset(patients)
    assert set(charts.all_patients(practice.id, "desk")) == set(patients)


def test_the_newest_master_data_are_the_record_with_the_patients_own_id(practice):
    patient = uuid4()
    chart = a_chart(practice.id, patient, "desk")
    rows = [a_record(chart, number, record_id=patient, version=number) for number in (1, 2)]
    charts.append_many([chart], [*rows, a_record(chart, 3)])

    found = charts.newest_records(practice.id, "desk", [patient, uuid4()])

    assert found == {patient: (chart, rows[1])}


def test_records_are_counted_by_their_log_line_within_the_practice(practice, neighbour):
    chart, theirs = a_chart(practice.id), a_chart(neighbour.id)
    numbers = [5, 3, 5, 4]
    charts.append_many([chart], [a_record(chart, place, log_no=no) for place, no in enumerate(numbers)])
    charts.append_many([theirs], [a_record(theirs, 1, log_no=1)])

    assert charts.rows_by_log_number(practice.id) == {3: 1, 4: 1, 5: 2}


def test_pages_are_written_over_and_come_in_order(practice, neighbour):
    pages.save([a_page(practice.id, 1), a_page(practice.id, 0)])
    pages.save([a_page(neighbour.id, 0)])
    newer = a_page(practice.id, 1, version=2)

    pages.save([newer])

    assert [(page.number, page.version) for page in pages.pages(practice.id)] == [(0, 1), (1, 2)]
    assert pages.pages(practice.id)[1].body == newer.body
    pages.drop(practice.id)
    assert pages.pages(practice.id) == ()
    assert len(pages.pages(neighbour.id)) == 1


def test_a_plan_that_somebody_else_changed_first_is_not_written_over(practice):
    job, body = a_job(practice.id), sealed()
    jobs.insert(job)
    jobs.save_body(job.id, 1, body)

    with pytest.raises(VersionTaken):
        jobs.save_body(job.id, 1, sealed())

    assert (jobs.job(practice.id, job.id).body, jobs.job(practice.id, job.id).version) == (body, 2)


def test_imports_come_newest_first_and_stay_in_their_practice(practice, neighbour):
    old, new, theirs = a_job(practice.id, date(2025, 1, 1)), a_job(practice.id), a_job(neighbour.id)
    for job in (old, new, theirs):
        jobs.insert(job)

    assert jobs.jobs(practice.id) == (new, old)
    with pytest.raises(Missing):
        jobs.job(practice.id, theirs.id)
