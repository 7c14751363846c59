# SPDX-License-Identifier: MPL-2.0
"""The TLS socket: binds where the setting says, greets, counts, and hangs up on whoever may no longer speak."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import struct
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_address

from arkanum.cli.door.keeper import View
from arkanum.cli.door.line import Line, Speaker
from arkanum.cli.door.tls import KNOCKING
from arkanum.vault import expires
from arkanum.web.network import machine
from arkanum.web.network import status as said
from arkanum.web.network.status import DoorStatus

HANDSHAKE_SECONDS = 8.0
GOODBYE_SECONDS = 1.0
"""So long is waited for the other side's word at the end of a connection."""

MOST_HANDSHAKES = 256
MOST_HANDSHAKES_OF_ONE = 32
"""More at a time, all together or from one address: the oldest one must go, never the one that comes."""

MOST_LINES_OF_ONE = 64
MOST_GUESTS = 20
GUARD_AWAY_SECONDS = 8.0
"""The guard ends whenever the practice is sealed and is back within a second; so long the last word holds. Nothing can
have changed meanwhile, because only the guard removes a device."""

BACKLOG = 256
FOR_NOW = datetime.max.replace(tzinfo=UTC)
"""A guest has no certificate that could end."""

LineFactory = Callable[[Callable[[bytes | None, Callable[[], None]], Speaker | None], Callable[[Line], None]], Line]


class Listener:
    """Lives on the event loop; every method is called there."""

    def __init__(self, make_line: LineFactory, tell: Callable[[DoorStatus], None]) -> None:
        """Begin with a closed door.

        Args:
            make_line: makes the protocol of one connection.
            tell: called with each new status.
        """
        self._make_line = make_line
        self._tell = tell
        self._view: View | None = None
        self._guests_until = 0.0
        self._lost = False
        self._status = DoorStatus()
        self._socket: socket.socket | None = None
        self._bound: tuple[str, int] | None = None
        self._accepting: asyncio.Task[None] | None = None
        self._handshakes: dict[asyncio.Task[None], str] = {}
        self._lines: dict[Line, str] = {}

    # --- what the keeper says ----------------------------------------------------------------------------------------

    def heard(self, view: View) -> None:
        """Take a new view: bind or close, and hang up on whoever may no longer speak."""
        loop = asyncio.get_running_loop()
        self._view, self._lost = view, False
        seconds = view.state.enrolment_seconds if view.guests is not None else 0.0
        self._guests_until = loop.time() + seconds
        if seconds:
            loop.call_later(seconds + 0.01, self._sweep)
        self._place()
        self._sweep()

    def lost(self) -> None:
        """The guard does not answer: guests go now, the others soon."""
        if not self._lost:
            self._lost = True
            self._guests_until = 0.0
            self._sweep()
            asyncio.get_running_loop().call_later(GUARD_AWAY_SECONDS, self._give_up)

    def close(self) -> None:
        """Close the door for good."""
        self._unbind()
        for task in tuple(self._handshakes):
            task.cancel()

    def _give_up(self) -> None:
        if self._lost and self._view is not None and self._view.state.setting.on:
            self._view = View(self._view.state, problem=said.GUARD_AWAY)
            self._place()
            self._sweep()

    # --- where it stands ---------------------------------------------------------------------------------------------

    def _place(self) -> None:
        view = self._view
        if view is None:
            return
        setting = view.state.setting
        wanted = (setting.address, setting.port) if setting.on and view.members is not None else None
        problem = view.problem
        if wanted is not None and not machine.has(setting.address):
            wanted, problem = None, said.ADDRESS_GONE % {"address": setting.address}
        if self._bound != wanted:
            self._unbind()
            problem = self._bind(*wanted) if wanted is not None else problem
        self._report(problem)

    def _bind(self, address: str, port: int) -> str:
        """Open the door; return what stands in the way, in German."""
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET  # noqa: PLR2004 - IPv6
        # By its number: asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named.
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
            sock.listen(BACKLOG)
        except OSError as error:
            sock.close()
            return _why(error, address, port)
        sock.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._socket, self._bound = sock, (address, port)
        self._accepting = asyncio.get_running_loop().create_task(self._accept(sock))
        return ""

    def _unbind(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()
        if self._socket is not None:
            self._socket.close()
        self._accepting = self._socket = self._bound = None

    def _report(self, problem: str) -> None:
        view = self._view
        if view is None:
            return
        setting = view.state.setting
        status = DoorStatus(
            on=setting.on,
            open=self._bound is not None,
            address=setting.address if setting.on else "",
            port=setting.port,
            names=setting.names if setting.on else (),
            problem=problem,
            certificate_until=view.certificate_until,
            authority=next(iter(view.state.authorities), b""),
        )
        if status != self._status:
            self._status = status
            self._tell(status)

    # --- who comes ---------------------------------------------------------------------------------------------------

    async def _accept(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, (peer, *_) = await loop.sock_accept(sock)
            except OSError:
                await asyncio.sleep(0.1)  # too many open files: those that are open go on
                continue
            self._knock(loop, connection, peer)

    def _knock(self, loop: asyncio.AbstractEventLoop, connection: socket.socket, peer: str) -> None:
        if Counter(self._lines.values())[peer] >= MOST_LINES_OF_ONE:
            _reset(connection)
            return
        own = [task for task, address in self._handshakes.items() if address == peer]
        if len(own) >= MOST_HANDSHAKES_OF_ONE:
            self._push_out(own[0])
        elif len(self._handshakes) >= MOST_HANDSHAKES:
            self._push_out(next(iter(self._handshakes)))
        task = loop.create_task(self._greet(connection, peer))
        self._handshakes[task] = peer

        def over(done: asyncio.Task[None]) -> None:
            self._handshakes.pop(done, None)
            if done.cancelled():  # before it began; later the connection belongs to the transport
                connection.close()

        task.add_done_callback(over)

    def _push_out(self, task: asyncio.Task[None]) -> None:
        del self._handshakes[task]
        task.cancel()

    async def _greet(self, connection: socket.socket, peer: str) -> None:
        """Shake hands. Whoever fails has had an alert and nothing else."""
        context = self._context()
        if context is None:
            _reset(connection)
            return
        KNOCKING.set(connection)
        line = self._make_line(self._welcome, self._forget)
        self._lines[line] = peer
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: line,
                connection,
                ssl=context,
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=GOODBYE_SECONDS,
            )
        except (OSError, asyncio.CancelledError):
            self._forget(line)
            connection.close()

    def _forget(self, line: Line) -> None:
        self._lines.pop(line, None)

    def _context(self) -> ssl.SSLContext | None:
        if self._view is None:
            return None
        return self._view.guests if self._guests_welcome() else self._view.members

    def _guests_welcome(self) -> bool:
        return asyncio.get_running_loop().time() < self._guests_until

    def _welcome(self, certificate: bytes | None, hang_up: Callable[[], None]) -> Speaker | None:
        """Say who speaks. The handshake has checked the signature; here counts whether the device is still enrolled."""
        if certificate is None:
            guests = sum(1 for line in self._lines if line.speaker is not None and line.speaker.is_guest)
            return Speaker(b"", b"", FOR_NOW, hang_up) if self._guests_welcome() and guests < MOST_GUESTS else None
        fingerprint = sha256(certificate).digest()
        device = None if self._view is None else self._view.state.devices.get(fingerprint)
        return None if device is None else Speaker(device.bytes, fingerprint, expires(certificate), hang_up)

    def _sweep(self) -> None:
        """Hang up on whoever may no longer speak."""
        for line in tuple(self._lines):
            if line.speaker is not None and not self._may_stay(line.speaker):
                line.speaker.hang_up()

    def _may_stay(self, speaker: Speaker) -> bool:
        if self._bound is None or self._view is None:
            return False
        if speaker.is_guest:
            return self._guests_welcome()
        # The handshake looked at the date once; a connection may outlive it.
        return speaker.fingerprint in self._view.state.devices and datetime.now(UTC) < speaker.until


def _reset(connection: socket.socket) -> None:
    """Hang up without a word."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _why(error: OSError, address: str, port: int) -> str:
    place = {"address": address, "port": port, "why": os.strerror(error.errno or 0)}
    sentences = {
        errno.EADDRINUSE: said.PORT_TAKEN,
        errno.EADDRNOTAVAIL: said.ADDRESS_GONE,
        errno.EACCES: said.PORT_FORBIDDEN,
    }
    return sentences.get(error.errno or 0, said.CANNOT_BIND) % place
