# SPDX-License-Identifier: MPL-2.0
"""Rings and epochs: made, shared, opened, rotated.

What is sealed to a public key lies in an envelope under the site secret. HPKE says nothing about the sender, so without
it someone who can write to the database could plant a key of their own. It lies around the letter and not inside, so
that the site secret can be changed without any of the rings being open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from arkanum.core.ids import new_id
from arkanum.guard.bodies import RingBody, open_body, seal_body
from arkanum.guard.roles import Ring
from arkanum.storage import charts as chart_rows
from arkanum.storage import practices
from arkanum.storage import rings as rows
from arkanum.storage.models import Chart, Epoch, RingKey, RingShare
from arkanum.vault import (
    Key,
    Place,
    PrivateKey,
    PublicKey,
    Sealed,
    Tampered,
    open_with,
    seal,
    seal_to,
    unseal,
    unwrap,
    wrap,
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody a ring may be shared with; without `person` it is the recovery key."""

    person: UUID | None
    public: PublicKey


@dataclass(slots=True)
class RingKeys:
    """One ring, opened: its private keys (newest first) and its epoch keys."""

    private: list[tuple[int, PrivateKey]] = field(default_factory=list, repr=False)
    epochs: dict[int, Key] = field(default_factory=dict, repr=False)

    @property
    def generation(self) -> int:
        """The newest generation."""
        return self.private[0][0]

    @property
    def epoch(self) -> int:
        """The number of the epoch that wraps new chart keys."""
        return max(self.epochs)


def make_ring(
    site: Key, practice: UUID, ring: str, generation: int, members: Iterable[Member]
) -> tuple[UUID, PrivateKey]:
    """Make a generation of a ring and share it with its members.

    Returns:
        The row's id and the ring's new private key.
    """
    private = PrivateKey.new()
    row = RingKey(
        id=new_id(),
        practice_id=practice,
        ring=ring,
        generation=generation,
        public_key=private.public.to_bytes(),
    )
    row.attest = seal_body(site, attest_place(row.id), RingBody(ring, generation, private.public.to_bytes()))
    rows.insert_ring_key(row, [_share(site, row, member, private) for member in members])
    return row.id, private


def make_epoch(site: Key, practice: UUID, ring: str, number: int, ring_key: tuple[UUID, PublicKey]) -> Key:
    """Make an epoch of a ring and return its key."""
    key = Key.new()
    epoch_id = new_id()
    sealed = _send(site, ring_key[1], epoch_place(epoch_id, number), key.expose())
    rows.insert_epoch(
        Epoch(id=epoch_id, practice_id=practice, ring=ring, number=number, ring_key_id=ring_key[0], key=sealed)
    )
    return key


def attested(site: Key, row: RingKey) -> PublicKey:
    """Return the public key of a generation as the practice sealed it, whatever stands in the open column.

    Raises:
        Tampered: the row was changed or moved.
    """
    said = open_body(site, attest_place(row.id), row.attest, RingBody)
    if (said.ring, said.generation) != (row.ring, row.generation):
        raise Tampered("the ring key is not the one the practice made")
    return PublicKey.from_bytes(said.public)


def open_rings(site: Key, practice: UUID, person: UUID | None, private: PrivateKey) -> dict[str, RingKeys]:
    """Open every ring that a member has a share of, walls among them.

    Raises:
        Tampered: a share, a ring key or an epoch is not what the practice made.
    """
    opened: dict[str, RingKeys] = {}
    for share in rows.shares_of(practice, person):
        raw = _receive(site, private, share_place(share.id), share.private_key)
        key = PrivateKey.from_bytes(raw)
        _check(site, share.ring_key, key)
        keys = opened.setdefault(share.ring_key.ring, RingKeys())
        if keys.private and share.ring_key.ring != Ring.LOG:
            continue  # only the log is also read with older generations; elsewhere an older one is a replay
        keys.private.append((share.ring_key.generation, key))
    _open_epochs(site, practice, opened)
    return opened


def share_ring(site: Key, practice: UUID, ring: str, keys: RingKeys, member: Member) -> None:
    """Give a member every generation of a ring that is open here."""
    by_generation = {row.generation: row for row in rows.ring_keys(practice) if row.ring == ring}
    held = [(by_generation[generation], key) for generation, key in keys.private if generation in by_generation]
    rows.insert_shares([_share(site, row, member, key) for row, key in held])


Carry = Callable[[dict[int, Key], int, Key], None]
"""Takes over what else an epoch wraps: the old epoch keys, the new number, the new key."""


def carry_nothing(old: dict[int, Key], number: int, new: Key) -> None:
    """Take over nothing: the epoch wraps chart keys alone."""
    del old, number, new


def rotate(
    site: Key, practice: UUID, ring: str, keys: RingKeys, members: list[Member], *, carry: Carry = carry_nothing
) -> None:
    """Make a new generation and epoch of a ring, and wrap every chart key anew.

    Who is not among the members opens nothing of it any more; 60,000 chart keys take some seconds. The log ring
    keeps its older generations, because older log segments were sealed to them.
    """
    with transaction.atomic():
        rows.hold_all_epochs(practice, ring)
        generation, epoch = keys.generation + 1, keys.epoch + 1
        row_id, private = make_ring(site, practice, ring, generation, members)
        new_key = make_epoch(site, practice, ring, epoch, (row_id, private.public))
        for batch in chart_rows.charts_in_ring(practice, ring):
            for chart in batch:
                chart.key = wrap_chart_key(new_key, epoch, chart, unwrap_chart_key(keys.epochs, chart))
            chart_rows.save_keys(batch)
        carry(keys.epochs, epoch, new_key)
        rows.drop_epochs_before(practice, ring, epoch)
        if ring == Ring.LOG:
            practices.save_log_ring_key(practice, private.public.to_bytes())
        else:
            rows.drop_ring_keys_before(practice, ring, generation)
    keys.private = [(generation, private), *(keys.private if ring == Ring.LOG else [])]
    keys.epochs = {epoch: new_key}


def chart_place(chart: Chart) -> Place:
    """Return where a chart's wrapped key belongs: the row, the patient, and the ring in the table's name."""
    return Place(f"chart.{wrapping_ring(chart)}", "key", chart.id, 0, chart.patient_id)


def wrapping_ring(chart: Chart) -> str:
    """Return the ring under which a chart's key is wrapped: its own, or the wall it stands behind."""
    return chart.wall or chart.ring


def wrap_chart_key(epoch_key: Key, epoch: int, chart: Chart, key: Key) -> Sealed:
    """Wrap a chart key under an epoch key."""
    return wrap(epoch_key, chart_place(chart), key, epoch=epoch)


def unwrap_chart_key(epochs: dict[int, Key], chart: Chart) -> Key:
    """Unwrap a chart key.

    Raises:
        Tampered: the wrapped key was changed, moved, or belongs to an epoch that was destroyed.
    """
    epoch_key = epochs.get(chart.key.epoch)
    if epoch_key is None:
        raise Tampered("the epoch of this chart key is gone")
    return unwrap(epoch_key, chart_place(chart), chart.key)


def _open_epochs(site: Key, practice: UUID, opened: dict[str, RingKeys]) -> None:
    generations = {row.id: row.generation for row in rows.ring_keys(practice)}
    for row in rows.epochs(practice):
        keys = opened.get(row.ring)
        if keys is None:
            continue
        private = dict(keys.private).get(generations[row.ring_key_id])
        if private is not None:
            raw = _receive(site, private, epoch_place(row.id, row.number), row.key)
            keys.epochs[row.number] = Key.from_bytes(raw)
    for ring in [ring for ring, keys in opened.items() if not keys.epochs]:
        del opened[ring]  # a generation whose epoch is gone opens nothing


def _check(site: Key, row: RingKey, private: PrivateKey) -> None:
    if attested(site, row) != private.public:
        raise Tampered("the ring key is not the one the practice made")


def _share(site: Key, row: RingKey, member: Member, private: PrivateKey) -> RingShare:
    share = RingShare(id=new_id(), ring_key_id=row.id, person_id=member.person)
    share.private_key = _send(site, member.public, share_place(share.id), private.expose())
    share.member = seal(_members_key(private), _member_place(share.id), _member_body(member))
    return share


def require_member(share: RingShare, private: PrivateKey, member: Member) -> None:
    """Check that a share was made for just this member, by somebody who held the ring.

    The site secret is not enough to vouch for a public key: every device has it, also the administrator's, and
    whoever may write to the database as well would be given every ring at the next rotation.

    Raises:
        Tampered: the member's public key is not the one the ring was shared with.
    """
    if unseal(_members_key(private), _member_place(share.id), share.member) != _member_body(member):
        raise Tampered("the ring was shared with another key")


def _members_key(private: PrivateKey) -> Key:
    return Key.from_bytes(private.expose()).derive("members")


def _member_place(share: UUID) -> Place:
    return Place("ring_share", "member", share)


def _member_body(member: Member) -> bytes:
    person = b"" if member.person is None else member.person.bytes
    return member.public.fingerprint() + person


def attest_place(ring_key: UUID) -> Place:
    """Return where the practice says which public key a generation of a ring has."""
    return Place("ring_key", "attest", ring_key)


def share_place(share: UUID) -> Place:
    """Return where a member's share of a ring belongs."""
    return Place("ring_share", "private_key", share)


def epoch_place(epoch: UUID, number: int) -> Place:
    """Return where a ring's epoch key belongs."""
    return Place("epoch", "key", epoch, number)


def _send(site: Key, public: PublicKey, place: Place, secret: bytes) -> Sealed:
    return seal(site.derive("sender"), place, seal_to(public, place, secret).to_storage())


def _receive(site: Key, private: PrivateKey, place: Place, sealed: Sealed) -> bytes:
    letter = Sealed.from_storage(unseal(site.derive("sender"), place, sealed))
    return open_with(private, place, letter)
