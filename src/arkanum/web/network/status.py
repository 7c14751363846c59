# SPDX-License-Identifier: MPL-2.0
"""How the door stands, as the listener of this process last said, and the sentences for what can be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

RENEW_DAYS = 60
"""The server's certificate is renewed by itself when so few days are left and somebody is signed in."""

WARN_DAYS = 45
"""From here on it is overdue: nobody has signed in for two weeks, or something is wrong."""

NOT_FOUNDED = (
    "Der erste Start der Praxis geschieht an diesem Rechner selbst. Danach öffnet sich der Zugang im Netz von allein."
)
NOT_SIGNED_YET = "Der Zugang im Netz öffnet sich, sobald sich an diesem Rechner einmal jemand angemeldet hat."
CLOCK = (
    "Die Uhr dieses Rechners geht falsch: sie zeigt den %(now)s, das Zertifikat gilt aber erst ab %(begins)s. "
    "Bitte Datum und Uhrzeit stellen; bis dahin bleibt der Zugang im Netz geschlossen."
)
EXPIRED = (
    "Das Zertifikat des Servers ist am %(until)s abgelaufen, oder die Uhr dieses Rechners geht falsch. Bitte die Uhr "
    "prüfen und sich an diesem Rechner anmelden: dann wird es erneuert."
)
DAMAGED = "Das Zertifikat oder der Schlüssel des Servers lässt sich nicht lesen; beim nächsten Anmelden wird es neu."
PORT_TAKEN = "Der Anschluss %(port)s ist auf %(address)s belegt. Bitte das andere Programm beenden oder ihn ändern."
PORT_FORBIDDEN = "Für den Anschluss %(port)s fehlt das Recht (unter 1024 nur mit systemd). Bitte einen höheren wählen."
ADDRESS_GONE = (
    "Dieser Rechner hat die Adresse %(address)s gerade nicht (WLAN gewechselt, Kabel gezogen?). Sobald er sie wieder "
    "hat, öffnet sich der Zugang von allein. Eine andere Adresse wird auf der Seite „Zugang im Netz“ gewählt."
)
GUARD_AWAY = "Der Wächter antwortet nicht. Solange bleibt der Zugang im Netz geschlossen."
CANNOT_BIND = "Der Zugang im Netz lässt sich auf %(address)s nicht öffnen: %(why)s."


@dataclass(frozen=True, slots=True)
class DoorStatus:
    """How the door stands now.

    Attributes:
        on: the practice wants it open.
        open: it is.
        address: where.
        port: where.
        names: what it is called.
        problem: a German sentence, empty when nothing is wrong.
        certificate_until: when the server's certificate ends, if there is one.
        authority: the certificate (DER) that workplaces trust, if there is one.
    """

    on: bool = False
    open: bool = False
    address: str = ""
    port: int = 0
    names: tuple[str, ...] = ()
    problem: str = ""
    certificate_until: datetime | None = None
    authority: bytes = b""

    @property
    def urls(self) -> tuple[str, ...]:
        """Where workplaces find the practice, names first."""
        if not self.address:
            return ()
        places = (*self.names, host_of(self.address))
        return tuple(f"https://{place}/" if self.port == 443 else f"https://{place}:{self.port}/" for place in places)  # noqa: PLR2004 - HTTPS

    def days_left(self, now: datetime) -> int | None:
        """Return how many days the server's certificate still has."""
        return None if self.certificate_until is None else (self.certificate_until - now) // timedelta(days=1)


def host_of(address: str) -> str:
    """Return an address as it stands in a URL."""
    return f"[{address}]" if ip_address(address).version == 6 else address  # noqa: PLR2004 - IPv6


class _Current:
    """The one listener of this process says how it stands; pages read it."""

    status: DoorStatus | None = None


def tell(status: DoorStatus | None) -> None:
    """Say how the door stands."""
    _Current.status = status


def told() -> DoorStatus | None:
    """Return how the door stands, or `None` in a process that has none."""
    return _Current.status
