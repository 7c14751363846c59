# SPDX-License-Identifier: MPL-2.0
"""The page „Zugang im Netz“: whether the practice is reached over its network, where, and whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.core import firewall
from arkanum.guard import Action
from arkanum.guard.errors import DoorRefused
from arkanum.guard.protocol import DoorSetting
from arkanum.vault import fingerprint
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import TEXT, hears
from arkanum.web.network import machine
from arkanum.web.network import status as said
from arkanum.web.page import page

PORT_DIGITS = 5
NOT_YET = "Der Zugang öffnet sich gerade."


@dataclass(frozen=True, slots=True)
class Shown:
    """How the door stands, in German."""

    state: str
    urls: tuple[str, ...]
    problem: str
    until: date | None
    days_left: int | None
    ends_soon: bool


@door(Action.MANAGE_DOOR)
@hears("GET")
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show how the door stands and what can be changed."""
    setting = visitor.client.door().setting
    if not setting.address:  # never opened before: the port that this machine knows already
        setting = DoorSetting(port=int(request.get_port()))
    return _page(request, visitor, setting)


@door(Action.MANAGE_DOOR)
@hears("GET")
def state(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show how the door stands now, a moment after it was changed."""
    setting = visitor.client.door().setting
    return page(request, visitor, "network/state.html", door=_shown(setting), wait=False)


@door(Action.MANAGE_DOOR)
@hears("POST", form={"deed": 3, "address": 80, "port": 20, "names": 300}, says=(302, 422))
def save(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Turn the access on or off, or move it."""
    before = visitor.client.door().setting
    wanted = _asked_for(request, before)
    try:
        _require_here(wanted)
        visitor.client.save_door(visitor.token, wanted)
    except DoorRefused as refused:
        return _page(request, visitor, wanted, problem=" ".join(refused.reasons))
    return redirect("network")


@door(Action.MANAGE_DOOR)
@hears("GET", media=(TEXT,))
def rules(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Give the firewall's rules as a file; somebody has to load them, Arkanum never does."""
    del request
    response = HttpResponse(_rules(visitor.client.door().setting), content_type=TEXT)
    response.headers["Content-Disposition"] = 'attachment; filename="arkanum.nft"'
    return response


def _rules(setting: DoorSetting) -> str:
    """Return the firewall's rules for the door as it is set: nobody while it is off, no ssh, mDNS for `.local`."""
    practice = (machine.network_of(setting.address),) if setting.on else ()
    is_asked_for = any(name.endswith(".local") for name in setting.names)
    return firewall.rules(setting.port, practice, names=practice if is_asked_for else ())


def _asked_for(request: HttpRequest, before: DoorSetting) -> DoorSetting:
    if request.POST.get("deed") == "off":
        return DoorSetting(on=False, address=before.address, port=before.port, names=before.names)
    port = request.POST.get("port", "").strip()
    return DoorSetting(
        on=True,
        address=request.POST.get("address", "").strip(),
        port=int(port) if port.isascii() and port.isdigit() and len(port) <= PORT_DIGITS else 0,
        names=tuple(request.POST.get("names", "").replace(",", " ").split()),
    )


def _require_here(wanted: DoorSetting) -> None:
    """Refuse a private address that this machine does not have; the guard judges all others.

    Raises:
        DoorRefused: it is another machine's.
    """
    here = machine.private_addresses()
    if wanted.on and not wanted.address:
        raise DoorRefused((_("Bitte eine Adresse wählen."),))
    if wanted.on and wanted.address not in here and not machine.known(wanted.address):
        raise DoorRefused((_("Diese Adresse hat dieser Rechner nicht."),))


def _page(request: HttpRequest, visitor: Visitor, setting: DoorSetting, *, problem: str = "") -> HttpResponse:
    status = said.told()
    addresses, stored = machine.private_addresses(), visitor.client.door().setting
    if stored.address and stored.address not in addresses:
        addresses = (*addresses, stored.address)
    return page(
        request,
        visitor,
        "network/door.html",
        status=422 if problem else 200,
        door=_shown(stored),
        wait=status is not None and not _is_about(status, stored),
        on=stored.on,
        port=setting.port or "",
        names=" ".join(setting.names),
        addresses=[(address, machine.has(address)) for address in addresses],
        chosen=setting.address or (addresses[0] if len(addresses) == 1 else ""),
        authority=_groups(status.authority) if status is not None and status.authority else (),
        rules=_rules(stored),
        over_network=request.is_secure(),
        problem=problem,
    )


def _shown(setting: DoorSetting) -> Shown:
    status = said.told()
    if status is None:
        return Shown("off", (), "", None, None, ends_soon=False)
    now = datetime.now(UTC)
    left = status.days_left(now)
    until = None if status.certificate_until is None else status.certificate_until.astimezone().date()
    problem = status.problem if _is_about(status, setting) else NOT_YET
    stands = "open" if status.open and not problem else "closed"
    soon = left is not None and left < said.WARN_DAYS
    return Shown(stands if setting.on else "off", status.urls, problem, until, left, ends_soon=soon)


def _is_about(status: said.DoorStatus, setting: DoorSetting) -> bool:
    """Tell whether the listener has heard of this setting already."""
    if not setting.on:
        return not status.on
    told = (status.on, status.address, status.port, status.names)
    return told == (setting.on, setting.address, setting.port, setting.names)


def _groups(authority: bytes) -> tuple[str, ...]:
    """Return the fingerprint as people compare it: eight groups of eight digits."""
    digits = fingerprint(authority).hex().upper()
    return tuple(digits[start : start + 8] for start in range(0, len(digits), 8))
