# SPDX-License-Identifier: MPL-2.0
"""The server of the pages: plain HTTP on loopback, and beside it the door on the network, in one process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware

from arkanum.cli import notify
from arkanum.cli.door.files import ServerFiles
from arkanum.cli.door.keeper import Keeper, View
from arkanum.cli.door.line import SPEAKER, Line, Speaker
from arkanum.cli.door.listener import Listener
from arkanum.guard import Client
from arkanum.web import cookies
from arkanum.web.network.hosts import Application, HostGate
from arkanum.web.network.status import DoorStatus

THREADS = 10
GUESTS_AT_A_TIME = 3
"""So few of the threads may be busy with guests: whoever has no certificate cannot keep the others waiting."""

KEPT_ALIVE_SECONDS = 65
OPEN_TO_GUESTS = ("/geraet", "/geraet/", "/static/")
"""The enrolment pages and what they are made of. An end with `/` stands for all below it."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class Doors(uvicorn.Server):
    """uvicorn on loopback, with the listener beside it."""

    def __init__(self, config: uvicorn.Config, client: Client, data: Path, tell: Callable[[DoorStatus], None]) -> None:
        """Prepare both; nothing listens yet.

        Args:
            config: of uvicorn, for loopback.
            client: a way to the guard for the keeper alone.
            data: the data folder.
            tell: called with each new status of the door.
        """
        super().__init__(config)
        self._client = client
        self._files = ServerFiles(data)
        self._listener = Listener(self._line, tell)
        self._keeper: Keeper | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open loopback, then ask the guard about the network."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()

        def heard(view: View) -> None:
            loop.call_soon_threadsafe(self._listener.heard, view)

        def lost() -> None:
            loop.call_soon_threadsafe(self._listener.lost)

        self._keeper = Keeper(self._client, self._files, heard, lost)
        self._keeper.start()
        notify.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the network first."""
        if self._keeper is not None:
            self._keeper.stop()
        self._listener.close()
        await super().shutdown(sockets)

    def _line(
        self,
        welcome: Callable[[bytes | None, Callable[[], None]], Speaker | None],
        gone: Callable[[Line], None],
    ) -> Line:
        return Line(
            welcome=welcome,
            gone=gone,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )


def configuration(application: HostGate, port: int, host: str) -> uvicorn.Config:
    """Return uvicorn's configuration. No request is logged: addresses would say who looked at whom."""
    return uvicorn.Config(
        only_enrolment_for_guests(WSGIMiddleware(told_who_speaks(application), workers=THREADS)),  # type: ignore[arg-type]
        host=host,
        port=port,
        http="h11",
        ws="none",
        lifespan="off",
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEPT_ALIVE_SECONDS,
        timeout_graceful_shutdown=3,
    )


def told_who_speaks(application: Application) -> Application:
    """Let pages know which device's certificate opened the connection."""

    def through(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        speaker: Speaker | None = environ["asgi.scope"]["state"].get(SPEAKER)
        environ[cookies.CHANNEL] = b"" if speaker is None else speaker.device
        environ[cookies.CERTIFICATE] = b"" if speaker is None else speaker.fingerprint
        environ[cookies.UNTIL] = None if speaker is None or speaker.is_guest else speaker.until
        environ[cookies.GUEST] = speaker is not None and speaker.is_guest
        return application(environ, start_response)

    return through


def only_enrolment_for_guests(application: Asgi) -> Asgi:
    """Hang up on a guest who asks for anything but the enrolment pages."""
    places = asyncio.Semaphore(GUESTS_AT_A_TIME)

    async def through(scope: Scope, receive: Receive, send: Send) -> None:
        speaker: Speaker | None = scope.get("state", {}).get(SPEAKER)
        if speaker is None or not speaker.is_guest:
            await application(scope, receive, send)
        elif open_to_guests(scope["path"]):
            async with places:
                await application(scope, receive, send)
        else:
            speaker.hang_up()
            while (await receive())["type"] != "http.disconnect":
                pass

    return through


def open_to_guests(path: str) -> bool:
    """Tell whether a path is one that somebody without a certificate may ask for while enrolment is open."""
    if "//" in path or "/." in path:
        return False
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in OPEN_TO_GUESTS)
