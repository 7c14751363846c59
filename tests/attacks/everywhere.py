# SPDX-License-Identifier: MPL-2.0
"""Every route, asked by every role, in a practice whose every field holds a word that stands nowhere else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.urls import URLPattern, reverse

from arkanum.charts import patients, records
from arkanum.core.entries import Caution, Diagnosis, Medication, Note
from arkanum.core.patients import Address, AddressKind, Insurance, InsuranceKind, Name, Phone
from arkanum.guard import Action, Role
from arkanum.guard.errors import GuardError
from arkanum.storage.models import Throttle
from arkanum.web import assets, doors
from arkanum.web.hearing import HTML, heard_by
from tests.cast import Colleague, Founded, master_data, note
from tests.web.browser import HTMX, Browser

LETTERS = "bcdfghklmnprstvwz"

MASTER = ("first", "last", "title", "prefix", "suffix", "street", "extra", "town", "phone", "label", "email", "payer")
CHART = ("diagnosis", "note", "medication", "caution", "reason")
PEOPLE = ("person", "login")

DESTROYS = {"seal", "sign-out", "staff-leave", "staff-restore", "staff-role", "devices-remove", "account", "recover"}
"""What would end the sessions or the people that the others are asked with."""


@dataclass
class House:
    """A practice full of planted words, with somebody of each role at a screen."""

    founded: Founded
    people: dict[str, Colleague]
    words: dict[str, str]
    known: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    """Names of the routes that are asked; all of them when it is empty."""


@dataclass(frozen=True)
class Asked:
    """One question and its answer."""

    who: str
    actions: frozenset[Action] | None
    method: str
    route: URLPattern
    address: str
    response: HttpResponse = field(repr=False)

    @property
    def place(self) -> str:
        return f"{self.who} {self.method} {self.route.name} ({self.response.status_code})"


def planted(founded: Founded) -> House:
    """Fill a practice: one patient, one of each kind of entry, somebody of each role, two devices."""
    words = _words([*MASTER, *CHART, *PEOPLE, "device", "desk_note"])
    name = Name(**{part: words[part] for part in ("first", "last", "title", "prefix", "suffix")})
    home = Address(kind=AddressKind.HOME, street=words["street"], extra=words["extra"], town=words["town"])
    insurance = Insurance(kind=InsuranceKind.PRIVATE, payer=words["payer"])
    phone = Phone(number=words["phone"], label=words["label"])
    whole = {"addresses": (home,), "insurance": (insurance,), "phones": (phone,), "emails": (words["email"],)}
    ada = founded.ada
    patient = patients.new(
        ada.client, ada.token, replace(master_data(), name=name, desk_note=words["desk_note"], **whole)
    )
    record = _fill_chart(ada, patient, words)
    founded.add(words["person"], words["login"], Role.ADMINISTRATOR)
    founded.client.invite_device(ada.token, name=words["device"])
    # A copy at this screen: the session that later questions end is not the one that the test itself holds.
    people = {"doctor": ada.sign_in()}
    for role in Role:
        if role is not Role.DOCTOR:
            until = date.today() + timedelta(days=9) if role.value in {"locum", "auditor"} else None  # noqa: DTZ011
            people[role.value] = founded.add(f"Frau {role.value}", f"x-{role.value}", role, until=until)
    other = next(one for one in ada.client.staff(ada.token).members if one.login == words["login"])
    device = next(one for one in ada.client.devices(ada.token).devices if not one.own)
    known = {"patient": str(patient), "record": str(record), "person": str(other.person), "device": str(device.device)}
    known |= {"name": next(iter(assets.manifest().values())), "deed": "weiter"}
    values = {"text": words["last"], "line": "n nichts", "first": words["first"], "last": words["last"], "sex": "W"}
    return House(founded, people, words, known, values | {"device_name": "Neu", "base": "1", "key": "1"})


def _words(names: list[str]) -> dict[str, str]:
    chance = random.Random(311)
    return {name: "".join(chance.choice(LETTERS) for _ in range(11)) for name in names}


def _fill_chart(ada: Colleague, patient: UUID, words: Mapping[str, str]) -> UUID:
    contents = (
        Diagnosis(code="J06.9", text=words["diagnosis"], permanent=True),
        Note(text=words["note"]),
        Medication(name=words["medication"], permanent=True),
        Caution(text=words["caution"]),
    )
    for content in contents:
        entry = replace(note(""), content=content)
        line = records.write(ada.client, ada.grant(Action.WRITE_CHART, patient), entry)
    struck = ada.write(patient, "gestrichen")
    records.strike(ada.client, ada.grant(Action.WRITE_CHART, patient), struck.record, 1, words["reason"])
    return line.record


def address_of(route: URLPattern, known: Mapping[str, str]) -> str:
    """Return an address of a route that leads to what was planted."""
    parts = {part: known.get(part, str(uuid4())) for part in route.pattern.converters}
    return reverse(route.name, kwargs=parts)


def ask_everywhere(
    house: House, *, query: str = "", headers: Mapping[str, str] | None = None, methods: str = "GET POST HTMX"
) -> Iterator[Asked]:
    """Ask every route as everybody, and as a stranger, in each of its ways."""
    for who in (*house.people, "stranger"):
        for route in doors.routes():
            if house.only and route.name not in house.only:
                continue
            heard = heard_by(route.callback)
            ways = ("GET", "HTMX") if "GET" in heard.methods else ()
            if "POST" in heard.methods and route.name not in DESTROYS:
                ways += ("POST",)
            for way in ways:
                if way in methods.split():
                    yield _ask(house, who, route, way, query, headers or {})


def _ask(house: House, who: str, route: URLPattern, way: str, query: str, headers: Mapping[str, str]) -> Asked:
    heard = heard_by(route.callback)
    browser, actions = _at_screen(house, who)
    address = address_of(route, house.known) + query
    extra = {**headers, **(HTMX if way == "HTMX" else {})}
    if way != "POST":
        response = browser.get(address, headers=extra)
    elif heard.body == "form":
        fields = {name.replace("-N-", "-0-"): house.values.get(name, "x") for name in heard.form}
        response = browser.post(
            address, {name: value[: heard.form.get(name, 9)] for name, value in fields.items()}, headers=extra
        )
    else:
        response = browser.generic("POST", address, b"x", content_type=heard.body, headers=extra)
    return Asked(who, actions, way, route, address, response)


def _at_screen(house: House, who: str) -> tuple[Browser, frozenset[Action] | None]:
    if who == "stranger":
        return Browser(), None
    colleague = house.people[who]
    try:
        actions = colleague.client.who(colleague.token).actions
    except GuardError:
        colleague = back(house, who)
        actions = colleague.who.actions
    return Browser().sit_down(colleague.token), actions


def back(house: House, who: str) -> Colleague:
    """Sign somebody in again; the wrong tries that a route was asked to make are forgiven."""
    Throttle.objects.all().delete()
    colleague = house.people[who] = house.people[who].sign_in()
    return colleague


def said(asked: Asked) -> bytes:
    """Return everything of an answer but the two cookies that carry secrets to the browser they belong to."""
    response = asked.response
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return b"\n".join((headers.encode(), response.content))


def is_page(asked: Asked) -> bool:
    """Tell whether the answer was made from a template."""
    return asked.response.headers.get("Content-Type") == HTML
