# SPDX-License-Identifier: MPL-2.0
"""A certificate for a workplace: made when a person lets it in or renews it, handed over once, ended with the device.

The private key is made here, put into the files that the workplace fetches, and forgotten: no row holds it.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arkanum.core.passphrases import suggest
from arkanum.guard.authority import certify, open_authority, revoke
from arkanum.guard.devices import body_of
from arkanum.guard.errors import Refused
from arkanum.guard.house import Guard
from arkanum.guard.log import now
from arkanum.guard.protocol import Handover, Pairing, RenewDevice
from arkanum.guard.roles import Action
from arkanum.guard.sessions import OpenPractice
from arkanum.storage import people
from arkanum.storage.models import Device
from arkanum.vault import bundle

PASSWORD_WORDS = 6
"""About 77 bits, and copied rather than typed: Apple's form of the file leans on the password alone."""

SHOWN_LETTERS = 25
"""So many letters of a device's name fit before the day; a certificate's subject has room for 40."""


def certify_device(guard: Guard, practice: OpenPractice, device: UUID) -> Handover:
    """Give a device its first certificate, or a further one, and return what the workplace fetches.

    Raises:
        Refused: it was removed meanwhile.
    """
    row = people.device(device)
    if row is None:
        raise Refused
    name = body_of(practice.site, row).name
    authority = open_authority(practice.site, practice.id, practice.name)
    shown = f"{name[:SHOWN_LETTERS].strip()} vom {_day(now().astimezone().date())}"
    made = certify(authority, row, shown)
    people.save_device(row)
    guard.door.changed()
    password = suggest(PASSWORD_WORDS)
    return Handover(
        name=name,
        practice=practice.name,
        password=password,
        bundle=bundle(made.key, made.certificate, authority.certificate, password, name=shown),
        bundle_for_apple=bundle(
            made.key, made.certificate, authority.certificate, password, name=shown, for_apple=True
        ),
        authority=authority.certificate,
        expires=row.certificate_until or date.max,
        seconds=0,
    )


def renew_device(guard: Guard, question: RenewDevice) -> Pairing:
    """Make a fresh certificate for the device at which the person sits; the old one goes on until that is used.

    Raises:
        Refused: the device has no certificate, because it is the server's own machine.
    """
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        row = people.device(session.device)
        if row is None or row.certificate is None:
            guard.note(session, "renew_device", outcome="refused")
            raise Refused
        guard.note(session, "renew_device", detail=str(row.id))
        if row.old_certificate is None:
            row.old_certificate, row.old_certificate_serial = row.certificate, row.certificate_serial
        else:  # renewed twice: the one in between was never used
            _revoke(guard, session.practice, row.certificate_serial)
        people.save_device(row)
        handover = certify_device(guard, session.practice, row.id)
        handle, seconds = guard.pairings.keep(handover, session.practice.id)
    return Pairing(pairing=handle, code="", seconds=seconds)


def note_first_use(guard: Guard, practice: OpenPractice, row: Device, certificate: bytes) -> None:
    """End the old certificate of a device as soon as the fresh one has spoken."""
    if row.old_certificate is None or row.certificate is None or bytes(row.certificate) != certificate:
        return
    serial = row.old_certificate_serial
    row.old_certificate = row.old_certificate_serial = None
    people.save_device(row)
    guard.door.changed()
    _revoke(guard, practice, serial)


def _revoke(guard: Guard, practice: OpenPractice, serial: bytes | memoryview[int] | None) -> None:
    if serial is not None:
        revoke(practice.site, practice.id, practice.name, (bytes(serial),))
        guard.door.changed()


def _day(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year}"
