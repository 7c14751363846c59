# SPDX-License-Identifier: MPL-2.0
"""The door on the network: a device of the practice is answered, everybody else gets a TLS alert and not one byte."""

import socket
import ssl
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import pytest

from arkanum.cli.door import listener
from arkanum.guard import use
from arkanum.vault import Authority, DeviceCertificate
from arkanum.web import cookies
from tests.cast import PASSPHRASE, found, in_process, rows_in
from tests.cli.door_stage import ADDRESS, NAME, connected, get, line_is_dead, say, serve

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", ADDRESS])


@pytest.fixture(scope="module")
def opened(empty_database, tmp_path_factory, django_db_blocker):
    """A practice with its door open, for all tests of this module."""
    folder = tmp_path_factory.mktemp("door")
    with django_db_blocker.unblock(), rows_in(folder / "data", empty_database) as data:
        guard = in_process(data)
        founded = found(guard)
        use(founded.client)
        served = serve(founded)
        yield served
        served.end()
        use(None)
        guard.close()


@pytest.fixture
def served(opened):
    """The same, with enrolment closed after each test."""
    yield opened
    opened.founded.guard.door.close_enrolment()
    opened.until_heard()


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
