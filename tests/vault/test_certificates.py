# SPDX-License-Identifier: MPL-2.0
"""The practice's authority vouches for its server and its devices; other programs read what it makes."""

import base64
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import UUID

import pytest

from arkanum.vault import (
    Authority,
    Tampered,
    begins,
    bundle,
    device_of,
    expires,
    fingerprint,
    new_server_key,
    reached_as,
    serial_of,
    server_request,
    vouches,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DEVICE = UUID("01940000-0000-7000-8000-000000000001")
PASSWORD = "GK4ZP-7Q2MD-9XW3T"


@pytest.fixture(scope="module")
def authority():
    return Authority.new("Praxis Ada", now=NOW)


@pytest.fixture(scope="module")
def desk(authority):
    return authority.issue_device(DEVICE, name="Anmeldung", now=NOW, days=398)


def server_of(authority, *, names=("praxis.local",), addresses=("192.168.1.10",)):
    request = server_request(new_server_key())
    places = [ip_address(one) for one in addresses]
    return authority.sign_server(request, names=names, addresses=places, now=NOW, days=398)


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *map(str, arguments)], input=given, capture_output=True, check=False, timeout=60)


@pytest.fixture
def folder(tmp_path, authority, desk):
    (tmp_path / "authority.pem").write_text(ssl.DER_cert_to_PEM_cert(authority.certificate))
    (tmp_path / "desk.pem").write_text(ssl.DER_cert_to_PEM_cert(desk.certificate))
    return tmp_path


def verifies(folder, certificate, purpose, *more):
    (folder / "one.pem").write_text(ssl.DER_cert_to_PEM_cert(certificate))
    at = int((NOW + timedelta(days=1)).timestamp())
    asked = ("verify", "-x509_strict", "-attime", at, "-purpose", purpose, "-CAfile", folder / "authority.pem")
    return openssl(*asked, *more, folder / "one.pem").returncode == 0


def test_a_device_may_show_who_it_is_and_nothing_else(folder, desk):
    assert verifies(folder, desk.certificate, "sslclient")
    assert not verifies(folder, desk.certificate, "sslserver")
    assert device_of(desk.certificate) == DEVICE


def test_a_server_may_be_a_server_and_nothing_else(folder, authority):
    server = server_of(authority)

    assert verifies(folder, server, "sslserver")
    assert not verifies(folder, server, "sslclient")
    assert reached_as(server) == ({"praxis.local"}, {ip_address("192.168.1.10")})


@pytest.mark.parametrize("name", ["www.sparkasse.de", "praxis-ada.de", "localhost.com"])
def test_nobody_believes_the_authority_about_names_of_others(folder, authority, name):
    assert not verifies(folder, server_of(authority, names=(name,)), "sslserver")


def test_nobody_believes_the_authority_about_public_addresses(folder, authority):
    assert not verifies(folder, server_of(authority, addresses=("8.8.8.8",)), "sslserver")


def test_an_authority_may_be_made_for_a_name_of_the_practice(folder):
    own = Authority.new("Praxis Ada", now=NOW, domains=("praxis-ada.de",))
    (folder / "authority.pem").write_text(ssl.DER_cert_to_PEM_cert(own.certificate))

    assert verifies(folder, server_of(own, names=("arkanum.praxis-ada.de",)), "sslserver")


def test_a_revoked_certificate_does_not_verify(folder, authority, desk):
    other = authority.issue_device(DEVICE, name="Anmeldung", now=NOW, days=398)
    listed = authority.revocation_list([serial_of(desk.certificate)], NOW)
    (folder / "gone.pem").write_bytes(openssl("crl", "-inform", "DER", given=listed).stdout)
    checked = ("-crl_check", "-CRLfile", folder / "gone.pem")

    assert not verifies(folder, desk.certificate, "sslclient", *checked)
    assert verifies(folder, other.certificate, "sslclient", *checked)


def test_a_foreign_authority_of_the_same_name_vouches_for_nobody_here(folder, authority):
    foreign = Authority.new("Praxis Ada", now=NOW)
    stranger = foreign.issue_device(DEVICE, name="Anmeldung", now=NOW, days=398)

    assert not verifies(folder, stranger.certificate, "sslclient")
    assert not vouches(authority.certificate, stranger.certificate)
    assert vouches(foreign.certificate, stranger.certificate)


def test_certificates_say_when_they_begin_and_end(authority, desk):
    assert begins(desk.certificate) == NOW - timedelta(days=1)
    assert expires(desk.certificate) == NOW + timedelta(days=398)
    assert expires(authority.certificate).year == 2046


def test_the_fingerprint_is_the_one_that_browsers_show(desk):
    shown = openssl("x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", given=desk.certificate).stdout

    assert shown.decode().partition("=")[2].strip().replace(":", "").lower() == fingerprint(desk.certificate).hex()


def test_an_authority_comes_back_from_its_bytes(authority, desk):
    again = Authority.from_bytes(authority.expose(), authority.certificate)

    assert again.certificate == authority.certificate
    assert vouches(again.certificate, desk.certificate)
    assert "secret" in repr(again)
    assert desk.key.hex() not in repr(desk)
    assert str(desk.key) not in repr(desk)


def test_a_key_and_a_certificate_of_different_authorities_are_refused(authority):
    with pytest.raises(Tampered):
        Authority.from_bytes(authority.expose(), Authority.new("Praxis Ada", now=NOW).certificate)


@pytest.mark.parametrize("name", ["rechner.example.org", "", "x" * 200, "Müller \U0001f600"])
def test_any_name_of_a_device_makes_a_good_certificate(folder, authority, name):
    assert verifies(folder, authority.issue_device(DEVICE, name=name, now=NOW, days=2).certificate, "sslclient")


def test_a_request_whose_signature_does_not_fit_gets_no_certificate(authority):
    forged = bytearray(server_request(new_server_key()))
    forged[-1] ^= 1

    with pytest.raises(Tampered):
        authority.sign_server(bytes(forged), names=("praxis.local",), addresses=(), now=NOW, days=1)


def test_a_request_for_another_kind_of_key_gets_no_certificate(folder, authority):
    made = openssl(
        "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "k", "-subj", "/CN=x", "-outform", "DER"
    )

    with pytest.raises(Tampered):
        authority.sign_server(made.stdout, names=("praxis.local",), addresses=(), now=NOW, days=1)


@pytest.mark.parametrize("read", [begins, expires, serial_of, device_of, reached_as, server_request])
def test_what_is_no_certificate_is_noticed(read):
    with pytest.raises(Tampered):
        read(b"\x30\x03\x02\x01\x01")


def test_a_device_is_no_server_and_a_server_no_device(authority, desk):
    with pytest.raises(Tampered):
        reached_as(desk.certificate)
    with pytest.raises(Tampered):
        device_of(server_of(authority))


@pytest.mark.parametrize("for_apple", [False, True])
def test_openssl_reads_the_file_for_a_workplace(authority, desk, for_apple):
    file = bundle(desk.key, desk.certificate, authority.certificate, PASSWORD, name="Anmeldung", for_apple=for_apple)

    more = ["-legacy"] if for_apple else []
    told = openssl("pkcs12", "-info", "-nodes", "-passin", f"pass:{PASSWORD}", *more, given=file)

    assert told.returncode == 0, told.stderr
    assert told.stdout.count(b"BEGIN CERTIFICATE") == 2
    assert b"BEGIN PRIVATE KEY" in told.stdout
    assert (b"AES-256-CBC" in told.stderr) is not for_apple
    assert openssl("pkcs12", "-info", "-nodes", "-passin", "pass:falsch", *more, given=file).returncode != 0


@pytest.mark.parametrize("for_apple", [False, True])
def test_nss_reads_the_file_for_a_workplace(tmp_path, authority, desk, for_apple):
    (tmp_path / "desk.p12").write_bytes(
        bundle(desk.key, desk.certificate, authority.certificate, PASSWORD, name="Anmeldung", for_apple=for_apple)
    )
    store = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True, timeout=60)

    imported = ["pk12util", "-i", str(tmp_path / "desk.p12"), "-d", store, "-W", PASSWORD]
    subprocess.run(imported, check=True, timeout=60, capture_output=True)

    listed = subprocess.run(["certutil", "-L", "-d", store], check=True, timeout=60, capture_output=True, text=True)
    assert "Anmeldung" in listed.stdout


def test_a_device_key_fits_its_certificate(tmp_path, desk):
    key = base64.encodebytes(desk.key).decode()
    file = tmp_path / "desk.pem"
    file.write_text(
        f"-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\n" + ssl.DER_cert_to_PEM_cert(desk.certificate)
    )

    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(file)
