# SPDX-License-Identifier: MPL-2.0
"""Every question and who answers it. A question without an entry here cannot be asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import OperationalError

from arkanum.guard import (
    account,
    alarm_book,
    braking,
    building,
    canaries,
    carrying_out,
    certifying,
    devices,
    door,
    emergency,
    enrolment,
    exporting,
    finding,
    founding,
    listing,
    own_sessions,
    paper,
    passkeys,
    people,
    reading,
    release,
    resting,
    shown,
    signing_in,
    tickets,
    verifying,
    vouching,
)
from arkanum.guard import protocol as p
from arkanum.guard.errors import Damaged, DoorRefused, GuardError, LogBroken, PassphraseTooWeak, Refused, Throttled
from arkanum.guard.house import Guard
from arkanum.guard.roles import Action
from arkanum.storage import practices
from arkanum.vault import VaultError

LEAST_ROOM = 1 << 20
"""Bytes. With less than that a database that refuses a write has no room."""

LONGEST_TEXT = 1000
"""Letters. A longer name, code or pass phrase is an attack on memory and time."""

# Each function takes its own kind of question; the table's key makes sure that it gets no other.
_ANSWERS: dict[type[p.Message], Callable[[Guard, Any], p.Answer]] = {
    p.FoundPractice: founding.found_practice,
    p.ConfirmPaper: paper.confirm_paper,
    p.NewPaper: paper.new_paper,
    p.SignIn: signing_in.sign_in,
    p.SignOut: signing_in.sign_out,
    p.Seal: signing_in.seal_practice,
    p.RecoverByPaper: signing_in.recover_by_paper,
    p.AskWho: release.ask_who,
    p.AskPermit: release.permit,
    p.AskBatch: release.permit_batch,
    p.Filed: release.filed,
    p.SearchPatients: finding.search,
    p.AskCards: finding.cards,
    p.ReadLog: reading.read_log,
    p.VerifyLog: verifying.verify_log,
    p.TurnedAway: reading.turned_away,
    p.ReadOwnLog: reading.read_own_log,
    p.ReadSheet: reading.read_sheet,
    p.CountAccesses: reading.count_accesses,
    p.AskAlarms: alarm_book.ask_alarms,
    p.CountAlarms: alarm_book.count_alarms,
    p.AcknowledgeAlarm: alarm_book.acknowledge,
    p.PrintHead: carrying_out.print_head,
    p.AskSheet: carrying_out.ask_sheet,
    p.CheckHead: carrying_out.check_head,
    p.ExportLog: carrying_out.export_log,
    p.AskStaff: people.ask_staff,
    p.AddPerson: people.add_person,
    p.HandOver: people.hand_over,
    p.ChangeRole: people.change_role,
    p.Leave: people.leave,
    p.RestoreAccess: people.restore_access,
    p.ChangePassphrase: people.change_passphrase,
    p.AskDevices: devices.ask_devices,
    p.InviteDevice: devices.invite_device,
    p.RedeemLink: devices.redeem_link,
    p.RemoveDevice: devices.remove_device,
    p.RenewDevice: certifying.renew_device,
    p.RenameDevice: devices.rename_device,
    p.OpenEnrolment: enrolment.open_enrolment,
    p.CloseEnrolment: enrolment.close_enrolment,
    p.AskEnrolment: enrolment.ask_enrolment,
    p.BeginPairing: enrolment.begin_pairing,
    p.LookAtPairing: enrolment.look_at_pairing,
    p.ApprovePairing: enrolment.approve_pairing,
    p.RefusePairing: enrolment.refuse_pairing,
    p.AskPaired: enrolment.ask_paired,
    p.AskHandover: enrolment.ask_handover,
    p.AskDoor: door.ask_door,
    p.SaveDoor: door.save_door,
    p.SignServer: door.sign_server,
    p.AskWalls: building.ask_walls,
    p.MakeWall: building.make_wall,
    p.JoinWall: building.join_wall,
    p.LeaveWall: building.leave_wall,
    p.PutBehind: building.put_behind,
    p.BreakGlass: emergency.break_glass,
    p.Rest: resting.rest,
    p.BeginJob: enrolment.begin_job,
    p.BeginPasskey: passkeys.begin_passkey,
    p.AddPasskey: passkeys.add_passkey,
    p.RenamePasskey: passkeys.rename_passkey,
    p.RemovePasskey: passkeys.remove_passkey,
    p.RemovePasskeysOf: passkeys.remove_passkeys_of,
    p.AskChallenge: passkeys.ask_challenge,
    p.SignInByPasskey: passkeys.sign_in_by_passkey,
    p.AskResting: resting.ask_resting,
    p.ChangePerson: resting.change_person,
    p.AskOwnSessions: own_sessions.ask_own_sessions,
    p.EndOwnSession: own_sessions.end_own_session,
    p.SignOutEverywhere: resting.sign_out_everywhere,
    p.SetPin: account.set_pin,
    p.RemovePin: account.remove_pin,
    p.AskOwnKeys: account.ask_own_keys,
    p.SetOwnStreet: account.set_own_street,
    p.Prove: braking.prove,
    p.RequireProof: braking.ask_proof,
    p.PrepareExport: exporting.prepare_export,
    p.AskExports: exporting.ask_exports,
    p.AgreeExport: exporting.agree_export,
    p.AskExportPart: exporting.ask_part,
    p.BeginPurpose: listing.begin_purpose,
    p.AskPurpose: listing.ask_purpose,
    p.AskRules: canaries.ask_rules,
    p.SetLimits: canaries.set_limits,
    p.PlantCanary: canaries.plant_canary,
    p.RemoveCanary: canaries.remove_canary,
    p.AskTicket: tickets.ask_ticket,
    p.RedeemTicket: tickets.redeem_ticket,
    p.Vouch: vouching.vouch,
    p.AskWishes: vouching.ask_wishes,
    p.Agree: vouching.agree,
}

_EXIT = shown.Exit(p.Answer)
"""A guard whose answers do not all say who may see their fields does not start."""


def answer(guard: Guard, question: p.Message) -> p.Answer:
    """Answer one question; whatever is refused comes back as `Failed`, never as an exception."""
    try:
        _require_short(question)
        if isinstance(question, p.AskState):
            return p.State(founded=bool(practices.all_ids()), sealed=not guard.sessions.all())
        if isinstance(question, p.JudgePassphrase):
            return _judge(guard, question)
        if isinstance(question, p.Asked):
            guard.sessions.use(question.token, idle=question.idle)
        got = _ANSWERS[type(question)](guard, question)
        return _EXIT.let_out(got, lambda: _actions_of(guard, question))
    except (GuardError, VaultError, OperationalError) as error:
        return _failed(guard, error)


def _failed(guard: Guard, error: Exception) -> p.Failed:
    """Say what went wrong by the name of its kind, and what that kind carries."""
    match error:
        case PassphraseTooWeak() | DoorRefused():
            return p.Failed(error=type(error).__name__, reasons=error.reasons)
        case Throttled():
            return p.Failed(error="Throttled", seconds=error.seconds)
        case GuardError():
            return p.Failed(error=type(error).__name__)
        case VaultError():
            return p.Failed(error=Damaged.__name__)
        case _ if _is_full(guard):
            # The rows have no room either; what to do about it is the same, and the page says it.
            return p.Failed(error=LogBroken.__name__)
    raise error


def _is_full(guard: Guard) -> bool:
    free = os.statvfs(guard.data)
    return free.f_bavail * free.f_frsize < LEAST_ROOM


def _actions_of(guard: Guard, question: p.Message) -> frozenset[Action]:
    """Return what the asker may do; nothing where the question needs no session."""
    return guard.sessions.get(question.token).actions if isinstance(question, p.Asked) else frozenset()


def _require_short(question: p.Message) -> None:
    """Refuse texts that no person types, before anything slow is done with them.

    Raises:
        Refused: one of them is too long.
    """
    for value in msgspec.structs.astuple(question):
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and len(text) > LONGEST_TEXT for text in texts):
            raise Refused


def _judge(guard: Guard, question: p.JudgePassphrase) -> p.Answer:
    context = question.context
    if question.token:
        # Only for one's own pass phrase: the answer tells whether a word is a colleague's name.
        practice = guard.session(question.token, Action.OWN_ACCOUNT).practice
        context = (*context, *people.context_of(practice.site, practice.id, practice.name))
    people.require_strong(question.passphrase, context)
    return p.Done()
