# SPDX-License-Identifier: MPL-2.0
"""Pages for what went wrong, in plain German, with an incident's id and nothing of a patient."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from pathlib import PurePath
from traceback import extract_tb

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.charts.errors import NoSuchRecord, PatientTwice, RecordDamaged
from arkanum.guard.errors import (
    AlreadyThere,
    CanaryMet,
    Damaged,
    DoorRefused,
    EmergencyOnly,
    EnrolmentClosed,
    GuardAway,
    LastMember,
    ListsUsedUp,
    ListTooLong,
    Locked,
    LogBroken,
    NobodyHolds,
    NotAHead,
    NotFound,
    NothingPicked,
    NotSignedIn,
    PassphraseTooWeak,
    PracticeSealed,
    ReasonMissing,
    Refused,
    SecondPerson,
    SignInRefused,
    StepUp,
    Throttled,
    TicketRefused,
    WallMissing,
    WrongCode,
)
from arkanum.web import cookies
from arkanum.web.brake import stopped
from arkanum.web.errors import PageOfAnother
from arkanum.web.shown import ShowsUndeclared, show

incidents = logging.getLogger("arkanum.incident")

_BACK = "/anmelden"


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the page for an error raised by a page."""
    for kinds, page in _PAGES:
        if isinstance(error, kinds):
            return page(request, error)
    return _unexpected(request, error)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a question that did not come from our own pages."""
    del reason
    return _page(
        request,
        403,
        _("Diese Anfrage kam nicht von einer Seite von Arkanum."),
        _("Laden Sie die Seite neu und versuchen Sie es noch einmal."),
    )


def not_heard(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Return the page for a method that the route did not declare."""
    response = _page(
        request,
        405,
        _("So kann diese Seite nicht aufgerufen werden."),
        _("Gehen Sie zur Startseite und versuchen Sie es von dort noch einmal."),
    )
    response.headers["Allow"] = ", ".join(sorted({*methods, *({"HEAD"} if "GET" in methods else ())}))
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return Django's 400 in our words."""
    return _bad(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return Django's 404 in our words."""
    return _missing(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return Django's 403 in our words."""
    return _refused(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Return Django's 500 in our words, for what fails outside of pages."""
    return _unexpected(request, None)


def _signed_out(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401, headers={"HX-Redirect": _BACK})
    else:
        response = redirect("sign-in")
    cookies.end_session(response)
    return response


def _locked(request: HttpRequest, error: Exception) -> HttpResponse:
    """Lead to the lock screen; a page that asks for a part of itself blanks itself and keeps what is half typed."""
    del error
    if request.headers.get("HX-Request"):
        return HttpResponse(status=423, headers={"HX-Trigger": "locked"})
    return redirect("locked")


def _of_another(request: HttpRequest, error: Exception) -> HttpResponse:
    del request, error
    return HttpResponse(status=409, headers={"HX-Redirect": "/"})


def _sealed(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    if request.headers.get("HX-Request"):
        return HttpResponse(status=503, headers={"HX-Redirect": "/versiegelt"})
    response = show(request, "gate/sealed.html", {"sealed": True}, status=503)
    cookies.end_session(response)
    return response


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _page(
        request,
        403,
        _("Das ist mit Ihrer Rolle nicht möglich."),
        _("Ihre Schlüssel öffnen diesen Bereich nicht. Fragen Sie eine Ärztin oder einen Arzt der Praxis."),
    )


def _closed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that a chart is closed, and where it goes on in an emergency."""
    match = request.resolver_match
    if match is None or "patient" not in match.kwargs:
        return _refused(request, error)
    return show(request, "gate/closed.html", {"patient": match.kwargs["patient"]}, status=403)


def _last_member(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _page(
        request,
        403,
        _("Das geht so nicht: ein Bereich hätte kein Mitglied mehr."),
        _("Nehmen Sie unter „Bereiche“ erst jemanden auf, oder holen Sie die Karteien heraus."),
    )


def _wall_missing(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _page(
        request,
        403,
        _("Dafür fehlt der Schlüssel eines Bereichs."),
        _("Jemand aus diesem Bereich muss es tun oder dabei angemeldet sein; sonst helfen zwei Notfallkodes."),
    )


def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _page(request, 404, _("Diese Seite gibt es nicht."), _("Vielleicht wurde die Adresse falsch eingegeben."))


def _bad(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _page(
        request,
        400,
        _("Diese Anfrage ist nicht verständlich."),
        _("Laden Sie die Seite neu und versuchen Sie es noch einmal."),
    )


def _spent(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    return _page(
        request,
        400,
        _("Das wurde schon abgeholt oder liegt zu lange bereit."),
        _("Gehen Sie zurück zur Kartei und beginnen Sie dort noch einmal."),
    )


def _throttled(request: HttpRequest, error: Exception) -> HttpResponse:
    seconds = error.seconds if isinstance(error, Throttled) else 60
    text = _("Bitte warten Sie %(seconds)s Sekunden und versuchen Sie es dann noch einmal.") % {"seconds": seconds}
    response = _page(request, 429, _("Das waren zu viele Versuche."), text)
    response.headers["Retry-After"] = str(seconds)
    return response


def _log_broken(request: HttpRequest, error: Exception) -> HttpResponse:
    return _page(
        request,
        503,
        _("Das Protokoll kann nicht geschrieben werden."),
        _(
            "Solange niemand festhält, wer etwas liest, gibt Arkanum nichts heraus, und niemand kann sich anmelden. "
            "Meist ist die Festplatte des Servers voll. Schaffen Sie dort Platz (nicht im Datenordner von Arkanum) "
            "oder rufen Sie Ihre IT. Sobald Platz ist, geht es von selbst weiter: laden Sie dann diese Seite neu."
        ),
        incident=note(error),
    )


def _damaged(request: HttpRequest, error: Exception) -> HttpResponse:
    return _page(
        request,
        500,
        _("Diese Akte ist beschädigt."),
        _("Sie wurde außerhalb von Arkanum verändert. Damit niemand nach Falschem behandelt, wird sie nicht gezeigt."),
        incident=note(error),
    )


def _unexpected(request: HttpRequest, error: Exception | None) -> HttpResponse:
    return _page(
        request,
        500,
        _("Das hat nicht geklappt."),
        _("Es ist ein Fehler im Programm. Was Sie vorher gespeichert haben, ist nicht verloren."),
        incident=note(error),
    )


def _page(request: HttpRequest, status: int, title: str, text: str, *, incident: str = "") -> HttpResponse:
    context = {"status": status, "title": title, "text": text, "incident": incident}
    if not request.headers.get("HX-Request"):
        return show(request, "gate/failure.html", context, status=status)
    # A fragment's place is no place for a whole page: what went wrong is said at the edge of the one that stands.
    response = show(
        request, "gate/failed.html", {name: context[name] for name in ("title", "text", "incident")}, status=status
    )
    response.headers["HX-Retarget"] = ".toast"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def note(error: BaseException | None) -> str:
    """Write one line: the incident's id, the kind of error and where it happened; never what it said."""
    incident = secrets.token_hex(4)
    frames = extract_tb(error.__traceback__) if error else ()
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"
    if isinstance(error, ShowsUndeclared):
        place = f"{place} {error}"  # names of templates and their fields: words of the program, not of a person
    incidents.error("%s %s %s", incident, type(error).__name__, place)
    return incident


def _not_done(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say why something was not done; pages that can say it beside the field do so themselves."""
    said = next(sentence for kind, sentence in _SENTENCES.items() if isinstance(error, kind))
    reasons = error.reasons if isinstance(error, PassphraseTooWeak | DoorRefused) else ()
    return _page(request, 422, _("Das ging so nicht."), " ".join((_(said), *reasons)))


_SENTENCES: dict[type[Exception], str] = {
    SignInRefused: "Name, Passphrase oder Gerät stimmen nicht.",
    WrongCode: "Der Code stimmt nicht oder gilt nicht mehr. Bitte vergleichen Sie ihn oder holen Sie einen neuen.",
    EnrolmentClosed: "Die Aufnahme von Arbeitsplätzen ist nicht (mehr) geöffnet.",
    AlreadyThere: "Das gibt es schon, oder jemand anders war schneller. Bitte laden Sie die Seite neu.",
    PassphraseTooWeak: "Diese Passphrase ist zu leicht zu erraten.",
    NothingPicked: "Bitte wählen Sie mindestens ein Merkmal; alle Patienten sind keine Liste.",
    ListTooLong: "Das wären mehr als 500 Patienten. Bitte enger wählen, zum Beispiel nach Geburtsmonat oder Jahrgang.",
    ListsUsedUp: "Für heute haben Sie zehn Listen erstellt. Mehr gibt das System an einem Tag nicht aus.",
    ReasonMissing: "Bitte nennen Sie in ein paar Worten den Grund.",
    NobodyHolds: "Gerade ist niemand angemeldet, dessen Schlüssel diese Kartei öffnet.",
    DoorRefused: "So kann die Tür zum Praxisnetz nicht stehen.",
    NotAHead: "Das ist kein Kopf eines Protokolls. Bitte tippen Sie ihn noch einmal vom Wochenblatt ab.",
    PatientTwice: "Diesen Patienten gibt es unter dieser Kennung schon. Bitte laden Sie die Seite neu.",
}
"""What is said of an error that its page did not answer itself."""

_PAGES: tuple[tuple[tuple[type[Exception], ...], Callable[[HttpRequest, Exception], HttpResponse]], ...] = (
    ((NotSignedIn,), _signed_out),
    ((Locked,), _locked),
    ((PageOfAnother,), _of_another),
    ((PracticeSealed, GuardAway), _sealed),
    ((EmergencyOnly,), _closed),
    ((LastMember,), _last_member),
    ((WallMissing,), _wall_missing),
    ((CanaryMet,), stopped.canary),
    ((StepUp,), stopped.step_up),
    ((TicketRefused,), _spent),
    ((SecondPerson,), stopped.second_person),
    ((Refused, PermissionDenied), _refused),
    ((NotFound, NoSuchRecord, Http404), _missing),
    ((Damaged, RecordDamaged), _damaged),
    ((Throttled,), _throttled),
    ((LogBroken,), _log_broken),
    (tuple(_SENTENCES), _not_done),
    ((BadRequest, SuspiciousOperation, RequestDataTooBig, MultiPartParserError, UnreadablePostError), _bad),
)
