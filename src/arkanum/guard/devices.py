# SPDX-License-Identifier: MPL-2.0
"""Devices: enrolled by someone who is signed in, removed with one click.

A device secret is the device's id (16 bytes) and 32 random bytes, from which a key pair follows. The row holds the
site secret in a letter to that pair, so a device is what a pass phrase needs to be worth anything; and another site
secret can be told to every device that stays, without any of their secrets being here.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import date
from uuid import UUID

import msgspec

from arkanum.core.ids import new_id
from arkanum.guard.authority import revoke
from arkanum.guard.bodies import DeviceBody, open_body, seal_body
from arkanum.guard.codes import from_link
from arkanum.guard.errors import NotFound, Refused, WrongCode
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.places import device_label_place, device_site_place
from arkanum.guard.protocol import (
    AskDevices,
    DeviceLine,
    Devices,
    Done,
    Handed,
    InviteDevice,
    RedeemLink,
    RemoveDevice,
    RenameDevice,
)
from arkanum.guard.roles import Action
from arkanum.guard.sessions import OpenPractice
from arkanum.guard.site import rotate_site
from arkanum.storage import people
from arkanum.storage.errors import Missing
from arkanum.storage.models import Device
from arkanum.vault import Key, PrivateKey, PublicKey, Tampered, VaultError, open_with, seal_to

ID_BYTES = 16
SECRET_BYTES = 32
NAME_LETTERS = 100


def new_device(site: Key, practice: UUID, name: str) -> tuple[UUID, bytes]:
    """Make a device and return its id and its secret (48 bytes)."""
    row = Device(id=new_id(), practice_id=practice, added_on=date.today())  # noqa: DTZ011 - calendar day
    secret = _lock(row, site, _shortened(name))
    people.save_device(row)
    return row.id, row.id.bytes + secret


def open_site(device_secret: bytes) -> tuple[Device, Key] | None:
    """Return the device and the site secret it unwraps, or `None` for a stranger."""
    if len(device_secret) != ID_BYTES + SECRET_BYTES:
        return None
    row = people.device(UUID(bytes=device_secret[:ID_BYTES]))
    if row is None:
        return None
    try:
        return row, Key.from_bytes(open_with(_pair(device_secret[ID_BYTES:]), device_site_place(row.id), row.site))
    except (Tampered, ValueError):
        return None


def ask_devices(guard: Guard, question: AskDevices) -> Devices:
    """List the devices of the practice."""
    session = guard.session(question.token, Action.MANAGE_DEVICES)
    site = session.practice.site
    lines = tuple(
        DeviceLine(
            device=row.id,
            name=body_of(site, row).name,
            added=row.added_on,
            own=row.id == session.device,
            until=row.certificate_until,
        )
        for row in people.devices(session.practice.id)
    )
    lines = tuple(sorted(lines, key=lambda line: (line.added, line.name)))
    return Devices(who=session.who(), devices=lines)


def names_of_devices(practice: OpenPractice) -> dict[UUID, str]:
    """Return the names of the practice's devices by id; one whose row is damaged has none."""
    names: dict[UUID, str] = {}
    for row in people.devices(practice.id):
        with suppress(VaultError):
            names[row.id] = body_of(practice.site, row).name
    return names


def invite_device(guard: Guard, question: InviteDevice) -> Handed:
    """Make a device in transit and return the fragment of its link, which works once."""
    session = guard.session(question.token, Action.MANAGE_DEVICES)
    guard.note(session, "invite_device")
    _, secret = new_device(session.practice.site, session.practice.id, question.name)
    return Handed(secret=urlsafe_b64encode(secret).decode().rstrip("="))


def redeem_link(guard: Guard, question: RedeemLink) -> Handed:
    """Take a device out of its link: it gets another secret, so the link opens nothing any more.

    Works while the practice is sealed, because the link itself carries what unwraps the site secret.

    Raises:
        WrongCode: the link is not one of ours, or was used.
    """
    with guard.lock:  # two who follow one link at the same moment: one of them gets the device
        found = open_site(from_link(question.link))
        if found is None:
            raise WrongCode
        row, site = found
        guard.logs[row.practice_id].append(Event(at=now(), what="redeem_link", device=row.id))
        secret = lock_again(row, site)
    return Handed(secret=urlsafe_b64encode(secret).decode().rstrip("="))


def remove_device(guard: Guard, question: RemoveDevice) -> Done:
    """End a device's access at once.

    Raises:
        NotFound: the practice has no such device.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        guard.note(session, "remove_device", detail=str(question.device))
        practice, row = session.practice, people.device(question.device)
        try:
            people.remove_device(practice.id, question.device)
        except Missing as error:
            raise NotFound from error
        guard.door.changed()  # its connections end now, whatever happens to the list below
        guard.end_sessions(lambda other: other.device == question.device)
        revoke(practice.site, practice.id, practice.name, _serials(row))
        guard.door.changed()
        if guard.opened.get(session.practice.id) is session.practice:
            rotate_site(guard, session.practice)
    return Done()


def rename_device(guard: Guard, question: RenameDevice) -> Done:
    """Call a device something else.

    Raises:
        NotFound: the practice has no such device.
        Refused: the name is empty.
    """
    session = guard.session(question.token, Action.MANAGE_DEVICES)
    row = people.device(question.device)
    if row is None or row.practice_id != session.practice.id:
        raise NotFound
    if not question.name.strip():
        raise Refused
    guard.note(session, "rename_device", detail=str(row.id))
    body = msgspec.structs.replace(body_of(session.practice.site, row), name=_shortened(question.name))
    row.label = seal_body(session.practice.site, device_label_place(row.id), body)
    people.save_device(row)
    return Done()


def lock_again(row: Device, site: Key) -> bytes:
    """Give a device another secret (48 bytes); the one it had opens nothing any more."""
    secret = _lock(row, site, body_of(site, row).name)
    people.save_device(row)
    return row.id.bytes + secret


def _serials(row: Device | None) -> tuple[bytes, ...]:
    both = () if row is None else (row.certificate_serial, row.old_certificate_serial)
    return tuple(bytes(serial) for serial in both if serial is not None)


def _shortened(name: str) -> str:
    return name.strip()[:NAME_LETTERS]


def body_of(site: Key, row: Device) -> DeviceBody:
    """Open what is sealed about a device.

    Raises:
        Tampered: it was changed or moved.
    """
    return open_body(site, device_label_place(row.id), row.label, DeviceBody)


def tell_site(row: Device, site: Key, body: DeviceBody) -> None:
    """Put the site secret into the row, for this device to open, and what is sealed about the device."""
    row.label = seal_body(site, device_label_place(row.id), body)
    row.site = seal_to(PublicKey.from_bytes(body.public), device_site_place(row.id), site.expose())


def _lock(row: Device, site: Key, name: str) -> bytes:
    secret = secrets.token_bytes(SECRET_BYTES)
    tell_site(row, site, DeviceBody(name, _pair(secret).public.to_bytes()))
    return secret


def _pair(secret: bytes) -> PrivateKey:
    return PrivateKey.from_bytes(Key.from_bytes(secret).derive("device").expose())
