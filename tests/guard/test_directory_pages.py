# SPDX-License-Identifier: MPL-2.0
"""The sealed pages of the directory: a cache that nobody can bend."""

import threading
from dataclasses import replace

import pytest
from django.db import connections

from arkanum.charts import patients
from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.core.patients import Name
from arkanum.guard import Action, Ring, directory_pages
from arkanum.guard.directory_pages import DAMAGED, DirectoryKeeper, in_thread
from arkanum.guard.errors import PracticeSealed
from arkanum.storage import pages, practices
from arkanum.storage.models import DirectoryPage, Record
from arkanum.vault import Key
from tests.cast import in_process, master_data, new_patient, restarted

pytestmark = pytest.mark.postgresql


def names(colleague, text=""):
    return [hit.card.last for hit in colleague.client.search(colleague.token, text or "m").hits]


def keeper_of(practice, colleague):
    return practice.guard.opened[colleague.who.practice].directory


@pytest.fixture
def written(founded, ada, dora):
    """A practice with a page on disk: everybody has left."""
    new_patient(ada, "Meier", "Anna")
    ada.sign_out()
    assert len(pages.pages(ada.who.practice)) == 1
    return founded


def test_unsealing_reads_the_pages_and_no_patient(written, ada, monkeypatch):
    monkeypatch.setattr(DirectoryKeeper, "_read", lambda self, ids: pytest.fail("read") if list(ids) else ())

    assert names(ada.sign_in()) == ["Meier", "Müller"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda page, row: DirectoryPage.objects.all().delete(),
        lambda page, row: DirectoryPage.objects.update(version=page.version + 1),
        lambda page, row: DirectoryPage.objects.update(number=7),
        lambda page, row: DirectoryPage.objects.update(body=row.directory_head),
        lambda page, row: practices.save_directory(row.id, 0, row.directory_head),
        lambda page, row: practices.save_directory(row.id, row.directory_sequence, row.profile),
    ],
)
def test_pages_that_were_changed_removed_or_swapped_are_built_again(written, ada, harm):
    page = pages.pages(ada.who.practice)[0]
    harm(page, practices.get(ada.who.practice))

    ada = ada.sign_in()

    assert names(ada) == ["Meier", "Müller"]
    ada.sign_out()
    assert names(ada.sign_in()) == ["Meier", "Müller"]


def test_an_older_state_of_all_pages_is_caught_up_from_the_rows(founded, ada, dora):
    keeper_of(founded, ada).flush()
    page, row = pages.pages(ada.who.practice)[0], practices.get(ada.who.practice)
    new_patient(ada, "Meier")
    grant = ada.grant(Action.WRITE_PATIENT, dora)
    file = patients.read(grant)
    patients.write(founded.client, grant, replace(file.patient, name=Name(first="Dora", last="Meister")), file.version)
    ada.sign_out()

    DirectoryPage.objects.all().delete()
    pages.save([page])
    practices.save_directory(row.id, row.directory_sequence, row.directory_head)

    assert names(ada.sign_in()) == ["Meier", "Meister"]


def test_a_crash_before_anything_was_flushed_loses_nobody(founded, ada, dora):
    new_patient(ada, "Meier")
    assert pages.pages(ada.who.practice) == ()

    guard = in_process(founded.folder)  # the first guard is never asked again, as after a power cut
    again = replace(ada, client=type(ada.client)(type(ada.client._transport)(guard))).sign_in()

    assert names(again) == ["Meier", "Müller"]
    guard.close()


def test_what_somebody_else_committed_without_a_word_is_found_at_the_next_flush(founded, ada, dora, monkeypatch):
    monkeypatch.setattr(type(founded.client), "filed", lambda *_, **__: None)
    new_patient(ada, "Meier")
    monkeypatch.undo()
    assert names(ada) == ["Müller"]

    new_patient(ada, "Meyer")
    keeper_of(founded, ada).flush()

    assert names(ada) == ["Meier", "Meyer", "Müller"]


def test_a_rotated_ring_takes_the_pages_with_it(founded, ada, ben, dora):
    keeper_of(founded, ada).flush()
    before = pages.pages(ada.who.practice)[0].version

    founded.client.leave(ada.token, ben.person)

    assert pages.pages(ada.who.practice)[0].version == before + 1
    ada.sign_out()
    assert names(ada.sign_in()) == ["Müller"]


def test_a_rotation_before_anybody_read_the_names_builds_them_again(founded, ada, ben, dan, dora):
    ada.sign_out()
    founded.client.seal(ben.token)
    dan = dan.sign_in()
    founded.client.leave(dan.token, ben.person)

    assert names(ada.sign_in()) == ["Müller"]


def test_many_patients_at_once_are_read_when_somebody_asks(founded, ada):
    moves = [Move(PatientId(new_id()), master_data(f"Muster{number:03d}"), ()) for number in range(230)]
    move_in(founded.client, ada.token, moves)
    assert keeper_of(founded, ada)._behind

    assert len(names(ada, "muster")) == 12
    assert not keeper_of(founded, ada)._behind
    assert len(keeper_of(founded, ada).names()) == 230
    ada.sign_out()
    ada = ada.sign_in()
    assert len(keeper_of(founded, ada).names()) == 230


def test_more_patients_than_one_page_holds_stand_on_two(founded, ada):
    for start in (0, 200):
        moves = [Move(PatientId(new_id()), master_data(f"Muster{start + n:03d}"), ()) for n in range(200)]
        move_in(founded.client, ada.token, moves)
    ada.sign_out()

    assert len(pages.pages(ada.who.practice)) == 2
    ada = ada.sign_in()
    assert len(keeper_of(founded, ada).names()) == 400


def test_after_two_hundred_changes_the_pages_are_written(founded, ada, dora, monkeypatch):
    monkeypatch.setattr(directory_pages, "FLUSH_AFTER", 3)
    for last in ("Meier", "Meyer", "Maier"):
        new_patient(ada, last)

    assert len(pages.pages(ada.who.practice)) == 1


def test_a_patient_whose_data_do_not_open_is_shown_and_not_skipped(founded, ada, dora):
    other = new_patient(ada, "Meier")
    rows = {row.record_id: row for row in Record.objects.filter(record_id__in=[dora, other])}
    good = rows[dora].body
    Record.objects.filter(pk=rows[dora].pk).update(body=rows[other].body)
    ada.sign_out()
    DirectoryPage.objects.all().delete()

    ada = ada.sign_in()
    assert names(ada, "beschädigte") == [DAMAGED]
    ada.sign_out()
    assert names(ada.sign_in(), "beschädigte") == [DAMAGED]

    Record.objects.filter(pk=rows[dora].pk).update(body=good)
    founded.client.seal(ada.sign_in().token)
    assert names(ada.sign_in()) == ["Meier", "Müller"]


def test_master_data_that_are_none_are_shown_as_damaged(founded, ada, dora, monkeypatch):
    monkeypatch.setattr(directory_pages.codec, "decode", lambda body: None)
    DirectoryPage.objects.all().delete()
    ada.sign_out()
    DirectoryPage.objects.all().delete()

    assert names(ada.sign_in(), "beschädigte") == [DAMAGED]


def test_names_wait_until_they_are_read(own_rows, founded, ada, dora):
    ada.sign_out()
    started, go_on = threading.Event(), threading.Event()

    def slowly(work):
        def run():
            started.set()
            go_on.wait(10)
            work()

        in_thread(run)

    again = restarted(founded, spawn=slowly)
    ada = again.ada.sign_in()
    assert started.wait(5)
    found = []

    def ask():
        found.append(names(ada))
        connections.close_all()  # the thread's own, which nobody else could close

    asking = threading.Thread(target=ask)
    asking.start()
    assert found == []

    go_on.set()
    asking.join(10)
    assert found == [["Müller"]]
    again.guard.close()


def test_names_that_never_come_are_not_waited_for_for_ever(founded, ada, monkeypatch):
    monkeypatch.setattr(directory_pages, "READY_SECONDS", 0.01)
    keeper_of(founded, ada)._ready.clear()

    with pytest.raises(PracticeSealed):
        founded.client.search(ada.token, "m")


def test_a_failed_reading_is_tried_again_by_the_next_who_signs_in(founded, ada, dora, monkeypatch):
    ada.sign_out()

    def broken(self, directory):
        raise RuntimeError

    monkeypatch.setattr(DirectoryKeeper, "_fill", broken)
    with pytest.raises(RuntimeError):
        ada.sign_in()
    monkeypatch.undo()

    assert names(ada.sign_in()) == ["Müller"]


def test_a_closed_directory_takes_nothing_and_reads_nothing(own_rows):
    keeper = DirectoryKeeper(new_id(), Key.new(), lambda work: None)
    keeper.take([new_id()])
    keeper.flush()
    keeper.rekey()
    with pytest.raises(PracticeSealed):
        keeper.names()
    with pytest.raises(PracticeSealed):
        keeper._open_keys()


def test_a_directory_closed_while_it_waited_to_be_read_stays_closed(founded, ada, dora):
    ada.sign_out()
    waiting = []
    again = restarted(founded, spawn=waiting.append)
    ada = again.ada.sign_in()
    keeper = keeper_of(again, ada)
    ada.sign_out()

    waiting[0]()

    assert keeper._directory is None
    assert Ring.DESK not in again.guard.opened
    again.guard.close()
