# SPDX-License-Identifier: MPL-2.0
"""The log: written first, chained, sealed, headed, read by those who may."""

import os
import random
from base64 import b64encode
from hashlib import sha256
from uuid import uuid4

import pytest

from arkanum.guard import Action, Ring, Role
from arkanum.guard.errors import LogBroken, NotFound, Refused
from arkanum.guard.house import ALARM
from arkanum.guard.log import HEAD_EVERY, Event, Log, now
from arkanum.guard.log_chain import START, LogDamaged, head_message, heads_of, read_lines
from arkanum.guard.log_open import open_lines
from arkanum.storage import charts, practices
from arkanum.storage.models import Record
from arkanum.vault import PrivateKey, SigningKey
from tests.cast import found, in_process, new_patient, restarted

ALL = 1 << 60


@pytest.fixture
def ring():
    return PrivateKey.new()


@pytest.fixture
def practice():
    return uuid4()


@pytest.fixture
def log(tmp_path, practice, ring):
    return Log(tmp_path / "x.log", practice, ring.public)


def event(what="read_chart", **more):
    return Event(at=now(), what=what, **more)


def events(log, practice, *keys):
    return [found.what for _, found in open_lines(log.path, ALL, practice, list(keys))]


# --- the file --------------------------------------------------------------------------------------------------------


def test_lines_come_back_in_order_to_who_holds_the_ring(log, practice, ring):
    for what in ("one", "two", "three"):
        log.append(event(what))

    assert events(log, practice, ring) == ["one", "two", "three"]


def test_a_line_shows_nothing_to_who_does_not_hold_the_ring(log, practice):
    log.append(event("read_chart", detail="Geheimwort"))

    assert b"Geheimwort" not in log.path.read_bytes()
    assert b"read_chart" not in log.path.read_bytes()
    with pytest.raises(LogDamaged):
        [*open_lines(log.path, ALL, practice, [PrivateKey.new()])] or pytest.fail("opened")


def test_the_line_is_on_disk_before_its_number_is_given(log, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fdatasync", lambda file: synced.append(os.fstat(file).st_size))

    log.append(event())

    assert synced == [log.path.stat().st_size]


def test_a_note_about_what_is_durable_elsewhere_waits_for_no_disk(log, monkeypatch):
    monkeypatch.setattr(os, "fdatasync", lambda file: pytest.fail("synced"))

    log.append(event(), durable=False)


def test_a_torn_line_is_closed_and_the_chain_goes_on(tmp_path, log, practice, ring):
    log.append(event("one"))
    log.close()
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b"4 L AAAA")

    again = Log(log.path, practice, ring.public)
    again.append(event("two"))

    assert events(again, practice, ring) == ["one", "two"]


def test_a_torn_line_is_part_of_the_chain_and_none_can_be_slipped_in(log, practice, ring):
    log.append(event("one"))
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(lines[0] + b"2 L AAAA T\n" + lines[1])

    with pytest.raises(LogDamaged):
        events(log, practice, ring)


def test_a_full_disk_releases_nothing_and_the_chain_goes_on_afterwards(log, practice, ring, monkeypatch):
    log.append(event("one"))
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, line: write(file, line[: len(line) // 2]))
    with pytest.raises(LogBroken):
        log.append(event("lost"))

    monkeypatch.undo()
    log.append(event("two"))

    assert events(log, practice, ring) == ["one", "two"]


def test_a_disk_that_does_not_promise_releases_nothing_and_the_chain_goes_on(log, practice, ring, monkeypatch):
    def broken(_):
        raise OSError

    monkeypatch.setattr(os, "fdatasync", broken)
    with pytest.raises(LogBroken):
        log.append(event("written, not promised"))

    monkeypatch.undo()
    log.append(event("two"))

    assert events(log, practice, ring) == ["written, not promised", "two"]


def test_a_log_that_cannot_be_opened_stops_the_guard(tmp_path, practice, ring):
    with pytest.raises(LogBroken):
        Log(tmp_path / "no" / "x.log", practice, ring.public)


def test_heads_that_cannot_be_written_are_an_error(log):
    heads_of(log.path).mkdir()
    with pytest.raises(LogBroken):
        log.sign_with(SigningKey.new())


def test_what_a_stranger_wrote_behind_the_end_is_found_and_stops_nobody(log, practice, ring):
    log.append(event("one"))
    log.close()
    log.path.write_bytes(log.path.read_bytes() + b"hello\n" + b"9" * 40 + b" L AAAA " + b"0" * 64 + b"\n")

    again = Log(log.path, practice, ring.public)
    again.append(event("two"))

    with pytest.raises(LogDamaged):
        events(again, practice, ring)


def test_a_long_log_is_continued_from_its_end_alone(log, practice, ring):
    for number in range(400):
        log.append(event(str(number)), durable=False)
    log.append(event("x" * 300_000), durable=False)
    log.close()

    again = Log(log.path, practice, ring.public)

    assert again.end[0] == 403
    assert events(again, practice, ring)[-1] == "x" * 300_000


def test_a_head_is_signed_every_so_many_lines(log):
    log.sign_with(SigningKey.new())
    for _ in range(HEAD_EVERY):
        log.append(event(), durable=False)

    assert len(heads_of(log.path).read_text().splitlines()) == 2
    assert heads_of(log.path).stat().st_mode & 0o777 == 0o600
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_the_signing_key_goes_when_the_practice_is_sealed(log):
    log.sign_with(SigningKey.new())
    assert log.verify_key

    log.forget_signer()

    assert log.verify_key is None
    log.sign_head()


def test_another_segment_opens_with_another_key(log, practice, ring):
    other = PrivateKey.new()
    log.append(event("old"))
    log.restart(other.public)
    log.append(event("new"))

    assert events(log, practice, other, ring) == ["old", "new"]
    with pytest.raises(LogDamaged):
        events(log, practice, other)


def _lines(log):
    return log.path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: lines[:2] + lines[3:],
        lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
        lambda lines: [*lines[:3], lines[2], *lines[3:]],
        lambda lines: lines[1:],
        lambda lines: [*lines[:2], lines[2].replace(b" L ", b" S ", 1), *lines[3:]],
        lambda lines: [*lines[:2], lines[2].replace(b" L ", b" X ", 1), *lines[3:]],
        lambda lines: [*lines[:2], lines[2].upper(), *lines[3:]],
        lambda lines: [*lines[:2], b"3 L %%% " + b"0" * 64 + b"\n", *lines[3:]],
        lambda lines: [*lines[:2], b"\xff\xfe\n", *lines[3:]],
        lambda lines: [*lines[:2], b"3 L\n", *lines[3:]],
    ],
)
def test_a_removed_moved_doubled_or_changed_line_is_noticed(log, practice, ring, harm):
    for number in range(6):
        log.append(event(str(number)))
    log.path.write_bytes(b"".join(harm(_lines(log))))

    with pytest.raises(LogDamaged):
        events(log, practice, ring)


def test_any_changed_byte_is_noticed(log, practice, ring):
    for number in range(4):
        log.append(event(str(number)))
    whole = log.path.read_bytes()
    chance = random.Random(4)

    for _ in range(300):
        harmed = bytearray(whole)
        harmed[chance.randrange(len(whole) - 1)] ^= 1 << chance.randrange(8)
        log.path.write_bytes(harmed)
        with pytest.raises(LogDamaged):
            events(log, practice, ring)


def test_a_line_with_a_mended_chain_but_another_body_does_not_open(log, practice, ring, tmp_path):
    # Whoever can write the file can also compute hashes; the sealed body is what they cannot make.
    log.append(event("one"))
    other = Log(tmp_path / "y.log", practice, ring.public)
    other.append(event("two"))
    first, _ = _lines(log)
    _, foreign = _lines(other)
    text = foreign.rsplit(b" ", 1)[0]
    digest = sha256(first.strip().rsplit(b" ", 1)[1] + b" " + text).hexdigest().encode()
    log.path.write_bytes(first + text + b" " + digest + b"\n")

    assert [*read_lines(log.path, ALL)]
    with pytest.raises(LogDamaged):
        events(log, practice, ring)


def test_a_line_before_any_segment_is_noticed(log, practice, ring):
    text = b"1 L " + b64encode(b"x" * 60)
    digest = sha256(b"0" * 64 + b" " + text).hexdigest().encode()
    log.path.write_bytes(text + b" " + digest + b"\n")

    with pytest.raises(LogDamaged):
        events(log, practice, ring)


# --- asked through the guard -----------------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_the_log_answers_who_saw_this_patient(founded, ada, ben, dora):
    other = new_patient(ada, "Öttinger")
    ben.chart(dora)

    lines = founded.client.read_log(ada.token, patient=dora).lines

    assert [(line.what, line.person_name) for line in lines[:2]] == [
        ("read_log", "Dr. Ada Lovelace"),
        ("read_chart", "Ben Thorsen"),
    ]
    assert all(line.patient == dora for line in lines)
    assert other not in {line.patient for line in lines}


def test_the_log_answers_what_somebody_did(founded, ada, ben, dora):
    ben.chart(dora)

    lines = founded.client.read_log(ada.token, person=ben.person, limit=2).lines

    assert [line.what for line in lines] == ["read_chart", "sign_in"] or len(lines) == 2
    assert {line.person for line in lines} == {ben.person}


def test_only_who_holds_the_ring_reads_the_log(founded, ben, cora, dan):
    for colleague in (ben, cora, dan):
        with pytest.raises(Refused):
            founded.client.read_log(colleague.token)
        with pytest.raises(Refused):
            founded.client.verify_log(colleague.token)


@pytest.mark.postgresql
def test_an_untouched_log_is_found_whole(founded, ada, ben, dora):
    ben.write(dora, "Kontrolle")
    founded.client.leave(ada.token, ben.person)
    ada.write(dora, "nach dem Wechsel der Schlüssel")

    verdict = founded.client.verify_log(ada.token)

    assert (verdict.bad_line, verdict.reason, verdict.alarms) == (None, "", ())
    assert verdict.lines > 15


def test_what_was_written_before_a_ring_was_rotated_stays_readable(founded, ada, dora):
    greta = founded.add("Greta Holm", "greta", Role.DOCTOR)
    founded.client.leave(ada.token, greta.person)

    assert [line.what for line in founded.client.read_log(ada.token).lines][-1] == "found_practice"
    again = ada.sign_in()
    assert [line.what for line in founded.client.read_log(again.token).lines][-1] == "found_practice"


def test_a_changed_log_is_shown_as_damaged(founded, ada, dora):
    path = founded.guard.log_path(ada.who.practice)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"3 L ", b"3 L AAAA", 1))

    verdict = founded.client.verify_log(ada.token)

    assert verdict.bad_line == 3
    assert "Kette" in verdict.reason
    assert founded.client.read_log(ada.token).bad_line is not None


def test_a_line_changed_while_sealed_is_told_and_hides_nothing_that_came_later(founded, ada, dora):
    ada.sign_out()
    founded.guard.close()
    path = founded.guard.log_path(ada.who.practice)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4][:40] + (b"B" if lines[4][40:41] == b"A" else b"A") + lines[4][41:]
    path.write_bytes(b"".join(lines))
    again = restarted(founded)
    ada = again.ada.sign_in()

    answer = again.client.read_log(ada.token)

    assert (answer.bad_line, answer.reason) != (None, "")
    assert 5 not in {line.no for line in answer.lines}
    assert {"read_log", "sign_in", "found_practice"} <= {line.what for line in answer.lines}
    assert again.client.alarm_count(ada.token).open == 1
    again.guard.close()


def test_lines_cut_off_at_the_end_are_noticed_by_the_guard_that_wrote_them(founded, ada, dora):
    path = founded.guard.log_path(ada.who.practice)
    for keep in (-1, -2, -5):
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:keep]))
        assert founded.client.verify_log(ada.token).bad_line is not None


def test_lines_cut_off_while_sealed_are_noticed_by_the_heads(founded, ada, dora):
    ada.sign_out()
    founded.guard.close()
    path = founded.guard.log_path(ada.who.practice)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))

    again = restarted(founded)
    ada = again.ada.sign_in()

    assert again.client.verify_log(ada.token).bad_line is not None
    again.guard.close()


def test_heads_that_are_gone_or_forged_are_noticed(founded, ada, dora):
    heads = heads_of(founded.guard.log_path(ada.who.practice))
    good = heads.read_text()
    for bad in ("x", good.replace("==", "AA"), good + "7 0000 AAAA\n", good.replace(good.split()[1], "0" * 64)):
        heads.write_text(bad)
        assert founded.client.verify_log(ada.token).bad_line is not None
    heads.unlink()
    assert founded.client.verify_log(ada.token).bad_line is not None
    heads.unlink()
    assert founded.client.verify_log(ada.token).bad_line is not None


def test_a_head_signed_by_somebody_else_is_noticed(founded, ada, dora):
    forger = SigningKey.new()
    row = practices.get(ada.who.practice)
    row.log_verify_key = forger.public_bytes
    row.save()
    no, digest = founded.guard.logs[ada.who.practice].end
    signature = b64encode(forger.sign(head_message(ada.who.practice, no, digest, START))).decode()
    heads_of(founded.guard.log_path(ada.who.practice)).write_text(f"{no} {digest} {signature}\n")

    assert "Unterschrift" in founded.client.verify_log(ada.token).reason


@pytest.mark.postgresql
def test_a_record_that_was_filed_and_is_gone_raises_an_alarm(founded, ada, dora):
    line = ada.write(dora, "verschwindet")
    Record.objects.filter(record_id=line.record).delete()

    assert any("entfernt" in alarm for alarm in founded.client.verify_log(ada.token).alarms)


@pytest.mark.postgresql
@pytest.mark.parametrize("log_no", [1, 3, 10**9])
def test_a_record_without_a_line_that_allowed_it_raises_an_alarm(founded, ada, dora, log_no):
    ada.write(dora, "x")
    Record.objects.filter(number=1).update(log_no=log_no)

    assert any("Erlaubnis" in alarm for alarm in founded.client.verify_log(ada.token).alarms)


@pytest.mark.postgresql
def test_a_foreign_key_for_the_log_is_replaced_and_raises_an_alarm(founded, ada, ben, dora):
    spy = PrivateKey.new()
    row = practices.get(ada.who.practice)
    row.log_ring_public_key = spy.public.to_bytes()
    row.save()
    ada.sign_out()
    founded.client.seal(ben.token)
    again = restarted(founded)

    ada = again.ada.sign_in()

    assert bytes(practices.get(ada.who.practice).log_ring_public_key) != spy.public.to_bytes()
    ring = again.guard.opened[ada.who.practice].rings[Ring.LOG].private[0][1]
    path = again.guard.log_path(ada.who.practice)
    assert [event.outcome for _, event in open_lines(path, ALL, ada.who.practice, [ring, spy])].count("alarm") == 1
    with pytest.raises(LogDamaged):
        [*open_lines(path, ALL, ada.who.practice, [spy])] or pytest.fail("opened")
    assert ring.public.to_bytes() == bytes(practices.get(ada.who.practice).log_ring_public_key)
    again.guard.close()


def test_an_alarm_of_an_unknown_kind_is_told_and_stops_nobody(founded, ada):
    founded.guard.logs[ada.who.practice].append(event("from_the_future", outcome=ALARM))

    verdict = founded.client.verify_log(ada.token)

    assert verdict.bad_line is None
    assert ["from_the_future" in alarm for alarm in verdict.alarms] == [True]


def test_nothing_is_released_when_the_log_cannot_be_written(founded, ada, dora, monkeypatch):
    ada = ada.sign_in()

    def full(*_):
        raise OSError

    monkeypatch.setattr(os, "write", full)
    for ask in (
        lambda: ada.grant(Action.READ_CHART, dora),
        lambda: founded.client.search(ada.token, "m"),
        lambda: founded.client.read_log(ada.token),
        lambda: founded.client.invite_device(ada.token, name="x"),
        ada.sign_in,
    ):
        with pytest.raises(LogBroken):
            ask()
    monkeypatch.undo()
    assert ada.chart(dora)


def test_a_full_disk_does_not_keep_the_practice_open(founded, ada, monkeypatch):
    def full(*_):
        raise OSError

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(LogBroken):
        ada.sign_out()
    monkeypatch.undo()

    assert founded.guard.opened == {}
    assert founded.client.state().sealed


def test_a_search_is_logged_before_its_first_name_and_counted_at_the_end(founded, ada, dora):
    ada = ada.sign_in()
    before = founded.guard.logs[ada.who.practice].end[0]
    for text in ("m", "mü", "mül"):
        founded.client.search(ada.token, text)
    assert founded.client.cards(ada.token, [dora, uuid4()])[0].patient == dora
    assert founded.guard.logs[ada.who.practice].end[0] == before + 1

    ada.sign_out()
    ada = ada.sign_in()

    searches = [line for line in founded.client.read_log(ada.token).lines if line.what == "find_patient"]
    assert searches[0].detail == "3 4"


def test_a_later_window_is_logged_again(founded, ada, monkeypatch):
    from arkanum.guard import finding

    founded.client.search(ada.token, "m")
    before = founded.guard.logs[ada.who.practice].end[0]
    moment = finding.time.monotonic()
    monkeypatch.setattr(finding.time, "monotonic", lambda: moment + 61)
    founded.client.search(ada.token, "mü")

    assert founded.guard.logs[ada.who.practice].end[0] == before + 1


def test_more_than_two_hundred_names_at_once_are_refused(founded, ada):
    with pytest.raises(Refused):
        founded.client.cards(ada.token, [uuid4() for _ in range(201)])


def test_what_callers_say_in_addition_is_cut(founded, ada, dora):
    founded.client.permit(ada.token, Action.READ_CHART, patient=dora, detail="x" * 900)

    assert len(founded.client.read_log(ada.token).lines[1].detail) == 200


def test_a_patient_of_nobody_knows_where_is_not_found_and_that_is_logged(founded, ada):
    stranger = uuid4()
    with pytest.raises(NotFound):
        ada.grant(Action.READ_CHART, stranger)

    line = founded.client.read_log(ada.token).lines[1]
    assert (line.patient, line.outcome) == (stranger, "not_found")


def test_two_guards_do_not_mix_their_lines(own_rows):
    from arkanum.guard.founding import new_founding_code

    guard = in_process(own_rows)
    first = found(guard)
    new_founding_code(guard)
    second = found(guard, name="Praxis am Hafen")

    for practice in (first, second):
        names = {line.person_name for line in practice.client.read_log(practice.ada.token).lines}
        assert names == {"Dr. Ada Lovelace"}
        assert practice.client.verify_log(practice.ada.token).alarms == ()
    guard.close()


def test_rows_without_any_record_are_no_alarm(founded, ada):
    assert charts.rows_by_log_number(ada.who.practice) == {}
    assert founded.client.verify_log(ada.token).alarms == ()
