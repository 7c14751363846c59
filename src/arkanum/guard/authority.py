# SPDX-License-Identifier: MPL-2.0
"""The practice's certificate authority: its key is sealed with the site secret, what it says lies in the open.

The open copies are needed while the practice is sealed. Whoever can write to the database could put another authority
there, so the sealed body carries everything once more and the open copies are mended when the practice opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from arkanum.guard.log import now
from arkanum.storage import authorities, people
from arkanum.storage.models import Authority as AuthorityRow
from arkanum.storage.models import Device
from arkanum.vault import (
    Authority,
    DeviceCertificate,
    Key,
    Place,
    expires,
    fingerprint,
    may_vouch,
    revoked_serials,
    seal,
    serial_of,
    unseal,
)

DEVICE_DAYS = 398
SERVER_DAYS = 398
"""Browsers refuse certificates of public authorities that live longer; ours live no longer either."""

SERIAL_BYTES = 20


class AuthorityBody(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed of an authority."""

    key: bytes
    certificate: bytes
    revoked: bytes


def make_authority(site: Key, practice: UUID, name: str, *, domains: tuple[str, ...] = ()) -> Authority:
    """Make and store a practice's authority.

    Args:
        site: the site secret.
        practice: whose it is.
        name: what workplaces show.
        domains: names beyond the local ones that it may vouch for.
    """
    made = Authority.new(name, now=now(), domains=domains)
    _store(site, practice, made, made.revocation_list((), now()))
    return made


def open_authority(site: Key, practice: UUID, name: str) -> Authority:
    """Return a practice's authority, making one where it was founded before there were any.

    Raises:
        Tampered: the row is not what the practice made.
    """
    row = authorities.get(practice)
    if row is None:
        return make_authority(site, practice, name)
    body = _body(site, row)
    return Authority.from_bytes(body.key, body.certificate)


def mend(site: Key, practice: UUID, name: str) -> bool:
    """Put the sealed copies of certificate and revocations back where the open ones differ; tell whether they did.

    Raises:
        Tampered: the sealed copy itself is not what the practice made.
    """
    row = authorities.get(practice)
    if row is None:
        make_authority(site, practice, name)
        return False
    body = _body(site, row)
    if bytes(row.certificate) == body.certificate and bytes(row.revoked) == body.revoked:
        return False
    row.certificate, row.revoked = body.certificate, body.revoked
    authorities.save(row)
    return True


def require_names(site: Key, practice: UUID, name: str, names: tuple[str, ...]) -> Authority | None:
    """Return an authority that may vouch for these names, or `None` when there is none and must not be another.

    An authority vouches for local names, and for those it was made with. While no device has a certificate of it,
    another may take its place; later all workplaces would have to be enrolled anew.
    """
    authority = open_authority(site, practice, name)
    if all(may_vouch(authority.certificate, one) for one in names):
        return authority
    return None if people.certified((practice,)) else make_authority(site, practice, name, domains=names)


def certify(authority: Authority, device: Device, name: str, *, at: datetime | None = None) -> DeviceCertificate:
    """Give a device a certificate; the row, not yet stored, remembers which. The key is told once.

    Args:
        authority: the practice's.
        device: its row.
        name: what the person at the device sees.
        at: aware time; now, if not given.
    """
    made = authority.issue_device(device.id, name=name, now=at or now(), days=DEVICE_DAYS)
    device.certificate = fingerprint(made.certificate)
    device.certificate_serial = serial_of(made.certificate).to_bytes(SERIAL_BYTES)
    device.certificate_until = expires(made.certificate).date()
    return made


def revoke(site: Key, practice: UUID, name: str, serials: Iterable[bytes]) -> None:
    """Put certificates, if there are any, on the list of those that are no longer good.

    Raises:
        Tampered: the row is not what the practice made.
    """
    ended = frozenset(int.from_bytes(serial) for serial in serials)
    if not ended:
        return
    authority = open_authority(site, practice, name)
    row = authorities.get(practice)
    before = revoked_serials(_body(site, row).revoked) if row else frozenset()
    _store(site, practice, authority, authority.revocation_list(before | ended, now()))


def _store(site: Key, practice: UUID, authority: Authority, revoked: bytes) -> None:
    body = AuthorityBody(authority.expose(), authority.certificate, revoked)
    sealed = seal(site.derive("authority"), authority_place(practice), msgspec.msgpack.encode(body))
    authorities.save(AuthorityRow(practice_id=practice, key=sealed, certificate=authority.certificate, revoked=revoked))


def _body(site: Key, row: AuthorityRow) -> AuthorityBody:
    raw = unseal(site.derive("authority"), authority_place(row.practice_id), row.key)
    return msgspec.msgpack.decode(raw, type=AuthorityBody)


def authority_place(practice: UUID) -> Place:
    """Return where the sealed half of a practice's authority belongs."""
    return Place("authority", "key", practice)
