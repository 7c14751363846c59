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

from arkanum.core.ids import new_id
from arkanum.guard.authority import revoke
from arkanum.guard.bodies import DeviceBody, open_body, seal_body
from arkanum.guard.codes import from_link
from arkanum.guard.errors import NotFound, Refused, WrongCode
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.pairings import PAIRING_SECONDS
from arkanum.guard.places import device_label_place, device_site_place
from arkanum.guard.protocol import (
    ApprovePairing,
    AskDevices,
    AskPaired,
    BeginJob,
    BeginPairing,
    DeviceLine,
    Devices,
    Done,
    Handed,
    InviteDevice,
    JobBegun,
    Paired,
    Pairing,
    RedeemLink,
    RemoveDevice,
)
from arkanum.guard.roles import Action, Ring
from arkanum.guard.sessions import OpenPractice, Session
from arkanum.guard.site import rotate_site
from arkanum.storage import people
from arkanum.storage.errors import Missing
from arkanum.storage.models import Device
from arkanum.vault import Key, PrivateKey, PublicKey, Tampered, VaultError, open_with, seal_to

ID_BYTES = 16
SECRET_BYTES = 32
JOB_ACTIONS = frozenset({Action.NEW_PATIENT, Action.IMPORT_RECORDS, Action.FIND_PATIENT})
"""What a command on the console may do once a person has let it in."""

JOB_RINGS = frozenset({Ring.DESK, Ring.TREATMENT})
DEVICE, JOB = "device", "job"
PURPOSES = frozenset({DEVICE, JOB})


def new_device(site: Key, practice: UUID, name: str) -> tuple[UUID, bytes]:
    """Make a device and return its id and its secret (48 bytes)."""
    row = Device(id=new_id(), practice_id=practice, added_on=date.today())  # noqa: DTZ011 - calendar day
    secret = _lock(row, site, name.strip()[:100])
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
        secret = _lock(row, site, body_of(site, row).name)
        people.save_device(row)
    return Handed(secret=urlsafe_b64encode(row.id.bytes + secret).decode().rstrip("="))


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
        revoke(practice.site, practice.id, practice.name, row)
        guard.door.changed()
        if guard.opened.get(session.practice.id) is session.practice:
            rotate_site(guard, session.practice)
    return Done()


def begin_pairing(guard: Guard, question: BeginPairing) -> Pairing:
    """Let a new device or a command wait, and return the code it shows.

    Raises:
        Refused: it is for neither.
        Throttled: too many are waiting already.
    """
    if question.purpose not in PURPOSES:
        raise Refused
    handle, code = guard.pairings.begin(question.name, question.purpose)
    return Pairing(pairing=handle, code=code, seconds=PAIRING_SECONDS)


def approve_pairing(guard: Guard, question: ApprovePairing) -> Done:
    """Let in what shows this code: a device for good, or a command for this once.

    Raises:
        WrongCode: nothing waits under the code.
        Throttled: too many wrong codes.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        waiting = guard.pairings.find(question.code)
        guard.note(session, "approve_pairing", detail=waiting.purpose)
        if waiting.purpose == DEVICE:
            _, secret = new_device(session.practice.site, session.practice.id, waiting.name)
            waiting.answer = Paired(device_secret=secret)
        else:
            waiting.answer = Paired(token=guard.sessions.begin(_job_session(session)))
    return Done()


def begin_job(guard: Guard, question: BeginJob) -> JobBegun:
    """Give an import that a person starts on a page a session of its own: it goes on while that person's screen rests.

    It ends with that person's last session, as a command on the console does.

    Raises:
        Refused: the person may not move records in.
    """
    with guard.lock:
        session = guard.session(question.token, Action.IMPORT_RECORDS)
        guard.note(session, "begin_job")
        return JobBegun(token=guard.sessions.begin(_job_session(session)))


def ask_paired(guard: Guard, question: AskPaired) -> Paired:
    """Tell a waiting device whether it was let in; the answer is given once."""
    return guard.pairings.ask(question.pairing)


def _job_session(session: Session) -> Session:
    return Session(
        session.practice,
        session.person,
        session.device,
        session.body,
        session.rings & JOB_RINGS,
        0.0,
        purpose=JOB_ACTIONS,
    )


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
