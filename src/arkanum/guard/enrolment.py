# SPDX-License-Identifier: MPL-2.0
"""New workplaces and commands are let in by a person who is signed in and has seen who asks.

On the network nobody without a certificate is even heard, but for ten minutes at a time. Each way in which that ends
(time, a click, five wrong codes, the practice sealed, the guard gone) also forgets who waits.
"""

from __future__ import annotations

from arkanum.guard import door_setting
from arkanum.guard.certifying import certify_device
from arkanum.guard.devices import new_device
from arkanum.guard.errors import EnrolmentClosed, Refused, WrongCode
from arkanum.guard.house import Guard
from arkanum.guard.pairings import PAIRING_SECONDS, Asker, Waiting
from arkanum.guard.protocol import (
    ApprovePairing,
    AskEnrolment,
    AskerLine,
    AskHandover,
    AskPaired,
    BeginJob,
    BeginPairing,
    CloseEnrolment,
    Done,
    Enrolment,
    Handover,
    JobBegun,
    LookAtPairing,
    OpenEnrolment,
    Paired,
    Pairing,
    RefusePairing,
)
from arkanum.guard.roles import Action, Ring
from arkanum.guard.sessions import Session
from arkanum.storage import authorities

JOB_ACTIONS = frozenset({Action.NEW_PATIENT, Action.IMPORT_RECORDS, Action.FIND_PATIENT})
"""What a command on the console may do once a person has let it in."""

JOB_RINGS = frozenset({Ring.DESK, Ring.TREATMENT})
DEVICE, JOB = "device", "job"
EXAMINE = "examine"
EXPORT = "export"
COMMANDS = {
    JOB: (JOB_RINGS, JOB_ACTIONS),
    EXPORT: (JOB_RINGS, frozenset({Action.EXPORT_CHARTS})),
    EXAMINE: (frozenset({Ring.LOG}), frozenset({Action.READ_LOG})),
}
"""Rings and actions of a command, by its purpose: one moves records in, the other reads the log to check it."""

PURPOSES = frozenset({DEVICE, *COMMANDS})


def open_enrolment(guard: Guard, question: OpenEnrolment) -> Done:
    """Let workplaces without a certificate ask, for ten minutes.

    Raises:
        Refused: the practice is not on the network, so there is nobody who could ask.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        if not door_setting.load(guard.data).on:
            guard.note(session, "open_enrolment", outcome="refused")
            raise Refused
        guard.note(session, "open_enrolment")
        guard.open_enrolment(session.practice.id)
    return Done()


def close_enrolment(guard: Guard, question: CloseEnrolment) -> Done:
    """Hear nobody any more, and forget who waits."""
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        _close(guard, session, "closed")
    return Done()


def ask_enrolment(guard: Guard, question: AskEnrolment) -> Enrolment:
    """Tell whether enrolment is open, and which guests wait."""
    session = guard.session(question.token, Action.MANAGE_DEVICES)
    guard.end_late_enrolment()
    seconds = guard.windows.seconds(session.practice.id)
    waiting = tuple(map(_asking, guard.pairings.guests())) if seconds else ()
    row = authorities.get(session.practice.id)
    authority = b"" if row is None else bytes(row.certificate)
    return Enrolment(who=session.who(), seconds=seconds, waiting=waiting, authority=authority)


def begin_pairing(guard: Guard, question: BeginPairing) -> Pairing:
    """Let a new device or a command wait, and return the code it shows.

    Raises:
        Refused: it is for neither, or a guest that wants to be a command.
        EnrolmentClosed: a guest, and nobody has opened enrolment.
        Throttled: too many are waiting already.
    """
    if question.purpose not in PURPOSES or (question.guest and question.purpose != DEVICE):
        raise Refused
    asker = Asker(question.name, question.purpose, question.address, question.guest)
    with guard.lock:
        if question.guest:
            guard.end_late_enrolment()
            if not guard.windows.longest():
                raise EnrolmentClosed
        handle, code = guard.pairings.begin(asker)
    seconds = min(PAIRING_SECONDS, guard.windows.longest()) if question.guest else PAIRING_SECONDS
    return Pairing(pairing=handle, code=code, seconds=seconds)


def look_at_pairing(guard: Guard, question: LookAtPairing) -> AskerLine:
    """Tell who shows a code, before anybody is let in.

    Raises:
        WrongCode: nobody does.
        EnrolmentClosed: it was the fifth wrong one, or the time is over.
        Throttled: too many wrong codes.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        return _asking(_find(guard, session, question.code))


def approve_pairing(guard: Guard, question: ApprovePairing) -> Done:
    """Let in what shows this code: a device for good, or a command for this once.

    Raises:
        WrongCode: nothing waits under the code.
        EnrolmentClosed: a guest, and enrolment is over; or it was the fifth wrong code.
        Throttled: too many wrong codes.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        waiting = _find(guard, session, question.code)
        practice = session.practice
        guard.note(session, "approve_pairing", detail=waiting.asker.purpose)
        if waiting.asker.purpose in COMMANDS:
            job = Paired(token=guard.sessions.begin(_job_session(session, waiting.asker.purpose)))
            guard.pairings.let_in(waiting, practice.id, job)
            return Done()
        device, secret = new_device(practice.site, practice.id, waiting.asker.name)
        handover = None
        if waiting.asker.guest:
            handover = certify_device(guard, practice, device)
            guard.open_enrolment(practice.id)  # ten minutes from now to fetch and to import it
        guard.pairings.let_in(waiting, practice.id, Paired(device_secret=secret), handover)
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
        return JobBegun(token=guard.sessions.begin(_job_session(session, JOB)))


def refuse_pairing(guard: Guard, question: RefusePairing) -> Done:
    """Say no to what shows this code.

    Raises:
        WrongCode: nothing waits under the code.
        EnrolmentClosed: enrolment is over.
    """
    with guard.lock:
        session = guard.session(question.token, Action.MANAGE_DEVICES)
        waiting = _find(guard, session, question.code)
        guard.note(session, "refuse_pairing", detail=waiting.asker.purpose)
        waiting.refused = True
    return Done()


def ask_paired(guard: Guard, question: AskPaired) -> Paired:
    """Tell a waiting device whether it was let in; the answer is given once.

    Raises:
        WrongCode: it waited too long, had its answer already, or enrolment is over.
        Refused: somebody looked at it and said no.
    """
    guard.end_late_enrolment()
    return guard.pairings.ask(question.pairing)


def ask_handover(guard: Guard, question: AskHandover) -> Handover:
    """Give a workplace that was let in its certificate, as often as it asks within its minutes.

    Raises:
        WrongCode: nothing is kept for it, or no more.
    """
    guard.end_late_enrolment()
    return guard.pairings.handover(question.pairing)


def _find(guard: Guard, session: Session, code: str) -> Waiting:
    """Return who shows a code; the fifth wrong one ends enrolment.

    Raises:
        WrongCode: nobody does.
        EnrolmentClosed: it was one too many, or the time of a guest is over.
        Throttled: too many wrong codes while enrolment is shut.
    """
    guard.end_late_enrolment()
    is_open = bool(guard.windows.seconds(session.practice.id))
    try:
        waiting = guard.pairings.find(code, counted=not is_open)
    except WrongCode:
        if guard.windows.count_wrong(session.practice.id):
            _close(guard, session, "wrong_codes")
            raise EnrolmentClosed from None
        raise
    if waiting.asker.guest and not is_open:
        raise EnrolmentClosed
    return waiting


def _close(guard: Guard, session: Session, why: str) -> None:
    guard.note(session, "close_enrolment", detail=why)
    guard.shut_enrolment(session.practice.id)


def _asking(waiting: Waiting) -> AskerLine:
    asker = waiting.asker
    return AskerLine(
        name=asker.name, purpose=asker.purpose, asked=waiting.asked, address=asker.address, guest=asker.guest
    )


def _job_session(session: Session, purpose: str) -> Session:
    rings, actions = COMMANDS[purpose]
    return Session(
        session.practice,
        session.person,
        session.device,
        session.body,
        session.rings & rings,
        0.0,
        purpose=actions,
        began_at=session.began_at,
        proved_at=session.proved_at,
        agreed_at=session.agreed_at,
    )
