# SPDX-License-Identifier: MPL-2.0
"""The brake at work: who is stopped, what the log says of it, and how a person gets past it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from arkanum.guard import vouching
from arkanum.guard.brake import HOUR_SECONDS, PRESSING, UNKNOWN_IDS, Braked, Kind, Stop
from arkanum.guard.errors import GuardError, SecondPerson, StepUp
from arkanum.guard.house import ALARM, Guard
from arkanum.guard.people import require_own_passphrase
from arkanum.guard.protocol import Done, Prove, RequireProof
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session

_ERRORS: dict[Stop, type[GuardError]] = {Stop.STEP_UP: StepUp, Stop.SECOND_PERSON: SecondPerson}


def require(guard: Guard, session: Session, kind: Kind, patients: Sequence[UUID]) -> None:
    """Count patients who are about to be shown.

    Raises:
        StepUp: the person must show first that it is them.
        SecondPerson: a limit is reached.
    """
    braked = session.practice.brake.take(session.asker(), kind, patients)
    if braked is not None:
        _note(guard, session, braked)
        if braked.stop is Stop.SECOND_PERSON:
            vouching.wait(guard, session)
        raise _ERRORS[braked.stop]


def require_to_move(guard: Guard, session: Session, patients: Sequence[UUID]) -> None:
    """Count patients who are here already and to whose charts an import wants to add.

    A few pass like opened charts. For more the pass phrase is needed within the hour, and there is a limit a day.

    Raises:
        StepUp: the person must show first that it is them.
        SecondPerson: a limit is reached.
    """
    brake = session.practice.brake
    patients = brake.without_fresh(session.person, patients)
    if brake.take(session.asker(), Kind.CHARTS, patients) is None:
        return
    if brake.is_proved(session.asker(), HOUR_SECONDS):
        require(guard, session, Kind.MOVED, patients)
        return
    _note(guard, session, Braked(Stop.STEP_UP, Kind.MOVED, 1))
    raise StepUp


def require_proof(guard: Guard, session: Session, seconds: float, what: str) -> None:
    """Refuse what needs the pass phrase each time, unless it was given within so many seconds.

    Raises:
        StepUp: it was not.
    """
    if not session.practice.brake.is_proved(session.asker(), seconds):
        guard.note(session, what, outcome="step_up")
        raise StepUp


def note_unknown(guard: Guard, session: Session, patient: UUID) -> None:
    """Raise the alarm when somebody asks for one id after the other that no patient has."""
    if session.practice.brake.unknown(session.person, patient) == UNKNOWN_IDS:
        guard.note(session, "unknown_ids", outcome=ALARM, detail=str(UNKNOWN_IDS))


def prove(guard: Guard, question: Prove) -> Done:
    """Take the pass phrase of the person at the screen once more, and let them go on.

    Raises:
        SignInRefused: it is wrong.
        Throttled: too many wrong ones.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    require_own_passphrase(guard, session, question.passphrase, "step_up")
    guard.note(session, "step_up")
    session.proved_at = guard.seconds()
    session.practice.brake.satisfied(session.person)
    return Done()


def ask_proof(guard: Guard, question: RequireProof) -> Done:
    """Say before long work begins whether it would be stopped for want of the pass phrase.

    Raises:
        StepUp: it was not given within the hour.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    require_proof(guard, session, HOUR_SECONDS, "step_up")
    return Done()


def _note(guard: Guard, session: Session, braked: Braked) -> None:
    """Write the first refusal down, and the one that shows that no person sits there; not each of sixty thousand."""
    said = f"{braked.stop} {braked.kind}"
    if braked.refusals == 1 and braked.stop is Stop.SECOND_PERSON:
        guard.note(session, "brake_limit", outcome=ALARM, detail=said)
    elif braked.refusals == 1:
        guard.note(session, "brake", outcome="step_up", detail=said)
    elif braked.refusals == PRESSING:
        guard.note(session, "brake_pressed", outcome=ALARM, detail=said)
