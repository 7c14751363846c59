# SPDX-License-Identifier: MPL-2.0
"""W18: a self-assigned role. Who makes himself a doctor must still not hold a doctor's keys."""

import pytest

from arkanum.guard import Action, Ring, Role
from arkanum.guard.bodies import person_place, seal_body
from arkanum.guard.errors import GuardError
from arkanum.guard.people import body_of
from arkanum.storage import people
from arkanum.storage.models import RingShare
from tests.attacks.twin import assert_red

pytestmark = pytest.mark.postgresql


def attack(climber):
    """Ask the guard for whatever could raise oneself, then look what one may read."""
    client, token, person = climber.client, climber.token, climber.person
    tries = [
        lambda: client.change_role(token, person, role=Role.DOCTOR),
        lambda: client.hand_over(token, person),
        lambda: client.restore_access(token, person),
    ]
    for one in tries:
        try:
            one()
        except GuardError:
            continue
    again = climber.sign_in()
    assert not again.who.rings & {Ring.TREATMENT, Ring.LOG, Ring.BILLING}
    assert Action.READ_CHART not in again.who.actions


def test_nobody_raises_their_own_role(cora, dan):
    attack(cora)
    attack(dan)


def test_an_account_that_the_administrator_makes_holds_no_key(dan, dora):
    first = dan.client.add_person(dan.token, name="Dr. Strohmann", login="stroh", role=Role.DOCTOR)
    straw = dan.client.sign_in(device_secret=dan.device_secret, login="stroh", passphrase=first)

    with pytest.raises(GuardError):
        dan.client.permit(straw.token, Action.READ_CHART, patient=dora)
    assert straw.who.rings == frozenset()


def test_the_administrator_cannot_take_over_a_doctor_by_restoring_access(dan, ada):
    with pytest.raises(GuardError):
        dan.client.restore_access(dan.token, ada.person)

    assert ada.sign_in().who.rings >= {Ring.TREATMENT}


def test_a_role_written_into_the_database_gives_no_key(founded, cora):
    """Even with the site secret, which nobody has who only writes to the database."""
    site = founded.guard.opened[cora.who.practice].site
    row = people.person(cora.who.practice, cora.person)
    body = body_of(site, row)
    forged = type(body)(body.name, body.login, Role.DOCTOR, frozenset(Ring), body.fingerprint)
    row.body = seal_body(site, person_place(row.id, "body"), forged)
    people.save_person(row)

    attack(cora)


def test_a_share_copied_to_oneself_does_not_open(founded, ada, cora):
    for share in RingShare.objects.filter(person_id=ada.person):
        if not RingShare.objects.filter(person_id=cora.person, ring_key=share.ring_key).exists():
            RingShare.objects.create(
                id=share.id.__class__(int=share.id.int ^ 1),
                ring_key=share.ring_key,
                person_id=cora.person,
                private_key=share.private_key,
                member=share.member,
            )

    try:
        attack(cora)
    except GuardError:
        return


def test_the_attack_notices_keys_that_were_really_handed_over(founded, cora):
    founded.client.change_role(founded.ada.token, cora.person, role=Role.DOCTOR)

    assert_red(attack, cora.sign_in())
