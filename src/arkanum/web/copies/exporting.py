# SPDX-License-Identifier: MPL-2.0
"""Exports of many charts: prepare, let another agree, save the sealed file."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arkanum.exchange import carrying
from arkanum.exchange.container import RecipientError, read_recipient
from arkanum.exchange.container.recipients import grouped
from arkanum.guard import Action
from arkanum.guard.errors import Refused, SignInRefused
from arkanum.guard.protocol import ExportOrder
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import HTML, LONGEST_PASSPHRASE, hears
from arkanum.web.page import page

BINARY = "application/octet-stream"
LONGEST_KEY = 4000
LONGEST_REASON = 300


@door(Action.EXPORT_CHARTS)
@hears("GET")
def listed(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the exports of this day, and the form that prepares one."""
    return _page(request, visitor)


@door(Action.EXPORT_CHARTS)
@hears("GET", "POST", form={"key": LONGEST_KEY, "reason": LONGEST_REASON}, says=(200, 302, 422))
def prepare(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Prepare an export of the whole practice for the recipient whose public file was pasted."""
    if request.method != "POST":
        return redirect("exports")
    key, reason = request.POST.get("key", ""), request.POST.get("reason", "").strip()
    try:
        recipient = read_recipient(key)
        visitor.client.prepare_export(
            visitor.token, recipient=recipient.name, public_key=recipient.public.to_bytes(), reason=reason
        )
    except RecipientError:
        return _page(
            request, visitor, wrong=_("Das ist nicht der Inhalt einer Datei NAME.pub."), key=key, reason=reason
        )
    except Refused:
        wrong = _("Es fehlt der Grund, oder es gibt keine Akte, die Sie ausgeben dürfen.")
        return _page(request, visitor, wrong=wrong, key=key, reason=reason)
    said = _("Vorbereitet. Eine Ärztin oder ein Arzt muss jetzt am eigenen Bildschirm zustimmen, binnen einer Stunde.")
    return _page(request, visitor, said=said)


@door(Action.EXPORT_CHARTS)
@hears("GET", "POST", form={"passphrase": LONGEST_PASSPHRASE}, says=(200, 302, 422))
def agree(request: HttpRequest, visitor: Visitor, order: UUID) -> HttpResponse:
    """Agree to a colleague's export."""
    if request.method != "POST":
        return redirect("exports")
    try:
        visitor.client.agree_export(visitor.token, order, passphrase=request.POST.get("passphrase", ""))
    except SignInRefused:
        return _page(request, visitor, about=order, wrong=_("Die Passphrase stimmt nicht."))
    return _page(request, visitor, said=_("Sie haben zugestimmt. Im Protokoll steht ein Alarm dazu."))


@door(Action.EXPORT_CHARTS)
@hears("GET", "POST", says=(200, 302), media=(HTML, BINARY))
def save(request: HttpRequest, visitor: Visitor, order: UUID) -> HttpResponse:
    """Send the sealed file; it is made while it is sent and lies nowhere on the server."""
    if request.method != "POST":
        return redirect("exports")
    wanted = next((one for one in visitor.client.exports(visitor.token) if one.order == order), None)
    if wanted is None or not (wanted.own and wanted.agreed):
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="export.arkanum"'}
    pieces = carrying.whole(visitor.client, visitor.token, wanted)
    # Django's streaming answer is no HttpResponse by type, and one in every way that a door needs.
    return cast("HttpResponse", StreamingHttpResponse(pieces, content_type=BINARY, headers=headers))


def _page(  # noqa: PLR0913 -- the one place that knows everything the page may show
    request: HttpRequest,
    visitor: Visitor,
    *,
    said: str = "",
    wrong: str = "",
    about: UUID | None = None,
    key: str = "",
    reason: str = "",
) -> HttpResponse:
    orders = [_row(one) for one in visitor.client.exports(visitor.token)]
    context = {"orders": orders, "said": said, "wrong": wrong, "about": about, "key": key, "reason": reason}
    return page(request, visitor, "copies/exports.html", status=422 if wrong else 200, **context)


def _row(order: ExportOrder) -> dict[str, object]:
    return {
        "order": order.order,
        "recipient": order.recipient,
        "fingerprint": grouped(order.fingerprint),
        "reason": order.reason,
        "patients": order.patients,
        "left_out": order.left_out,
        "by": order.by_name,
        "agreed_by": order.agreed_by_name,
        "own": order.own,
        "agreed": order.agreed,
    }
