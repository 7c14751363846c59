# SPDX-License-Identifier: MPL-2.0
"""One connection through the door: who speaks on it, and how long they may keep the server waiting.

It rests on uvicorn's own protocol for HTTP/1.1 (the version is pinned); the attacks in `tests/cli/test_door.py` fail
when an update changes what is used here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ssl import SSLObject
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SILENCE_SECONDS = 15.0
"""So long a connection may owe the server the rest of a request, or its first one."""

SPEAKER = "arkanum.speaker"
"""Key of ASGI's `state`, where no header can write."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks on a connection: a device of the practice, or a guest while enrolment is open.

    Attributes:
        device: id of the device, nothing for a guest.
        fingerprint: of its certificate, nothing for a guest.
        until: when its certificate ends; a guest goes with the enrolment.
        hang_up: closes the connection without another byte.
    """

    device: bytes
    fingerprint: bytes
    until: datetime
    hang_up: Callable[[], None]

    @property
    def is_guest(self) -> bool:
        """Whether nobody knows who it is."""
        return not self.device


class Line(H11Protocol):
    """HTTP/1.1 with somebody who has a certificate, or is a guest."""

    def __init__(
        self,
        *,
        welcome: Callable[[bytes | None, Callable[[], None]], Speaker | None],
        gone: Callable[[Line], None],
        **uvicorn: Any,  # noqa: ANN401 - handed through
    ) -> None:
        """Prepare for one connection.

        Args:
            welcome: says who speaks, from the certificate (DER) and how to hang up; `None` turns them away.
            gone: called when the connection has ended.
            **uvicorn: what its protocol wants.
        """
        super().__init__(**uvicorn)
        self._welcome = welcome
        self._gone = gone
        self._silence: asyncio.TimerHandle | None = None
        self.speaker: Speaker | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let in whoever may come; the handshake is over, and nothing was said yet."""
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert(binary_form=True) if isinstance(tls, SSLObject) else None
        self.speaker = self._welcome(certificate, transport.abort)
        if self.speaker is None:
            transport.abort()
            return
        self.app_state = {**self.app_state, SPEAKER: self.speaker}
        super().connection_made(transport)
        self._wait_for_more()

    def data_received(self, data: bytes) -> None:
        """Hear a piece of a request."""
        if self.speaker is None:
            return
        super().data_received(data)
        self._wait_for_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._unset_silence()
        self._gone(self)
        if self.speaker is not None:
            super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; a guest gets no answer."""
        if self.speaker is None or self.speaker.is_guest:
            self.transport.abort()
        else:
            super().send_400_response(msg)

    def _wait_for_more(self) -> None:
        """Set the clock while the other side owes something. A guest's clock is not set back by another byte."""
        owes = self.conn.their_state in {h11.IDLE, h11.SEND_BODY} and not self._rests()
        if not owes:
            self._unset_silence()
        elif self._silence is None or not (self.speaker and self.speaker.is_guest):
            self._unset_silence()
            self._silence = self.loop.call_later(SILENCE_SECONDS, self._too_silent)

    def _too_silent(self) -> None:
        """Hang up, unless it is the server who asked the other side to wait: a large upload, and every thread busy."""
        self._silence = None
        if self.flow.read_paused:
            self._wait_for_more()
        else:
            self.transport.abort()

    def _rests(self) -> bool:
        """Between two requests uvicorn's own clock for kept-alive connections runs."""
        return self.conn.their_state is h11.IDLE and self.timeout_keep_alive_task is not None

    def _unset_silence(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
