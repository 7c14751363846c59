# SPDX-License-Identifier: MPL-2.0
"""Rows whose sealed columns hold real envelopes, and whose rest is as little as a table asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from arkanum.storage import authorities, charts, people, practices, rings
from arkanum.storage.models import (
    Authority,
    Chart,
    Device,
    DirectoryPage,
    Epoch,
    ImportJob,
    PaperShare,
    Person,
    Practice,
    Record,
    RingKey,
    RingShare,
)
from arkanum.vault import Key, Place, Sealed, seal

KEY = Key.new()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def sealed(said: bytes = b"something") -> Sealed:
    """Return an envelope."""
    return seal(KEY, Place("test", "body", uuid4()), said)


def a_practice() -> Practice:
    """Store a practice with its three paper shares."""
    row = Practice(
        id=uuid4(),
        argon2_memory_kib=64,
        argon2_passes=1,
        argon2_lanes=1,
        recovery_public_key=b"recovery",
        log_ring_public_key=b"log",
        log_verify_key=b"verify",
        log_signing_key=sealed(),
        recovery_site=sealed(),
        profile=sealed(),
        directory_head=sealed(),
    )
    practices.insert(row, paper_shares(row.id))
    return row


def paper_shares(practice: UUID) -> list[PaperShare]:
    """Return three paper shares, the last pair first."""
    return [PaperShare(id=uuid4(), practice_id=practice, pair=pair, recovery_key=sealed()) for pair in (3, 1, 2)]


def a_device(practice: UUID, added_on: date = date(2026, 1, 1)) -> Device:
    """Store a device."""
    row = Device(id=uuid4(), practice_id=practice, site=sealed(), label=sealed(), added_on=added_on)
    people.save_device(row)
    return row


def a_person(practice: UUID, login_tag: bytes | None = None) -> Person:
    """Store a person."""
    row = Person(
        id=uuid4(),
        practice_id=practice,
        login_tag=login_tag or uuid4().bytes,
        salt=b"salt",
        public_key=b"public",
        private_key=sealed(),
        body=sealed(),
    )
    people.save_person(row)
    return row


def a_ring_key(
    practice: UUID, ring: str = "desk", generation: int = 1, members: tuple[UUID | None, ...] = ()
) -> RingKey:
    """Store one generation of a ring with a share for each member; `None` is the recovery key."""
    row = RingKey(
        id=uuid4(), practice_id=practice, ring=ring, generation=generation, public_key=b"public", attest=sealed()
    )
    rings.insert_ring_key(row, [a_share(row, member) for member in members])
    return row


def a_share(ring_key: RingKey, member: UUID | None) -> RingShare:
    """Return a share that is not stored yet."""
    return RingShare(id=uuid4(), ring_key_id=ring_key.id, person_id=member, private_key=sealed(), member=sealed())


def an_epoch(ring_key: RingKey, number: int = 1) -> Epoch:
    """Store an epoch of a ring."""
    row = Epoch(
        id=uuid4(),
        practice_id=ring_key.practice_id,
        ring=ring_key.ring,
        number=number,
        ring_key_id=ring_key.id,
        key=sealed(),
    )
    rings.insert_epoch(row)
    return row


def a_chart(practice: UUID, patient: UUID | None = None, ring: str = "treatment") -> Chart:
    """Store an empty chart."""
    row = Chart(id=uuid4(), practice_id=practice, patient_id=patient or uuid4(), ring=ring, key=sealed(), head=sealed())
    charts.insert_charts([row])
    return row


def a_record(chart: Chart, number: int, **columns: object) -> Record:
    """Return a record that is not stored yet."""
    values = {"record_id": uuid4(), "version": 1, "log_no": number, "sequence": number, "body": sealed(), **columns}
    return Record(id=uuid4(), chart_id=chart.id, number=number, **values)


def a_page(practice: UUID, number: int, version: int = 1) -> DirectoryPage:
    """Return a directory page that is not stored yet."""
    return DirectoryPage(id=uuid4(), practice_id=practice, number=number, version=version, body=sealed())


def a_job(practice: UUID, started_on: date = date(2026, 1, 1)) -> ImportJob:
    """Return an import that is not stored yet."""
    return ImportJob(
        id=uuid4(),
        practice_id=practice,
        started_on=started_on,
        body=sealed(),
        progress=sealed(),
        file_bytes=1,
    )


def an_authority(practice: UUID) -> Authority:
    """Store a certificate authority."""
    row = Authority(practice_id=practice, key=sealed(), certificate=b"certificate", revoked=b"revoked")
    authorities.save(row)
    return row
