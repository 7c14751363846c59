# SPDX-License-Identifier: MPL-2.0
"""Master data: a new patient, a changed one, and who else might be the same person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from arkanum.charts import patients
from arkanum.charts.errors import Conflict
from arkanum.core import AddressKind, InsuranceKind, Patient, Sex, check, options
from arkanum.guard import Action
from arkanum.web.doors import Visitor, door
from arkanum.web.hearing import DAY, hears
from arkanum.web.page import page
from arkanum.web.patients import forms
from arkanum.web.patients.hits import PatientRow, rows_of
from arkanum.web.patients.walls import Behind, behind

LIKELY_SAME = 5
FIELD_NAMES = {
    "number": "Patientennummer",
    "title": "Titel",
    "first": "Vorname",
    "prefix": "Vorsatzwort",
    "last": "Nachname",
    "suffix": "Namenszusatz",
    "birth": "Geburtsdatum",
    "sex": "Geschlecht",
    "desk_note": "Notiz für die Anmeldung",
    "died_on": "Verstorben am",
    "address": "Anschrift",
    "phone": "Telefon",
    "email": "E-Mail",
    "insurance": "Versicherung",
}
CHOICES = {"sexes": options(Sex), "address_kinds": options(AddressKind), "insurance_kinds": options(InsuranceKind)}


@door(Action.NEW_PATIENT)
@hears("GET", "POST", form={**forms.FIELDS, "sure": DAY}, says=(200, 302, 409, 422))
def new(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take in a new patient."""
    if request.method != "POST":
        return _form(request, visitor, forms.blank())
    today = timezone.localdate()
    form = forms.typed(request.POST)
    patient = forms.read(form, visitor.who.person, today)
    if patient is None:
        return _form(request, visitor, form, status=422)
    twins = [] if "sure" in request.POST else _twins(visitor, form, today)
    hints = [] if "sure" in request.POST else [hint.text for hint in check(patient)]
    if twins or hints:
        return _form(request, visitor, form, status=409, twins=twins, hints=hints)
    patient_id = patients.new(visitor.client, visitor.token, patient)
    return redirect("chart" if visitor.may(Action.READ_CHART) else "patient", patient=patient_id)


@door(Action.READ_PATIENT)
@hears("GET")
def show(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show the master data, ready to be changed."""
    file = patients.read(visitor.permit(patient))
    hints = [hint.text for hint in check(file.patient)]
    return _form(
        request,
        visitor,
        forms.of_patient(file.patient),
        patient=patient,
        base=file.version,
        hints=hints,
        wall=behind(visitor, patient),
    )


@door(Action.WRITE_PATIENT)
@hears("GET", "POST", form=forms.FIELDS, says=(302, 409, 422))
def write(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Save changed master data, unless somebody else saved meanwhile: then show both."""
    if request.method != "POST":
        return redirect("patient", patient=patient)
    form = forms.typed(request.POST)
    base = _version(request.POST.get("base", ""))
    changed = forms.read(form, visitor.who.person, timezone.localdate())
    if changed is None:
        return _form(request, visitor, form, patient=patient, base=base, status=422)
    grant = visitor.permit(patient)
    try:
        patients.write(visitor.client, grant, _with_origin(changed, patients.read(grant).patient), base)
    except Conflict as conflict:
        return _conflict(request, visitor, form, patient, conflict)
    return redirect("chart" if visitor.may(Action.READ_CHART) else "patient", patient=patient)


@door(Action.FIND_PATIENT)
@hears("POST", form=forms.FIELDS)
def twins(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show who of the practice might be the person that is just being typed in."""
    form = forms.typed(request.POST)
    return page(request, visitor, "patients/twins.html", twins=_twins(visitor, form, timezone.localdate()))


@door(Action.READ_PATIENT)
@hears("GET")
def versions(request: HttpRequest, visitor: Visitor, patient: UUID) -> HttpResponse:
    """Show every version of the master data, with who wrote it and when."""
    grant = visitor.permit(patient)
    files = patients.versions(grant)
    listed = [(file, grant.colleagues.get(file.patient.by, "")) for file in files]
    return page(request, visitor, "patients/versions.html", versions=listed, patient=patient)


def _twins(visitor: Visitor, form: forms.PatientForm, today: date) -> list[PatientRow]:
    plain = form.plain
    if not (plain["last"] and plain["first"]):
        return []
    text = f"{plain['last']} {plain['first']} {plain['birth']}".strip()
    found = visitor.client.search(visitor.token, text, limit=LIKELY_SAME)
    return rows_of(((hit.card, hit.why) for hit in found.hits), today)


def _with_origin(changed: Patient, current: Patient) -> Patient:
    return replace(changed, origin=current.origin, number=changed.number or current.number)


def _conflict(
    request: HttpRequest,
    visitor: Visitor,
    form: forms.PatientForm,
    patient: UUID,
    conflict: Conflict[patients.PatientFile],
) -> HttpResponse:
    """Show what the other person saved beside the form, which still holds what was typed."""
    theirs = forms.of_patient(conflict.current.patient)
    changed = [
        (name, theirs.plain[name], form.plain[name]) for name in forms.PLAIN if theirs.plain[name] != form.plain[name]
    ]
    changed += [
        (name, _as_text(theirs.lists[name]), _as_text(form.lists[name]))
        for name in forms.LISTS
        if theirs.lists[name] != form.lists[name]
    ]
    return _form(request, visitor, form, patient=patient, base=conflict.current.version, conflict=changed, status=409)


def _as_text(rows: list[forms.Row]) -> str:
    """Return the rows of a list as lines of text, for comparing."""
    return "\n".join(", ".join(value for value in row.values() if value) for row in rows)


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else 0


def _form(  # noqa: PLR0913 -- the one place that knows everything the form may show
    request: HttpRequest,
    visitor: Visitor,
    form: forms.PatientForm,
    *,
    patient: UUID | None = None,
    base: int = 0,
    status: int = 200,
    twins: list[PatientRow] | None = None,
    hints: list[str] | None = None,
    conflict: list[tuple[str, str, str]] | None = None,
    wall: Behind | None = None,
) -> HttpResponse:
    shown = {
        "form": form,
        "patient": patient,
        "base": base,
        "twins": twins or [],
        "hints": hints or [],
        "conflict": conflict or [],
        "wall": wall,
        "blank": forms.blank(),
        "field_names": FIELD_NAMES,
        **CHOICES,
    }
    return page(request, visitor, "patients/form.html", status=status, **shown)
