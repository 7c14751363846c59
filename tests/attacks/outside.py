# SPDX-License-Identifier: MPL-2.0
"""A practice on a network of its own, looked at from a second machine: real processes, every byte counted.

The practice is `arkanum serve`, founded over its socket; whoever attacks sits at the other end of a cable. Twins are
careless servers in the same place.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from arkanum.guard import Client, SocketTransport
from arkanum.guard import protocol as p
from tests.attacks import issuing
from tests.cast import PASSPHRASE
from tests.cli.stage import PATIENCE_SECONDS, Running, environment, eventually
from tests.deploy.network import Cable

PORT = 8420
NAME = "praxis.local"
CODE = re.compile(r"Einmal-Code für den ersten Start: (\S+)")
HOSTS = ["127.0.0.1", Cable.server]
"""What a test must be allowed to reach; nothing of it leaves this machine."""


@dataclass
class Practice:
    """A practice that is served in the network of a cable's server."""

    cable: Cable
    folder: Path
    running: Running
    client: Client
    founded: p.Founded = field(repr=False)
    certificates: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def token(self) -> bytes:
        return self.founded.token

    def certify(self) -> None:
        """Make a certificate of every kind: one that is good, and those that must not be let in."""
        devices = []
        for name in ("Labor", "Tablet"):
            before = self._devices()
            self.client.redeem_link(self.client.invite_device(self.token, name=name))
            devices += self._devices() - before
        good, lost = devices
        made = self._issued(good, lost)
        self.certificates = {**made["bad"], "good": made["good"][str(good)], "revoked": made["good"][str(lost)]}
        self.client.remove_device(self.token, lost)

    def _devices(self):
        return {line.device for line in self.client.devices(self.token).devices}

    def _issued(self, *devices):
        command = [sys.executable, issuing.__file__, self.founded.device_secret.hex(), *map(str, devices)]
        settings = {"ARKANUM_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "arkanum.storage.settings"}
        root = str(Path(__file__).parent.parent.parent)
        said = subprocess.run(
            command, env={**environment(), **settings}, capture_output=True, text=True, check=True, cwd=root
        )
        return json.loads(said.stdout)

    def end(self) -> None:
        self.client._transport.close()
        self.running.end()


def serve(cable: Cable, folder: Path, *options: str) -> Practice:
    """Start a practice on the server and found it; wait until the door stands, if one was asked for."""
    running = Running("serve", "--data", folder, "--port", PORT, *options, through=cable.on_server())
    try:
        code = CODE.search(running.line_with("Einmal-Code"))[1]
        running.line_with("http://127.0.0.1")
        client = Client(SocketTransport(folder / "guard.sock"))
        founded = client.found_practice(
            code=code,
            practice_name="Praxis am Markt",
            name="Dr. Ada",
            login="ada",
            passphrase=PASSPHRASE,
            device_name="Empfang",
        )
        if "--lan" in options:
            eventually(lambda: len(listeners(cable)) > 1, "the door")
    except BaseException:
        running.end()
        raise
    return Practice(cable, folder, running, client, founded)


def listeners(cable: Cable) -> set[str]:
    """Return where anything listens on the server, TCP and UDP, as `address:port`."""
    said = subprocess.run(cable.on_server("ss", "-Hltun"), capture_output=True, text=True, check=True).stdout
    return {line.split()[4].partition("%")[0] for line in said.splitlines()}


# --- knocking from outside -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Knock:
    """A way to come to the port.

    Attributes:
        certificate: PEM with its key, or nothing.
        name: what the client calls the server (SNI).
        protocols: what it offers to speak (ALPN).
        version: the newest TLS that it knows.
        sent: what it says then.
    """

    certificate: str = ""
    name: str | None = NAME
    protocols: tuple[str, ...] = ()
    version: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
    sent: bytes = f"GET / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode()


@dataclass(frozen=True)
class Target:
    """A server at the other end of the cable."""

    cable: Cable
    certificates: dict[str, str] = field(default_factory=dict, repr=False)
    address: str = Cable.server
    port: int = PORT

    def plain(self, sent: bytes) -> bytes:
        """Say something without TLS and return every byte that comes back."""
        return self.cable.from_outside(lambda: _plain(self.address, self.port, sent))

    def shaken(self, knock: Knock) -> bytes:
        """Shake hands, say something, and return what came inside TLS."""
        return self.cable.from_outside(lambda: _shaken(self.address, self.port, knock))


def _plain(address: str, port: int, sent: bytes) -> bytes:
    with socket.create_connection((address, port), timeout=20) as line:
        with contextlib.suppress(OSError):
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
        return _all(line)


def _shaken(address: str, port: int, knock: Knock) -> bytes:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # an attacker trusts anybody
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, knock.version
    context.set_ciphers("ALL:@SECLEVEL=0")
    if knock.protocols:
        context.set_alpn_protocols(list(knock.protocols))
    if knock.certificate:
        file = os.memfd_create("certificate")
        try:
            os.write(file, knock.certificate.encode())
            context.load_cert_chain(f"/proc/self/fd/{file}")
        finally:
            os.close(file)
    with (
        contextlib.suppress(OSError),
        socket.create_connection((address, port), timeout=20) as raw,
        context.wrap_socket(raw, server_hostname=knock.name) as line,
    ):
        # With TLS 1.3 the client is done before the server has looked at its certificate.
        with contextlib.suppress(OSError):
            line.sendall(knock.sent)
        return _all(line)
    return b""


def _all(line: socket.socket) -> bytes:
    got = b""
    with contextlib.suppress(OSError):
        while more := line.recv(65536):
            got += more
    return got


# --- careless servers ------------------------------------------------------------------------------------------------


class Careless:
    """A server that answers everybody: what a practice program looks like that W7 was found in."""

    def __init__(self, cable: Cable, context: ssl.SSLContext | None, *, host: str = Cable.server, port: int = PORT):
        """Listen on the server's side of a cable.

        Args:
            cable: the network.
            context: how it speaks TLS; nothing for plain HTTP.
            host: where it listens.
            port: on which port.
        """
        self._context = context
        self._socket = cable.inside(lambda: socket.create_server((host, port)))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            line = connection if self._context is None else self._context.wrap_socket(connection, server_side=True)
            with line:
                line.recv(1000)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nDora")

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def careless_context(practice_folder: Path, *, asks: ssl.VerifyMode = ssl.CERT_NONE) -> ssl.SSLContext:
    """Return TLS as the practice's own server speaks it, with its key, but for whom it lets in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(practice_folder / "door" / "server.crt", practice_folder / "door" / "server.key")
    context.load_verify_locations(practice_folder / "door" / "trusted.pem")
    context.verify_mode = asks
    return context


def self_made_context(folder: Path) -> ssl.SSLContext:
    """Return TLS with a certificate that openssl made a moment ago."""
    key, certificate = folder / "twin.key", folder / "twin.crt"
    made = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    where = ("-subj", "/CN=praxis.local", "-days", "9", "-keyout", str(key), "-out", str(certificate))
    subprocess.run([*made, *where], check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
