# SPDX-License-Identifier: MPL-2.0
"""W40: lost password. A colleague, or two of three paper codes: no record is lost. Less than that opens nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

import pytest

from arkanum.charts import patients, records
from arkanum.guard import Action, Client, Role
from arkanum.guard.errors import GuardError, SignInRefused, WrongCode
from arkanum.guard.founding import new_founding_code
from arkanum.storage.models import PaperShare, RingShare
from tests.attacks.twin import assert_red
from tests.cast import SECOND_PASSPHRASE, found, new_patient, note, restarted

pytestmark = pytest.mark.postgresql

PATIENTS = 6
THIRD_PASSPHRASE = "lampe kirsche tunnel dackel fagott moor"


@dataclass(frozen=True)
class Loss:
    """A practice, what was written in it, and how somebody tries to get back in."""

    client: Client
    written: dict[UUID, set[str]]
    way_back: Callable[[], bytes]
    """Returns the token of a session, or raises."""


def attack(loss):
    """Get back in and count the records that cannot be read any more."""
    try:
        token = loss.way_back()
    except GuardError:
        token = b""
    lost = sum(_lost(loss.client, token, patient, texts) for patient, texts in loss.written.items())
    assert lost == 0


def _lost(client, token, patient, texts):
    try:
        name = patients.read(client.permit(token, Action.READ_PATIENT, patient=patient)).patient.name.last
        grant = client.permit(token, Action.READ_CHART, patient=patient)
        view = records.read(grant)
        read = {line.entry.content.text for entry in view.entries for line in records.history(grant, entry.record)}
    except GuardError:
        return len(texts)
    return len(texts - read - {name}) + len(view.damaged)


def opens_nothing(client, codes):
    """Tell whether two codes give neither a session nor another answer than any two wrong ones."""
    try:
        _recover(client, *codes)
    except WrongCode:
        return True
    return False


def _recover(client, first, second, passphrase=SECOND_PASSPHRASE, login="ada"):
    return client.recover_by_paper(
        first=first, second=second, login=login, passphrase=passphrase, device_name="Neuer Rechner"
    )


@pytest.fixture
def written(founded, ada):
    """What stands in the charts of six patients: names, entries, and the original of a correction."""
    stand = {}
    for number in range(PATIENTS):
        patient = new_patient(ada, f"Sommer{number}")
        line = ada.write(patient, f"Befund {number}")
        grant = ada.grant(Action.WRITE_CHART, patient)
        records.correct(founded.client, grant, line.record, 1, note(f"Befund {number} berichtigt"))
        ada.write(patient, f"Verlauf {number}")
        stand[patient] = {f"Sommer{number}", f"Befund {number}", f"Befund {number} berichtigt", f"Verlauf {number}"}
    return stand


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (2, 1)], ids=str)
def test_each_pair_of_paper_codes_brings_every_record_back(founded, written, pair):
    again = restarted(founded)
    first, second = (again.paper_codes[number] for number in pair)

    attack(Loss(again.client, written, lambda: _recover(again.client, first, second).token))


def test_paper_codes_work_again_and_again_and_the_forgotten_pass_phrase_no_more(founded, written):
    phrases = iter([SECOND_PASSPHRASE, THIRD_PASSPHRASE, SECOND_PASSPHRASE])
    for first, second in combinations(founded.paper_codes, 2):
        phrase = next(phrases)
        attack(Loss(founded.client, written, lambda: _recover(founded.client, first, second, phrase).token))  # noqa: B023

    with pytest.raises(SignInRefused):
        founded.ada.sign_in()
    assert founded.ada.sign_in(passphrase=SECOND_PASSPHRASE).who.rings == founded.ada.who.rings


def test_after_the_way_back_the_new_device_and_pass_phrase_do_by_themselves(founded, written):
    back = _recover(founded.client, *founded.paper_codes[:2])
    again = restarted(founded)

    def sign_in():
        return again.client.sign_in(device_secret=back.device_secret, login="ada", passphrase=SECOND_PASSPHRASE).token

    attack(Loss(again.client, written, sign_in))


def test_a_colleague_brings_every_record_back(founded, written):
    eva = founded.add("Dr. Eva Brandt", "eva", Role.DOCTOR)

    attack(Loss(founded.client, written, lambda: _restored(founded, eva)))


def _restored(founded, colleague):
    first = founded.client.restore_access(colleague.token, founded.ada.person)
    with pytest.raises(SignInRefused):
        founded.ada.sign_in()
    ada = founded.ada.sign_in(passphrase=first)
    founded.client.change_passphrase(ada.token, old=first, new=THIRD_PASSPHRASE)
    return ada.sign_in(passphrase=THIRD_PASSPHRASE).token


def test_the_log_before_the_loss_is_readable_after_it(founded, written):
    before = {line.no for line in founded.client.read_log(founded.ada.token, limit=1000).lines}

    back = _recover(founded.client, *founded.paper_codes[1:])

    assert before <= {line.no for line in founded.client.read_log(back.token, limit=1000).lines}
    assert founded.client.verify_log(back.token).bad_line is None


def test_less_than_two_codes_of_this_practice_open_nothing(founded, guard, written):
    new_founding_code(guard)
    theirs = found(guard, name="Praxis am Hafen", login="bea").paper_codes
    one, two, three = founded.paper_codes
    half = len(one) // 2
    mixed = [one[:half] + two[half:], two[:half] + one[half:]]
    tries = [
        *((code, "") for code in (one, two, three)),
        *((code, code) for code in (one, two, three)),
        *((code, other) for code in (one, two, three) for other in theirs),
        *((code, code.lower()) for code in (one, two, three)),
        (one[:half], one[half:]),
        (one[:half], two[half:]),
        (mixed[0], mixed[1]),
        (one, mixed[1]),
        (one, two[::-1]),
        (one, two[:-1]),
        (one, "A" * len(two)),
        ("", ""),
    ]

    assert len(tries) == 26
    assert all(opens_nothing(founded.client, codes) for codes in tries)


def test_two_right_codes_give_nothing_to_a_name_that_nobody_has(founded):
    for login in ("niemand", "", "admin"):
        with pytest.raises(WrongCode):
            _recover(founded.client, *founded.paper_codes[:2], login=login)


def test_a_colleague_who_holds_less_brings_nobody_back_and_nothing_is_lost_by_trying(founded, ben, dan, written):
    for colleague in (ben, dan):
        with pytest.raises(GuardError):
            founded.client.restore_access(colleague.token, founded.ada.person)

    attack(Loss(founded.client, written, lambda: founded.ada.sign_in().token))


# --- weakened twins --------------------------------------------------------------------------------------------------


def test_the_attack_counts_the_loss_where_the_paper_shares_were_deleted(founded, written):
    PaperShare.objects.all().delete()
    again = restarted(founded)

    assert_red(attack, Loss(again.client, written, lambda: _recover(again.client, *founded.paper_codes[:2]).token))


def test_the_attack_counts_the_loss_where_the_rings_were_not_shared_with_the_paper(founded, written):
    RingShare.objects.filter(person__isnull=True).delete()
    again = restarted(founded)

    assert_red(attack, Loss(again.client, written, lambda: _recover(again.client, *founded.paper_codes[:2]).token))


def test_the_attack_counts_a_single_lost_record(founded, written):
    patient = next(iter(written))
    more = {**written, patient: {*written[patient], "Allergie gegen Penicillin"}}

    assert_red(attack, Loss(founded.client, more, lambda: _recover(founded.client, *founded.paper_codes[:2]).token))
