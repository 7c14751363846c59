# SPDX-License-Identifier: MPL-2.0
"""Walls: further rings of fewer people, and the charts behind them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from arkanum.guard import Action, Ring, Role
from arkanum.guard.errors import (
    Damaged,
    EmergencyOnly,
    LastMember,
    NotFound,
    PracticeSealed,
    Refused,
    WallMissing,
)
from arkanum.guard.rings import unwrap_chart_key
from arkanum.guard.roles import WALL, WallKind
from arkanum.storage import charts, rings
from arkanum.storage.models import Chart, Wall
from arkanum.vault import Tampered
from tests.cast import PASSPHRASE, Clock, found, in_process, new_patient, restarted

pytestmark = pytest.mark.postgresql

RESTRICTED, COMMUNITY = WallKind.RESTRICTED, WallKind.COMMUNITY


def build(colleague, name="Psychotherapie", kind=RESTRICTED, *, emergency=False):
    """Let somebody make a wall, and return its ring."""
    before = {wall.ring for wall in colleague.client.walls(colleague.token).walls}
    colleague.client.make_wall(colleague.token, name=name, kind=kind, emergency=emergency)
    return next(wall.ring for wall in colleague.client.walls(colleague.token).walls if wall.ring not in before)


def wall_of(colleague, ring):
    return next(wall for wall in colleague.client.walls(colleague.token).walls if wall.ring == ring)


def found_by(colleague, text):
    return [hit.card.patient for hit in colleague.client.search(colleague.token, text).hits]


@pytest.fixture
def greta(founded):
    """Dr. Greta, the second doctor."""
    return founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)


@pytest.fixture
def wall(ada):
    """A wall that only Ada is behind, and nobody else in an emergency."""
    return build(ada)


@pytest.fixture
def walled(ada, wall, dora):
    """Dora, behind that wall."""
    ada.client.put_behind(ada.token, dora, wall)
    return dora


# --- made ------------------------------------------------------------------------------------------------------------


def test_a_wall_begins_with_who_made_it_and_the_recovery_key(ada, wall):
    line = wall_of(ada, wall)

    assert (line.name, line.kind, line.emergency) == ("Psychotherapie", RESTRICTED, False)
    assert (line.mine, line.members, line.patients) == (True, (ada.person,), 0)
    assert {share.person_id for share in rings.newest_shares(ada.who.practice, wall)} == {ada.person, None}
    assert wall.startswith(WALL)


def test_only_doctors_who_treat_make_walls(founded, ben, cora, dan, greta):
    for other in (ben, cora, dan):
        with pytest.raises(Refused):
            build(other)
    with pytest.raises(Refused):
        founded.client.make_wall(greta.token, name="  ", kind=RESTRICTED, emergency=False)


def test_the_name_of_a_wall_stands_nowhere_in_the_clear(founded, ada, wall):
    row = Wall.objects.get()

    assert b"Psycho" not in row.body.to_storage()
    assert "Psycho" not in row.ring


def test_a_wall_whose_row_was_changed_lets_nobody_through(founded, ada, greta, dora):
    ring = build(ada, emergency=True)
    ada.client.put_behind(ada.token, dora, ring)
    row, other = Wall.objects.get(), build(ada, "Anderer", emergency=True)
    row.body = Wall.objects.get(ring=other).body
    row.save()
    again = ada.sign_in()
    founded.guard.opened[ada.who.practice].walls = None

    assert "(beschädigt)" in {line.name for line in again.client.walls(again.token).walls}
    with pytest.raises(Refused):
        greta.client.break_glass(greta.token, dora, reason="Patientin nicht ansprechbar")


# --- behind it -------------------------------------------------------------------------------------------------------


def test_who_is_no_member_gets_the_refusal_of_a_missing_right(founded, ada, greta, ben, walled):
    for other in (greta, ben):
        for action in (Action.READ_CHART, Action.WRITE_CHART, Action.WALL_PATIENT):
            with pytest.raises(Refused) as refusal:
                other.grant(action, walled)
            assert not isinstance(refusal.value, EmergencyOnly)
    assert ada.chart(walled).entries
    newest = ada.client.read_log(ada.token, person=greta.person).lines[0]
    assert (newest.what, newest.outcome, newest.patient) == ("wall_patient", "refused", walled)


def test_the_key_behind_a_wall_is_wrapped_under_the_walls_ring_alone(founded, ada, wall, walled):
    chart = charts.charts_of(ada.who.practice, walled)[Ring.TREATMENT]
    practice = founded.guard.opened[ada.who.practice]

    assert chart.wall == wall
    with pytest.raises(Tampered):
        unwrap_chart_key(practice.rings[Ring.TREATMENT].epochs, chart)
    assert unwrap_chart_key(practice.rings[wall].epochs, chart)


def test_entries_written_behind_a_wall_are_read_in_front_of_it_when_it_is_taken_away(ada, greta, wall, walled):
    ada.write(walled, "hinter dem Bereich")

    ada.client.put_behind(ada.token, walled, "")

    assert len(greta.chart(walled).entries) == 2
    assert not ada.client.verify_log(ada.token).alarms


def test_the_line_in_the_log_stands_before_the_key_is_wrapped_anew(ada, wall, dora):
    ada.client.put_behind(ada.token, dora, wall)
    ada.client.put_behind(ada.token, dora, "")

    told = [(line.what, line.detail) for line in ada.client.read_log(ada.token, patient=dora).lines[:3]]
    assert ("take_out", wall) in told
    assert ("put_behind", wall) in told


def test_only_a_member_puts_behind_a_wall_or_takes_out(ada, greta, wall, walled):
    other = new_patient(ada, "Vogel")

    for patient, ring in ((walled, ""), (other, wall), (other, "wall:00000000"), (other, Ring.DESK)):
        with pytest.raises(Refused):
            greta.client.put_behind(greta.token, patient, ring)
    with pytest.raises(NotFound):
        ada.client.put_behind(ada.token, ada.person, wall)


def test_a_patient_without_a_chart_yet_can_stand_behind_a_wall(ada, cora, greta, wall):
    patient = new_patient(cora, "Vogel")

    ada.client.put_behind(ada.token, patient, wall)

    with pytest.raises(Refused):
        greta.grant(Action.READ_CHART, patient)


def test_the_desk_still_finds_the_patient_and_keeps_the_master_data(cora, walled):
    assert found_by(cora, "müller") == [walled]
    assert cora.grant(Action.WRITE_PATIENT, walled).has(Ring.DESK)


def test_a_restricted_chart_is_found_with_a_lock_by_those_who_do_not_open_it(ada, greta, cora, walled):
    locks = {who.login: who.client.search(who.token, "müller").hits[0].locked for who in (ada, greta, cora)}

    assert locks == {"ada": False, "greta": True, "cora": False}


def test_only_a_member_is_told_behind_which_wall_a_patient_is(ada, greta, wall, walled):
    mine, others = ada.client.walls(ada.token, walled), greta.client.walls(greta.token, walled)

    assert (mine.behind, mine.locked, len(mine.walls)) == (wall, False, 1)
    assert (others.behind, others.locked, others.walls) == ("", True, ())
    with pytest.raises(Refused):
        greta.client.permit(greta.token, Action.READ_CHART, patient=walled)


def test_a_batch_with_a_walled_patient_releases_nothing(ada, greta, walled):
    other = new_patient(ada, "Vogel")

    with pytest.raises(Refused):
        greta.client.permit_batch(greta.token, Action.IMPORT_RECORDS, patients=[other, walled])
    assert len(ada.client.permit_batch(ada.token, Action.IMPORT_RECORDS, patients=[other, walled])) == 2


def test_a_chart_whose_wall_was_cut_out_of_its_row_is_damaged(ada, greta, walled):
    Chart.objects.filter(patient_id=walled, ring="treatment").update(wall="")

    for who in (ada, greta):
        with pytest.raises(Damaged):
            who.grant(Action.READ_CHART, walled)


# --- members ---------------------------------------------------------------------------------------------------------


def test_a_new_member_reads_at_once_and_after_signing_in(ada, greta, wall, walled):
    ada.client.join_wall(ada.token, wall=wall, person=greta.person)

    assert greta.chart(walled).entries
    assert greta.sign_in().chart(walled).entries


def test_only_a_member_lets_somebody_in_and_only_those_who_treat(ada, greta, ben, cora, dan, wall):
    with pytest.raises(Refused):
        greta.client.join_wall(greta.token, wall=wall, person=greta.person)
    for other in (cora, dan):
        with pytest.raises(Refused):
            ada.client.join_wall(ada.token, wall=wall, person=other.person)
    with pytest.raises(NotFound):
        ada.client.join_wall(ada.token, wall=wall, person=ada.who.device)
    ada.client.leave(ada.token, ben.person)
    with pytest.raises(Refused):
        ada.client.join_wall(ada.token, wall=wall, person=ben.person)


def test_a_member_who_leaves_the_wall_opens_nothing_of_it_any_more(ada, greta, wall, walled):
    ada.client.join_wall(ada.token, wall=wall, person=greta.person)
    before = max(key.generation for key in rings.ring_keys(ada.who.practice) if key.ring == wall)

    ada.client.leave_wall(ada.token, wall=wall, person=greta.person)

    for colleague in (greta, greta.sign_in()):
        with pytest.raises(Refused):
            colleague.grant(Action.READ_CHART, walled)
    assert max(key.generation for key in rings.ring_keys(ada.who.practice) if key.ring == wall) == before + 1
    assert ada.chart(walled).entries
    assert ada.sign_in().chart(walled).entries


def test_the_last_member_of_a_wall_with_charts_behind_it_stays(founded, ada, greta, ben, wall, walled):
    for ask in (
        lambda: ada.client.leave_wall(ada.token, wall=wall, person=ada.person),
        lambda: greta.client.leave(greta.token, ada.person),
        lambda: greta.client.change_role(greta.token, ada.person, role=Role.ADMINISTRATOR),
    ):
        with pytest.raises(LastMember):
            ask()
    assert ada.chart(walled).entries
    told = {(line.what, line.outcome) for line in ada.client.read_log(ada.token).lines}
    assert {("leave_wall", "refused"), ("leave", "refused"), ("change_role", "refused")} <= told


def test_the_last_member_of_an_empty_wall_may_go(ada, greta, wall, walled):
    ada.client.put_behind(ada.token, walled, "")

    greta.client.leave(greta.token, ada.person)

    assert wall_of(greta, wall).members == ()


def test_who_leaves_the_practice_loses_the_walls_as_well(ada, greta, wall, walled):
    ada.client.join_wall(ada.token, wall=wall, person=greta.person)

    ada.client.leave(ada.token, greta.person)

    assert wall_of(ada, wall).members == (ada.person,)
    assert ada.chart(walled).entries


def test_a_role_that_treats_keeps_its_walls_and_another_loses_them(founded, ada, greta, wall, walled):
    ada.client.join_wall(ada.token, wall=wall, person=greta.person)

    ada.client.change_role(ada.token, greta.person, role=Role.LOCUM, until=date.today() + timedelta(days=3))  # noqa: DTZ011
    greta = greta.sign_in()
    assert greta.chart(walled).entries

    ada.client.change_role(ada.token, greta.person, role=Role.ASSISTANT)
    assert wall_of(ada, wall).members == (ada.person,)


def test_a_last_day_takes_the_wall_unless_nobody_else_would_hold_it(own_rows):
    clock = Clock()
    founded = found(in_process(own_rows, clock=clock.now))
    ada, dora = founded.ada, new_patient(founded.ada)
    until = clock.began.astimezone().date()
    ben = founded.add("Ben Thorsen", "ben", Role.LOCUM, until=until)
    shared, his = build(ada), build(ada, "Bens")
    for ring in (shared, his):
        ada.client.join_wall(ada.token, wall=ring, person=ben.person)
    ada.client.put_behind(ada.token, dora, his)
    ada.client.leave_wall(ada.token, wall=his, person=ada.person)

    clock.go(2 * 24 * 3600)
    again = ada.sign_in()

    assert wall_of(again, shared).members == (ada.person,)
    assert wall_of(again, his).members == (ben.person,)
    founded.guard.close()


# --- nobody loses a wall silently ------------------------------------------------------------------------------------


def test_another_pass_phrase_carries_the_walls_along(ada, wall, walled):
    ada.client.change_passphrase(ada.token, old=PASSPHRASE, new="zwei sieben blaue kraniche im hafen")

    assert ada.sign_in(passphrase="zwei sieben blaue kraniche im hafen").chart(walled).entries


def test_two_paper_codes_give_a_member_the_wall_back_and_nobody_else(founded, ada, greta, wall, walled):
    def recover(login):
        return founded.client.recover_by_paper(
            first=founded.paper_codes[0],
            second=founded.paper_codes[1],
            login=login,
            passphrase="neun graue wale vor island gesehen",
            device_name="Ersatz",
        )

    member, other = recover(ada.login), recover(greta.login)

    assert founded.client.permit(member.token, Action.READ_CHART, patient=walled).has(Ring.TREATMENT)
    with pytest.raises(Refused):
        founded.client.permit(other.token, Action.READ_CHART, patient=walled)


def test_a_colleague_outside_the_wall_cannot_restore_a_members_access(founded, ada, greta, wall, walled):
    with pytest.raises(WallMissing):
        greta.client.restore_access(greta.token, ada.person)

    ada.client.join_wall(ada.token, wall=wall, person=greta.person)
    first = greta.client.restore_access(greta.token, ada.person)
    again = founded.client.sign_in(device_secret=founded.device_secret, login=ada.login, passphrase=first)
    assert wall in founded.guard.sessions.get(again.token).rings


def test_new_paper_codes_open_every_wall_or_are_not_made(founded, ada, greta, wall, walled):
    ada.sign_out()
    with pytest.raises(WallMissing):
        greta.client.new_paper(greta.token, passphrase=greta.passphrase)

    ada = ada.sign_in()
    papers = greta.client.new_paper(greta.token, passphrase=greta.passphrase)
    again = founded.client.recover_by_paper(
        first=papers[0],
        second=papers[2],
        login=ada.login,
        passphrase="neun graue wale vor island gesehen",
        device_name="Ersatz",
    )
    assert founded.client.permit(again.token, Action.READ_CHART, patient=walled).has(Ring.TREATMENT)


def test_a_wall_closes_when_its_last_member_signs_out(ada, greta, founded, wall, walled):
    ada.sign_out()

    assert wall not in founded.guard.opened[greta.who.practice].rings
    assert Ring.TREATMENT in founded.guard.opened[greta.who.practice].rings


def test_everything_stands_after_a_restart(founded, wall, walled):
    again = restarted(founded)

    ada = again.ada.sign_in()

    assert ada.chart(walled).entries
    assert wall_of(ada, wall).patients == 1
    again.guard.close()


def test_what_is_due_is_rotated_when_a_member_comes(founded, ada, greta, wall, walled):
    ada.client.join_wall(ada.token, wall=wall, person=greta.person)
    rings.mark_rotation_due(ada.who.practice, {wall})
    before = max(key.generation for key in rings.ring_keys(ada.who.practice) if key.ring == wall)

    assert greta.sign_in().chart(walled).entries

    assert max(key.generation for key in rings.ring_keys(ada.who.practice) if key.ring == wall) == before + 1
    assert ada.chart(walled).entries


# --- doctors who share rooms and not patients ------------------------------------------------------------------------


@pytest.fixture
def shared(ada, greta):
    """Two doctors in the same rooms: each has a wall, and a patient behind it from the start."""
    hers, theirs = build(ada, "Praxis Lovelace", COMMUNITY), build(greta, "Praxis Holm", COMMUNITY)
    return hers, theirs, new_patient(ada, "Sommer"), new_patient(greta, "Sommer")


def test_new_patients_are_behind_the_wall_of_who_takes_them_in(ada, greta, shared):
    hers, theirs, adas, gretas = shared

    assert charts.charts_of(ada.who.practice, adas)[Ring.TREATMENT].wall == hers
    assert charts.charts_of(ada.who.practice, gretas)[Ring.TREATMENT].wall == theirs
    with pytest.raises(Refused):
        ada.chart(gretas)


def test_a_doctor_finds_no_patient_of_the_other_and_the_desk_finds_both(ada, greta, cora, shared):
    _, _, adas, gretas = shared

    assert found_by(ada, "sommer") == [adas]
    assert found_by(greta, "sommer") == [gretas]
    assert set(found_by(cora, "sommer")) == {adas, gretas}
    assert [card.patient for card in ada.client.cards(ada.token, [adas, gretas])] == [adas]
    for action in (Action.READ_PATIENT, Action.WRITE_PATIENT, Action.READ_CHART):
        with pytest.raises(Refused):
            ada.grant(action, gretas)


def test_hidden_patients_take_no_place_among_the_first_hits(ada, greta, shared):
    for number in range(12):
        new_patient(greta, "Winter", f"Anna{number:02}")
    mine = new_patient(ada, "Winter", "Zora")

    assert [hit.card.patient for hit in ada.client.search(ada.token, "winter", limit=1).hits] == [mine]
    assert len(greta.client.search(greta.token, "wintr").hits) == 12
    assert found_by(ada, "wintr") == [mine]


def test_a_locum_of_one_doctor_finds_only_that_doctors_patients(founded, ada, greta, ben, shared):
    hers, _, adas, _ = shared
    assert found_by(ben, "sommer") == []

    ada.client.join_wall(ada.token, wall=hers, person=ben.person)

    assert found_by(ben, "sommer") == [adas]
    patient = new_patient(ben, "Herbst")
    assert ben.write(patient, "von Ben")
    assert charts.charts_of(ada.who.practice, patient)[Ring.TREATMENT].wall == hers


def test_moving_in_puts_patients_behind_the_wall_of_who_moves_them_in(ada, greta, shared):
    patients = [uuid4() for _ in range(3)]

    ada.client.permit_batch(ada.token, Action.IMPORT_RECORDS, patients=patients)

    hers = shared[0]
    assert {charts.charts_of(ada.who.practice, one)[Ring.TREATMENT].wall for one in patients} == {hers}
    with pytest.raises(Refused):
        greta.client.permit_batch(greta.token, Action.IMPORT_RECORDS, patients=patients)


def test_nothing_is_open_of_a_wall_when_the_practice_is_sealed(founded, ada, walled):
    ada.client.seal(ada.token)

    with pytest.raises(PracticeSealed):
        ada.grant(Action.READ_CHART, walled)
    assert founded.guard.opened == {}


def test_walls_outlive_a_device_that_goes_and_takes_the_site_secret_with_it(founded, ada, ben, greta, walled):
    lent = build(ada, "Beschäftigte", emergency=True)
    other = new_patient(ada, "Vogel")
    ada.client.put_behind(ada.token, other, lent)
    founded.client.redeem_link(founded.client.invite_device(ada.token, name="Laptop"))
    gone = next(one for one in founded.client.devices(ada.token).devices if one.name == "Laptop")

    founded.client.remove_device(ada.token, gone.device)
    founded.guard.opened[ada.who.practice].walls = None

    assert {line.name for line in ada.client.walls(ada.token).walls} == {"Psychotherapie", "Beschäftigte"}
    assert ada.chart(walled).entries
    with pytest.raises(Refused):
        greta.chart(walled)
    ada.sign_out()
    ben.client.break_glass(ben.token, other, reason="Patientin nicht ansprechbar")
    assert ben.grant(Action.READ_CHART, other).has(Ring.TREATMENT)
    assert ada.sign_in().chart(walled).entries
