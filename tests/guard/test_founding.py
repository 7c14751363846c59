# SPDX-License-Identifier: MPL-2.0
"""The first day of a practice, and the paper codes it must type back."""

import pytest

from arkanum.charts import records
from arkanum.guard import Action, Ring
from arkanum.guard.errors import (
    PassphraseTooWeak,
    Refused,
    SignInRefused,
    Throttled,
    WrongCode,
)
from arkanum.storage import rings
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, restarted

pytestmark = pytest.mark.postgresql


def generation(founded, ring=Ring.TREATMENT):
    return max(key.generation for key in rings.ring_keys(founded.ada.who.practice) if key.ring == ring)


def recover(founded, first, second, login="ada", passphrase=SECOND_PASSPHRASE):
    return founded.client.recover_by_paper(
        first=first, second=second, login=login, passphrase=passphrase, device_name="neu"
    )


FOUNDING = {"practice_name": "Praxis", "name": "Ada", "login": "ada", "passphrase": PASSPHRASE, "device_name": "x"}


def test_the_code_from_the_console_founds_and_works_once(guard, client):
    code = guard.founding_code

    assert client.found_practice(code=code.lower().replace("-", " "), **FOUNDING)

    with pytest.raises(WrongCode):
        client.found_practice(code=code, **FOUNDING)
    with pytest.raises(WrongCode):
        client.found_practice(code="", **FOUNDING)


def test_the_code_cannot_be_guessed_fast(guard, client):
    outcomes = []
    for number in range(20):
        try:
            client.found_practice(code=f"{number:012d}", **FOUNDING)
        except (WrongCode, Throttled) as error:
            outcomes.append(type(error))

    assert outcomes.count(WrongCode) == 5
    with pytest.raises(Throttled):
        client.found_practice(code=guard.founding_code, **FOUNDING)


@pytest.mark.parametrize("missing", ["practice_name", "name", "login"])
def test_a_practice_needs_names(guard, client, missing):
    with pytest.raises(Refused):
        client.found_practice(code=guard.founding_code, **{**FOUNDING, missing: " "})

    assert client.found_practice(code=guard.founding_code, **FOUNDING)


def test_an_easy_pass_phrase_founds_nothing(guard, client):
    with pytest.raises(PassphraseTooWeak):
        client.found_practice(code=guard.founding_code, **{**FOUNDING, "passphrase": "Behandlung"})

    assert not client.state().founded


def test_a_restart_of_a_founded_practice_makes_no_founding_code(founded):
    again = restarted(founded)

    assert again.guard.founding_code == ""
    again.guard.close()


def test_patients_wait_until_the_paper_codes_were_typed_back(guard, client):
    made = client.found_practice(
        code=guard.founding_code,
        practice_name="Praxis",
        name="Ada",
        login="ada",
        passphrase=PASSPHRASE,
        device_name="x",
    )
    assert not made.who.accepts_patients
    with pytest.raises(Refused):
        client.permit(made.token, Action.NEW_PATIENT)

    with pytest.raises(WrongCode):
        client.confirm_paper(made.token, first=made.paper_codes[0], second=made.paper_codes[0])
    client.confirm_paper(made.token, first=made.paper_codes[0], second=made.paper_codes[1])

    assert client.who(made.token).accepts_patients
    assert client.permit(made.token, Action.NEW_PATIENT)


def test_new_paper_codes_open_the_practice_and_the_old_ones_do_not(founded, ada, dora):
    ada.write(dora, "Lunge frei")

    codes = founded.client.new_paper(ada.token, passphrase=PASSPHRASE)
    with pytest.raises(WrongCode):
        founded.client.confirm_paper(ada.token, first=founded.paper_codes[0], second=founded.paper_codes[1])
    founded.client.confirm_paper(ada.token, first=codes[2], second=codes[0])
    again = founded.client.recover_by_paper(
        first=codes[1], second=codes[2], login="ada", passphrase=SECOND_PASSPHRASE, device_name="Neu"
    )

    grant = founded.client.permit(again.token, Action.READ_CHART, patient=dora)
    assert any(line.entry.content.text == "Lunge frei" for line in records.read(grant).entries)


def test_a_screen_left_alone_makes_no_paper_codes(founded, ada):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            founded.client.new_paper(ada.token, passphrase="falsch")

    with pytest.raises(Throttled):
        founded.client.new_paper(ada.token, passphrase=PASSPHRASE)


def test_new_paper_codes_rotate_every_ring_and_keep_the_old_log_readable(founded, ada, dora):
    before = {ring: generation(founded, ring) for ring in Ring}

    codes = founded.client.new_paper(ada.token, passphrase=PASSPHRASE)

    assert {ring: generation(founded, ring) for ring in Ring} == {ring: number + 1 for ring, number in before.items()}
    again = recover(founded, codes[0], codes[1])
    assert founded.client.read_log(again.token).lines[-1].what == "found_practice"
    assert founded.client.verify_log(again.token).alarms == ()


def test_only_who_holds_every_ring_may_make_paper_codes(founded, ben, dan, cora):
    for colleague in (ben, dan, cora):
        with pytest.raises(Refused):
            founded.client.new_paper(colleague.token, passphrase=colleague.passphrase)
