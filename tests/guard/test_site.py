# SPDX-License-Identifier: MPL-2.0
"""A device goes, and with it the site secret: what it knew opens nothing of what lies in the database from now on."""

from dataclasses import replace

import pytest
from django.apps import apps

from arkanum.guard import Ring, house_rules, rings
from arkanum.guard.bodies import PersonBody, login_tag, open_body, person_place, seal_body
from arkanum.guard.brake import Limits
from arkanum.guard.devices import new_device, open_site
from arkanum.guard.errors import Damaged
from arkanum.guard.house import profile_of
from arkanum.guard.people import open_private
from arkanum.guard.places import profile_place
from arkanum.guard.protocol import SignIn
from arkanum.guard.signing_in import _begin, _recognise
from arkanum.storage import house_rules as house_rule_rows
from arkanum.storage import people, practices
from arkanum.storage.models import Device, Person, RingShare
from arkanum.vault import Key, Tampered, VaultError
from tests.cast import CHEAP, PASSPHRASE, SECOND_PASSPHRASE, at_the_same_time, new_patient, restarted

pytestmark = pytest.mark.postgresql


@pytest.fixture
def tablet(founded, ada):
    """Another device of the practice: its secret."""
    link = founded.client.invite_device(ada.token, name="Tablet")
    return founded.client.redeem_link(link)


@pytest.fixture
def remove_tablet(founded, ada, tablet):
    """Report the tablet stolen."""
    from uuid import UUID

    return lambda: founded.client.remove_device(ada.token, UUID(bytes=tablet[:16]))


def test_everybody_works_on_as_before_when_a_device_was_removed(founded, ada, ben, cora, dora, remove_tablet):
    remove_tablet()

    assert ada.chart(dora).entries
    assert ben.chart(dora).entries
    assert founded.client.search(cora.token, "müller").hits
    assert ada.write(dora, "danach")


def test_everybody_signs_in_again_when_a_device_was_removed(founded, ada, ben, cora, dora, remove_tablet):
    remove_tablet()
    again = restarted(founded)

    for colleague in (replace(one, client=again.client) for one in (ada, ben, cora)):
        back = colleague.sign_in()
        assert back.who.rings == colleague.who.rings
    assert replace(ada, client=again.client).sign_in().chart(dora).entries
    assert not again.client.verify_log(again.ada.sign_in().token).alarms


def test_what_the_practice_set_for_its_brake_goes_over_to_the_new_secret(founded, ada, dora, remove_tablet):
    practice = founded.guard.opened[ada.who.practice]
    rules = house_rules.HouseRules(Limits(20, 80, 200), (dora,))
    house_rules.save(practice.id, practice.site, rules)

    remove_tablet()

    assert house_rules.read(practice.id, practice.site) == rules


def test_the_new_secret_raises_no_alarm_over_the_rules(founded, ada, dora, remove_tablet):
    ada.client.prove(ada.token, passphrase=ada.passphrase)
    ada.client.plant_canary(ada.token, dora)
    remove_tablet()
    again = restarted(founded)

    me = replace(ada, client=again.client).sign_in()

    found = me.client.read_log(me.token, limit=1000).lines
    assert [line.what for line in found if line.what == "rules_damaged"] == []
    assert again.guard.opened[me.who.practice].canaries == {dora}


def test_a_practice_that_set_nothing_has_no_row_of_rules_afterwards(founded, ada, remove_tablet):
    remove_tablet()

    assert house_rule_rows.read(ada.who.practice) is None


def test_two_paper_codes_still_open_the_practice(founded, ada, dora, remove_tablet):
    remove_tablet()
    again = restarted(founded)

    signed_in = again.client.recover_by_paper(
        first=again.paper_codes[0],
        second=again.paper_codes[1],
        login="ada",
        passphrase=SECOND_PASSPHRASE,
        device_name="neu",
    )

    assert signed_in.who.rings == frozenset(Ring)


def test_a_device_in_transit_is_told_the_new_secret_too(founded, ada, remove_tablet):
    link = founded.client.invite_device(ada.token, name="Zimmer 2")
    remove_tablet()

    secret = founded.client.redeem_link(link)

    assert replace(ada, device_secret=secret).sign_in()


def test_what_a_stolen_device_and_an_old_copy_told_opens_nothing_new(founded, ada, dora, tablet, remove_tablet):
    """The thief has the tablet, the database of yesterday, today's database, and saw Ada type her pass phrase."""
    _, old_site = open_site(tablet)
    row = people.person(ada.who.practice, ada.person)
    old_pair = open_private(old_site, row, PASSPHRASE, CHEAP)
    old_rings = rings.open_rings(old_site, ada.who.practice, ada.person, old_pair)
    remove_tablet()
    later = new_patient(ada, "Neumann", "Nora")

    assert open_site(tablet) is None
    assert _opens_nothing(old_site, ada)
    for share in RingShare.objects.all():
        with pytest.raises(VaultError):
            rings._receive(old_site, old_pair, rings.share_place(share.id), share.private_key)
    charts = [one for one in apps.get_model("storage", "Chart").objects.all() if one.patient_id in {dora, later}]
    assert charts
    for chart in charts:
        with pytest.raises(Tampered):
            rings.unwrap_chart_key(old_rings[Ring(chart.ring)].epochs, chart)


def _opens_nothing(site, colleague):
    row = people.person(colleague.who.practice, colleague.person)
    for attempt in (
        lambda: open_private(site, row, colleague.passphrase, CHEAP),
        lambda: open_body(site, person_place(row.id, "body"), row.body, PersonBody),
        lambda: profile_of(site, practices.get(colleague.who.practice)),
    ):
        with pytest.raises(VaultError):
            attempt()
    return people.person_by_tag(colleague.who.practice, login_tag(site, colleague.login)) is None


def test_a_row_that_does_not_open_leaves_everything_as_it_was_and_raises_an_alarm(
    founded, ada, ben, dora, tablet, remove_tablet
):
    site = founded.guard.opened[ada.who.practice].site
    Person.objects.filter(pk=ben.person).update(body=people.person(ada.who.practice, ada.person).body)

    remove_tablet()

    assert founded.guard.opened[ada.who.practice].site == site
    assert open_site(tablet) is None
    assert ada.sign_in().chart(dora).entries
    assert any("Hausgeheimnis" in alarm for alarm in founded.client.verify_log(ada.token).alarms)


def test_a_foreign_recovery_key_is_not_told_the_new_secret(founded, ada, tablet, remove_tablet):
    from arkanum.vault import PrivateKey

    row = practices.get(ada.who.practice)
    row.recovery_public_key = PrivateKey.new().public.to_bytes()
    row.save()
    site = founded.guard.opened[ada.who.practice].site

    remove_tablet()

    assert founded.guard.opened[ada.who.practice].site == site


def test_whoever_is_signing_in_while_the_secret_changes_tries_again(founded, ada, cora, remove_tablet):
    question = SignIn(device_secret=ada.device_secret, login="cora", passphrase=SECOND_PASSPHRASE)
    known = _recognise(open_site(ada.device_secret), question)
    remove_tablet()

    assert _begin(founded.guard, known, b"") is None
    assert cora.sign_in()


def test_a_practice_made_up_around_another_site_secret_does_not_join_the_one_that_is_open(founded, ada, dora):
    """Emil writes to the database: a device, a profile and a person of his own, while the practice is open."""
    from arkanum.guard.people import NewPerson, make_person
    from arkanum.guard.roles import Role

    practice, own = practices.get(ada.who.practice), Key.new()
    profile = profile_of(founded.guard.opened[practice.id].site, practice)
    practice.profile = seal_body(own, profile_place(practice.id), profile)
    practice.save()
    make_person(own, practice.id, CHEAP, NewPerson("Emil", "emil", Role.DOCTOR, None, PASSPHRASE, must_change=False))
    _, secret = new_device(own, practice.id, "Emils")

    with pytest.raises(Damaged):
        founded.client.sign_in(device_secret=secret, login="emil", passphrase=PASSPHRASE)


def test_two_devices_removed_at_the_same_moment_leave_a_practice_that_opens(founded, ada, dora, remove_tablet):
    from uuid import UUID

    other = founded.client.redeem_link(founded.client.invite_device(ada.token, name="Zimmer 3"))

    at_the_same_time(remove_tablet, lambda: founded.client.remove_device(ada.token, UUID(bytes=other[:16])))

    assert ada.sign_in().chart(dora).entries


def test_the_last_one_to_be_ended_with_the_device_leaves_the_secret_as_it_is(founded, ada, dora):
    """Whoever removes the device they sit at is out; nobody is left who could carry the rest on."""
    link = founded.client.invite_device(ada.token, name="Tablet")
    tablet = founded.client.redeem_link(link)

    founded.client.remove_device(ada.token, ada.who.device)

    assert founded.guard.opened == {}
    assert replace(ada, device_secret=tablet).sign_in().chart(dora).entries
    assert ada.who.device not in {row.id for row in Device.objects.all()}
