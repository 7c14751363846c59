# SPDX-License-Identifier: MPL-2.0
"""The index over the log: what it answers, what it marks, what it notices, and when it is gone."""

from datetime import timedelta
from threading import Event as Signal
from uuid import uuid4

import pytest

from arkanum.core.unusual import MANY_PATIENTS, Mark
from arkanum.guard import Ring, Role
from arkanum.guard import log_index as index_room
from arkanum.guard import protocol as p
from arkanum.guard.errors import AlreadyThere, NotAHead, NotFound, PracticeSealed, Refused
from arkanum.guard.house import ALARM
from arkanum.guard.log import Event, Log, now
from arkanum.guard.log_columns import Numbers, marks_of
from arkanum.guard.log_index import LogIndex
from arkanum.guard.protocol import LogQuery
from arkanum.vault import PrivateKey
from tests.cast import new_patient, restarted


def practice_of(founded):
    return founded.guard.opened[founded.ada.who.practice]


def page(founded, **query):
    return founded.client.log_page(founded.ada.token, p.LogQuery(**query))


def whats(answer):
    return [line.what for line in answer.lines]


# --- the columns -----------------------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path):
    """A log that another process has written, opened by the next one, and its ring's key."""
    ring, practice = PrivateKey.new(), uuid4()
    first = Log(tmp_path / "x.log", practice, ring.public)
    people, patients = [uuid4() for _ in range(3)], [uuid4() for _ in range(5)]
    began = now() - timedelta(days=1)
    for number in range(60):
        first.append(
            Event(
                at=began + timedelta(minutes=number),
                what="read_chart" if number % 2 else "read_patient",
                person=people[number % 3],
                patient=patients[number % 5],
                outcome="refused" if number % 10 == 0 else "ok",
            ),
            durable=False,
        )
    first.close()
    return Log(tmp_path / "x.log", practice, ring.public), practice, ring, people, patients, began


def indexed(written, spawn=lambda work: work()):
    log, practice, ring, *_ = written
    index = LogIndex(log, practice, lambda: [ring], spawn)
    index.begin()
    index.catch_up()
    return index


def count(index, **wanted):
    return sum(len(places) for _, places in index.find(LogQuery(**wanted)))


def test_filters_can_be_combined_over_old_and_new_lines(written):
    log, _, _, people, patients, began = written
    index = indexed(written)
    log.append(Event(at=now(), what="read_chart", person=people[0], patient=patients[0]))
    index.catch_up()

    assert count(index) == 61
    assert count(index, person=people[0]) == 21
    assert count(index, person=people[0], patient=patients[0]) == 5
    assert count(index, what="read_chart", outcome="refused") == 0
    assert count(index, what="read_patient", outcome="refused") == 6
    assert count(index, since=began + timedelta(minutes=10), until=began + timedelta(minutes=20)) == 10
    assert count(index, person=uuid4()) == 0
    assert count(index, unusual=True) >= 6


def test_new_lines_are_there_while_the_old_ones_are_still_being_read(written):
    log = written[0]
    waiting = []
    index = indexed(written, waiting.append)
    log.append(Event(at=now(), what="sign_in"))
    index.catch_up()

    assert (count(index), index.left) == (1, 61)
    waiting[0]()
    assert (count(index), index.left) == (61, 0)


def test_memory_is_bounded_and_the_newest_lines_stay(written, monkeypatch):
    monkeypatch.setattr(index_room, "MOST_LINES", 50)
    monkeypatch.setattr(index_room, "DROP_AT_ONCE", 10)

    index = indexed(written)

    assert 40 <= count(index) <= 50
    assert index.old.columns.no[-1] == 61


def test_a_reader_in_the_background_ends_with_the_practice(written):
    waiting = []
    index = indexed(written, waiting.append)
    index.close()
    index.close()

    waiting[0]()

    assert len(index.old.columns) == 0
    with pytest.raises(PracticeSealed):
        index.catch_up()


def test_a_line_that_was_changed_after_it_was_read_is_noticed_when_it_is_shown(written):
    log = written[0]
    index = indexed(written)
    lines = log.path.read_bytes().splitlines(keepends=True)
    lines[20] = lines[20][:20] + (b"B" if lines[20][20:21] == b"A" else b"A") + lines[20][21:]
    log.path.write_bytes(b"".join(lines))

    with pytest.raises(index_room.LogDamaged):
        index.event(index.old, index.old.columns.place_of(21))
    assert index.event(index.old, index.old.columns.place_of(22))
    assert index.digest_of(10**6) is None


@pytest.mark.parametrize("harm", [b"x\n", b"7 L %%% " + b"0" * 64 + b"\n", b"7 L AAAA T\n"])
def test_reading_goes_on_behind_a_line_that_is_none(written, harm):
    log, *_ = written
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join([*lines[:6], harm, *lines[6:]]))

    index = indexed((log, *written[1:]))

    assert index.damage.line == 7
    assert count(index) >= 58


def test_a_file_that_is_gone_is_damage_and_no_end_of_the_practice(written):
    log, *_ = written
    waiting = []
    index = indexed(written, waiting.append)
    log.path.unlink()
    log.append(Event(at=now(), what="sign_in"))
    waiting[0]()
    index.catch_up()

    assert index.left == 0
    assert (index.old.damage.line, index.new.damage.line) == (1, 63)


def test_a_file_that_ends_early_is_damage(written):
    log, *_ = written
    index = indexed(written)
    log.append(Event(at=now(), what="sign_in"))
    log.path.write_bytes(b"".join(log.path.read_bytes().splitlines(keepends=True)[:-1]))
    index.catch_up()

    assert index.damage.line == 63


def test_whoever_opens_many_patients_in_a_short_time_is_marked(written):
    log, _, _, people, *_ = written
    index = indexed(written)
    for _ in range(MANY_PATIENTS + 1):
        log.append(Event(at=now(), what="read_chart", person=people[0], patient=uuid4()), durable=False)
    index.catch_up()

    assert Mark.MANY in marks_of(index.new.columns.marks[-1])
    assert Mark.MANY not in marks_of(index.new.columns.marks[-2])


def test_numbers_come_back_as_what_they_stand_for():
    numbers = Numbers()

    assert numbers.thing(numbers.of("a")) == "a"
    assert (numbers.of("a"), numbers.known("b"), numbers.of(None)) == (1, -1, 0)


# --- through the guard -----------------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_what_was_moved_in_under_one_line_is_found_for_each_patient(founded, ada):
    from arkanum.charts.moving import Move, move_in
    from arkanum.core.ids import PatientId, new_id
    from tests.cast import master_data, note

    moves = [Move(PatientId(new_id()), master_data(f"Sommer{n}"), (note("Lunge frei"),)) for n in range(3)]
    move_in(founded.client, ada.token, moves)

    answer = page(founded, patient=moves[1].patient_id)

    assert whats(answer) == ["read_log", "import_records"]


def test_the_same_last_name_stands_out_for_that_person_alone(founded, ada, ben):
    patient = new_patient(ada, "Thorsen", "Inge")
    ben.chart(patient)
    ada.chart(patient)

    marked = {line.person for line in page(founded, what="read_chart", unusual=True).lines}

    assert marked == {ben.person}


def test_the_index_goes_with_the_last_one_who_may_read_the_log(founded, ada, ben):
    practice = practice_of(founded)
    index = practice.log_index

    ada.sign_out()

    assert practice.log_index is None
    assert Ring.LOG not in practice.rings
    with pytest.raises(PracticeSealed):
        index.catch_up()
    assert not founded.client.own_log(ben.token).is_open


def test_reading_goes_on_after_the_ring_was_changed(founded, ada, dora):
    greta = founded.add("Greta Holm", "greta", Role.DOCTOR)
    founded.client.leave(ada.token, greta.person)
    ada.chart(dora)

    assert "read_chart" in whats(page(founded))
    assert page(founded).bad_line is None
    again = ada.sign_in()
    assert founded.client.log_page(again.token, p.LogQuery(person=greta.person)).total > 0


def test_a_real_thread_reads_the_old_lines(founded, ada, dora):
    done = Signal()

    def spawn(work):
        from threading import Thread

        Thread(target=lambda: (work(), done.set())).start()

    practice = ada.who.practice
    ada.sign_out()
    again = restarted(founded, spawn=spawn)
    ada = again.ada.sign_in()
    assert done.wait(20)
    index = again.guard.opened[practice].log_index
    while index.left:
        pass

    assert "found_practice" in {line.what for line in again.client.log_page(ada.token, p.LogQuery()).lines}
    again.guard.close()


# --- alarms ----------------------------------------------------------------------------------------------------------


def raised(founded, person=None, what="old_ring"):
    return practice_of(founded).log.append(Event(at=now(), what=what, person=person, outcome=ALARM))


def test_an_alarm_is_counted_at_once_and_until_somebody_looked(founded, ada, ben):
    assert founded.client.alarm_count(ada.token).open == 0
    no = raised(founded, ben.person)
    assert founded.client.alarm_count(ada.token).open == 1

    founded.client.acknowledge_alarm(ada.token, no, "  alte  Sicherung ")

    assert founded.client.alarm_count(ada.token).open == 0
    (line,) = founded.client.alarms(ada.token).alarms
    assert (line.note, line.acknowledged_by) == ("alte Sicherung", "Dr. Ada Lovelace")
    with pytest.raises(AlreadyThere):
        founded.client.acknowledge_alarm(ada.token, no, "noch einmal")


def test_alarms_are_still_open_after_the_practice_was_sealed(founded, ada):
    raised(founded)
    ada.sign_out()
    again = restarted(founded)
    ada = again.ada.sign_in()

    assert again.client.alarm_count(ada.token).open == 1
    again.guard.close()


def test_counting_alarms_writes_no_line(founded, ada):
    before = practice_of(founded).log.end

    founded.client.alarm_count(ada.token)

    assert practice_of(founded).log.end == before


def test_four_eyes_where_the_practice_has_them(founded, ada):
    alone = raised(founded, ada.person)
    founded.client.acknowledge_alarm(ada.token, alone, "ich war es, sonst liest niemand das Protokoll")
    founded.add("Greta Holm", "greta", Role.DOCTOR)
    shared = raised(founded, ada.person)

    with pytest.raises(Refused):
        founded.client.acknowledge_alarm(ada.token, shared, "ich war es")
    with pytest.raises(Refused):
        founded.client.acknowledge_alarm(ada.token, raised(founded), "   ")
    with pytest.raises(NotFound):
        founded.client.acknowledge_alarm(ada.token, 1, "kein Alarm")


def test_an_auditor_reads_alarms_and_acknowledges_none(founded, ada):
    from datetime import date

    rita = founded.add("Rita Rehder", "rita", Role.AUDITOR, until=date.today() + timedelta(days=9))  # noqa: DTZ011
    no = raised(founded)

    assert founded.client.alarms(rita.token).alarms[0].own
    with pytest.raises(Refused):
        founded.client.acknowledge_alarm(rita.token, no, "gesehen")
    founded.client.acknowledge_alarm(ada.token, raised(founded, ada.person), "außer Rita liest niemand sonst")


def test_only_who_holds_the_ring_is_told_of_alarms(founded, ben, cora, dan):
    for colleague in (ben, cora, dan):
        for ask in (founded.client.alarms, founded.client.alarm_count, founded.client.print_head):
            with pytest.raises(Refused):
                ask(colleague.token)


# --- carried outside -------------------------------------------------------------------------------------------------


def test_a_head_from_paper_is_found_again_and_another_one_is_not(founded, ada, dora):
    head = founded.client.print_head(ada.token)
    ada.chart(dora)

    assert founded.client.check_head(ada.token, head.text).reason == ""
    assert founded.client.check_head(ada.token, head.short).reason == ""
    forged = head.text.replace(str(head.day), "2020-01-01")
    assert "Unterschrift" in founded.client.check_head(ada.token, forged).reason
    foreign = head.text.replace(str(ada.who.practice), str(uuid4()))
    assert "anderen Praxis" in founded.client.check_head(ada.token, foreign).reason
    for nonsense in (
        "",
        "ARKANUM-KOPF/1 x",
        "12",
        "ARKANUM-KOPF/1 " + " ".join([str(uuid4()), "1", "x", "2020-01-01", "AA"]),
    ):
        with pytest.raises(NotAHead):
            founded.client.check_head(ada.token, nonsense)


def test_a_whole_folder_put_back_to_yesterday_is_noticed_by_the_paper(founded, ada, dora):
    path = founded.guard.log_path(ada.who.practice)
    ada.sign_out()
    yesterday = {one: one.read_bytes() for one in path.parent.iterdir()}
    ada = founded.ada.sign_in()
    head = founded.client.print_head(ada.token)
    ada.sign_out()
    founded.guard.close()
    for one, content in yesterday.items():
        one.write_bytes(content)

    again = restarted(founded)
    ada = again.ada.sign_in()

    assert again.client.verify_log(ada.token).bad_line is None
    assert again.client.check_head(ada.token, head.text).reason
    again.guard.close()


def test_a_log_that_was_deleted_while_somebody_works_is_told(founded, ada, dora):
    founded.guard.log_path(ada.who.practice).unlink()

    assert founded.client.verify_log(ada.token).reason == index_room.UNREADABLE
    assert founded.client.check_head(ada.token, "3 " + "a" * 20).reason == index_room.UNREADABLE
    assert founded.client.read_log(ada.token).reason == index_room.UNREADABLE
    assert founded.client.alarm_count(ada.token).open == 1


def test_a_damaged_log_exports_nothing(founded, ada, dora):
    from arkanum.guard.errors import Damaged

    path = founded.guard.log_path(ada.who.practice)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4][:20] + (b"B" if lines[4][20:21] == b"A" else b"A") + lines[4][21:]
    path.write_bytes(b"".join(lines))

    with pytest.raises(Damaged):
        founded.client.export_log(ada.token, p.LogQuery())


def test_accesses_are_counted_by_the_hour(founded, ada, ben, dora):
    ben.chart(dora)

    day = founded.client.accesses(ada.token, p.LogQuery(person=ben.person), 24)

    assert (len(day.counts), sum(day.counts)) == (24, 1)
    assert day.counts[-1] + day.counts[-2] == 1
