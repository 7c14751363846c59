# SPDX-License-Identifier: MPL-2.0
"""What the server needs on disk to speak TLS while the practice is sealed: its key, its certificate, whom to trust.

The key opens no record. Whoever steals it can play the server to workplaces until the certificate ends, and would
still have to stand in the practice's network.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from arkanum.vault import Tampered, new_server_key, server_request


class ServerFiles:
    """The folder `door` in the data folder."""

    def __init__(self, data: Path) -> None:
        """Remember where; nothing is read yet."""
        self._folder = data / "door"

    def request(self) -> bytes:
        """Return a signing request (DER), making the key (0600) where there is none that can be read."""
        try:
            return server_request(self._key.read_bytes())
        except (OSError, Tampered):
            key = new_server_key()
            self._write(self._key, key)
            return server_request(key)

    def certificate(self) -> bytes | None:
        """Return the server's certificate (DER), or `None` where there is none that can be read."""
        try:
            return ssl.PEM_cert_to_DER_cert(self._certificate.read_text("ascii"))
        except (OSError, ValueError):
            return None

    def keep_certificate(self, certificate: bytes) -> None:
        """Store the server's certificate (DER)."""
        self._write(self._certificate, ssl.DER_cert_to_PEM_cert(certificate).encode("ascii"))

    def trust(self, authorities: tuple[bytes, ...], revoked: tuple[bytes, ...]) -> Path:
        """Write down whom to trust, for OpenSSL, which reads lists of revoked certificates from files alone."""
        parts = [ssl.DER_cert_to_PEM_cert(one) for one in authorities]
        parts += [_pem("X509 CRL", one) for one in revoked]
        path = self._folder / "trusted.pem"
        self._write(path, "".join(parts).encode("ascii"))
        return path

    def show(self, context: ssl.SSLContext) -> None:
        """Let a context show the server's certificate.

        Raises:
            OSError: one of the two cannot be read, or they do not belong together (`ssl.SSLError` is one).
        """
        context.load_cert_chain(self._certificate, self._key)

    def fit(self) -> bool:
        """Tell whether key and certificate can be read and belong together."""
        try:
            self.show(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        except OSError:
            return False
        return True

    @property
    def _key(self) -> Path:
        return self._folder / "server.key"

    @property
    def _certificate(self) -> Path:
        return self._folder / "server.crt"

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def _pem(label: str, der: bytes) -> str:
    text = ssl.DER_cert_to_PEM_cert(der)
    return text.replace(" CERTIFICATE-", f" {label}-")
