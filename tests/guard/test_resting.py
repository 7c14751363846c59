# SPDX-License-Identifier: MPL-2.0
"""Sessions rest, go on with a PIN at their own device, and end everywhere at once."""

import pytest

from arkanum.guard import Action, Role
from arkanum.guard.errors import Locked, NotSignedIn, PinTooWeak, PracticeSealed, SignInRefused
from arkanum.guard.resting import WRONG_PINS_IN_A_ROW, WRONG_PINS_IN_ALL
from arkanum.guard.sessions import IDLE_SECONDS, LONGEST_SECONDS, REST_SECONDS, since_boot
from arkanum.storage import unlocks
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, restarted

pytestmark = pytest.mark.postgresql

PIN, OTHER_PIN = "7391", "48173"


@pytest.fixture
def desk(founded, ada, cora):
    """One workplace at which Ada and Cora have PINs and both rest."""
    ada.client.set_pin(ada.token, passphrase=PASSPHRASE, pin=PIN)
    cora.client.set_pin(cora.token, passphrase=SECOND_PASSPHRASE, pin=OTHER_PIN)
    ada.client.rest(ada.token)
    cora.client.rest(cora.token)
    return founded


def come_back(practice, colleague, pin, *, device=None, channel=b""):
    return practice.client.change_person(
        device_secret=device or practice.device_secret, person=colleague.person, pin=pin, channel=channel
    )


# --- rest ------------------------------------------------------------------------------------------------------------


def test_a_session_that_nobody_used_for_five_minutes_rests(timed, clock):
    clock.go(REST_SECONDS + 1)

    with pytest.raises(Locked):
        timed.client.who(timed.ada.token)
    with pytest.raises(Locked):
        timed.client.search(timed.ada.token, "m")
    assert not timed.client.state().sealed


def test_use_by_a_person_puts_it_off(timed, clock):
    for _ in range(5):
        clock.go(REST_SECONDS - 1)
        assert timed.client.who(timed.ada.token)


def test_what_a_page_asks_by_itself_puts_off_nothing(timed, clock):
    polls = timed.client.by_itself()
    for _ in range(6):
        clock.go(REST_SECONDS / 5)
        try:
            polls.who(timed.ada.token)
        except Locked:
            break

    assert clock() > REST_SECONDS
    with pytest.raises(Locked):
        polls.who(timed.ada.token)


def test_a_job_at_a_console_does_not_rest(timed, clock):
    pairing = timed.client.begin_pairing("import", purpose="job")
    timed.client.approve_pairing(timed.ada.token, code=pairing.code)
    token = timed.client.paired(pairing.pairing).token

    clock.go(REST_SECONDS * 2)

    assert timed.client.who(token)


def test_a_locked_session_answers_nothing_until_its_person_is_back(desk, ada):
    for ask in (desk.client.who, desk.client.staff, desk.client.devices, desk.client.own_keys):
        with pytest.raises(Locked):
            ask(ada.token)


def test_two_hours_without_use_end_a_session_and_seal(timed, clock):
    timed.client.rest(timed.ada.token)

    clock.go(IDLE_SECONDS + 1)
    timed.guard.keep_house()

    assert timed.client.state().sealed
    assert timed.guard.opened == {}


def test_after_twelve_hours_even_a_busy_session_has_ended(timed, clock):
    while clock() < LONGEST_SECONDS:
        clock.go(REST_SECONDS - 1)
        if clock() <= LONGEST_SECONDS:
            timed.client.who(timed.ada.token)

    with pytest.raises(NotSignedIn):
        timed.client.who(timed.ada.token)


def test_the_clock_of_the_sessions_cannot_be_turned_and_counts_sleep():
    assert 0 <= since_boot() - since_boot() + 1 <= 1


def test_who_is_locked_may_still_leave(desk, ada, cora):
    desk.client.sign_out(cora.token)

    assert [one.name for one in desk.client.resting(device_secret=desk.device_secret)] == [ada.who.name]


def test_an_import_started_on_a_page_goes_on_while_the_screen_rests(timed, clock):
    own = timed.client.begin_job(timed.ada.token)
    timed.client.rest(timed.ada.token)

    assert timed.client.who(own).actions < timed.ada.who.actions
    timed.client.sign_out(own)
    assert [one.person for one in timed.client.resting(device_secret=timed.device_secret)] == [timed.ada.person]


def test_work_in_the_background_ends_with_its_persons_last_session(founded, ada, ben):
    own = founded.client.begin_job(ada.token)

    founded.client.sign_out(ada.token)

    with pytest.raises(NotSignedIn):
        founded.client.who(own)


# --- come back -------------------------------------------------------------------------------------------------------


def test_the_pin_lets_the_session_go_on_with_another_token(desk, ada):
    signed_in = come_back(desk, ada, PIN)

    assert signed_in.token != ada.token
    assert desk.client.who(signed_in.token).actions == ada.who.actions
    with pytest.raises(NotSignedIn):
        desk.client.who(ada.token)


def test_who_comes_back_lets_everybody_else_at_the_device_rest(desk, ada, cora):
    first = come_back(desk, ada, PIN)
    second = come_back(desk, cora, OTHER_PIN)

    assert desk.client.who(second.token).person == cora.person
    with pytest.raises(Locked):
        desk.client.who(first.token)


def test_the_workplace_names_who_rests_there_and_who_has_a_pin(ben, desk):
    desk.client.rest(ben.token)

    people = desk.client.resting(device_secret=desk.device_secret)

    assert {(one.name, one.has_pin) for one in people} == {
        ("Dr. Ada Lovelace", True),
        ("Cora Feddersen", True),
        ("Ben Thorsen", False),
    }


def test_a_stranger_and_another_device_are_told_nobody(desk, emil):
    assert desk.client.resting(device_secret=emil.device_secret) == ()
    assert desk.client.resting(device_secret=desk.device_secret[:16] + bytes(32)) == ()
    assert desk.client.resting(device_secret=desk.device_secret, channel=b"\x01" * 16) == ()


def test_the_pin_of_another_person_and_a_person_in_use_are_refused_alike(desk, ada, cora):
    with pytest.raises(SignInRefused):
        come_back(desk, ada, OTHER_PIN)
    come_back(desk, cora, OTHER_PIN)
    with pytest.raises(SignInRefused):
        come_back(desk, cora, OTHER_PIN)


def test_five_wrong_pins_end_the_session_and_raise_an_alarm(desk, ada, cora):
    for _ in range(WRONG_PINS_IN_A_ROW):
        with pytest.raises(SignInRefused):
            come_back(desk, cora, "9999")

    with pytest.raises(SignInRefused):
        come_back(desk, cora, OTHER_PIN)
    back = come_back(desk, ada, PIN)
    found_lines = [line for line in desk.client.read_log(back.token).lines if line.what == "wrong_pins"]
    assert [line.outcome for line in found_lines] == ["alarm"]
    assert any("falsche PIN" in text for text in desk.client.verify_log(back.token).alarms)


def test_the_right_pin_forgives_but_says_how_many_were_wrong(desk, ada):
    for _ in range(4):
        with pytest.raises(SignInRefused):
            come_back(desk, ada, "9999")

    first = come_back(desk, ada, PIN)
    desk.client.rest(first.token)
    second = come_back(desk, ada, PIN)

    assert (first.wrong_pins, second.wrong_pins) == (4, 0)


def test_right_pins_in_between_give_no_endless_tries(desk, ada):
    tried = 0
    for _ in range(WRONG_PINS_IN_ALL // 3):
        for _ in range(3):
            with pytest.raises(SignInRefused):
                come_back(desk, ada, "9999")
            tried += 1
        if tried < WRONG_PINS_IN_ALL:
            desk.client.rest(come_back(desk, ada, PIN).token)

    with pytest.raises(SignInRefused):
        come_back(desk, ada, PIN)


def test_a_pin_opens_nothing_once_the_practice_is_sealed(desk, ada):
    again = restarted(desk)

    assert again.client.resting(device_secret=again.device_secret) == ()
    with pytest.raises(SignInRefused):
        come_back(again, ada, PIN)


def test_pins_for_people_who_do_not_rest_here_cannot_fill_the_log(desk, ada):
    log = desk.guard.logs[ada.who.practice]
    desk.client.sign_out(ada.token)
    before = log.end[0]
    for _ in range(30):
        with pytest.raises(SignInRefused):
            come_back(desk, ada, PIN)

    assert log.end[0] - before <= 1


def test_another_sign_in_in_the_same_browser_lets_the_one_before_rest(founded, ada, cora):
    signed_in = founded.client.sign_in(
        device_secret=founded.device_secret, login="cora", passphrase=SECOND_PASSPHRASE, leaves=ada.token
    )

    assert founded.client.who(signed_in.token).person == cora.person
    with pytest.raises(Locked):
        founded.client.who(ada.token)


def test_the_pass_phrase_takes_the_place_of_ones_own_resting_session(desk, ada):
    again = desk.client.sign_in(device_secret=desk.device_secret, login="ada", passphrase=PASSPHRASE, leaves=ada.token)

    assert len(desk.client.own_sessions(again.token)) == 1
    assert ada.person not in {one.person for one in desk.client.resting(device_secret=desk.device_secret)}


# --- the PIN ---------------------------------------------------------------------------------------------------------


def test_a_pin_needs_the_pass_phrase_and_must_not_be_easy(ada):
    with pytest.raises(SignInRefused):
        ada.client.set_pin(ada.token, passphrase="falsch", pin=PIN)
    with pytest.raises(PinTooWeak) as weak:
        ada.client.set_pin(ada.token, passphrase=PASSPHRASE, pin="1234")

    assert weak.value.reasons
    assert not ada.client.own_keys(ada.token).has_pin


def test_a_pin_is_there_at_the_next_sign_in_and_goes_over_to_a_new_pass_phrase(desk, ada):
    signed_in = desk.client.sign_in(device_secret=desk.device_secret, login="ada", passphrase=PASSPHRASE)
    desk.client.change_passphrase(signed_in.token, old=PASSPHRASE, new=SECOND_PASSPHRASE + " wolke")
    desk.client.sign_out(signed_in.token)
    again = desk.client.sign_in(device_secret=desk.device_secret, login="ada", passphrase=SECOND_PASSPHRASE + " wolke")
    desk.client.rest(again.token)

    assert come_back(desk, ada, PIN).who.person == ada.person


def test_a_pin_that_was_taken_away_lets_nobody_go_on(founded, ada):
    ada.client.set_pin(ada.token, passphrase=PASSPHRASE, pin=PIN)
    ada.client.remove_pin(ada.token)
    ada.client.rest(ada.token)

    with pytest.raises(SignInRefused):
        come_back(founded, ada, PIN)


def test_restored_access_removes_the_pin_and_says_so(desk, ada, cora):
    back = come_back(desk, ada, PIN)
    first = desk.client.restore_access(back.token, cora.person)
    signed_in = desk.client.sign_in(device_secret=desk.device_secret, login="cora", passphrase=first)
    desk.client.change_passphrase(signed_in.token, old=first, new=SECOND_PASSPHRASE + " wolke")

    told = desk.client.own_keys(signed_in.token)
    desk.client.set_pin(signed_in.token, passphrase=SECOND_PASSPHRASE + " wolke", pin=PIN)

    assert (told.has_pin, told.keys_lost) == (False, True)
    assert not desk.client.own_keys(signed_in.token).keys_lost


def test_who_leaves_the_practice_leaves_no_pin(desk, ada, cora):
    back = come_back(desk, ada, PIN)

    desk.client.leave(back.token, cora.person)

    assert unlocks.pin(cora.person) is None
    assert unlocks.pin(ada.person) is not None


def test_a_row_that_somebody_changed_is_no_pin(desk, ada, cora):
    row = unlocks.pin(ada.person)
    row.body = unlocks.pin(cora.person).body
    unlocks.save_pin(row)
    signed_in = desk.client.sign_in(device_secret=desk.device_secret, login="ada", passphrase=PASSPHRASE)
    desk.client.rest(signed_in.token)

    for pin in (PIN, OTHER_PIN):
        with pytest.raises(SignInRefused):
            come_back(desk, ada, pin)


# --- out -------------------------------------------------------------------------------------------------------------


def test_everywhere_means_every_device(founded, ada, cora):
    tablet = founded.client.redeem_link(founded.client.invite_device(ada.token, name="Tablet"))
    there = founded.client.sign_in(device_secret=tablet, login="ada", passphrase=PASSPHRASE)
    resting = founded.client.sign_in(device_secret=tablet, login="ada", passphrase=PASSPHRASE)
    founded.client.rest(resting.token)
    ben = founded.add("Ben Thorsen", "ben", Role.LOCUM)

    founded.client.sign_out_everywhere(ada.token)

    for token in (ada.token, there.token, resting.token):
        with pytest.raises(NotSignedIn):
            founded.client.who(token)
    assert Action.READ_CHART in founded.client.who(ben.token).actions


def test_the_last_one_who_treats_leaves_everywhere_and_the_practice_is_sealed(founded, ada):
    ada.sign_in()

    founded.client.sign_out_everywhere(ada.token)

    with pytest.raises(PracticeSealed):
        founded.client.who(ada.token)
    assert founded.guard.opened == {}


def test_signing_out_clears_what_rests_of_that_person_at_that_device(founded, ada, ben):
    again = ada.sign_in()
    founded.client.rest(ada.token)

    founded.client.sign_out(again.token)

    assert founded.client.resting(device_secret=founded.device_secret) == ()
    assert founded.client.who(ben.token)
