# SPDX-License-Identifier: MPL-2.0
"""Lists of many patients: choose whom and why, give the pass phrase, get the list on screen and paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from arkanum.core import label, options
from arkanum.core.patients import Address, InsuranceKind, Phone
from arkanum.guard import Action
from arkanum.guard.errors import GuardError, ListsUsedUp, ListTooLong, NothingPicked, ReasonMissing, SignInRefused
from arkanum.guard.protocol import Criteria, ListedPatient
from arkanum.guard.purposes import Purpose
from arkanum.web.doors import Visitor, door
from arkanum.web.german import day
from arkanum.web.hearing import DAY, LONGEST_PASSPHRASE, hears
from arkanum.web.page import page

LONGEST_REASON = 300
LAST_MONTH = 12
LONGEST_YEAR = 4
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
EMPTY = {"month": "", "born_from": "", "born_until": "", "insurance": "", "missing": "", "reason": ""}
NOTHING_WRONG = dict.fromkeys(("pick", "years", "reason", "passphrase"), "")
FORM = dict.fromkeys(EMPTY, DAY) | {"reason": LONGEST_REASON, "passphrase": LONGEST_PASSPHRASE}
WRONG: Mapping[type[GuardError], tuple[str, str]] = {
    SignInRefused: ("passphrase", "Die Passphrase stimmt nicht. Es wurde keine Liste erstellt."),
    ReasonMissing: ("reason", "Bitte sagen Sie in ein paar Worten, wofür die Liste ist."),
    NothingPicked: ("pick", "Bitte wählen Sie mindestens ein Merkmal."),
    ListTooLong: ("pick", "Das wären zu viele: eine Liste hat höchstens 500 Patienten. Bitte enger wählen."),
    ListsUsedUp: ("pick", "Für heute haben Sie zehn Listen erstellt; mehr gibt es an einem Tag nicht."),
}
"""Beside which field what the guard says stands, and in which words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is read."""

    number: str
    name: str
    birth: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    address: tuple[str, ...]
    kind: str
    payer: str
    insurance_number: str


@door(Action.LIST_RECALL)
@hears("GET", "POST", form=FORM, says=(200, 422))
def recall(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make a list of whom to call or to write to."""
    return _answer(request, visitor, Purpose.RECALL)


@door(Action.LIST_BILLING)
@hears("GET", "POST", form=FORM, says=(200, 422))
def billing(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Make a list for billing."""
    return _answer(request, visitor, Purpose.BILLING)


def _answer(request: HttpRequest, visitor: Visitor, purpose: Purpose) -> HttpResponse:
    if request.method != "POST":
        return _form(request, visitor, purpose, EMPTY)
    typed = {name: request.POST.get(name, "").strip() for name in EMPTY}
    criteria = _criteria(purpose, typed)
    if criteria is None:
        return _form(request, visitor, purpose, typed, wrong=("years", _("Bitte ein Jahr mit vier Ziffern eingeben.")))
    secret = request.POST.get("passphrase", "")
    try:
        begun = visitor.client.begin_purpose(
            visitor.token, purpose, criteria=criteria, reason=typed["reason"], passphrase=secret
        )
    except tuple(WRONG) as error:
        where, sentence = WRONG[type(error)]
        return _form(request, visitor, purpose, typed, wrong=(where, _(sentence)))
    lines = visitor.client.listed(visitor.token, begun)
    return page(
        request,
        visitor,
        "lists/list.html",
        recall=purpose is Purpose.RECALL,
        rows=[_row(one) for one in lines],
        picked=_said(criteria),
        reason=typed["reason"],
        made_on=day(timezone.localdate()),
    )


def _form(
    request: HttpRequest,
    visitor: Visitor,
    purpose: Purpose,
    typed: Mapping[str, str],
    *,
    wrong: tuple[str, str] = ("", ""),
) -> HttpResponse:
    return page(
        request,
        visitor,
        "lists/form.html",
        status=422 if wrong[0] else 200,
        recall=purpose is Purpose.RECALL,
        typed=typed,
        wrong=NOTHING_WRONG | {wrong[0]: wrong[1]},
        months=[(str(number), name) for number, name in enumerate(MONTHS, 1)],
        insurance_kinds=options(InsuranceKind),
    )


def _criteria(purpose: Purpose, typed: Mapping[str, str]) -> Criteria | None:
    """Return what was chosen, or nothing where a year is none; what no field offers counts as not chosen."""
    years = [typed["born_from"], typed["born_until"]]
    if not all(_is_number(year) and len(year) == LONGEST_YEAR for year in years if year):
        return None
    month = int(typed["month"]) if _is_number(typed["month"]) else 0
    kinds = {kind.value: kind for kind in InsuranceKind}
    return Criteria(
        birth_month=month if month <= LAST_MONTH else 0,
        born_from=int(years[0] or 0),
        born_until=int(years[1] or 0),
        insurance=kinds.get(typed["insurance"]),
        phone_missing=purpose is Purpose.RECALL and bool(typed["missing"]),
        insurance_missing=purpose is Purpose.BILLING and bool(typed["missing"]),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _said(criteria: Criteria) -> str:
    """Return the criteria as they stand above the list."""
    parts = [
        _("geboren im %(month)s") % {"month": MONTHS[criteria.birth_month - 1]} if criteria.birth_month else "",
        _("Jahrgang ab %(year)s") % {"year": criteria.born_from} if criteria.born_from else "",
        _("Jahrgang bis %(year)s") % {"year": criteria.born_until} if criteria.born_until else "",
        label(criteria.insurance) if criteria.insurance else "",
        _("ohne Telefonnummer") if criteria.phone_missing else "",
        _("ohne gültige Versicherung oder Nummer") if criteria.insurance_missing else "",
    ]
    return ", ".join(part for part in parts if part)


def _row(one: ListedPatient) -> Row:
    return Row(
        number=one.number,
        name=one.name,
        birth=one.birth.german() if one.birth else "",
        phones=tuple(_phone(phone) for phone in one.phones if phone.number),
        emails=one.emails,
        address=_address(one.address),
        kind=label(one.insurance_kind) if one.insurance_kind else "",
        payer=one.payer,
        insurance_number=one.insurance_number,
    )


def _phone(phone: Phone) -> str:
    return f"{phone.number} ({phone.label})" if phone.label else phone.number


def _address(address: Address | None) -> tuple[str, ...]:
    """Return an address as the lines of an envelope."""
    if address is None:
        return ()
    place = f"{address.postcode} {address.town}".strip()
    abroad = address.country if address.country not in {"", "D"} else ""
    lines = (f"{address.street} {address.house_no}".strip(), address.extra, place, abroad)
    return tuple(line for line in lines if line)
