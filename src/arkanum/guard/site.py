# SPDX-License-Identifier: MPL-2.0
"""The site secret is changed whenever a device goes, so that what the device knew is of no further use.

A thief who has the device and an old copy of the database has the old secret; it opens nothing of what lies there from
now on.

Everything that is sealed with it lies in an envelope that can be opened and closed again without a pass phrase, without
a ring and without any device's secret. `SEALED` is the list of it; a test keeps it complete.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from arkanum.guard import house_rules, rings
from arkanum.guard.authority import authority_place
from arkanum.guard.bodies import DeviceBody, PasskeyBody, PersonBody, login_tag, open_body, person_place
from arkanum.guard.house import ALARM, Guard, profile_of
from arkanum.guard.log import Event, now
from arkanum.guard.paper import recovery_site_place
from arkanum.guard.places import (
    device_label_place,
    device_site_place,
    directory_head_place,
    log_signer_place,
    passkey_place,
    profile_place,
)
from arkanum.guard.sessions import OpenPractice
from arkanum.guard.wall_book import wall_place
from arkanum.storage import authorities, people, practices, unlocks, walls
from arkanum.storage import house_rules as house_rule_rows
from arkanum.storage import rings as ring_rows
from arkanum.vault import Key, Place, PublicKey, Sealed, Tampered, VaultError, seal, seal_to, unseal

OTHERWISE = {
    "papershare.recovery_key": "under two paper codes",
    "pin.body": "under the person's private key",
    "passkey.private_key": "in a letter to the passkey",
    "passkey.vouch": "under the person's private key",
    "ringshare.member": "under the ring's own key",
    "chart.key": "under an epoch key",
    "chart.head": "under the chart's key",
    "record.body": "under the chart's key",
    "directorypage.body": "under an epoch key",
    "wall.escrow": "under an epoch key",
    "importjob.body": "under the job's key",
    "importjob.progress": "under the job's key",
}
"""Sealed columns that do not know the site secret. Every other one is told below what becomes of it."""


def rotate_site(guard: Guard, practice: OpenPractice) -> bool:
    """Give a practice another site secret and its rings other keys; tell whether that was possible.

    When a row does not open (somebody changed it), nothing is changed at all and an alarm says so: half a rotation
    would shut people out.
    """
    old, new = practice.site, Key.new()
    with guard.lock, practice.directory.still():
        try:
            with transaction.atomic():
                for reseal in SEALED.values():
                    reseal(practice.id, old, new)
                ring_rows.mark_rotation_due(practice.id, {row.ring for row in ring_rows.ring_keys(practice.id)})
        except VaultError:
            practice.log.append(Event(at=now(), what="rotate_site", outcome=ALARM))
            return False
        practice.site = new
        practice.directory.use_site(new)
        if practice.brake_file is not None:
            practice.brake_file.use_site(new)
        practice.log.append(Event(at=now(), what="rotate_site"))
        # Whoever saw a pass phrase being typed at that device opened ring keys with it in their old copy.
        guard.rotate(practice, frozenset(practice.rings))
    return True


def _practice(practice: UUID, old: Key, new: Key) -> None:
    row = practices.get(practice)
    recovery = PublicKey.from_bytes(bytes(row.recovery_public_key))
    if profile_of(old, row).recovery != recovery.fingerprint():
        raise Tampered("the recovery key is not the one the practice made")
    head = directory_head_place(practice, row.directory_sequence)
    row.profile = _again(old, new, "house", profile_place(practice), row.profile)
    row.log_signing_key = _again(old, new, "log", log_signer_place(practice), row.log_signing_key)
    row.directory_head = _again(old, new, "house", head, row.directory_head)
    row.recovery_site = seal_to(recovery, recovery_site_place(practice), new.expose())
    practices.save_site(row)


def _people(practice: UUID, old: Key, new: Key) -> None:
    for row in people.people(practice):
        place = person_place(row.id, "body")
        row.login_tag = login_tag(new, open_body(old, place, row.body, PersonBody).login)
        row.body = _again(old, new, "house", place, row.body)
        row.private_key = _again(old, new, "person", person_place(row.id, "private_key"), row.private_key)
        people.save_person(row)


def _devices(practice: UUID, old: Key, new: Key) -> None:
    for row in people.devices(practice):
        place = device_label_place(row.id)
        public = PublicKey.from_bytes(open_body(old, place, row.label, DeviceBody).public)
        row.label = _again(old, new, "house", place, row.label)
        row.site = seal_to(public, device_site_place(row.id), new.expose())
        people.save_device(row)


def _passkeys(practice: UUID, old: Key, new: Key) -> None:
    for row in unlocks.passkeys_of_practice(practice):
        place = passkey_place(row.id, "body")
        public = PublicKey.from_bytes(open_body(old, place, row.body, PasskeyBody).public)
        row.body = _again(old, new, "house", place, row.body)
        row.site = seal_to(public, passkey_place(row.id, "site"), new.expose())
        unlocks.save_passkey(row)


def _rings(practice: UUID, old: Key, new: Key) -> None:
    for row in ring_rows.ring_keys(practice):
        row.attest = _again(old, new, "house", rings.attest_place(row.id), row.attest)
        ring_rows.save_ring_key(row)
    for share in ring_rows.all_shares(practice):
        share.private_key = _again(old, new, "sender", rings.share_place(share.id), share.private_key)
        ring_rows.save_share(share)
    for epoch in ring_rows.epochs(practice):
        epoch.key = _again(old, new, "sender", rings.epoch_place(epoch.id, epoch.number), epoch.key)
        ring_rows.save_epoch(epoch)


def _walls(practice: UUID, old: Key, new: Key) -> None:
    for row in walls.walls(practice):
        row.body = _again(old, new, "house", wall_place(row.id), row.body)
        walls.save_body(row)


def _house_rules(practice: UUID, old: Key, new: Key) -> None:
    if house_rule_rows.read(practice) is not None:  # whether there is a row tells something; so none is made here
        house_rules.save(practice, new, house_rules.read(practice, old))


def _authority(practice: UUID, old: Key, new: Key) -> None:
    row = authorities.get(practice)
    if row is not None:
        row.key = _again(old, new, "authority", authority_place(practice), row.key)
        authorities.save(row)


Reseal = Callable[[UUID, Key, Key], None]

SEALED: dict[tuple[str, ...], Reseal] = {
    (
        "practice.profile",
        "practice.log_signing_key",
        "practice.directory_head",
        "practice.recovery_site",
    ): _practice,
    ("person.body", "person.private_key"): _people,
    ("device.label", "device.site"): _devices,
    ("passkey.body", "passkey.site"): _passkeys,
    ("houserules.body",): _house_rules,
    ("authority.key",): _authority,
    ("wall.body",): _walls,
    ("ringkey.attest", "ringshare.private_key", "epoch.key"): _rings,
}
"""Every column that is sealed with the site secret or holds it, and what gives it the other one."""


def _again(old: Key, new: Key, purpose: str, place: Place, sealed: Sealed) -> Sealed:
    return seal(new.derive(purpose), place, unseal(old.derive(purpose), place, sealed))
