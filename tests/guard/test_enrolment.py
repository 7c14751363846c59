# SPDX-License-Identifier: MPL-2.0
"""Enrolment over the network: shut, but for ten minutes that somebody opened; and whoever asks is looked at first."""

import subprocess
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from arkanum.guard import Role
from arkanum.guard.authority import open_authority
from arkanum.guard.errors import EnrolmentClosed, NotFound, NotSignedIn, Refused, SignInRefused, Throttled, WrongCode
from arkanum.guard.pairings import MOST_WAITING, PAIRING_SECONDS, Pairings
from arkanum.guard.protocol import DoorSetting
from arkanum.guard.windows import WINDOW_SECONDS, Windows
from arkanum.storage import authorities, people
from arkanum.vault import fingerprint, revoked_serials
from tests.cast import PASSPHRASE, SECOND_PASSPHRASE, Clock, found, in_process, restarted

pytestmark = pytest.mark.postgresql


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def practice(own_rows, clock):
    """A practice that is on its network, with a clock of the test's own."""
    guard = in_process(own_rows, windows=Windows(clock), pairings=Pairings(clock))
    practice = found(guard)
    practice.client.save_door(
        practice.ada.token, DoorSetting(on=True, address="192.168.1.10", port=8443, names=("praxis.local",))
    )
    yield practice
    guard.close()


@pytest.fixture
def opened(practice):
    """The same, with enrolment open."""
    practice.client.open_enrolment(practice.ada.token)
    return practice


def asks(practice, name="Empfang 2", address="192.168.1.23"):
    """Let a workplace without a certificate ask."""
    return practice.client.begin_pairing(name, address=address, guest=True)


def let_in(practice, name="Empfang 2"):
    """Let a workplace in, and return its secret and what it may fetch."""
    pairing = asks(practice, name)
    practice.client.approve_pairing(practice.ada.token, code=pairing.code)
    return practice.client.paired(pairing.pairing).device_secret, practice.client.handover(pairing.pairing)


def is_open(practice):
    """Tell what the listener at the door is told."""
    return practice.client.door().enrolment_seconds > 0


def row_of(secret):
    return people.device(UUID(bytes=secret[:16]))


# --- when it is open -------------------------------------------------------------------------------------------------


def test_nobody_on_the_network_is_heard_before_somebody_opened_enrolment(practice):
    with pytest.raises(EnrolmentClosed):
        asks(practice)
    assert not is_open(practice)


def test_enrolment_is_open_for_ten_minutes_and_shuts_by_itself(opened, clock):
    pairing = asks(opened)
    assert opened.client.enrolment(opened.ada.token).seconds == WINDOW_SECONDS
    assert is_open(opened)

    clock.go(WINDOW_SECONDS + 1)

    assert opened.client.enrolment(opened.ada.token).seconds == 0
    with pytest.raises(WrongCode):
        opened.client.paired(pairing.pairing)
    with pytest.raises((EnrolmentClosed, WrongCode)):
        opened.client.approve_pairing(opened.ada.token, code=pairing.code)
    with pytest.raises(EnrolmentClosed):
        asks(opened)
    assert not is_open(opened)


def test_what_nobody_asks_about_shuts_by_itself_too(opened, clock):
    clock.go(WINDOW_SECONDS + 1)

    opened.guard.keep_house()

    assert not is_open(opened)
    assert "late" in {line.detail for line in opened.client.read_log(opened.ada.token).lines}


def test_a_click_shuts_it_and_forgets_who_waits(opened):
    pairing = asks(opened)

    opened.client.close_enrolment(opened.ada.token)

    with pytest.raises(WrongCode):
        opened.client.paired(pairing.pairing)
    with pytest.raises(EnrolmentClosed):
        asks(opened)
    assert not is_open(opened)


def test_a_practice_that_is_sealed_has_no_enrolment_open(opened):
    pairing = asks(opened)

    opened.ada.sign_out()

    assert not is_open(opened)
    with pytest.raises(WrongCode):
        opened.client.paired(pairing.pairing)
    with pytest.raises(EnrolmentClosed):
        asks(opened)


def test_a_guard_that_was_killed_comes_back_with_enrolment_shut(opened):
    pairing = asks(opened)

    again = restarted(opened)

    assert not is_open(again)
    with pytest.raises(WrongCode):
        again.client.paired(pairing.pairing)
    again.guard.close()


def test_a_practice_that_is_not_on_the_network_opens_nothing(founded, ada):
    with pytest.raises(Refused):
        founded.client.open_enrolment(ada.token)


def test_billing_neither_opens_nor_sees_enrolment(opened):
    billa = opened.add("Billa", "billa", Role.BILLING)

    for ask in (opened.client.open_enrolment, opened.client.enrolment, opened.client.close_enrolment):
        with pytest.raises(Refused):
            ask(billa.token)


def test_a_desk_that_manages_devices_can_do_all_of_it(opened):
    cora = opened.add("Cora Feddersen", "cora", Role.ASSISTANT)
    pairing = asks(opened)

    assert opened.client.look_at_pairing(cora.token, code=pairing.code).name == "Empfang 2"
    opened.client.approve_pairing(cora.token, code=pairing.code)

    assert opened.client.paired(pairing.pairing).device_secret


# --- who asks --------------------------------------------------------------------------------------------------------


def test_the_person_sees_name_time_and_address_before_anybody_is_let_in(opened):
    pairing = asks(opened, "Sprechzimmer 3", "192.168.1.44")

    seen = opened.client.look_at_pairing(opened.ada.token, code=pairing.code.lower())

    assert (seen.name, seen.address, seen.guest) == ("Sprechzimmer 3", "192.168.1.44", True)
    assert datetime.now(UTC) - seen.asked < timedelta(minutes=1)
    assert not opened.client.paired(pairing.pairing).device_secret


def test_two_at_once_are_told_apart_by_their_codes(opened):
    first, second = asks(opened, "Empfang 2", "192.168.1.23"), asks(opened, "Empfang 2", "192.168.1.66")

    waiting = opened.client.enrolment(opened.ada.token).waiting
    opened.client.approve_pairing(opened.ada.token, code=second.code)

    assert [one.address for one in waiting] == ["192.168.1.23", "192.168.1.66"]
    assert opened.client.paired(second.pairing).device_secret
    assert not opened.client.paired(first.pairing).device_secret


def test_whoever_is_turned_away_is_told_so_and_gets_nothing(opened):
    pairing = asks(opened)

    opened.client.refuse_pairing(opened.ada.token, code=pairing.code)

    with pytest.raises(Refused):
        opened.client.paired(pairing.pairing)
    with pytest.raises(WrongCode):
        opened.client.approve_pairing(opened.ada.token, code=pairing.code)
    assert len(people.devices(opened.ada.who.practice)) == 1


def test_the_fifth_wrong_code_ends_enrolment_for_everybody(opened):
    pairing = asks(opened)
    for _ in range(4):
        with pytest.raises(WrongCode):
            opened.client.look_at_pairing(opened.ada.token, code="2222-2222")

    with pytest.raises(EnrolmentClosed):
        opened.client.look_at_pairing(opened.ada.token, code="2222-2222")

    assert not is_open(opened)
    with pytest.raises(WrongCode):
        opened.client.paired(pairing.pairing)
    opened.client.open_enrolment(opened.ada.token)
    again = asks(opened)
    assert opened.client.look_at_pairing(opened.ada.token, code=again.code)


def test_a_guest_cannot_be_a_command_nor_crowd_out_the_servers_own(opened):
    with pytest.raises(Refused):
        opened.client.begin_pairing("x", purpose="job", guest=True)
    for _ in range(MOST_WAITING):
        asks(opened)

    with pytest.raises(Throttled):
        asks(opened)
    assert opened.client.begin_pairing("arkanum import", purpose="job")


# --- what it gets ----------------------------------------------------------------------------------------------------


def test_a_workplace_that_was_let_in_gets_secret_and_certificate_and_signs_in_with_both(opened):
    secret, handover = let_in(opened)
    row = row_of(secret)

    signed_in = opened.client.sign_in(
        device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=row.id.bytes, certificate=row.certificate
    )

    assert signed_in.who.device == row.id
    assert opened.client.door().devices[bytes(row.certificate)] == row.id
    assert len(handover.password.split()) == 6
    assert handover.authority == bytes(authorities.get(row.practice_id).certificate)


@pytest.mark.parametrize("form", ["bundle", "bundle_for_apple"])
def test_the_files_open_with_their_password_and_name_the_workplace_and_the_day(opened, tmp_path, form):
    _, handover = let_in(opened)
    file, authority = tmp_path / "arkanum.p12", tmp_path / "ca.der"
    file.write_bytes(getattr(handover, form))
    authority.write_bytes(handover.authority)

    def openssl(*arguments, text=""):
        return subprocess.run(
            ["openssl", *arguments], input=text, capture_output=True, text=True, check=True, errors="replace"
        ).stdout

    legacy = ["-legacy"] if form == "bundle_for_apple" else []
    pem = openssl("pkcs12", "-in", str(file), "-passin", f"pass:{handover.password}", "-nodes", "-clcerts", *legacy)
    (tmp_path / "device.pem").write_text(pem)
    subject = openssl("x509", "-noout", "-subject", text=pem)
    openssl("x509", "-inform", "der", "-in", str(authority), "-out", str(tmp_path / "ca.pem"))
    verified = openssl(
        "verify", "-purpose", "sslclient", "-CAfile", str(tmp_path / "ca.pem"), str(tmp_path / "device.pem")
    )

    assert "Empfang 2" in subject
    assert datetime.now().astimezone().strftime("%d.%m.%Y") in subject
    assert "OK" in verified


def test_the_secret_is_handed_over_once_and_the_files_for_ten_minutes(opened, clock):
    pairing = asks(opened)
    opened.client.approve_pairing(opened.ada.token, code=pairing.code)
    assert opened.client.paired(pairing.pairing).device_secret

    with pytest.raises(WrongCode):
        opened.client.paired(pairing.pairing)
    clock.go(PAIRING_SECONDS - 2)
    assert opened.client.handover(pairing.pairing).seconds == 2
    clock.go(3)
    with pytest.raises(WrongCode):
        opened.client.handover(pairing.pairing)


def test_letting_one_in_leaves_ten_minutes_to_fetch_and_a_click_ends_them(opened, clock):
    clock.go(WINDOW_SECONDS - 10)
    pairing = asks(opened)
    opened.client.approve_pairing(opened.ada.token, code=pairing.code)

    clock.go(300)
    assert opened.client.handover(pairing.pairing).bundle
    opened.client.close_enrolment(opened.ada.token)

    with pytest.raises(WrongCode):
        opened.client.handover(pairing.pairing)


def test_nobody_fetches_with_another_handle(opened):
    let_in(opened)
    waiting = asks(opened)

    for handle in (b"", bytes(32), waiting.pairing):
        with pytest.raises(WrongCode):
            opened.client.handover(handle)


def test_a_private_key_is_in_no_row_and_no_file(opened):
    _, handover = let_in(opened)

    for path in opened.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert handover.password.encode() not in raw
            assert handover.bundle not in raw


def test_a_device_with_a_certificate_is_unknown_on_loopback_and_behind_another(opened):
    secret, _ = let_in(opened)
    other, _ = let_in(opened, "Empfang 3")

    for channel in (b"", other[:16], bytes(16)):
        with pytest.raises(SignInRefused):
            opened.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=channel)


def test_paper_codes_at_a_workplace_give_it_another_secret_and_no_second_row(opened):
    secret, _ = let_in(opened)
    before = len(people.devices(opened.ada.who.practice))

    signed_in = opened.client.recover_by_paper(
        first=opened.paper_codes[0],
        second=opened.paper_codes[1],
        login="ada",
        passphrase=SECOND_PASSPHRASE,
        device_name="egal",
        channel=secret[:16],
    )

    assert len(people.devices(opened.ada.who.practice)) == before
    assert signed_in.device_secret[:16] == secret[:16]
    assert opened.client.who(signed_in.token + secret[:16])
    again = {"login": "ada", "passphrase": SECOND_PASSPHRASE, "channel": secret[:16]}
    with pytest.raises(SignInRefused):
        opened.client.sign_in(device_secret=secret, **again)
    assert opened.client.sign_in(device_secret=signed_in.device_secret, **again)


def test_paper_codes_behind_an_unknown_certificate_open_nothing(opened):
    with pytest.raises(WrongCode):
        opened.client.recover_by_paper(
            first=opened.paper_codes[0],
            second=opened.paper_codes[1],
            login="ada",
            passphrase=SECOND_PASSPHRASE,
            device_name="egal",
            channel=bytes(16),
        )


# --- renewed, renamed, gone ------------------------------------------------------------------------------------------


@pytest.fixture
def desk(opened):
    """Ada at a workplace with a certificate: the practice, her token there, the device's secret."""
    secret, _ = let_in(opened)
    row = row_of(secret)
    token = opened.client.sign_in(
        device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=row.id.bytes, certificate=row.certificate
    ).token
    return opened, token + row.id.bytes, secret


def revoked(practice):
    authority = authorities.get(practice.ada.who.practice)
    return revoked_serials(bytes(authority.revoked))


def test_a_renewed_certificate_ends_the_old_one_when_it_is_first_used(desk):
    practice, token, secret = desk
    old = row_of(secret)

    handle = practice.client.renew_device(token)
    fresh = row_of(secret)

    assert practice.client.handover(handle).bundle
    assert set(practice.client.door().devices) >= {bytes(old.certificate), bytes(fresh.certificate)}
    again = {"device_secret": secret, "login": "ada", "passphrase": PASSPHRASE, "channel": secret[:16]}
    practice.client.sign_in(**again, certificate=bytes(old.certificate))
    assert bytes(old.certificate) in practice.client.door().devices
    practice.client.sign_in(**again, certificate=bytes(fresh.certificate))
    assert bytes(old.certificate) not in practice.client.door().devices
    assert int.from_bytes(old.certificate_serial) in revoked(practice)


def test_renewing_twice_ends_the_one_that_nobody_used(desk):
    practice, token, secret = desk
    old = row_of(secret)

    practice.client.renew_device(token)
    between = row_of(secret)
    practice.client.renew_device(token)

    known = practice.client.door().devices
    assert bytes(between.certificate) not in known
    assert {bytes(old.certificate), bytes(row_of(secret).certificate)} <= set(known)


def test_the_servers_own_machine_has_nothing_to_renew(opened):
    with pytest.raises(Refused):
        opened.client.renew_device(opened.ada.token)


def test_a_device_is_renamed_and_goes_on(desk):
    practice, token, secret = desk
    device = UUID(bytes=secret[:16])

    practice.client.rename_device(token, device, name="  Labor ")

    assert "Labor" in {line.name for line in practice.client.devices(token).devices}
    assert practice.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=secret[:16])
    with pytest.raises(NotFound):
        practice.client.rename_device(token, practice.ada.who.person, name="x")
    with pytest.raises(Refused):
        practice.client.rename_device(token, device, name="  ")


def test_a_device_that_goes_takes_both_of_its_certificates_and_its_sessions_along(desk):
    practice, token, secret = desk
    old = row_of(secret)
    practice.client.renew_device(token)
    fresh = row_of(secret)

    practice.client.remove_device(practice.ada.token, old.id)

    assert not {bytes(old.certificate), bytes(fresh.certificate)} & set(practice.client.door().devices)
    assert {int.from_bytes(one.certificate_serial) for one in (old, fresh)} <= revoked(practice)
    with pytest.raises(NotSignedIn):
        practice.client.who(token)
    with pytest.raises(SignInRefused):
        practice.client.sign_in(device_secret=secret, login="ada", passphrase=PASSPHRASE, channel=secret[:16])


def test_the_list_says_until_when_a_certificate_is_good(desk):
    practice, token, _ = desk

    until = {line.name: line.until for line in practice.client.devices(token).devices}

    assert until["Empfang"] is None
    assert until["Empfang 2"] > datetime.now(UTC).date() + timedelta(days=300)


def test_a_certificate_is_made_by_the_practices_own_authority_alone(opened):
    _, handover = let_in(opened)
    site = opened.guard.opened[opened.ada.who.practice].site

    authority = open_authority(site, opened.ada.who.practice, "Praxis am Markt")

    assert handover.authority == authority.certificate
    assert fingerprint(authority.certificate) not in opened.client.door().devices
