# SPDX-License-Identifier: MPL-2.0
"""The words between pages and the guard: one struct a question, one struct an answer.

A message on the socket is four bytes of length (big endian) and that many bytes of MessagePack. Everything
secret is hidden from `repr`, so that no exception or log line can show it. Each part of the guard's work has a room of
its own; here stand all of them together, and what may be asked and said at all.
"""

from __future__ import annotations

from arkanum.guard.protocol.alarms import (
    AcknowledgeAlarm,
    AlarmCount,
    AlarmLine,
    AlarmLines,
    AskAlarms,
    CountAlarms,
)
from arkanum.guard.protocol.base import (
    Asked,
    Done,
    Failed,
    Handed,
    Message,
    Who,
)
from arkanum.guard.protocol.brake import (
    Agree,
    AskWishes,
    Prove,
    RequireProof,
    Vouch,
    Wish,
    Wishes,
)
from arkanum.guard.protocol.devices import (
    AskDevices,
    DeviceLine,
    Devices,
    InviteDevice,
    RedeemLink,
    RemoveDevice,
    RenameDevice,
    RenewDevice,
)
from arkanum.guard.protocol.door import (
    AskDoor,
    DoorSetting,
    DoorState,
    SaveDoor,
    ServerCertificate,
    SignServer,
)
from arkanum.guard.protocol.enrolment import (
    ApprovePairing,
    AskEnrolment,
    AskerLine,
    AskHandover,
    AskPaired,
    BeginPairing,
    CloseEnrolment,
    Enrolment,
    Handover,
    LookAtPairing,
    OpenEnrolment,
    Paired,
    Pairing,
    RefusePairing,
)
from arkanum.guard.protocol.exporting import (
    AgreeExport,
    AskExportPart,
    AskExports,
    ExportOrder,
    ExportPart,
    Exports,
    PrepareExport,
)
from arkanum.guard.protocol.finding import (
    AskCards,
    Cards,
    Found,
    FoundPatient,
    SearchPatients,
)
from arkanum.guard.protocol.founding import (
    ConfirmPaper,
    Founded,
    FoundPractice,
    NewPaper,
    Papers,
)
from arkanum.guard.protocol.heads import (
    AskSheet,
    CheckHead,
    Exported,
    ExportLog,
    HeadSheet,
    HeadVerdict,
    PrintHead,
    SheetState,
)
from arkanum.guard.protocol.listing import (
    AskPurpose,
    BeginPurpose,
    Capability,
    Criteria,
    ListedPatient,
    ListPage,
)
from arkanum.guard.protocol.log import (
    Accesses,
    CountAccesses,
    LogLine,
    LogLines,
    LogQuery,
    Notice,
    OwnLine,
    OwnLines,
    ReadLog,
    ReadOwnLog,
    ReadSheet,
    TurnedAway,
    Verdict,
    VerifyLog,
)
from arkanum.guard.protocol.own_sessions import (
    AskOwnSessions,
    EndOwnSession,
    OwnSession,
    OwnSessions,
)
from arkanum.guard.protocol.passkeys import (
    AddPasskey,
    AskChallenge,
    BeginPasskey,
    Challenge,
    PasskeyToMake,
    RemovePasskey,
    RemovePasskeysOf,
    RenamePasskey,
    SignInByPasskey,
)
from arkanum.guard.protocol.release import (
    AskBatch,
    AskPermit,
    Batch,
    ChartKey,
    Filed,
    Permit,
)
from arkanum.guard.protocol.resting import (
    AskOwnKeys,
    AskResting,
    BeginJob,
    ChangePerson,
    JobBegun,
    OwnKeys,
    PasskeyLine,
    RemovePin,
    Rest,
    Resting,
    RestingPerson,
    SetOwnStreet,
    SetPin,
    SignOutEverywhere,
)
from arkanum.guard.protocol.rules import (
    AskRules,
    PlantCanary,
    RemoveCanary,
    Rules,
    SetLimits,
)
from arkanum.guard.protocol.signing import (
    AskState,
    AskWho,
    ChangePassphrase,
    JudgePassphrase,
    RecoverByPaper,
    Seal,
    SignedIn,
    SignIn,
    SignOut,
    State,
)
from arkanum.guard.protocol.staff import (
    AddPerson,
    AskStaff,
    ChangeRole,
    HandOver,
    Leave,
    Member,
    RestoreAccess,
    Staff,
)
from arkanum.guard.protocol.tickets import (
    AskTicket,
    RedeemTicket,
    Ticket,
)
from arkanum.guard.protocol.walls import (
    AskWalls,
    BreakGlass,
    JoinWall,
    LeaveWall,
    MakeWall,
    PutBehind,
    WallLine,
    Walls,
)

MAX_QUESTION_BYTES = 64 * 1024
"""The largest is a batch of 500 patients; a longer one ends the connection."""

MAX_ANSWER_BYTES = 16 * 1024 * 1024

Question = (
    AskState
    | JudgePassphrase
    | FoundPractice
    | ConfirmPaper
    | NewPaper
    | SignIn
    | SignOut
    | AskWho
    | AskPermit
    | AskBatch
    | Filed
    | SearchPatients
    | AskCards
    | ReadLog
    | VerifyLog
    | ReadOwnLog
    | ReadSheet
    | TurnedAway
    | CountAccesses
    | AskAlarms
    | CountAlarms
    | AcknowledgeAlarm
    | PrintHead
    | AskSheet
    | CheckHead
    | ExportLog
    | AskStaff
    | AddPerson
    | HandOver
    | ChangeRole
    | Leave
    | RestoreAccess
    | ChangePassphrase
    | RecoverByPaper
    | AskDevices
    | InviteDevice
    | RedeemLink
    | BeginPairing
    | ApprovePairing
    | AskPaired
    | OpenEnrolment
    | CloseEnrolment
    | AskEnrolment
    | LookAtPairing
    | RefusePairing
    | AskHandover
    | RemoveDevice
    | RenameDevice
    | RenewDevice
    | Seal
    | AskDoor
    | SaveDoor
    | SignServer
    | AskWalls
    | MakeWall
    | JoinWall
    | LeaveWall
    | PutBehind
    | BreakGlass
    | AddPasskey
    | AskChallenge
    | BeginPasskey
    | RemovePasskey
    | RemovePasskeysOf
    | RenamePasskey
    | SignInByPasskey
    | Rest
    | BeginJob
    | AskResting
    | ChangePerson
    | SignOutEverywhere
    | AskOwnSessions
    | EndOwnSession
    | SetPin
    | RemovePin
    | AskOwnKeys
    | SetOwnStreet
    | Prove
    | Vouch
    | AskWishes
    | Agree
    | AskTicket
    | RedeemTicket
    | AskRules
    | SetLimits
    | PlantCanary
    | RemoveCanary
    | PrepareExport
    | AskExports
    | AgreeExport
    | AskExportPart
    | RequireProof
    | BeginPurpose
    | AskPurpose
)
"""Everything that may be asked."""

Answer = (
    Done
    | Failed
    | State
    | Who
    | SignedIn
    | Founded
    | Papers
    | Permit
    | Batch
    | Found
    | Cards
    | Staff
    | Devices
    | Handed
    | Pairing
    | Paired
    | AskerLine
    | Enrolment
    | Handover
    | LogLines
    | Verdict
    | DoorState
    | ServerCertificate
    | Walls
    | OwnLines
    | Accesses
    | AlarmLines
    | AlarmCount
    | HeadSheet
    | SheetState
    | HeadVerdict
    | Exported
    | Challenge
    | PasskeyToMake
    | Resting
    | JobBegun
    | OwnKeys
    | OwnSessions
    | Wishes
    | Ticket
    | Rules
    | ExportOrder
    | Exports
    | ExportPart
    | Capability
    | ListPage
)
"""Everything the guard may say."""

__all__ = [
    "MAX_ANSWER_BYTES",
    "MAX_QUESTION_BYTES",
    "Accesses",
    "AcknowledgeAlarm",
    "AddPasskey",
    "AddPerson",
    "Agree",
    "AgreeExport",
    "AlarmCount",
    "AlarmLine",
    "AlarmLines",
    "Answer",
    "ApprovePairing",
    "AskAlarms",
    "AskBatch",
    "AskCards",
    "AskChallenge",
    "AskDevices",
    "AskDoor",
    "AskEnrolment",
    "AskExportPart",
    "AskExports",
    "AskHandover",
    "AskOwnKeys",
    "AskOwnSessions",
    "AskPaired",
    "AskPermit",
    "AskPurpose",
    "AskResting",
    "AskRules",
    "AskSheet",
    "AskStaff",
    "AskState",
    "AskTicket",
    "AskWalls",
    "AskWho",
    "AskWishes",
    "Asked",
    "AskerLine",
    "Batch",
    "BeginJob",
    "BeginPairing",
    "BeginPasskey",
    "BeginPurpose",
    "BreakGlass",
    "Capability",
    "Cards",
    "Challenge",
    "ChangePassphrase",
    "ChangePerson",
    "ChangeRole",
    "ChartKey",
    "CheckHead",
    "CloseEnrolment",
    "ConfirmPaper",
    "CountAccesses",
    "CountAlarms",
    "Criteria",
    "DeviceLine",
    "Devices",
    "Done",
    "DoorSetting",
    "DoorState",
    "EndOwnSession",
    "Enrolment",
    "ExportLog",
    "ExportOrder",
    "ExportPart",
    "Exported",
    "Exports",
    "Failed",
    "Filed",
    "Found",
    "FoundPatient",
    "FoundPractice",
    "Founded",
    "HandOver",
    "Handed",
    "Handover",
    "HeadSheet",
    "HeadVerdict",
    "InviteDevice",
    "JobBegun",
    "JoinWall",
    "JudgePassphrase",
    "Leave",
    "LeaveWall",
    "ListPage",
    "ListedPatient",
    "LogLine",
    "LogLines",
    "LogQuery",
    "LookAtPairing",
    "MakeWall",
    "Member",
    "Message",
    "NewPaper",
    "Notice",
    "OpenEnrolment",
    "OwnKeys",
    "OwnLine",
    "OwnLines",
    "OwnSession",
    "OwnSessions",
    "Paired",
    "Pairing",
    "Papers",
    "PasskeyLine",
    "PasskeyToMake",
    "Permit",
    "PlantCanary",
    "PrepareExport",
    "PrintHead",
    "Prove",
    "PutBehind",
    "Question",
    "ReadLog",
    "ReadOwnLog",
    "ReadSheet",
    "RecoverByPaper",
    "RedeemLink",
    "RedeemTicket",
    "RefusePairing",
    "RemoveCanary",
    "RemoveDevice",
    "RemovePasskey",
    "RemovePasskeysOf",
    "RemovePin",
    "RenameDevice",
    "RenamePasskey",
    "RenewDevice",
    "RequireProof",
    "Rest",
    "Resting",
    "RestingPerson",
    "RestoreAccess",
    "Rules",
    "SaveDoor",
    "Seal",
    "SearchPatients",
    "ServerCertificate",
    "SetLimits",
    "SetOwnStreet",
    "SetPin",
    "SheetState",
    "SignIn",
    "SignInByPasskey",
    "SignOut",
    "SignOutEverywhere",
    "SignServer",
    "SignedIn",
    "Staff",
    "State",
    "Ticket",
    "TurnedAway",
    "Verdict",
    "VerifyLog",
    "Vouch",
    "WallLine",
    "Walls",
    "Who",
    "Wish",
    "Wishes",
]
