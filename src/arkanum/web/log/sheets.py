# SPDX-License-Identifier: MPL-2.0
"""Sheets of paper: for a patient who asks who saw their chart (Art. 15 GDPR), and the head of the log once a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from markupsafe import Markup

from arkanum.guard import Action
from arkanum.guard.errors import NotAHead, NotFound
from arkanum.guard.protocol import HeadVerdict, LogLine
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day, weekday
from arkanum.web.hearing import hears
from arkanum.web.log.rows import cards_of
from arkanum.web.page import ROLE_NAMES, page
from arkanum.web.patients.hits import rows_of

LONGEST_HEAD = 600

TOLD = {
    "read_patient": "hat Ihre Stammdaten (Name, Anschrift, Versicherung) gelesen",
    "write_patient": "hat Ihre Stammdaten geändert",
    "new_patient": "hat Sie als Patientin oder Patient aufgenommen",
    "read_chart": "hat Ihre Kartei gelesen",
    "write_chart": "hat in Ihre Kartei geschrieben",
    "import_records": "hat Ihre Daten aus einem anderen Programm übernommen",
    "break_glass": "hat Ihre Kartei in einem Notfall geöffnet",
    "read_log": "hat nachgesehen, wer Ihre Kartei gelesen hat",
    "export_log": "hat einen Auszug darüber gezogen, wer Ihre Kartei gelesen hat",
    "patient_sheet": "hat eine Auskunft wie diese für Sie geschrieben",
}
OTHERWISE = "hat auf Ihre Daten zugegriffen"


@dataclass(frozen=True, slots=True)
class Access:
    """One access as a patient reads it."""

    at: str
    who: str
    role: str
    did: str


@dataclass(frozen=True, slots=True)
class Day:
    """The accesses of a day."""

    name: str
    accesses: list[Access]


@door(Action.READ_LOG)
@hears("POST")
def for_patient(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show the sheet that the patient takes home: who saw what and when, in plain words and without any number."""
    found = visitor.client.log_sheet(visitor.token, patient)
    cards = cards_of(visitor, [patient])
    subject = next(iter(rows_of([(card, None) for card in cards.values()], timezone.localdate())), None)
    if subject is None:
        raise NotFound
    return page(
        request,
        visitor,
        "log/patient_sheet.html",
        subject=subject,
        days=_days(found.lines),
        left=found.left,
        damaged=bool(found.reason),
        today=day(timezone.localdate()),
    )


@door(Action.READ_LOG)
@hears("GET", "POST", form={"head": LONGEST_HEAD}, says=(200, 422))
def weekly(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show when the head of the log was printed last, and compare one that was printed with the log."""
    verdict: HeadVerdict | None = None
    typed, unreadable = request.POST.get("head", "").strip(), False
    if request.method == "POST":
        try:
            verdict = visitor.client.check_head(visitor.token, typed)
        except NotAHead:
            unreadable = True
    state = visitor.client.sheet_state(visitor.token)
    return page(
        request,
        visitor,
        "log/weekly.html",
        status=422 if unreadable else 200,
        last=day(state.last_printed),
        fingerprint=state.fingerprint,
        typed=typed if unreadable or (verdict and verdict.reason) else "",
        unreadable=unreadable,
        verdict=verdict,
    )


@door(Action.READ_LOG)
@hears("POST")
def print_weekly(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the newest head of the log, to be printed and kept outside of the practice's computer."""
    head = visitor.client.print_head(visitor.token)
    digits = [head.digest[at : at + 8] for at in range(0, len(head.digest), 8)]
    return page(
        request,
        visitor,
        "log/weekly_sheet.html",
        head=head,
        digits=digits,
        day=f"{weekday(head.day)}, {day(head.day)}",
        code=_code(head.text),
    )


def _code(text: str) -> Markup:
    """Return the QR code as SVG; it is made of numbers alone, whatever the text says."""
    code = segno.make(text, error="m", boost_error=False)
    return Markup(code.svg_inline(scale=4, border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704


def _days(lines: Sequence[LogLine]) -> list[Day]:
    """Group by day, oldest first; the same person doing the same again within a minute is one line."""
    days = []
    for date, of_day in groupby(reversed(lines), key=lambda line: timezone.localtime(line.at).date()):
        accesses = list(dict.fromkeys(_access(line) for line in of_day))
        days.append(Day(f"{weekday(date)}, {day(date)}", accesses))
    return days


def _access(line: LogLine) -> Access:
    role = "" if line.role is None else ROLE_NAMES[line.role]
    who = line.person_name or "Arkanum (selbsttätig)"
    return Access(f"{timezone.localtime(line.at):%H:%M}", who, role, TOLD.get(line.what, OTHERWISE))
