# SPDX-License-Identifier: MPL-2.0
"""A practice with its door open on 127.0.0.2, and clients that count every byte they are given.

The listener is the real one with real TLS; guard and pages run in this process, so that a test can remove a device,
open enrolment or let the guard die at the moment it wants.
"""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from arkanum.cli.door.server import Doors, configuration
from arkanum.cli.door.told import Teller
from arkanum.cli.processes import free_port
from arkanum.guard import authority as authorities
from arkanum.guard import protocol as p
from arkanum.guard.errors import GuardAway
from arkanum.guard.protocol import DoorSetting
from arkanum.storage import people
from arkanum.vault import Authority, DeviceCertificate
from arkanum.web.network import status as said
from arkanum.web.network.hosts import HostGate
from tests.cast import Founded

ADDRESS = "127.0.0.2"
NAME = "praxis.local"
PATIENCE_SECONDS = 20


@dataclass
class Breakable:
    """A way to the guard that a test can cut."""

    transport: object
    is_cut: bool = False

    def ask(self, question: p.Message) -> p.Answer:
        if self.is_cut:
            raise GuardAway
        answer = self.transport.ask(question)
        if self.is_cut:
            raise GuardAway
        return answer


@dataclass
class Served:
    """A practice that is served on loopback and on its network."""

    founded: Founded
    server: Doors
    way: Breakable
    port: int
    folder: Path
    thread: threading.Thread = field(repr=False)
    authority: Authority

    def enrol(self, name: str = "Labor", *, at: datetime | None = None) -> Workplace:
        """Make a device with a certificate, as enrolment does."""
        client, token = self.founded.client, self.founded.ada.token
        before = {line.device for line in client.devices(token).devices}
        link = client.invite_device(token, name=name)
        secret = client.redeem_link(link)
        (device,) = {line.device for line in client.devices(token).devices} - before
        row = people.device(device)
        made = authorities.certify(self.authority, row, name, at=at)
        people.save_device(row)
        self.founded.guard.door.changed()
        self.until_heard()
        return Workplace(self, device, made, secret)

    def until_heard(self) -> None:
        """Wait until the listener knows what the guard knows."""
        version = self.founded.guard.door.version
        eventually(lambda: self.server._listener._view and self.server._listener._view.state.version >= version)

    def knock(self, certificate: DeviceCertificate | None, sent: bytes = b"", **options) -> Heard:
        """Shake hands, say something, and return every byte that came back."""
        return knock(self, certificate, sent or get("/health"), **options)

    def end(self) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE_SECONDS)
        self.founded.guard.door.changed()
        self.server._keeper._thread.join(PATIENCE_SECONDS)
        said.tell(None)
        settings.ALLOWED_HOSTS = [host for host in settings.ALLOWED_HOSTS if host not in {NAME, ADDRESS}]


@dataclass
class Workplace:
    """A device with its certificate."""

    served: Served
    device: UUID
    certificate: DeviceCertificate
    secret: bytes = field(repr=False)

    def knock(self, sent: bytes = b"", **options) -> Heard:
        return self.served.knock(self.certificate, sent, **options)

    def line(self) -> ssl.SSLSocket:
        """Return an open connection."""
        return connected(self.served, self.certificate)


@dataclass
class Heard:
    """What somebody who knocked was given.

    Attributes:
        content: bytes inside TLS: HTTP, if there was any.
        alert: the reason of the TLS alert, empty if there was none.
    """

    content: bytes
    alert: str = ""

    @property
    def status(self) -> int:
        return int(self.content.split()[1]) if self.content else 0


def serve(founded: Founded) -> Served:
    """Open the door of a practice and wait until it stands open."""
    from arkanum.web.wsgi import application

    port = free_port()
    founded.client.save_door(founded.ada.token, DoorSetting(on=True, address=ADDRESS, port=port, names=(NAME,)))
    gate = HostGate(application)
    way = Breakable(founded.client._transport)
    client = founded.client.__class__(way)
    server = Doors(configuration(gate, port, "127.0.0.1"), client, founded.folder, Teller(gate))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    (practice,) = founded.guard.opened.values()
    authority = authorities.open_authority(practice.site, practice.id, practice.name)
    served = Served(founded, server, way, port, founded.folder, thread, authority)
    eventually(lambda: (said.told() or said.DoorStatus()).open)
    return served


def get(path: str, *headers: str, host: str = NAME) -> bytes:
    """Return a request."""
    return "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {host}", *headers, "", "")).encode()


def connected(served: Served, certificate: DeviceCertificate | None, *, tls: ssl.TLSVersion | None = None):
    """Return a TLS connection to the door.

    Raises:
        OSError: there is none to be had.
    """
    raw = socket.create_connection((ADDRESS, served.port), timeout=PATIENCE_SECONDS)
    try:
        return context(served, certificate, tls).wrap_socket(raw, server_hostname=NAME)
    except OSError:
        raw.close()
        raise


def context(served: Served, certificate: DeviceCertificate | None, tls: ssl.TLSVersion | None = None):
    """Return what a workplace needs to shake hands: it trusts the practice and shows a certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(served.authority.certificate))
    if tls is not None:
        made.minimum_version, made.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, tls
    if certificate is not None:
        file = served.folder / f"client-{id(certificate)}.pem"
        key = base64.encodebytes(certificate.key).decode()
        file.write_text(
            f"-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\n"
            + ssl.DER_cert_to_PEM_cert(certificate.certificate)
        )
        made.load_cert_chain(file)
    return made


def knock(served: Served, certificate: DeviceCertificate | None, sent: bytes, **options) -> Heard:
    """Shake hands, say something, and read to the end or to the end of one answer."""
    try:
        line = connected(served, certificate, **options)
    except ssl.SSLError as error:
        return Heard(b"", error.reason or "hung up")
    except OSError:
        return Heard(b"", "hung up")
    with line:
        return say(line, sent)


def say(line: ssl.SSLSocket, sent: bytes) -> Heard:
    """Send a request and read one answer, or all there is."""
    got = b""
    try:
        line.sendall(sent)
        while not _whole(got) and (more := line.recv(65536)):
            got += more
    except ssl.SSLError as error:
        return Heard(got, error.reason or "hung up")
    except OSError:
        return Heard(got, "hung up")
    return Heard(got)


def line_is_dead(line: ssl.SSLSocket) -> bool:
    """Wait until the other side says something or hangs up, and tell whether it hung up."""
    try:
        return line.recv(1) == b""
    except OSError:
        return True


def _whole(got: bytes) -> bool:
    head, end, body = got.partition(b"\r\n\r\n")
    if not end:
        return False
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), None
    )
    return len(body) >= length if length is not None else body.endswith(b"0\r\n\r\n")


def eventually(true, what: str = "it"):
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()):
        if time.monotonic() > until:
            raise AssertionError(f"{what} never came")
        time.sleep(0.01)
    return found


def today() -> datetime:
    return datetime.now(UTC)
