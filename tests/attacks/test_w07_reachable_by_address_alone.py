# SPDX-License-Identifier: MPL-2.0
"""W7: reachable by IP alone. A stranger with the address finds nothing, or one port that says not one byte of HTTP."""

import ssl

import pytest

from arkanum.cli.processes import free_port
from tests.attacks.outside import (
    HOSTS,
    NAME,
    PORT,
    Careless,
    Knock,
    Target,
    careless_context,
    self_made_context,
    serve,
)
from tests.attacks.twin import assert_red
from tests.cli.stage import arkanum
from tests.deploy.network import Cable, missing

absent = missing("nmap", "openssl", "/usr/bin/ss")
needs_cable = pytest.mark.skipif(bool(absent), reason=absent)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.allow_hosts(HOSTS),
    pytest.mark.filterwarnings("ignore:ssl.TLSVersion"),  # an attacker tries the old ones
]

REQUESTS = (
    b"GET / HTTP/1.1\r\nHost: praxis.local\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    b"OPTIONS * HTTP/1.1\r\nHost: 10.77.1.1\r\nUpgrade: h2c\r\n\r\n",
    b"\r\n\r\n",
    b"\x80\x2e\x01\0\x02\0\x15\0\0\0\x10",  # a hello of SSL 2
)

OLD = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2)


def knocks(certificates):
    """Return every way to come without a certificate of a device that is enrolled now."""
    yield from (
        Knock(name=name) for name in (None, NAME, "localhost", "evil.example", Cable.server, ".".join(["x" * 60] * 4))
    )
    yield from (Knock(protocols=one) for one in (("h2",), ("http/1.1",), ("h2", "http/1.1"), ("spdy/3",)))
    yield from (Knock(version=version) for version in OLD)
    yield from (Knock(sent=sent) for sent in REQUESTS)
    yield Knock(sent=b"GET /geraet HTTP/1.1\r\nHost: praxis.local\r\n\r\n")
    for whose, certificate in certificates.items():
        if whose != "good":
            yield Knock(certificate)
            yield Knock(certificate, protocols=("h2",))
            yield Knock(certificate, version=ssl.TLSVersion.TLSv1_2)


def attack_bytes(target):
    """Knock in every way that a stranger has, and count the bytes that are not TLS's own."""
    told = sum(len(target.shaken(knock)) for knock in knocks(target.certificates))
    http = [
        sent for sent in REQUESTS if b"HTTP" in (got := target.plain(sent)) or len(got) > len(b"\x15\3\1\0\2\2\x46")
    ]

    assert told == 0
    assert http == []


def attack_ports(cable, expected):
    """Look at every TCP port, and at the hundred UDP ports that are open most often."""
    assert cable.open_ports(cable.server) == expected
    assert cable.looked_at(cable.server, "-sU", "--top-ports", "100", "-T4") == set()


@pytest.fixture
def cable():
    """A network of the test's own, for twins."""
    laid = Cable()
    yield laid
    laid.cut()


@pytest.fixture
def careless(cable):
    """Start careless servers; all of them end with the test."""
    started = []

    def start(context, **options):
        started.append(Careless(cable, context, **options))
        return cable

    yield start
    for one in started:
        one.end()


# --- without --lan ---------------------------------------------------------------------------------------------------


@needs_cable
def test_without_lan_no_port_is_open(cable, short_folder):
    served = serve(cable, short_folder)
    try:
        attack_ports(cable, set())
    finally:
        served.end()


@needs_cable
def test_the_attack_finds_a_port_that_was_opened_to_everybody(careless):
    cable = careless(None, host="0.0.0.0")  # noqa: S104 - that is the weakness

    assert_red(lambda cable: attack_ports(cable, set()), cable)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - refused, that is the point
        "::",
        "203.0.113.7",
        "8.8.8.8",
        "100.64.0.1",
        "169.254.1.1",
        "fe80::1",
        "2001:db8::1",
        "::ffff:808:808",
    ],
)
def test_the_server_refuses_to_start_where_strangers_could_knock(short_folder, address):
    refused = arkanum("serve", "--data", short_folder, "--port", free_port(), "--lan", address)

    assert refused.returncode == 1
    assert address.lower() in refused.stderr
    assert len(refused.stderr.split()) > 8  # why, and what to do
    assert "Traceback" not in refused.stderr
    assert not (short_folder / "guard.sock").exists()


# --- with --lan ------------------------------------------------------------------------------------------------------


@needs_cable
def test_with_lan_exactly_one_port_is_open(lan_practice):
    attack_ports(lan_practice.cable, {PORT})


@needs_cable
def test_a_device_of_the_practice_is_answered(lan_practice):
    target = Target(lan_practice.cable)

    assert target.shaken(Knock(lan_practice.certificates["good"])).startswith(b"HTTP/1.1 ")


@needs_cable
def test_who_has_no_certificate_of_the_practice_gets_no_byte_of_http(lan_practice):
    assert set(lan_practice.certificates) == {"good", "foreign", "expired", "not yet valid", "of nobody", "revoked"}
    attack_bytes(Target(lan_practice.cable, lan_practice.certificates))


@needs_cable
def test_the_attack_finds_a_second_port(lan_practice):
    beside = Careless(lan_practice.cable, None, port=8421)
    try:
        assert_red(lambda cable: attack_ports(cable, {PORT}), lan_practice.cable)
    finally:
        beside.end()


@needs_cable
@pytest.mark.parametrize("asks", [ssl.CERT_NONE, ssl.CERT_OPTIONAL])
def test_the_attack_finds_a_server_that_does_not_insist_on_a_certificate(lan_practice, careless, asks):
    cable = careless(careless_context(lan_practice.folder, asks=asks))

    assert_red(attack_bytes, Target(cable, lan_practice.certificates))


@needs_cable
def test_the_attack_finds_a_server_that_forgot_who_was_removed(lan_practice, careless):
    cable = careless(careless_context(lan_practice.folder, asks=ssl.CERT_REQUIRED))

    assert_red(attack_bytes, Target(cable, {"revoked": lan_practice.certificates["revoked"]}))


@needs_cable
def test_the_attack_finds_plain_http(careless):
    assert_red(attack_bytes, Target(careless(None)))


@needs_cable
def test_the_attack_finds_a_server_with_tls_and_nothing_else(careless, tmp_path):
    assert_red(attack_bytes, Target(careless(self_made_context(tmp_path))))
