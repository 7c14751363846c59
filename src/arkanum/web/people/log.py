# SPDX-License-Identifier: MPL-2.0
"""The log: who saw this patient, what happened last, and whether nobody touched it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from arkanum.guard import Action
from arkanum.guard.directory import Card
from arkanum.guard.protocol import LogLine, Verdict
from arkanum.web.doors import Visitor, door
from arkanum.web.german import moment
from arkanum.web.hearing import hears
from arkanum.web.page import page
from arkanum.web.patients.hits import rows_of

MOST_LINES = 200

DEEDS = {
    "find_patient": "Suche",
    "read_patient": "Stammdaten gelesen",
    "write_patient": "Stammdaten geschrieben",
    "new_patient": "Patient angelegt",
    "read_chart": "Kartei gelesen",
    "write_chart": "In die Kartei geschrieben",
    "import_records": "Daten übernommen",
    "filed": "Gespeichert",
    "read_log": "Protokoll gelesen",
    "sign_in": "Angemeldet",
    "sign_out": "Abgemeldet",
    "seal": "Praxis versiegelt",
    "sealed": "Praxis ist versiegelt",
    "see_staff": "Team angesehen",
    "manage_staff": "Team geändert",
    "add_person": "Person hinzugefügt",
    "change_role": "Rolle geändert",
    "hand_over": "Schlüssel übergeben",
    "leave": "Person ausgeschieden",
    "last_day_over": "Letzter Tag war gestern",
    "restore_access": "Zugang wiederhergestellt",
    "own_account": "Eigenes Konto",
    "change_passphrase": "Passphrase geändert",
    "recover_by_paper": "Mit Papiercodes geöffnet",
    "found_practice": "Praxis angelegt",
    "confirm_paper": "Papiercodes bestätigt",
    "manage_walls": "Bereiche verwaltet",
    "make_wall": "Bereich angelegt",
    "join_wall": "In einen Bereich aufgenommen",
    "leave_wall": "Aus einem Bereich genommen",
    "wall_patient": "Bereich einer Kartei",
    "put_behind": "Kartei in einen Bereich gelegt",
    "take_out": "Kartei aus einem Bereich geholt",
    "break_glass": "Notfallzugriff",
    "manage_devices": "Geräte angesehen",
    "approve_pairing": "Gerät aufgenommen",
    "invite_device": "Gerätelink erstellt",
    "redeem_link": "Gerätelink benutzt",
    "remove_device": "Gerät entfernt",
    "manage_door": "Zugang im Netz angesehen",
    "save_door": "Zugang im Netz geändert",
    "sign_server": "Zertifikat des Servers erneuert",
    "authority_replaced": "Fremde Zertifizierungsstelle",
    "authority_damaged": "Beschädigte Zertifizierungsstelle",
    "rotate_site": "Hausgeheimnis gewechselt",
    "rotate": "Schlüssel gewechselt",
    "old_ring": "Alter Schlüsselbund geöffnet",
    "log_keys_replaced": "Schlüssel des Protokolls gewechselt",
}
OUTCOMES = {
    "ok": "",
    "refused": "abgewiesen",
    "not_found": "nicht gefunden",
    "damaged": "beschädigt",
    "throttled": "gebremst",
    "alarm": "Alarm",
    "nobody_holds": "niemand mit Schlüssel da",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log in German."""

    no: int
    at: str
    person: str
    what: str
    patient: UUID | None
    patient_name: str
    outcome: str


@door(Action.READ_LOG)
@hears("GET")
def newest(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what happened last."""
    lines = visitor.client.read_log(visitor.token, limit=MOST_LINES).lines
    return page(request, visitor, "people/log.html", rows=_rows(visitor, lines), subject=None, verdict=None)


@door(Action.READ_LOG)
@hears("GET")
def of_patient(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show who saw or changed this patient's chart."""
    lines = visitor.client.read_log(visitor.token, patient=patient, limit=MOST_LINES).lines
    rows = [row for row in _rows(visitor, lines) if row.what != DEEDS["filed"]]
    subject = next(
        iter(rows_of(((card, None) for card in _cards(visitor, {patient}).values()), timezone.localdate())), None
    )
    return page(request, visitor, "people/log.html", rows=rows, subject=subject, verdict=None)


@door(Action.READ_LOG)
@hears("GET", "POST")
def verify(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Check the whole log: chain, heads, and rows against lines."""
    verdict: Verdict | None = visitor.client.verify_log(visitor.token) if request.method == "POST" else None
    lines = visitor.client.read_log(visitor.token, limit=MOST_LINES).lines
    return page(request, visitor, "people/log.html", rows=_rows(visitor, lines), subject=None, verdict=verdict)


def _rows(visitor: Visitor, lines: tuple[LogLine, ...]) -> list[Row]:
    cards = _cards(visitor, {line.patient for line in lines if line.patient is not None})
    return [_row(line, cards) for line in lines]


def _cards(visitor: Visitor, patients: set[UUID]) -> dict[UUID, Card]:
    if not patients or not visitor.may(Action.FIND_PATIENT):
        return {}
    return {card.patient: card for card in visitor.client.cards(visitor.token, sorted(patients)[:MOST_LINES])}


def _row(line: LogLine, cards: dict[UUID, Card]) -> Row:
    card = cards.get(line.patient) if line.patient else None
    return Row(
        no=line.no,
        at=moment(line.at),
        person=line.person_name,
        what=DEEDS.get(line.what, line.what),
        patient=line.patient,
        patient_name=_called(line.patient, card),
        outcome=OUTCOMES.get(line.outcome, line.outcome),
    )


def _called(patient: UUID | None, card: Card | None) -> str:
    """Return a patient's name, or for whoever may not see names the end of the id, by which lines belong together."""
    if card is not None:
        return f"{card.last}, {card.first}"
    return "" if patient is None else f"Patient {patient.hex[-8:]}"
