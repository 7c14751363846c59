# SPDX-License-Identifier: MPL-2.0
"""What of the log leaves the server: its newest head on the weekly sheet or in a backup, and signed excerpts."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import date
from hashlib import sha256

from django.utils import timezone

from arkanum.guard.errors import Damaged, PracticeSealed
from arkanum.guard.heads import OutsideHead, differs, fingerprint, outside_message, read_head
from arkanum.guard.house import Guard
from arkanum.guard.log import now
from arkanum.guard.log_chain import Evidence, LogDamaged, check
from arkanum.guard.log_index import UNREADABLE, current
from arkanum.guard.protocol import (
    AskSheet,
    CheckHead,
    Exported,
    ExportLog,
    HeadSheet,
    HeadVerdict,
    LogLine,
    PrintHead,
    SheetState,
)
from arkanum.guard.reading import find, log_lines, page_of
from arkanum.guard.roles import Action
from arkanum.guard.sessions import OpenPractice

MOST_EXPORTED = 20_000
EXPORT_KIND = "arkanum-log-export"
SIGNED_WORDS = b"arkanum log export "
"""Stand before the hash that is signed, so that no head of the log can be passed off as an excerpt."""


def outside_head(practice: OpenPractice) -> OutsideHead:
    """Return the log's newest line as a signed head, to be kept outside of the data folder.

    This is what a backup takes along: `outside_head(practice).text` beside the copy, and `arkanum log verify --head`
    with it after a restore. A head of the log itself is written first, so that the file of heads reaches as far.

    Raises:
        PracticeSealed: nobody is signed in, so the signing key is not open.
    """
    no, digest, day = *practice.log.signed_end(), timezone.localdate()
    signature = practice.log.sign(outside_message(practice.id, no, digest, day))
    return OutsideHead(no, digest, practice.id, day, signature)


def print_head(guard: Guard, question: PrintHead) -> HeadSheet:
    """Write the newest head out for the weekly sheet; the line that says so is the one on paper."""
    session = guard.session(question.token, Action.READ_LOG)
    guard.note(session, "print_head")
    head = outside_head(session.practice)
    return HeadSheet(
        who=session.who(),
        text=head.text,
        short=head.short,
        no=head.no,
        digest=head.digest,
        day=head.day or timezone.localdate(),
        fingerprint=fingerprint(_public(session.practice)),
    )


def ask_sheet(guard: Guard, question: AskSheet) -> SheetState:
    """Tell when a weekly sheet was printed last."""
    session = guard.session(question.token, Action.READ_LOG)
    index = current(session.practice)
    sheets = [*index.old.sheets, *index.new.sheets]
    last: date | None = timezone.localdate(sheets[-1].event.at) if sheets else None
    return SheetState(last_printed=last, fingerprint=fingerprint(_public(session.practice)))


def check_head(guard: Guard, question: CheckHead) -> HeadVerdict:
    """Tell whether the log still holds exactly the line of a head that was kept outside.

    Raises:
        NotAHead: what was typed or scanned is none.
    """
    session = guard.session(question.token, Action.READ_LOG)
    head = read_head(question.text)
    guard.note(session, Action.READ_LOG, detail=f"head {head.no}")
    practice = session.practice
    practice.log.sign_head()
    public = _public(practice)
    evidence = Evidence.beside(practice.log.path, practice.id, public)
    try:
        with practice.log.path.open("rb") as lines:
            checked = check(evidence, lines, until=practice.log.end[0], wanted={head.no})
    except OSError:
        return HeadVerdict(no=1, reason=UNREADABLE)
    except LogDamaged as damage:
        return HeadVerdict(no=damage.line, reason=damage.reason)
    return HeadVerdict(no=head.no, reason=differs(head, practice.id, public, checked))


def export_log(guard: Guard, question: ExportLog) -> Exported:
    """Return the lines that a query asks for as JSON lines with a signature.

    No patient's name goes out: an excerpt of a year would be a list of the practice's patients.

    Raises:
        Damaged: one of the lines is not what it was.
    """
    session = guard.session(question.token, Action.READ_LOG)
    query = question.query
    guard.note(session, "export_log", patient=query.patient, detail=f"person {query.person}" if query.person else "")
    practice = session.practice
    index = current(practice)
    found = find(practice, index, query)
    lines, damage = page_of(practice, index, found, 0, MOST_EXPORTED)
    if damage is not None:
        raise Damaged
    told = log_lines(session, lines)
    digests = {line.no: index.digest_of(line.no) for line in told}
    no, digest = practice.log.signed_end()
    public = _public(practice)
    head = {
        "kind": EXPORT_KIND,
        "format": 1,
        "practice": str(practice.id),
        "practice_name": practice.name,
        "written": now().isoformat(),
        "by": session.body.name,
        "lines": len(told),
        "left_out": max(0, sum(len(places) for _, places in found) - len(told)),
        "log_end": {"no": no, "digest": digest},
        "public_key": b64encode(public).decode(),
        "fingerprint": fingerprint(public),
    }
    rows = [head, *(_row(line, digests[line.no]) for line in reversed(told))]
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    signature = practice.log.sign(SIGNED_WORDS + sha256(body).hexdigest().encode())
    last = json.dumps({"signature": b64encode(signature).decode()}) + "\n"
    name = f"protokoll-{timezone.localdate()}-{no}.jsonl"
    return Exported(name=name, content=body + last.encode(), lines=len(told), fingerprint=fingerprint(public))


def _row(line: LogLine, digest: str | None) -> dict[str, object]:
    return {
        "no": line.no,
        "at": line.at.isoformat(),
        "what": line.what,
        "person": line.person_name,
        "device": line.device_name,
        "patient": None if line.patient is None else str(line.patient),
        "outcome": line.outcome,
        "detail": line.detail,
        "digest": digest,
    }


def _public(practice: OpenPractice) -> bytes:
    public = practice.log.verify_key
    if public is None:
        raise PracticeSealed
    return public
