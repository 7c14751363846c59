# SPDX-License-Identifier: MPL-2.0
"""The door on the network: a device of the practice is answered, everybody else gets a TLS alert and not one byte."""

import socket
import ssl
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import pytest

from arkanum.cli.door import listener
from arkanum.vault import Authority, DeviceCertificate
from arkanum.web import cookies
from arkanum.web.network import status as said
from tests.cast import PASSPHRASE
from tests.cli.door_stage import ADDRESS, NAME, connected, eventually, get, say, serve

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", ADDRESS])


@pytest.fixture
def served(founded):
    """The practice, with its door open."""
    served = serve(founded)
    yield served
    served.end()


@pytest.fixture
def desk(served):
    """A workplace of the practice."""
    return served.enrol("Anmeldung")


# --- who is answered -------------------------------------------------------------------------------------------------


def test_a_workplace_of_the_practice_is_answered(served, desk):
    heard = desk.knock()

    assert heard.status == 200
    assert heard.content.endswith(b"ok\n")


def test_nobody_without_a_certificate_gets_a_byte(served, desk):
    heard = served.knock(None)

    assert heard.content == b""
    assert heard.alert == "TLSV13_ALERT_CERTIFICATE_REQUIRED"


def foreign(served):
    authority = Authority.new("Praxis am Markt", now=datetime.now(UTC))
    return authority.issue_device(served.founded.ada.who.device, name="Anmeldung", now=datetime.now(UTC), days=10)


def expired(served):
    long_ago = datetime.now(UTC) - timedelta(days=30)
    return served.authority.issue_device(served.founded.ada.who.device, name="x", now=long_ago, days=29)


def not_yet_valid(served):
    soon = datetime.now(UTC) + timedelta(days=3)
    return served.authority.issue_device(served.founded.ada.who.device, name="x", now=soon, days=29)


def revoked(served):
    lost = served.enrol("Tablet")
    served.founded.client.remove_device(served.founded.ada.token, lost.device)
    served.until_heard()
    return lost.certificate


def with_another_key(served):
    theirs, stranger = served.enrol("Labor").certificate, foreign(served)
    return DeviceCertificate(stranger.key, theirs.certificate)


@pytest.mark.parametrize(
    ("whose", "alert"),
    [
        (foreign, "TLSV1_ALERT_UNKNOWN_CA"),
        (expired, "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
        (not_yet_valid, "SSLV3_ALERT_BAD_CERTIFICATE"),
        (revoked, "SSLV3_ALERT_CERTIFICATE_REVOKED"),
    ],
)
@pytest.mark.parametrize("enrolment_is_open", [False, True])
def test_a_certificate_that_is_no_longer_or_never_was_good_gets_an_alert_and_no_byte(
    served, whose, alert, enrolment_is_open
):
    certificate = whose(served)
    if enrolment_is_open:
        served.founded.guard.door.open_enrolment(600)
        served.until_heard()

    heard = served.knock(certificate)

    assert heard.content == b""
    assert heard.alert == alert


def test_the_servers_own_certificate_makes_nobody_a_device(served):
    key, certificate = (served.folder / "door" / name for name in ("server.key", "server.crt"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(served.authority.certificate))
    context.load_cert_chain(certificate, key)
    raw = socket.create_connection((ADDRESS, served.port), timeout=20)

    with context.wrap_socket(raw, server_hostname=NAME) as line:
        assert say(line, get("/health")).content == b""


def test_a_genuine_certificate_of_a_device_that_is_not_enrolled_is_hung_up_on(served):
    never = served.authority.issue_device(served.founded.ada.who.device, name="x", now=datetime.now(UTC), days=9)

    assert served.knock(never).content == b""


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_nothing_older_than_tls_1_3_is_spoken(served, desk, version):
    heard = desk.knock(tls=version)

    assert heard.content == b""
    assert heard.alert


def test_nothing_but_tls_is_understood(served):
    with socket.create_connection((ADDRESS, served.port), timeout=20) as plain:
        plain.sendall(get("/health"))

        got = plain.recv(65536)

    assert b"HTTP" not in got
    assert len(got) < 8  # an alert


def test_no_ticket_spares_a_device_its_certificate(served, desk):
    with desk.line() as line:
        assert say(line, get("/health")).status == 200
        assert line.session is None or not line.session.has_ticket


# --- removed, enrolled ----------------------------------------------------------------------------------------------


def test_a_removed_device_is_cut_off_in_the_middle_of_a_connection(served, desk):
    with desk.line() as line, served.enrol("Labor").line() as other:
        assert say(line, get("/health")).status == 200

        served.founded.client.remove_device(served.founded.ada.token, desk.device)
        served.until_heard()

        assert line_is_dead(line)
        assert say(other, get("/health")).status == 200


def line_is_dead(line):
    with suppress(OSError):
        return line.recv(1) == b""
    return True


def test_a_guest_sees_the_enrolment_page_and_nothing_else(served):
    served.founded.guard.door.open_enrolment(600)
    served.until_heard()

    assert served.knock(None, get("/geraet")).status == 200
    for path in ("/", "/anmelden", "/health", "/suche", "/erster-start", "/geraete", "/geraet/../anmelden", "//geraet"):
        assert served.knock(None, get(path)).content == b"", path


def test_guests_go_when_enrolment_ends(served):
    served.founded.guard.door.open_enrolment(600)
    served.until_heard()
    with connected(served, None) as guest:
        assert say(guest, get("/geraet")).status == 200

        served.founded.guard.door.close_enrolment()
        served.until_heard()

        assert line_is_dead(guest)
        assert served.knock(None, get("/geraet")).alert == "TLSV13_ALERT_CERTIFICATE_REQUIRED"


def test_guests_go_when_the_ten_minutes_are_over(served):
    served.founded.guard.door.open_enrolment(0.5)
    served.until_heard()
    with suppress(OSError), connected(served, None) as guest:
        assert line_is_dead(guest)

    assert served.knock(None, get("/geraet")).content == b""


def test_what_is_no_http_gets_a_guest_no_answer(served):
    served.founded.guard.door.open_enrolment(600)
    served.until_heard()

    assert served.knock(None, b"\x00\x01\x02 rubbish\r\n\r\n").content == b""


# --- the device and its session --------------------------------------------------------------------------------------


def session_of(desk):
    """Sign Ada in at a workplace and return her cookie."""
    signed_in = desk.served.founded.client.sign_in(
        device_secret=desk.secret, login="ada", passphrase=PASSPHRASE, channel=desk.device.bytes
    )
    return f"Cookie: {cookies.SESSION}={cookies._encode(signed_in.token)}"


def test_a_cookie_opens_nothing_on_another_device(served, desk):
    cookie, thief = session_of(desk), served.enrol("Labor")

    assert desk.knock(get("/team", cookie)).status == 200
    assert thief.knock(get("/team", cookie)).status != 200


@pytest.mark.parametrize(
    "name", ["Arkanum.Device", "Arkanum-Device", "arkanum_device", "X-Arkanum-Device", "X-Client-Cert", "X-SSL-Client"]
)
def test_no_header_says_which_device_speaks(served, desk, name):
    cookie, thief = session_of(desk), served.enrol("Labor")
    claims = [f"{name}: {value}" for value in (str(desk.device), desk.device.hex, desk.device.bytes.decode("latin-1"))]
    printable = [claim for claim in claims if claim.isprintable() and claim.isascii()]

    assert thief.knock(get("/team", cookie, *printable)).status != 200


def test_a_cookie_of_loopback_opens_nothing_on_the_network(served, desk):
    cookie = f"Cookie: {cookies.SESSION}={cookies._encode(served.founded.ada.token)}"

    assert desk.knock(get("/team", cookie)).status != 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.example", ""])
def test_on_the_network_only_its_own_names_are_answered(served, desk, host):
    assert desk.knock(get("/health", host=host)).status == 400


@pytest.mark.parametrize("host", [NAME, f"{NAME}:8420", ADDRESS, NAME.upper()])
def test_the_practices_names_and_its_address_are_answered(served, desk, host):
    assert desk.knock(get("/health", host=host)).status == 200


def test_loopback_does_not_answer_to_the_names_of_the_network(served):
    def status(host):
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as plain:
            return say(plain, get("/health", host=host)).status

    assert status("127.0.0.1") == 200
    assert status(NAME) == 400


def test_small_answers_leave_at_once(served, desk):
    # asyncio sets TCP_NODELAY only where the protocol is named; without it each answer waits 40 ms.
    assert served.server._listener._socket.proto == socket.IPPROTO_TCP


def test_an_answer_over_the_network_tells_browsers_to_stay_with_tls(served, desk):
    assert b"strict-transport-security: max-age=" in desk.knock().content


# --- silence ---------------------------------------------------------------------------------------------------------


def test_two_hundred_silent_connections_disturb_nobody(served, desk):
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(socket.create_connection((ADDRESS, served.port), timeout=20))

        assert [desk.knock().status for _ in range(5)] == [200] * 5


def test_thirty_connections_that_owe_a_request_disturb_nobody(served, desk):
    with ExitStack() as stack:
        for _ in range(30):
            line = stack.enter_context(desk.line())
            line.sendall(b"POST /anmelden HTTP/1.1\r\nHost: praxis.local\r\nContent-Le")

        assert desk.knock().status == 200


def test_a_guest_who_says_nothing_is_hung_up_on(served, monkeypatch):
    monkeypatch.setattr("arkanum.cli.door.line.SILENCE_SECONDS", 0.2)
    served.founded.guard.door.open_enrolment(600)
    served.until_heard()

    with connected(served, None) as guest:
        assert line_is_dead(guest)


def test_a_handshake_that_never_ends_is_ended(served, monkeypatch):
    monkeypatch.setattr(listener, "HANDSHAKE_SECONDS", 0.2)

    with socket.create_connection((ADDRESS, served.port), timeout=20) as silent, suppress(ConnectionError):
        assert silent.recv(1) == b""


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_without_the_guard_the_door_closes(served, desk, monkeypatch):
    monkeypatch.setattr(listener, "GUARD_AWAY_SECONDS", 0.1)
    with desk.line() as line:
        assert say(line, get("/health")).status == 200

        served.way.is_cut = True
        served.founded.guard.door.changed()

        assert line_is_dead(line)
    eventually(lambda: not said.told().open)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ADDRESS, served.port), timeout=20)
    assert said.told().problem == said.GUARD_AWAY


def test_when_the_guard_is_back_the_door_opens_again(served, desk, monkeypatch):
    monkeypatch.setattr(listener, "GUARD_AWAY_SECONDS", 0.1)
    served.way.is_cut = True
    served.founded.guard.door.changed()
    eventually(lambda: not said.told().open)

    served.way.is_cut = False

    eventually(lambda: said.told().open)
    assert desk.knock().status == 200


def test_a_sealed_practice_still_knows_its_devices(served, desk):
    served.founded.client.seal(served.founded.ada.token)
    served.founded.guard.door.changed()

    assert desk.knock(get("/anmelden")).status == 200
    assert said.told().open


def save(served, **changes):
    client, token = served.founded.client, served.founded.ada.token
    setting = client.door().setting
    client.save_door(token, setting.__class__(**{**setting_fields(setting), **changes}))
    served.until_heard()


def setting_fields(setting):
    return {name: getattr(setting, name) for name in setting.__struct_fields__}


def test_a_door_that_is_turned_off_is_closed_at_once(served, desk):
    with desk.line() as line:
        save(served, on=False)

        assert line_is_dead(line)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ADDRESS, served.port), timeout=20)


def test_a_door_that_is_moved_gets_a_certificate_for_its_new_name(served, desk):
    save(served, names=("arkanum.lan",))

    eventually(lambda: said.told().names == ("arkanum.lan",) and said.told().open)
    assert desk.knock(get("/health", host="arkanum.lan")).alert != ""  # the client still asks for the old name
    with pytest.raises(ssl.SSLCertVerificationError):
        connected(served, desk.certificate)


def test_a_taken_port_is_said_in_german(served):
    with socket.create_server(("127.0.0.3", served.port)):
        save(served, address="127.0.0.3")

        told = eventually(lambda: said.told().problem and said.told())
    assert not told.open
    assert "ist auf 127.0.0.3 belegt" in told.problem


def test_an_address_that_the_machine_lost_is_said_in_german(served):
    save(served, address="10.255.254.253")

    told = eventually(lambda: said.told().problem and said.told())
    assert not told.open
    assert "10.255.254.253 gerade nicht" in told.problem
