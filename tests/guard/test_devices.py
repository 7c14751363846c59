# SPDX-License-Identifier: MPL-2.0
"""Devices, their links, and what waits to be let in."""

from dataclasses import replace

import pytest

from arkanum.charts.moving import Move, move_in
from arkanum.core.ids import PatientId, new_id
from arkanum.guard import Action, Ring, Role
from arkanum.guard.errors import NotFound, NotSignedIn, PracticeSealed, Refused, Throttled, WrongCode
from arkanum.guard.pairings import MOST_WAITING, PAIRING_SECONDS, Asker, Pairings
from arkanum.storage import people
from tests.cast import PASSPHRASE, Clock, found, in_process, master_data, note

pytestmark = pytest.mark.postgresql


def test_a_link_makes_a_device_once(founded, ada):
    link = founded.client.invite_device(ada.token, name="Tablet")

    secret = founded.client.redeem_link(link)

    assert replace(ada, device_secret=secret).sign_in().who.device != ada.who.device
    with pytest.raises(WrongCode):
        founded.client.redeem_link(link)


def test_what_stands_in_the_link_is_not_the_devices_secret(founded, ada):
    from arkanum.guard.codes import from_link
    from arkanum.guard.errors import SignInRefused

    link = founded.client.invite_device(ada.token, name="Tablet")
    founded.client.redeem_link(link)

    with pytest.raises(SignInRefused):
        replace(ada, device_secret=from_link(link)).sign_in()


@pytest.mark.parametrize("link", ["", "x", "A" * 64, "ä" * 64, "A" * 900])
def test_a_link_that_is_none_of_ours_is_refused(founded, link):
    with pytest.raises(WrongCode):
        founded.client.redeem_link(link)


def test_the_devices_are_listed_by_name_and_ones_own_is_marked(founded, ada):
    founded.client.invite_device(ada.token, name=" Tablet ")

    lines = founded.client.devices(ada.token).devices

    assert [(line.name, line.own) for line in lines] == [("Empfang", True), ("Tablet", False)]


def test_a_device_that_is_not_there_cannot_be_removed(founded, ada, dora):
    with pytest.raises(NotFound):
        founded.client.remove_device(ada.token, dora)


def test_billing_manages_no_devices(founded):
    billa = founded.add("Billa", "billa", Role.BILLING)

    for ask in (founded.client.devices, lambda token: founded.client.invite_device(token, name="x")):
        with pytest.raises(Refused):
            ask(billa.token)


# --- pairing ---------------------------------------------------------------------------------------------------------


def test_a_device_that_shows_its_code_is_let_in_by_somebody_signed_in(founded, ada):
    pairing = founded.client.begin_pairing("Zimmer 2")
    assert founded.client.paired(pairing.pairing).device_secret == b""

    founded.client.approve_pairing(ada.token, code=pairing.code.lower().replace("-", " "))

    secret = founded.client.paired(pairing.pairing).device_secret
    assert replace(ada, device_secret=secret).sign_in()
    with pytest.raises(WrongCode):
        founded.client.paired(pairing.pairing)


def test_a_code_lets_in_once(founded, ada):
    pairing = founded.client.begin_pairing("Zimmer 2")
    founded.client.approve_pairing(ada.token, code=pairing.code)

    with pytest.raises(WrongCode):
        founded.client.approve_pairing(ada.token, code=pairing.code)


def test_a_pairing_that_waits_too_long_is_forgotten():
    clock = Clock()
    pairings = Pairings(clock)
    handle, code = pairings.begin(Asker("x", "device"))

    clock.go(PAIRING_SECONDS + 1)

    with pytest.raises(WrongCode):
        pairings.find(code)
    with pytest.raises(WrongCode):
        pairings.ask(handle)


def test_codes_cannot_be_guessed(founded, ada):
    clock = Clock()
    pairings = Pairings(clock)
    for _ in range(5):
        with pytest.raises(WrongCode):
            pairings.find("2222-2222")
    _, code = pairings.begin(Asker("x", "device"))

    with pytest.raises(Throttled):
        pairings.find(code)
    clock.go(PAIRING_SECONDS - 1)
    _, late = pairings.begin(Asker("y", "device"))
    clock.go(2)
    assert pairings.find(late)


def test_nobody_can_let_a_thousand_devices_wait():
    pairings = Pairings(Clock())
    for _ in range(MOST_WAITING):
        pairings.begin(Asker("x", "device"))

    with pytest.raises(Throttled):
        pairings.begin(Asker("x", "device"))


def test_only_known_purposes_wait_and_only_under_short_names(founded):
    with pytest.raises(Refused):
        founded.client.begin_pairing("x", purpose="everything")
    with pytest.raises(Refused):
        founded.client.begin_pairing("x" * 2000)


# --- jobs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def job(founded, ada):
    """The token of a command that Ada let in."""
    pairing = founded.client.begin_pairing("Import", purpose="job")
    founded.client.approve_pairing(ada.token, code=pairing.code)
    return founded.client.paired(pairing.pairing).token


def test_a_job_moves_patients_in_and_may_nothing_else(founded, ada, dora, job):
    patient = PatientId(new_id())
    moved = move_in(founded.client, job, [Move(patient, master_data("Şahin", "Ayşe"), (note("Anamnese"),))])
    assert (moved.patients, moved.entries) == (1, 1)
    assert ada.chart(patient).entries

    assert founded.client.who(job).actions == {Action.NEW_PATIENT, Action.IMPORT_RECORDS, Action.FIND_PATIENT}
    for action in (Action.READ_CHART, Action.WRITE_CHART, Action.READ_PATIENT, Action.READ_LOG, Action.MANAGE_STAFF):
        with pytest.raises(Refused):
            founded.client.permit(job, action, patient=dora)
    for ask in (
        lambda: founded.client.seal(job),
        lambda: founded.client.staff(job),
        lambda: founded.client.devices(job),
        lambda: founded.client.invite_device(job, name="x"),
        lambda: founded.client.change_passphrase(job, old=PASSPHRASE, new="x"),
        lambda: founded.client.add_person(job, name="x", login="x", role=Role.DOCTOR),
        lambda: founded.client.judge_passphrase("korrekt pferd batterie stapel", token=job),
        lambda: founded.client.read_log(job),
    ):
        with pytest.raises(Refused):
            ask()


def test_a_job_holds_only_the_rings_that_moving_in_needs(founded, job):
    assert founded.client.who(job).rings == {Ring.DESK, Ring.TREATMENT}


def test_a_job_keeps_no_practice_open(founded, ada, job):
    ada.sign_out()

    with pytest.raises(PracticeSealed):
        founded.client.who(job)
    assert founded.guard.opened == {}


def test_a_job_ends_with_the_person_who_let_it_in(founded, ada, ben, job):
    ada.sign_out()

    assert founded.client.who(ben.token)
    with pytest.raises(NotSignedIn):
        founded.client.who(job)


def test_a_job_goes_on_while_its_person_is_signed_in_somewhere(founded, ada, job):
    other = ada.sign_in()
    ada.sign_out()

    assert founded.client.who(job)
    other.sign_out()


def test_whoever_may_not_treat_lets_no_job_in_that_could(founded, dan):
    pairing = founded.client.begin_pairing("Import", purpose="job")
    founded.client.approve_pairing(dan.token, code=pairing.code)
    token = founded.client.paired(pairing.pairing).token

    assert founded.client.who(token).rings == frozenset()
    with pytest.raises(Refused):
        founded.client.permit_batch(token, Action.IMPORT_RECORDS, patients=[new_id()])


def test_a_device_row_moved_to_another_device_opens_nothing(own_rows):
    guard = in_process(own_rows)
    practice = found(guard)
    link = practice.client.invite_device(practice.ada.token, name="Tablet")
    rows = {row.id: row for row in people.devices(practice.ada.who.practice)}
    own = rows.pop(practice.ada.who.device)
    (tablet,) = rows.values()
    tablet.site = own.site
    people.save_device(tablet)

    with pytest.raises(WrongCode):
        practice.client.redeem_link(link)
    guard.close()
