# SPDX-License-Identifier: MPL-2.0
"""The log: who saw this patient, what did somebody do, what was refused, what happened when; and one's own part."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from arkanum.core.unusual import REASONS, Mark
from arkanum.guard import Action
from arkanum.guard.directory import Card
from arkanum.guard.protocol import LogLines, LogQuery, Verdict
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day, moment
from arkanum.web.hearing import hears
from arkanum.web.log.filters import ADDRESS, LINES_A_PAGE, PAGE_LETTERS, Filters, filters_of, page_number
from arkanum.web.log.plot import picture_of
from arkanum.web.log.rows import cards_of, name_on, row_of
from arkanum.web.network.warnings import warnings_for
from arkanum.web.page import page
from arkanum.web.patients.hits import rows_of

OWN_LINES_A_PAGE = 100
SPANS = {"tag": 24, "woche": 7 * 24}
SHEET_OLD_AFTER = timedelta(days=8)

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
    "sign_out_everywhere": "Überall abgemeldet",
    "end_session": "Eigene Sitzung beendet",
    "too_many_sessions": "Älteste Sitzung beendet, es waren zu viele",
    "lock": "Bildschirm gesperrt",
    "change_person": "Mit PIN weitergearbeitet",
    "wrong_pins": "Zu viele falsche PINs",
    "add_passkey": "Passkey hinzugefügt",
    "remove_passkey": "Passkey entfernt",
    "remove_passkeys_of": "Passkeys einer Person entfernt",
    "passkey_copied": "Passkey vielleicht kopiert",
    "set_pin": "PIN gewählt",
    "remove_pin": "PIN entfernt",
    "set_own_street": "Eigene Straße geändert",
    "begin_job": "Arbeit im Hintergrund begonnen",
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
    "new_paper": "Neue Papiercodes",
    "rules_damaged": "Regeln der Praxis beschädigt",
    "read_own_log": "Eigenes Protokoll gelesen",
    "patient_sheet": "Auskunft für den Patienten geschrieben",
    "acknowledge_alarm": "Alarm quittiert",
    "print_head": "Wochenblatt gedruckt",
    "export_log": "Auszug ausgeführt",
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
    "rename_device": "Gerät umbenannt",
    "renew_device": "Zertifikat eines Geräts erneuert",
    "open_enrolment": "Aufnahme von Geräten geöffnet",
    "close_enrolment": "Aufnahme von Geräten beendet",
    "refuse_pairing": "Gerät abgelehnt",
    "rotate": "Schlüssel gewechselt",
    "old_ring": "Alter Schlüsselbund geöffnet",
    "copy_chart": "Kopie der Akte ausgegeben",
    "canary": "Köder-Akte geöffnet",
    "plant_canary": "Köder-Akte angelegt",
    "remove_canary": "Köder-Akte aufgehoben",
    "set_limits": "Grenzen der Bremse geändert",
    "set_brake": "Bremse angesehen",
    "export_prepared": "Export vorbereitet",
    "export_agreed": "Export zugestimmt",
    "export_part": "Teil eines Exports ausgegeben",
    "export_charts": "Export angesehen",
    "list_recall": "Listen angesehen",
    "list_billing": "Listen angesehen",
    "list_begun": "Liste erstellt",
    "list_page": "Teil einer Liste gezeigt",
    "many_lists": "Viele Listen an einem Tag",
    "brake": "Von der Bremse angehalten",
    "brake_damaged": "Stand der Bremse beschädigt",
    "brake_limit": "Grenze der Bremse erreicht",
    "brake_pressed": "Trotz Bremse weitergefragt",
    "unknown_ids": "Viele unbekannte Patienten erfragt",
    "step_up": "Passphrase noch einmal eingegeben",
    "second_person": "Zweite Person stimmte zu",
    "log_keys_replaced": "Schlüssel des Protokolls gewechselt",
}
OUTCOMES = {
    "ok": "",
    "refused": "abgewiesen",
    "not_found": "nicht gefunden",
    "damaged": "beschädigt",
    "throttled": "gebremst",
    "step_up": "Passphrase verlangt",
    "alarm": "Alarm",
    "nobody_holds": "niemand mit Schlüssel da",
}


HARDLY_ASKED = {"filed", "sealed"}


@door(Action.READ_LOG)
@hears("GET", query=ADDRESS)
def newest(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the lines that the filters ask for, newest first."""
    return _shown(request, visitor, filters_of(request.GET.dict()))


@door(Action.READ_LOG)
@hears("GET", query=ADDRESS)
def of_patient(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show who saw or changed this patient's chart."""
    return _shown(request, visitor, filters_of({**request.GET.dict(), "patient": str(patient)}))


@door(Action.READ_LOG)
@hears("GET", "POST")
def verify(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Check the whole log: chain, heads, and rows against lines."""
    verdict = visitor.client.verify_log(visitor.token) if request.method == "POST" else None
    return _shown(request, visitor, Filters(), verdict)


@door(Action.OWN_ACCOUNT)
@hears("GET", query={"page": PAGE_LETTERS})
def mine(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what the person at the screen did, and what everybody has to know."""
    number = page_number(request.GET.dict())
    skip = (number - 1) * OWN_LINES_A_PAGE
    own = visitor.client.own_log(visitor.token, skip=skip, limit=OWN_LINES_A_PAGE)
    cards = cards_of(visitor, [*(line.patient for line in own.lines), *(notice.patient for notice in own.notices)])
    notices = [
        {
            "at": moment(notice.at),
            "sentence": notice.sentence,
            "person": notice.person_name,
            "patient_name": name_on(cards.get(notice.patient)) if notice.patient else "",
        }
        for notice in own.notices
    ]
    return page(
        request,
        visitor,
        "people/own_log.html",
        rows=[row_of(line, cards, DEEDS, OUTCOMES) for line in own.lines],
        notices=notices,
        is_open=own.is_open,
        left=own.left,
        pager=_pager(number, own.total, OWN_LINES_A_PAGE, "?page="),
    )


def _shown(request: HttpRequest, visitor: Visitor, filters: Filters, verdict: Verdict | None = None) -> HttpResponse:
    number = page_number(request.GET.dict())
    found = visitor.client.log_page(visitor.token, filters.query, skip=(number - 1) * LINES_A_PAGE, limit=LINES_A_PAGE)
    cards = cards_of(visitor, (*(line.patient for line in found.lines), filters.query.patient))
    subject = next(iter(rows_of(_subject(cards, filters.query), timezone.localdate())), None)
    span = request.GET.get("span", "tag") if request.GET.get("span", "tag") in SPANS else "tag"
    counted = visitor.client.accesses(visitor.token, filters.query, SPANS[span])
    address = "?" + filters.address(span=span)
    return page(
        request,
        visitor,
        "people/log.html",
        rows=[row_of(line, cards, DEEDS, OUTCOMES) for line in found.lines],
        subject=subject,
        verdict=verdict,
        found=found,
        filters=filters,
        choices=_choices(found),
        picture=picture_of(counted),
        span=span,
        spans={name: "?" + filters.address(span=name) for name in SPANS},
        sheet=_sheet(visitor),
        warnings=warnings_for(request, visitor),
        reasons=[reason for mark, reason in REASONS.items() if mark is not Mark.RELATION],
        pager=_pager(number, found.total, LINES_A_PAGE, f"{address}&page="),
    )


def _subject(cards: dict[UUID, Card], query: LogQuery) -> list[tuple[Card, None]]:
    card = None if query.patient is None else cards.get(query.patient)
    return [] if card is None else [(card, None)]


def _choices(found: LogLines) -> dict[str, list[tuple[str, str]]]:
    def by_name(names: dict[UUID, str]) -> list[tuple[str, str]]:
        return sorted(((str(one), name) for one, name in names.items()), key=lambda choice: choice[1].casefold())

    return {
        "people": by_name(found.people),
        "devices": by_name(found.devices),
        "deeds": sorted(((what, word) for what, word in DEEDS.items() if what not in HARDLY_ASKED), key=lambda c: c[1]),
        "outcomes": [(outcome, word or "gelungen") for outcome, word in OUTCOMES.items()],
    }


def _sheet(visitor: Visitor) -> dict[str, object]:
    last = visitor.client.sheet_state(visitor.token).last_printed
    old = last is None or timezone.localdate() - last > SHEET_OLD_AFTER
    return {"is_old": old, "last": day(last)}


def _pager(number: int, total: int, size: int, address: str) -> dict[str, str]:
    """Return the ways to newer and older lines, and which ones these are."""
    first, last = (number - 1) * size + 1, min(number * size, total)
    return {
        "newer": f"{address}{number - 1}" if number > 1 else "",
        "older": f"{address}{number + 1}" if last < total else "",
        "words": f"{first} bis {last} von {total}" if last >= first else "",
    }
