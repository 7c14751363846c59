# SPDX-License-Identifier: MPL-2.0
"""Certificates of the practice's own network: its authority, its server, its devices.

They say which machine speaks and open no record: whoever steals all of them reads nothing that is sealed.
Everything is X.509 (RFC 5280) with EC P-256 and SHA-256, which every browser and operating system of the last ten
years reads; Ed25519 would be nicer, and browsers refuse it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Self, final
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES, serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from arkanum.vault.errors import Tampered
from arkanum.vault.secret import Secret

AUTHORITY_YEARS = 20
"""A practice does not walk round its workplaces more often than it changes its computers twice."""

LOCAL_DOMAINS = ("local", "lan", "intern", "internal", "home.arpa", "localdomain", "fritz.box", "praxis")
"""Ends of names that belong to nobody on the internet. The authority can vouch for these, and for what it was made
with; a workplace that trusts it therefore cannot be shown a false bank with it."""

_NETWORKS = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"))
)
_BACKDATED = timedelta(days=1)
"""A workplace whose clock is some hours slow still accepts a certificate that was made just now."""
_KDF_ROUNDS = 20_000
_NAME_LETTERS = 40
_SHA256 = hashes.SHA256()

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class DeviceCertificate:
    """What makes a workplace known on the network.

    Attributes:
        key: the private key, PKCS#8 in DER; told once, never stored.
        certificate: DER.
    """

    key: bytes = field(repr=False)
    certificate: bytes


@final
class Authority(Secret):
    """The practice's certificate authority: it vouches for a server and for devices, and for no other authority."""

    __slots__ = ("_certificate", "_key")

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate

    @classmethod
    def new(cls, name: str, *, now: datetime, domains: Sequence[str] = ()) -> Self:
        """Make an authority with a fresh key.

        Args:
            name: what people see in their list of authorities.
            now: aware time; it is valid from the day before, for 20 years.
            domains: names beyond `LOCAL_DOMAINS` that it may vouch for.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _shown(name))])
        builder = _builder(subject, key.public_key(), now, timedelta(days=365 * AUTHORITY_YEARS + 5))
        builder = builder.issuer_name(subject).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        builder = builder.add_extension(_constraints(domains), critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        return cls(key, builder.sign(key, _SHA256))

    @classmethod
    def from_bytes(cls, key: bytes, certificate: bytes) -> Self:
        """Return the authority with this key (PKCS#8 in DER) and this certificate (DER).

        Raises:
            Tampered: not a key, not a certificate, or not of each other.
        """
        loaded, parsed = _private(key), _parsed(certificate)
        if parsed.public_key() != loaded.public_key():
            raise Tampered("certificate and key of the authority do not belong together")
        return cls(loaded, parsed)

    def expose(self) -> bytes:
        """Return the private key, PKCS#8 in DER. Every caller is a place for a reviewer to look at."""
        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    @property
    def certificate(self) -> bytes:
        """The authority's own certificate (DER), which workplaces are given to trust."""
        return self._certificate.public_bytes(Encoding.DER)

    def issue_device(self, device: UUID, *, name: str, now: datetime, days: int) -> DeviceCertificate:
        """Make a key and a certificate with which a device shows who it is, and can do nothing else.

        Args:
            device: its id; stands in the subject.
            name: what the person who is asked for a certificate sees in the list.
            now: aware time.
            days: how long it is valid.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        # The word behind the name keeps it from ever looking like a host name, which the constraints would refuse.
        shown = x509.NameAttribute(NameOID.COMMON_NAME, f"{_shown(name)} (Arkanum)")
        subject = x509.Name([shown, x509.NameAttribute(NameOID.SERIAL_NUMBER, str(device))])
        builder = _builder(subject, key.public_key(), now, timedelta(days=days))
        certificate = self._sign_leaf(builder, key.public_key(), ExtendedKeyUsageOID.CLIENT_AUTH)
        return DeviceCertificate(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
            certificate.public_bytes(Encoding.DER),
        )

    def sign_server(
        self, csr: bytes, *, names: Sequence[str], addresses: Sequence[Address], now: datetime, days: int
    ) -> bytes:
        """Return a certificate for the server's key, in DER.

        Only the public key is taken from the request; names come from the practice's setting and not from the asker.

        Args:
            csr: a signing request in DER; its signature shows that the asker has the private key.
            names: host names, at least one name or address.
            addresses: addresses at which the server is reached.
            now: aware time.
            days: how long it is valid.

        Raises:
            Tampered: not a request, not signed by its own key, or not a key on P-256.
        """
        try:
            request = x509.load_der_x509_csr(csr)
            public = request.public_key()
        except ValueError:
            raise Tampered("not a signing request") from None
        if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
            raise Tampered("the server's key is not on P-256")
        if not request.is_signature_valid:
            raise Tampered("the asker does not have the key")
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Arkanum")])
        shown = [*map(x509.DNSName, names), *map(x509.IPAddress, addresses)]
        builder = _builder(subject, public, now, timedelta(days=days))
        builder = builder.add_extension(x509.SubjectAlternativeName(shown), critical=False)
        return self._sign_leaf(builder, public, ExtendedKeyUsageOID.SERVER_AUTH).public_bytes(Encoding.DER)

    def revocation_list(self, serials: Iterable[int], now: datetime) -> bytes:
        """Return the signed list of certificates that are no longer good, in DER.

        It is valid as long as the authority: a new one is made whenever a device goes, and a list that expires while
        the practice is sealed would lock everybody out.
        """
        until = self._certificate.not_valid_after_utc
        made = x509.CertificateRevocationListBuilder().issuer_name(self._certificate.subject)
        made = made.last_update(now - _BACKDATED).next_update(until)
        made = made.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        made = made.add_extension(self._issuer_key(), critical=False)
        for serial in sorted(set(serials)):
            gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - _BACKDATED)
            made = made.add_revoked_certificate(gone.build())
        return made.sign(self._key, _SHA256).public_bytes(Encoding.DER)

    def _sign_leaf(
        self, builder: x509.CertificateBuilder, public: ec.EllipticCurvePublicKey, purpose: x509.ObjectIdentifier
    ) -> x509.Certificate:
        builder = builder.issuer_name(self._certificate.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        return builder.add_extension(self._issuer_key(), critical=False).sign(self._key, _SHA256)

    def _issuer_key(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())


def new_server_key() -> bytes:
    """Make the key with which the server speaks TLS, PKCS#8 in PEM as OpenSSL wants it in a file."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def server_request(key: bytes) -> bytes:
    """Return a signing request (DER) that shows that the asker has this key (PEM).

    Raises:
        Tampered: not such a key.
    """
    try:
        loaded = load_pem_private_key(key, None)
    except (ValueError, TypeError):
        raise Tampered("not a key") from None
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise Tampered("not a key on P-256")
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return request.sign(loaded, _SHA256).public_bytes(Encoding.DER)


def bundle(
    key: bytes,
    certificate: bytes,
    authority_certificate: bytes,
    password: str,
    *,
    name: str,
    for_apple: bool = False,
) -> bytes:
    """Return one file (PKCS#12) that a workplace imports: its key, its certificate, the authority.

    Args:
        key: of the device, PKCS#8 in DER.
        certificate: of the device, DER.
        authority_certificate: DER.
        password: random, of at least 75 bits, told beside the file and used once.
        name: what the import shows.
        for_apple: use Triple DES and SHA-1, the only form that Apple's import reads. That is weak where a person
            chooses the password; against a random one of 75 bits it is good for the minutes in which the file lives.
    """
    protection = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_KDF_ROUNDS)
    if for_apple:
        protection = protection.key_cert_algorithm(PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())  # noqa: S303 - see for_apple
    else:
        protection = protection.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).hmac_hash(_SHA256)
    return serialize_key_and_certificates(
        name.encode(),
        _private(key),
        _parsed(certificate),
        [_parsed(authority_certificate)],
        protection.build(password.encode()),
    )


def fingerprint(certificate: bytes) -> bytes:
    """Return the 32 bytes that stand for a certificate (DER): SHA-256 over all of it, as browsers show it."""
    digest = hashes.Hash(_SHA256)
    digest.update(certificate)
    return digest.finalize()


def expires(certificate: bytes) -> datetime:
    """Return when a certificate (DER) ends.

    Raises:
        Tampered: not a certificate.
    """
    return _parsed(certificate).not_valid_after_utc


def begins(certificate: bytes) -> datetime:
    """Return from when on a certificate (DER) is valid; later than now means that a clock is wrong.

    Raises:
        Tampered: not a certificate.
    """
    return _parsed(certificate).not_valid_before_utc


def serial_of(certificate: bytes) -> int:
    """Return the number under which a certificate (DER) is revoked.

    Raises:
        Tampered: not a certificate.
    """
    return _parsed(certificate).serial_number


def device_of(certificate: bytes) -> UUID:
    """Return the id of the device that a certificate (DER) is for. Whether it is genuine is the handshake's business.

    Raises:
        Tampered: not a certificate, or of no device.
    """
    named = _parsed(certificate).subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    try:
        (only,) = named
        return UUID(str(only.value))
    except ValueError:
        raise Tampered("not a device's certificate") from None


def reached_as(certificate: bytes) -> tuple[frozenset[str], frozenset[Address]]:
    """Return the names and addresses that a server's certificate (DER) is for.

    Raises:
        Tampered: not a certificate, or of no server.
    """
    try:
        shown = _parsed(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        raise Tampered("not a server's certificate") from None
    addresses = [one for one in shown.get_values_for_type(x509.IPAddress) if isinstance(one, Address)]
    return frozenset(shown.get_values_for_type(x509.DNSName)), frozenset(addresses)


def vouches(authority_certificate: bytes, certificate: bytes) -> bool:
    """Tell whether an authority (DER) signed a certificate (DER), whatever the time is.

    Raises:
        Tampered: one of them is not a certificate.
    """
    try:
        _parsed(certificate).verify_directly_issued_by(_parsed(authority_certificate))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def may_vouch(authority_certificate: bytes, name: str) -> bool:
    """Tell whether workplaces believe an authority (DER) about a host name.

    Raises:
        Tampered: not the certificate of an authority.
    """
    try:
        limits = _parsed(authority_certificate).extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        raise Tampered("not an authority's certificate") from None
    allowed = [one.value for one in limits.permitted_subtrees or () if isinstance(one, x509.DNSName)]
    return any(name == end or name.endswith(f".{end}") for end in allowed)


def revoked_serials(revocation_list: bytes) -> frozenset[int]:
    """Return the numbers on a list of revoked certificates (DER).

    Raises:
        Tampered: not such a list.
    """
    try:
        return frozenset(one.serial_number for one in x509.load_der_x509_crl(revocation_list))
    except ValueError:
        raise Tampered("not a list of revoked certificates") from None


def _builder(
    subject: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).public_key(public)
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + lasts)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _constraints(domains: Sequence[str]) -> x509.NameConstraints:
    allowed = [*map(x509.DNSName, (*LOCAL_DOMAINS, *domains)), *map(x509.IPAddress, _NETWORKS)]
    return x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None)


def _shown(name: str) -> str:
    """Shorten a name to what X.509 has room for (64 letters, with our own word behind it)."""
    return name.strip()[:_NAME_LETTERS] or "Arkanum"


def _private(key: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        loaded = load_der_private_key(key, None)
    except (ValueError, TypeError):
        raise Tampered("not a key") from None
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise Tampered("not a key on P-256")
    return loaded


def _parsed(certificate: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError:
        raise Tampered("not a certificate") from None
