# SPDX-License-Identifier: MPL-2.0
"""Planted patients, and the practice's own limits."""

from dataclasses import replace

import pytest

from arkanum.guard import Action
from arkanum.guard.brake import HIGHEST, LOWEST
from arkanum.guard.errors import CanaryMet, GuardError, NotSignedIn, Refused, StepUp
from arkanum.guard.house import ALARM
from arkanum.storage.models import HouseRules
from tests.cast import new_patient, restarted
from tests.guard.brakes import lines, opened, practice_of, taken_in

pytestmark = pytest.mark.postgresql


@pytest.fixture
def bait(ada):
    """A planted patient; Ada has shown who she is."""
    patient = new_patient(ada, "Brackvogel", "Marlies")
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    ada.client.plant_canary(ada.token, patient)
    return patient


WAYS = {
    "permit": lambda who, patient: who.grant(Action.READ_CHART, patient),
    "master data": lambda who, patient: who.grant(Action.READ_PATIENT, patient),
    "copy": lambda who, patient: who.client.ticket(who.token, patient, purpose="data"),
    "batch": lambda who, patient: who.client.permit_batch(who.token, Action.IMPORT_RECORDS, patients=[patient]),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_whoever_opens_a_planted_patient_is_put_out_at_once(ada, ben, bait, way):
    second, elsewhere = ben.sign_in(), replace(ben, device_secret=_another_device(ada)).sign_in()

    with pytest.raises(CanaryMet):
        way(ben, bait)

    for ended in (ben, second):
        with pytest.raises(NotSignedIn):
            ended.client.who(ended.token)
    assert elsewhere.client.who(elsewhere.token).name == "Ben Thorsen"
    (line,) = lines(ada, "canary")
    assert (line.outcome, line.person, line.patient) == (ALARM, ben.person, bait)


def _another_device(ada):
    return ada.client.redeem_link(ada.client.invite_device(ada.token, name="Zweites"))


def test_a_planted_patient_is_found_like_any_other(ben, bait):
    assert [hit.card.last for hit in ben.client.search(ben.token, "brackv").hits] == ["Brackvogel"]


def test_only_who_may_read_the_log_sees_which_they_are(ada, ben, cora, dan, bait):
    assert [card.last for card in ada.client.rules(ada.token).canaries] == ["Brackvogel"]
    for other in (ben, cora, dan):
        with pytest.raises(Refused):
            other.client.rules(other.token)


def test_a_session_without_the_pass_phrase_neither_sees_nor_changes_them(ada, bait):
    hijacked = ada.sign_in()

    for ask in (
        lambda: hijacked.client.rules(hijacked.token),
        lambda: hijacked.client.remove_canary(hijacked.token, bait),
        lambda: hijacked.client.plant_canary(hijacked.token, bait),
        lambda: hijacked.client.set_limits(hijacked.token, (40, 150, 600)),
    ):
        with pytest.raises(StepUp):
            ask()


def test_a_planted_patient_is_still_planted_after_a_restart(founded, ada, bait):
    again = restarted(founded).ada.sign_in()

    with pytest.raises(CanaryMet):
        again.grant(Action.READ_CHART, bait)


def test_one_that_is_planted_no_more_opens(ada, bait):
    ada.client.remove_canary(ada.token, bait)

    assert ada.grant(Action.READ_CHART, bait).patient == bait


def test_the_row_has_one_size_and_names_nobody(ada, bait):
    before = bytes(HouseRules.objects.get().body.to_storage())
    for patient in taken_in(ada, 5):
        ada.client.plant_canary(ada.token, patient)
    after = bytes(HouseRules.objects.get().body.to_storage())

    assert len(before) == len(after)
    assert bait.bytes not in after


def test_a_changed_row_is_an_alarm_and_keeps_nobody_out(founded, ada, bait):
    row = HouseRules.objects.get()
    founded.guard.close()
    raw = bytearray(row.body.to_storage())
    raw[-1] ^= 1
    HouseRules.objects.update(body=type(row.body).from_storage(bytes(raw)))

    again = restarted(founded).ada.sign_in()

    assert [line.outcome for line in lines(again, "rules_damaged")] == [ALARM]


def test_a_deleted_row_is_an_alarm_and_keeps_nobody_out(founded, ada, bait):
    founded.guard.close()
    HouseRules.objects.all().delete()

    again = restarted(founded).ada.sign_in()

    assert [line.outcome for line in lines(again, "rules_damaged")] == [ALARM]


def test_an_older_row_is_an_alarm(founded, ada, bait):
    older = HouseRules.objects.get().body
    ada.client.plant_canary(ada.token, new_patient(ada, "Zweiter"))
    founded.guard.close()
    HouseRules.objects.update(body=older)

    again = restarted(founded).ada.sign_in()

    assert [line.outcome for line in lines(again, "rules_damaged")] == [ALARM]


def test_a_practice_that_set_nothing_raises_no_alarm(founded, ada):
    founded.guard.close()

    again = restarted(founded).ada.sign_in()

    assert lines(again, "rules_damaged") == []


def test_whoever_sets_new_rules_after_the_alarm_ends_it(founded, ada, bait):
    founded.guard.close()
    HouseRules.objects.all().delete()
    first = restarted(founded)
    ada = first.ada.sign_in()
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    ada.client.set_limits(ada.token, (20, 80, 200))
    first.guard.close()

    again = restarted(first).ada.sign_in()

    assert len(lines(again, "rules_damaged")) == 1


def test_a_practice_sets_its_limits_within_the_hard_bounds(founded, ada):
    ada.client.prove(ada.token, passphrase=ada.passphrase)

    ada.client.set_limits(ada.token, (10_000, 10_000, 10_000))
    assert practice_of(ada).brake.limits == HIGHEST
    ada.client.set_limits(ada.token, (0, -1, 0))
    assert practice_of(ada).brake.limits == LOWEST

    again = restarted(founded).ada.sign_in()
    assert opened(again, taken_in(again, 20)) == (8, StepUp)
    assert [line.detail for line in lines(again, "set_limits")] == ["40 150 600", "10 40 100"]


def test_nobody_but_a_doctor_sets_limits(ben, cora, dan):
    for other in (ben, cora, dan):
        with pytest.raises(GuardError):
            other.client.set_limits(other.token, (40, 150, 600))
