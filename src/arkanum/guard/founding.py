# SPDX-License-Identifier: MPL-2.0
"""The first day of a practice: its root keys, its first doctor, its first device, its paper codes.

Before this there is no account, no password and no key (weakness W1), and every value here is random for
this practice alone (W2).
"""

from __future__ import annotations

from django.db import transaction

from arkanum.core.ids import new_id
from arkanum.guard.authority import make_authority
from arkanum.guard.bodies import PracticeBody, seal_body
from arkanum.guard.codes import new_code, same_code
from arkanum.guard.devices import new_device
from arkanum.guard.directory_pages import sealed_head
from arkanum.guard.errors import Refused, WrongCode
from arkanum.guard.house import Guard
from arkanum.guard.log import Event, now
from arkanum.guard.paper import recovery_site_place, shares_of
from arkanum.guard.people import NewPerson, make_person, require_strong
from arkanum.guard.places import log_signer_place, profile_place
from arkanum.guard.protocol import Founded, FoundPractice
from arkanum.guard.rings import Member, RingKeys, make_epoch, make_ring
from arkanum.guard.roles import Ring, Role
from arkanum.storage import practices
from arkanum.storage.models import Practice
from arkanum.vault import (
    Cost,
    Key,
    PrivateKey,
    PublicKey,
    SigningKey,
    new_codes,
    seal,
    seal_to,
)


def found_practice(guard: Guard, question: FoundPractice) -> Founded:
    """Make a practice with its first doctor and make the asking browser its first device.

    Raises:
        WrongCode: the one-time code is not the one on the console.
        Throttled: too many wrong codes.
        PassphraseTooWeak: with the reasons.
        Refused: the practice, the person or the login has no name.
    """
    with guard.lock:
        guard.founding_tries.begin()
        if not guard.founding_code or not same_code(question.code, guard.founding_code):
            raise WrongCode
        guard.founding_tries.forgive()
        if not question.practice_name.strip() or not question.name.strip() or not question.login.strip():
            raise Refused
        require_strong(question.passphrase, (question.practice_name, question.name, question.login))
        return _found(guard, question)


def _found(guard: Guard, question: FoundPractice) -> Founded:
    site, codes, cost = Key.new(), new_codes(), guard.cost()
    recovery, signer = PrivateKey.new(), SigningKey.new()
    with transaction.atomic():
        row = _practice_row(site, recovery, signer, cost, question.practice_name)
        practices.insert(row, shares_of(row.id, recovery, codes))
        make_authority(site, row.id, question.practice_name)
        new = NewPerson(question.name, question.login, Role.DOCTOR, None, question.passphrase, must_change=False)
        person, body, private = make_person(site, row.id, cost, new)
        opened = _make_rings(site, row, [Member(person.id, private.public), Member(None, recovery.public)])
        device, device_secret = new_device(site, row.id, question.device_name)
        log = guard.open_log(row.id, opened[Ring.LOG].private[0][1].public)
        log.append(Event(at=now(), what="found_practice", person=person.id, device=device))
    guard.founding_code = ""
    token, session = guard.begin_session(site, person, body, device, opened)
    first, second, third = (code.expose() for code in codes)
    return Founded(token=token, who=session.who(), device_secret=device_secret, paper_codes=(first, second, third))


def new_founding_code(guard: Guard) -> str:
    """Make another one-time code, for a further practice on this installation."""
    guard.founding_code = new_code(12)
    return guard.founding_code


def _practice_row(site: Key, recovery: PrivateKey, signer: SigningKey, cost: Cost, name: str) -> Practice:
    practice = new_id()
    return Practice(
        id=practice,
        argon2_memory_kib=cost.memory_kib,
        argon2_passes=cost.passes,
        argon2_lanes=cost.lanes,
        recovery_public_key=recovery.public.to_bytes(),
        log_ring_public_key=b"",
        log_verify_key=signer.public_bytes,
        log_signing_key=seal(site.derive("log"), log_signer_place(practice), signer.expose()),
        recovery_site=seal_to(recovery.public, recovery_site_place(practice), site.expose()),
        profile=seal_body(
            site,
            profile_place(practice),
            PracticeBody(name.strip(), recovery.public.fingerprint(), (cost.memory_kib, cost.passes, cost.lanes)),
        ),
        directory_head=sealed_head(site, practice, 0, ()),
    )


def _make_rings(site: Key, row: Practice, members: list[Member]) -> dict[str, RingKeys]:
    opened: dict[str, RingKeys] = {}
    for ring in Ring:
        row_id, private = make_ring(site, row.id, ring, 1, members)
        epoch = make_epoch(site, row.id, ring, 1, (row_id, private.public))
        opened[ring] = RingKeys([(1, private)], {1: epoch})
    public: PublicKey = opened[Ring.LOG].private[0][1].public
    practices.save_log_ring_key(row.id, public.to_bytes())
    return opened
