# SPDX-License-Identifier: MPL-2.0
"""Planted patients. Nobody has a reason to open one; whoever does has taken what they found, and their session ends.

They look like any other patient, in the database too. Which ones they are stands sealed among the practice's rules, and
only those who may read the log are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.db import transaction

from arkanum.guard import braking, house_rules
from arkanum.guard.bodies import seal_body
from arkanum.guard.brake import Limits, bounded
from arkanum.guard.errors import AlreadyThere, CanaryMet, NotFound
from arkanum.guard.house import ALARM, Guard, profile_of
from arkanum.guard.house_rules import MOST_CANARIES, HouseRules
from arkanum.guard.places import profile_place
from arkanum.guard.protocol import AskRules, Done, PlantCanary, RemoveCanary, Rules, SetLimits
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session
from arkanum.storage import charts, practices

PROVED_SECONDS = 10 * 60
"""Looking at the list and changing it take a pass phrase: who took a session over must not learn whom to avoid."""


def require_no_canary(guard: Guard, session: Session, patients: Iterable[UUID]) -> None:
    """End every session of this person at this device if one of the patients is planted.

    Raises:
        CanaryMet: one is.
    """
    met = next((one for one in patients if one in session.practice.canaries), None)
    if met is None:
        return
    try:
        guard.note(session, "canary", patient=met, outcome=ALARM)
    finally:
        guard.end_sessions(lambda other: (other.person, other.device) == (session.person, session.device))
    raise CanaryMet


def ask_rules(guard: Guard, question: AskRules) -> Rules:
    """Return limits and planted patients to somebody who may read the log.

    Raises:
        StepUp: the pass phrase was not given within ten minutes; the same for every change.
    """
    session = guard.session(question.token, Action.SET_BRAKE)
    braking.require_proof(guard, session, PROVED_SECONDS, Action.SET_BRAKE)
    names = session.practice.directory.names()
    cards = (names.get(one) for one in session.practice.canaries)
    limits = session.practice.brake.limits
    return Rules(
        limits=(limits.ten_minutes, limits.hour, limits.day),
        canaries=tuple(card for card in cards if card is not None),
    )


def plant_canary(guard: Guard, question: PlantCanary) -> Done:
    """Mark a patient, who was invented for that, as planted.

    Raises:
        NotFound: no such patient.
        AlreadyThere: there are as many as there may be.
    """
    with guard.lock:
        session = guard.session(question.token, Action.SET_BRAKE)
        braking.require_proof(guard, session, PROVED_SECONDS, Action.SET_BRAKE)
        if not charts.charts_of(session.practice.id, question.patient):
            raise NotFound
        canaries = dict.fromkeys((*sorted(session.practice.canaries), question.patient))
        if len(canaries) > MOST_CANARIES:
            raise AlreadyThere
        guard.note(session, "plant_canary", patient=question.patient)
        _save(session, session.practice.brake.limits, canaries)
    return Done()


def remove_canary(guard: Guard, question: RemoveCanary) -> Done:
    """Make a planted patient an ordinary one again.

    Raises:
        NotFound: the patient is not planted.
    """
    with guard.lock:
        session = guard.session(question.token, Action.SET_BRAKE)
        braking.require_proof(guard, session, PROVED_SECONDS, Action.SET_BRAKE)
        if question.patient not in session.practice.canaries:
            raise NotFound
        guard.note(session, "remove_canary", patient=question.patient)
        _save(session, session.practice.brake.limits, session.practice.canaries - {question.patient})
    return Done()


def set_limits(guard: Guard, question: SetLimits) -> Done:
    """Set the practice's limits; what lies outside the hard bounds becomes the bound."""
    with guard.lock:
        session = guard.session(question.token, Action.SET_BRAKE)
        braking.require_proof(guard, session, PROVED_SECONDS, Action.SET_BRAKE)
        limits = bounded(Limits(*question.limits))
        guard.note(session, "set_limits", detail=f"{limits.ten_minutes} {limits.hour} {limits.day}")
        _save(session, limits, session.practice.canaries)
    return Done()


def _save(session: Session, limits: Limits, canaries: Iterable[UUID]) -> None:
    practice, kept = session.practice, frozenset(canaries)
    rules = HouseRules(limits, tuple(sorted(kept)))
    with transaction.atomic():
        house_rules.save(practice.id, practice.site, rules)
        profile = profile_of(practice.site, practices.get(practice.id))
        profile = msgspec.structs.replace(profile, rules=house_rules.fingerprint(rules))
        practices.save_profile(practice.id, seal_body(practice.site, profile_place(practice.id), profile))
    practice.brake.limits, practice.canaries = limits, kept
