# SPDX-License-Identifier: MPL-2.0
"""How the server speaks TLS: 1.3 only, a certificate of the practice from the other side, and no tickets.

A ticket would let a device come back without showing its certificate again.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

from arkanum.cli.door.files import ServerFiles

KNOCKING: ContextVar[socket.socket | None] = ContextVar("arkanum_knocking", default=None)
"""The socket of the handshake that this task is about."""


class _Speaking(ssl.SSLObject):
    """Tells the other side why a handshake failed. asyncio would hang up with the alert still in its hand."""

    said: ssl.MemoryBIO | None = None
    line: socket.socket | None = None

    def do_handshake(self) -> None:
        """Go on with the handshake.

        Raises:
            SSLError: it failed; the alert is on its way.
        """
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError:
            if self.said is not None and self.line is not None:
                with suppress(OSError):  # the other side has hung up
                    self.line.send(self.said.read(), socket.MSG_DONTWAIT)
            raise


class _Context(ssl.SSLContext):
    """A context whose handshakes end with a word."""

    sslobject_class = _Speaking

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,  # noqa: FBT001, FBT002 - as in the standard library
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """Make the object of one connection."""
        made = super().wrap_bio(incoming, outgoing, server_side, server_hostname, session)
        if isinstance(made, _Speaking):
            made.said, made.line = outgoing, KNOCKING.get()
        return made


def context(files: ServerFiles, trusted: Path, *, guests: bool) -> ssl.SSLContext:
    """Return how to greet whoever comes.

    Args:
        files: the server's key and certificate.
        trusted: file with the practices' authorities and their lists of revoked certificates.
        guests: enrolment is open, so somebody may come without a certificate. A wrong one is refused even then.

    Raises:
        OSError: the server's key or certificate cannot be read (`ssl.SSLError` is one).
    """
    made = _Context(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.num_tickets = 0
    made.verify_mode = ssl.CERT_OPTIONAL if guests else ssl.CERT_REQUIRED
    made.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF | ssl.VerifyFlags.VERIFY_X509_STRICT
    made.load_verify_locations(cafile=trusted)
    made.set_alpn_protocols(["http/1.1"])
    files.show(made)
    return made
