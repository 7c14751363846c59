# SPDX-License-Identifier: MPL-2.0
"""The guard knows who may stand at the door, where the door is, and signs its certificate."""

import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import uuid4

import pytest
from django.db import connections

from arkanum.guard import Role
from arkanum.guard import authority as authorities
from arkanum.guard.door_setting import load, path_in, save
from arkanum.guard.doorway import Doorway
from arkanum.guard.errors import DoorRefused, NotFound, PracticeSealed, Refused
from arkanum.guard.protocol import DoorSetting
from arkanum.storage import authorities as authority_rows
from arkanum.storage import people
from arkanum.vault import (
    Authority,
    Tampered,
    expires,
    fingerprint,
    new_server_key,
    reached_as,
    revoked_serials,
    server_request,
    vouches,
)
from tests.cast import Clock, restarted

pytestmark = pytest.mark.postgresql

SETTING = DoorSetting(on=True, address="192.168.1.10", port=8420, names=("praxis.local",))


@pytest.fixture
def door(founded, ada):
    """The door, turned on."""
    founded.client.save_door(ada.token, SETTING)
    return founded.client.door


def practice_of(founded):
    (practice,) = founded.guard.opened.values()
    return practice


def enrolled(founded, name="Anmeldung"):
    """Give the practice's first device a certificate."""
    practice = practice_of(founded)
    (row,) = people.devices(practice.id)
    authority = authorities.open_authority(practice.site, practice.id, practice.name)
    made = authorities.certify(authority, row, name)
    people.save_device(row)
    founded.guard.door.changed()
    return row, made


# --- who may come ----------------------------------------------------------------------------------------------------


def test_a_practice_has_an_authority_of_its_own_from_its_first_day(founded):
    state = founded.client.door()

    assert state.founded
    assert len(state.authorities) == len(state.revoked) == 1
    assert revoked_serials(state.revoked[0]) == frozenset()
    assert (state.devices, state.setting.on, state.enrolment_seconds) == ({}, False, 0)


def test_before_a_practice_is_founded_there_is_nothing_at_the_door(client):
    state = client.door()

    assert (state.founded, state.can_sign, state.authorities, state.devices) == (False, False, (), {})


def test_a_device_with_a_certificate_is_known_by_its_fingerprint(founded):
    row, made = enrolled(founded)

    state = founded.client.door()

    assert state.devices == {fingerprint(made.certificate): row.id}
    assert vouches(state.authorities[0], made.certificate)
    assert expires(made.certificate).date() == row.certificate_until


def test_a_removed_device_is_unknown_and_revoked_at_once(founded, ada):
    row, made = enrolled(founded)
    other = founded.client.invite_device(ada.token, name="Labor")
    before = founded.client.door().version

    founded.client.remove_device(ada.token, row.id)

    state = founded.client.door()
    assert other
    assert state.version != before
    assert fingerprint(made.certificate) not in state.devices
    assert int.from_bytes(row.certificate_serial) in revoked_serials(state.revoked[0])


def test_whoever_waits_at_the_door_hears_of_a_change(founded):
    known = founded.client.door().version
    heard = []

    def wait():
        heard.append(founded.client.door(known=known, wait_seconds=20))
        connections.close_all()

    waiting = threading.Thread(target=wait)
    waiting.start()

    founded.guard.door.open_enrolment(600)

    waiting.join(20)
    assert heard[0].version != known
    assert 590 < heard[0].enrolment_seconds <= 600


def test_nobody_waits_for_ever(founded):
    known = founded.client.door().version

    assert founded.client.door(known=known, wait_seconds=0.01).version == known


def test_enrolment_ends_by_itself_and_with_a_word():
    clock = Clock()
    doorway = Doorway(clock)
    doorway.open_enrolment(600)
    clock.seconds += 599
    assert doorway.enrolment_seconds() == 1

    clock.seconds += 1
    assert doorway.enrolment_seconds() == 0
    doorway.open_enrolment(600)
    doorway.close_enrolment()
    assert doorway.enrolment_seconds() == 0


def test_a_sealed_practice_enrols_nobody(founded, ada):
    founded.guard.door.open_enrolment(600)

    founded.client.seal(ada.token)

    assert founded.client.door().enrolment_seconds == 0


# --- where it is -----------------------------------------------------------------------------------------------------


def test_the_setting_outlives_the_guard(founded, door):
    again = restarted(founded)

    assert again.client.door().setting == SETTING
    assert path_in(founded.folder).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("rubbish", [b"", b"{", b'{"on": "yes"}', b"\xff"])
def test_a_setting_that_cannot_be_read_is_a_door_that_is_off(own_rows, rubbish):
    save(own_rows, SETTING)
    path_in(own_rows).write_bytes(rubbish)

    assert not load(own_rows).on


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("0.0.0.0", "alle Netze"),  # noqa: S104 - it is refused
        ("::", "alle Netze"),
        ("8.8.8.8", "Internet"),
        ("192.0.2.2", "Internet"),
        ("100.64.0.1", "Internet"),
        ("2001:db8::1", "Internet"),
        ("::ffff:8.8.8.8", "Internet"),
        ("224.0.0.1", "Internet"),
        ("255.255.255.255", "Internet"),
        ("169.254.3.4", "selbst gegeben"),
        ("fe80::1", "selbst gegeben"),
        ("127.0.0.1", "nur auf diesem Rechner"),
        ("::1", "nur auf diesem Rechner"),
        ("praxis.local", "keine Adresse"),
        ("", "keine Adresse"),
        ("10.0.0.1/8", "keine Adresse"),
    ],
)
def test_the_door_stands_at_private_addresses_only(founded, ada, address, why):
    with pytest.raises(DoorRefused) as refused:
        founded.client.save_door(ada.token, DoorSetting(on=True, address=address, names=()))

    assert why in refused.value.reasons[0]
    assert not founded.client.door().setting.on


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.178.20", "fd00::2", "127.0.0.2"]
)
def test_private_addresses_are_welcome(founded, ada, address):
    founded.client.save_door(ada.token, DoorSetting(on=True, address=address))

    assert founded.client.door().setting.address == address


@pytest.mark.parametrize(
    "name", ["praxis_1.local", "-a.local", "müller.local", "a..local", "10.0.0.1", "a" * 300, "x/y"]
)
def test_what_is_no_host_name_is_refused(founded, ada, name):
    with pytest.raises(DoorRefused):
        founded.client.save_door(ada.token, DoorSetting(on=True, address="10.0.0.1", names=(name,)))


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_refused(founded, ada, port):
    with pytest.raises(DoorRefused):
        founded.client.save_door(ada.token, DoorSetting(on=True, address="10.0.0.1", port=port))


def test_names_are_kept_in_one_spelling(founded, ada):
    names = (" Praxis.LOCAL. ", "praxis.local", "", "arkanum.lan")

    founded.client.save_door(ada.token, DoorSetting(on=True, address="10.0.0.1", names=names))

    assert founded.client.door().setting.names == ("praxis.local", "arkanum.lan")


def test_an_assistant_moves_no_door(founded, cora):
    with pytest.raises(Refused):
        founded.client.save_door(cora.token, SETTING)


def test_the_administrator_may_move_it(founded, dan):
    founded.client.save_door(dan.token, SETTING)

    assert founded.client.door().setting == SETTING
    assert dan.who.role is Role.ADMINISTRATOR


# --- the server's certificate ----------------------------------------------------------------------------------------


def test_the_guard_signs_for_the_setting_and_not_for_what_is_asked(founded, door):
    certificate = founded.client.sign_server(server_request(new_server_key()))

    assert reached_as(certificate) == ({"praxis.local"}, {ip_address("192.168.1.10")})
    assert vouches(door().authorities[0], certificate)
    assert expires(certificate) - datetime.now(UTC) > timedelta(days=397)


def test_a_sealed_practice_signs_nothing(founded, ada, door):
    founded.client.seal(ada.token)

    with pytest.raises(PracticeSealed):
        founded.client.sign_server(server_request(new_server_key()))
    assert not door().can_sign


def test_a_name_of_the_practice_makes_another_authority_while_nobody_depends_on_the_first(founded, ada, door):
    (before,) = door().authorities

    founded.client.save_door(ada.token, DoorSetting(on=True, address="10.0.0.1", names=("arkanum.praxis-ada.de",)))
    certificate = founded.client.sign_server(server_request(new_server_key()))

    (after,) = door().authorities
    assert after != before
    assert vouches(after, certificate)


def test_later_such_a_name_is_refused(founded, ada, door):
    enrolled(founded)

    with pytest.raises(DoorRefused) as refused:
        founded.client.save_door(ada.token, DoorSetting(on=True, address="10.0.0.1", names=("praxis-ada.de",)))

    assert "vertrauen ihr nur" in refused.value.reasons[0]
    assert door().setting == SETTING


# --- somebody with the database --------------------------------------------------------------------------------------


def test_a_foreign_authority_in_the_row_is_put_right_with_an_alarm(founded, ada):
    (ours,) = founded.client.door().authorities
    row = authority_rows.get(ada.who.practice)
    row.certificate = Authority.new("Praxis am Markt", now=datetime.now(UTC)).certificate
    authority_rows.save(row)

    again = restarted(founded)
    token = again.ada.sign_in().token

    assert again.client.door().authorities == (ours,)
    assert any("fremde Zertifizierungsstelle" in said for said in again.client.verify_log(token).alarms)


def test_an_authority_of_another_practice_does_not_open(founded, ada):
    row = authority_rows.get(ada.who.practice)
    practice = practice_of(founded)
    row.key = row.key.__class__.from_storage(bytes(row.key.to_storage())[:-1] + b"\0")
    authority_rows.save(row)

    with pytest.raises(Tampered):
        authorities.open_authority(practice.site, practice.id, practice.name)
    again = restarted(founded)
    token = again.ada.sign_in().token
    assert any("beschädigt" in said for said in again.client.verify_log(token).alarms)


def test_an_installation_from_before_gets_its_authority_at_the_next_sign_in(founded, ada):
    authority_rows.get(ada.who.practice).delete()
    assert founded.client.door().authorities == ()

    again = restarted(founded)
    again.ada.sign_in()

    assert len(again.client.door().authorities) == 1


def test_nobody_unknown_is_removed_from_the_door(founded, ada):
    row, made = enrolled(founded)

    with pytest.raises(NotFound):
        founded.client.remove_device(ada.token, uuid4())

    assert fingerprint(made.certificate) in founded.client.door().devices
    assert row.id in founded.client.door().devices.values()
