# SPDX-License-Identifier: MPL-2.0
"""The three paper codes: two of them open the practice again when everything else is lost."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.db import transaction

from arkanum.core.ids import new_id
from arkanum.guard import rings
from arkanum.guard.bodies import seal_body
from arkanum.guard.errors import Refused, WallMissing, WrongCode
from arkanum.guard.house import Guard, profile_of
from arkanum.guard.people import require_own_passphrase
from arkanum.guard.places import profile_place
from arkanum.guard.protocol import ConfirmPaper, Done, NewPaper, Papers
from arkanum.guard.rings import Member
from arkanum.guard.roles import Action, Ring, logical
from arkanum.guard.sessions import Session
from arkanum.guard.walls import walls_of
from arkanum.storage import practices
from arkanum.storage import rings as ring_rows
from arkanum.storage.models import PaperShare
from arkanum.vault import (
    BadPaperCode,
    PaperCodes,
    Place,
    PrivateKey,
    SamePaperCode,
    Tampered,
    new_codes,
    pair_key,
    parse_code,
    seal,
    seal_to,
    unseal,
)


def confirm_paper(guard: Guard, question: ConfirmPaper) -> Done:
    """Check two paper codes typed back; from now on the practice accepts patients, if it did not already.

    Raises:
        WrongCode: they do not open the recovery key; the codes on paper are not the ones shown.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    practice = session.practice
    guard.founding_tries.begin()
    open_recovery(practice.id, question.first, question.second)
    guard.founding_tries.forgive()
    guard.note(session, "confirm_paper")
    practices.accept_patients(practice.id)
    practice.accepts_patients = True
    return Done()


def new_paper(guard: Guard, question: NewPaper) -> Papers:
    """Make three new paper codes; the old ones open nothing any more.

    For those who closed the page before they had printed it, and for a code that was lost or seen. The pass phrase is
    asked for again, because the codes open the practice without any device: a screen left alone must not be enough.
    Then every ring is rotated, so that whoever had seen two old codes and has an old copy reads nothing new.

    Raises:
        Refused: only who holds every ring can seal every ring to a new recovery key.
        WallMissing: no session holds some wall open, so the new codes would not open it.
        SignInRefused: the pass phrase is wrong.
        Throttled: too many wrong ones.
    """
    session = guard.session(question.token, Action.MANAGE_STAFF)
    practice = session.practice
    if logical(session.rings) != frozenset(Ring):
        guard.note(session, "new_paper", outcome="refused")
        raise Refused
    _require_every_wall(guard, session)
    require_own_passphrase(guard, session, question.passphrase, "new_paper")
    with guard.lock:
        guard.session(question.token, Action.MANAGE_STAFF)  # nobody ended it meanwhile
        guard.note(session, "new_paper")
        codes = _replace_recovery(session)
        guard.rotate(practice, frozenset(practice.rings))
    first, second, third = (code.expose() for code in codes)
    return Papers(who=session.who(), paper_codes=(first, second, third))


def _require_every_wall(guard: Guard, session: Session) -> None:
    if not walls_of(session.practice).rows.keys() <= session.practice.rings.keys():
        guard.note(session, "new_paper", outcome="refused")
        raise WallMissing


def _replace_recovery(session: Session) -> PaperCodes:
    """Put another recovery key in place of the old one, with every ring shared to it; rotation is due from now on."""
    practice = session.practice
    recovery, codes = PrivateKey.new(), new_codes()
    member = Member(None, recovery.public)
    with transaction.atomic():
        row = practices.get(practice.id)
        profile = msgspec.structs.replace(profile_of(practice.site, row), recovery=recovery.public.fingerprint())
        row.profile = seal_body(practice.site, profile_place(practice.id), profile)
        row.recovery_public_key = recovery.public.to_bytes()
        row.recovery_site = seal_to(recovery.public, recovery_site_place(practice.id), practice.site.expose())
        ring_rows.drop_recovery_shares(practice.id)
        practices.replace_recovery(row, shares_of(practice.id, recovery, codes))
        every = sorted({*Ring, *walls_of(practice).rows})
        for ring in every:
            rings.share_ring(practice.site, practice.id, ring, practice.rings[ring], member)
        ring_rows.mark_rotation_due(practice.id, every)
    return codes


def open_recovery(practice: UUID, first: str, second: str) -> PrivateKey:
    """Open the recovery key with two paper codes.

    Raises:
        WrongCode: a code is mistyped, both are the same, or they belong to another practice.
    """
    try:
        key = pair_key(parse_code(first), parse_code(second))
    except (BadPaperCode, SamePaperCode) as error:
        raise WrongCode from error
    for share in practices.paper_shares(practice):
        try:
            raw = unseal(key, _share_place(share.id), share.recovery_key)
            return PrivateKey.from_bytes(raw)
        except Tampered:
            continue
    raise WrongCode


def recovery_site_place(practice: UUID) -> Place:
    """Return where the site secret lies that only the recovery key opens."""
    return Place("practice", "recovery_site", practice)


def shares_of(practice: UUID, recovery: PrivateKey, codes: PaperCodes) -> list[PaperShare]:
    """Return the recovery key, wrapped once under each pair of codes."""
    shares = []
    for number, (first, second) in enumerate(codes.pairs(), start=1):
        share = PaperShare(id=new_id(), practice_id=practice, pair=number)
        share.recovery_key = seal(pair_key(first, second), _share_place(share.id), recovery.expose())
        shares.append(share)
    return shares


def _share_place(share: UUID) -> Place:
    return Place("paper_share", "recovery_key", share)
