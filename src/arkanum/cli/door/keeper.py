# SPDX-License-Identifier: MPL-2.0
"""Asks the guard all day how the door stands, and has the server's certificate renewed in time."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from arkanum.cli.door import tls
from arkanum.cli.door.files import ServerFiles
from arkanum.guard import Client
from arkanum.guard.errors import DoorRefused, GuardError
from arkanum.guard.protocol import DoorState
from arkanum.vault import VaultError, begins, expires, reached_as, vouches
from arkanum.web.network import status as said

WAIT_SECONDS = 15.0
"""A change is heard at once; so often is looked even without one (addresses, the clock, renewal)."""

AGAIN_SECONDS = 0.5
SIGN_EVERY_SECONDS = 60.0
"""Whatever goes wrong, the log is not filled with renewals."""


@dataclass(frozen=True, slots=True)
class View:
    """How the door stands, with all that is needed to open it.

    Attributes:
        state: what the guard said.
        members: how to greet devices of the practice; `None` while it cannot be opened.
        guests: how to greet while enrolment is open.
        problem: why it cannot be opened, in German.
        certificate_until: when the server's certificate ends.
    """

    state: DoorState
    members: ssl.SSLContext | None = None
    guests: ssl.SSLContext | None = None
    problem: str = ""
    certificate_until: datetime | None = None


class Keeper:
    """A thread of its own, because waiting for the guard must stop nobody's page."""

    def __init__(
        self, client: Client, files: ServerFiles, tell: Callable[[View], None], lost: Callable[[], None]
    ) -> None:
        """Remember whom to ask and whom to tell.

        Args:
            client: a way to the guard that nobody else uses, with little patience.
            files: the server's key and certificate.
            tell: called in the keeper's thread with each view.
            lost: called there when the guard does not answer.
        """
        self._client = client
        self._files = files
        self._tell = tell
        self._lost = lost
        self._stopping = threading.Event()
        self._signed_at = float("-inf")
        self._signed_for: object = None
        self._built: tuple[object, ssl.SSLContext, ssl.SSLContext] | None = None
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask nothing more; the thread ends with the process at the latest."""
        self._stopping.set()

    def _run(self) -> None:
        try:
            self._ask_all_day()
        finally:
            # Whatever ended it: a door that nobody watches must not stay open.
            if not self._stopping.is_set():
                self._lost()

    def _ask_all_day(self) -> None:
        known = 0
        while not self._stopping.is_set():
            try:
                state = self._client.door(known=known, wait_seconds=WAIT_SECONDS)
                view = self.view(state, datetime.now(UTC))
            except (GuardError, VaultError, OSError):
                # The guard is away, a row was forged, the disk is full: the same for the door.
                self._lost()
                known = 0
                self._stopping.wait(AGAIN_SECONDS)
                continue
            known = state.version
            if not self._stopping.is_set():
                self._tell(view)

    def view(self, state: DoorState, now: datetime) -> View:
        """Return what follows from a state: a certificate that fits, and how to greet."""
        if not state.setting.on:
            return View(state)
        if not state.authorities:
            return View(state, problem=said.NOT_SIGNED_YET if state.founded else said.NOT_FOUNDED)
        if begins(state.authorities[0]) > now:
            return View(state, problem=_clock(now, begins(state.authorities[0])))
        certificate, problem = self._certificate(state, now)
        until = None if certificate is None else expires(certificate)
        if certificate is None or problem:
            return View(state, problem=problem, certificate_until=until)
        try:
            members, guests = self._contexts(state, certificate)
        except OSError:
            return View(state, problem=said.DAMAGED, certificate_until=until)
        return View(state, members, guests, certificate_until=until)

    def _certificate(self, state: DoorState, now: datetime) -> tuple[bytes | None, str]:
        """Return the certificate to show, renewed if that is due and possible, and what is wrong with it."""
        held = self._files.certificate()
        problem = ""
        due = _is_due(held, state, now) or not self._files.fit()
        if state.can_sign and due and self._may_sign(state):
            try:
                self._files.keep_certificate(self._client.sign_server(self._files.request()))
                held = self._files.certificate()
            except DoorRefused as refused:
                problem = " ".join(refused.reasons)
            except GuardError:
                problem = said.NOT_SIGNED_YET
        wrong = _wrong_with(held, state, now)
        return held, problem if wrong and problem else wrong

    def _may_sign(self, state: DoorState) -> bool:
        if self._signed_for == state.setting and time.monotonic() - self._signed_at < SIGN_EVERY_SECONDS:
            return False
        self._signed_for, self._signed_at = state.setting, time.monotonic()
        return True

    def _contexts(self, state: DoorState, certificate: bytes) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        needed = (certificate, state.authorities, state.revoked)
        if self._built is None or self._built[0] != needed:
            trusted = self._files.trust(state.authorities, state.revoked)
            made = (tls.context(self._files, trusted, guests=False), tls.context(self._files, trusted, guests=True))
            self._built = (needed, *made)
        return self._built[1], self._built[2]


def _is_due(certificate: bytes | None, state: DoorState, now: datetime) -> bool:
    if certificate is None or not _fits(certificate, state) or begins(certificate) > now:
        return True
    return expires(certificate) - now < timedelta(days=said.RENEW_DAYS)


def _fits(certificate: bytes, state: DoorState) -> bool:
    wanted = frozenset(state.setting.names), frozenset({ip_address(state.setting.address)})
    return vouches(state.authorities[0], certificate) and reached_as(certificate) == wanted


def _wrong_with(certificate: bytes | None, state: DoorState, now: datetime) -> str:
    if certificate is None or not _fits(certificate, state):
        return said.NOT_SIGNED_YET
    if begins(certificate) > now:
        return _clock(now, begins(certificate))
    if expires(certificate) < now:
        return said.EXPIRED % {"until": f"{expires(certificate).astimezone():%d.%m.%Y}"}
    return ""


def _clock(now: datetime, begins_at: datetime) -> str:
    return said.CLOCK % {"now": f"{now.astimezone():%d.%m.%Y}", "begins": f"{begins_at.astimezone():%d.%m.%Y}"}
