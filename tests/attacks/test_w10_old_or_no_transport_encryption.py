# SPDX-License-Identifier: MPL-2.0
"""W10: old or no transport encryption. sslyze, a program of others, looks at the door: TLS 1.3 and nothing else."""

import json
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.attacks.outside import HOSTS, PORT, Careless, Target, careless_context, listeners
from tests.attacks.twin import assert_red
from tests.conftest import ROOT
from tests.deploy.network import Cable, missing

SSLYZE = ROOT / ".venv-sslyze/bin/sslyze"
absent = missing("/usr/bin/ss") or ("" if SSLYZE.exists() else "needs .venv-sslyze (make setup-dev)")
needs_cable = pytest.mark.skipif(bool(absent), reason=absent)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.allow_hosts(HOSTS),
    pytest.mark.filterwarnings("ignore:ssl.TLSVersion"),  # the twin speaks the old ones
]

OLD = ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2")
STRONG = {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}
LOOKS = ("--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--compression", "--early_data")


@dataclass(frozen=True)
class Door:
    """A server at the other end of a cable, and a device's certificate (a file with its key), if there is one."""

    cable: Cable
    certificate: Path | None = None


def looked_at(door):
    """Return what sslyze found out from the other end of the cable."""
    shown = (f"--cert={door.certificate}", f"--key={door.certificate}") if door.certificate else ()
    command = door.cable.outside(SSLYZE, *LOOKS, *shown, "--json_out=-", f"{Cable.server}:{PORT}")
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    (result,) = json.loads(said.stdout)["server_scan_results"]
    assert result["connectivity_status"] == "COMPLETED", result["connectivity_error_trace"]
    return {name: looked["result"] for name, looked in result["scan_result"].items() if looked and looked["result"]}


def attack(door):
    """Count the accepted cipher suites of each old version, and the weak ones of the new."""
    found = looked_at(door)
    old = {version: len(found[f"{version}_cipher_suites"]["accepted_cipher_suites"]) for version in OLD}
    new = {one["cipher_suite"]["name"] for one in found["tls_1_3_cipher_suites"]["accepted_cipher_suites"]}

    assert old == dict.fromkeys(OLD, 0)
    assert new
    assert new <= STRONG
    assert not found["tls_compression"]["supports_compression"]
    if door.certificate:  # without one, sslyze gets no answer to ask early
        assert not found["tls_1_3_early_data"]["supports_early_data"]


def attack_plaintext(cable):
    """Ask every listener that is not on loopback in plain HTTP; none may understand."""
    beyond = {where for where in listeners(cable) if not where.startswith(("127.", "[::1]"))}
    ports = {int(where.rpartition(":")[2]) for where in beyond}
    sent = b"GET / HTTP/1.1\r\nHost: praxis.local\r\n\r\n"

    assert beyond
    assert [port for port in ports if b"HTTP" in Target(cable, port=port).plain(sent)] == []


@pytest.fixture
def careless(lan_practice):
    """Start a server with the practice's own certificate that is careless about something else."""
    cable, started = Cable(), []

    def start(weaken):
        context = careless_context(lan_practice.folder)
        weaken(context)
        started.append(Careless(cable, context))
        return cable

    yield start
    for one in started:
        one.end()
    cable.cut()


@needs_cable
def test_the_door_speaks_tls_1_3_and_nothing_else(lan_practice):
    attack(Door(lan_practice.cable))


@needs_cable
def test_the_door_speaks_nothing_else_with_a_device_of_the_practice(lan_practice, tmp_path):
    certificate = tmp_path / "device.pem"
    certificate.write_text(lan_practice.certificates["good"])

    attack(Door(lan_practice.cable, certificate))


@needs_cable
def test_nothing_beyond_loopback_understands_plain_http(lan_practice):
    attack_plaintext(lan_practice.cable)


def old(context):
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")


def not_so_old(context):
    context.minimum_version = ssl.TLSVersion.TLSv1_2


@needs_cable
@pytest.mark.parametrize("weaken", [old, not_so_old])
def test_the_attack_finds_a_server_that_still_speaks_an_older_version(careless, weaken):
    assert_red(attack, Door(careless(weaken)))


@needs_cable
def test_the_attack_finds_a_plaintext_listener_beside_the_door(lan_practice):
    beside = Careless(lan_practice.cable, None, port=8080)
    try:
        assert_red(attack_plaintext, lan_practice.cable)
    finally:
        beside.end()
