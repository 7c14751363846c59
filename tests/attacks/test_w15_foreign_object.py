# SPDX-License-Identifier: MPL-2.0
"""W15: a foreign object by its id. Every route, asked by every role, about objects that are not theirs.

The same is asked below the pages, of the guard itself. What counts is not only the status: no answer holds a word that
the person may not see, and nothing of what is not theirs has changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, path, reverse

from arkanum.charts import records
from arkanum.guard import Action, Role, finding, release, sessions
from arkanum.guard import protocol as p
from arkanum.guard.errors import GuardError
from arkanum.guard.founding import new_founding_code
from arkanum.guard.rings import wrapping_ring
from arkanum.guard.roles import RINGS_FOR_ACTION, Ring, WallKind
from arkanum.storage.models import Chart, Record
from arkanum.web import doors, urls
from tests.attacks.matrix import EXPECTED, NOBODY, ROLES, Expected, may_come_in, missing
from tests.attacks.twin import assert_red
from tests.cast import Colleague, Founded, found, new_patient
from tests.web.browser import Browser

REFUSALS = {400, 401, 403, 404, 405}
ABOUT = frozenset({"patient", "person", "device", "job"})
"""Kinds of objects that this world has foreign ones of."""

DESK = frozenset({Role.DOCTOR, Role.LOCUM, Role.ASSISTANT, Role.TRAINEE, Role.BILLING})
SHARED_DESK = DESK - {Role.DOCTOR, Role.LOCUM}
TREATS = frozenset({Role.DOCTOR, Role.LOCUM})
NAMES_IN_SEARCH = ("müller", "wallenrode", "gemeinholt", "nachbarin", "vergangen", "1965")

SECRETS: dict[str, frozenset[Role]] = {
    "Zustand nach Sturz": TREATS,
    "Traumatherapie": frozenset(),
    "Gelenkerguss": frozenset(),
    "Hafenkrankheit": frozenset(),
    "Verjaehrtes": frozenset(),
    "Müller": DESK,
    "Wallenrode": DESK,
    "Gemeinholt": SHARED_DESK,
    "Nachbarin": frozenset(),
    "Vergangen": frozenset(),
    "Praxis am Hafen": frozenset(),
}
"""Words that stand in names and entries, and the roles that may ever read them in an answer."""

LINE = {"line": "n Eintrag der Matrix", "base": "1"}
FORMS: dict[str, list[dict[str, str]]] = {
    "search": [{"text": text} for text in NAMES_IN_SEARCH],
    "hits": [{"text": text} for text in NAMES_IN_SEARCH],
    # The page repeats nothing of what was typed, so whatever stands in it was found.
    "patient-twins": [
        {"last": "Nachbarin", "first": "Dorothea", "birth": "3.4.1965"},
        {"last": "Gemeinholt", "first": "Gerda", "birth": "3.4.1965"},
        {"last": "Vergangen", "first": "Vera", "birth": "3.4.1965"},
    ],
    "patient-write": [{"last": "Eins", "first": "Anna", "birth": "3.4.1965", "sex": "W", "base": "0"}],
    "write": [LINE],
    "correct": [LINE],
    "strike": [{"reason": "falscher Patient", "base": "1"}],
    "emergency": [{"reason": "Patientin nicht ansprechbar, Allergien nötig"}],
}
"""What is sent with POST, so that a page comes as far as it can; an empty form elsewhere."""


@dataclass
class World:
    """A practice with everybody in it, another one beside it, and objects of every kind in both."""

    founded: Founded
    people: dict[Role, Colleague]
    ids: dict[str, dict[str, UUID]]
    entries: dict[UUID, UUID]
    routes: frozenset[str] | None = None
    """Only these are asked; all when left out."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    def browser(self, role: Role | str) -> Browser:
        return Browser() if role == NOBODY else Browser().sit_down(self.people[Role(role)].token)


@pytest.fixture
def world(founded, ada, ben, cora, dan, tilda, rita, dora, guard) -> World:
    """Greta is the doctor who asks; Ada, who built the walls, stays signed in, so every ring is open in the guard."""
    greta = founded.add("Dr. Greta Holm", "greta", Role.DOCTOR)
    bea = founded.add("Bea Behrens", "bea", Role.BILLING)
    walled, shared, erased = _behind_walls(ada)
    new_founding_code(guard)
    beside = found(guard, name="Praxis am Hafen", login="hafen").ada
    theirs = new_patient(beside, "Nachbarin", "Dorothea")
    beside.write(theirs, "Hafenkrankheit")
    unknown = uuid4()
    return World(
        founded=founded,
        people={
            Role.DOCTOR: greta,
            Role.LOCUM: ben,
            Role.ASSISTANT: cora,
            Role.TRAINEE: tilda,
            Role.BILLING: bea,
            Role.ADMINISTRATOR: dan,
            Role.AUDITOR: rita,
        },
        ids={
            "patient": {
                "own": dora,
                "walled": walled,
                "shared": shared,
                "erased": erased,
                "unknown": unknown,
                "other practice": theirs,
            },
            "person": {"own": bea.person, "unknown": unknown, "other practice": beside.person},
            "device": {"own": ada.who.device, "unknown": unknown, "other practice": beside.who.device},
            "session": {"unknown": unknown, "other practice": beside.client.own_sessions(beside.token)[0].session},
            "job": {"unknown": unknown, "other practice": theirs},
        },
        entries={row.chart.patient_id: row.record_id for row in Record.objects.select_related("chart").all()},
    )


def _behind_walls(ada: Colleague) -> tuple[UUID, UUID, UUID]:
    walled, erased = new_patient(ada, "Wallenrode", "Wilma"), new_patient(ada, "Vergangen", "Vera")
    ada.write(walled, "Traumatherapie")
    ada.write(erased, "Verjaehrtes")
    Record.objects.filter(chart__patient_id=erased).delete()
    Chart.objects.filter(patient_id=erased).delete()
    ada.client.make_wall(ada.token, name="Psychotherapie", kind=WallKind.RESTRICTED, emergency=False)
    wall = ada.client.walls(ada.token).walls[0].ring
    ada.client.put_behind(ada.token, walled, wall)
    ada.client.make_wall(ada.token, name="Praxis Lovelace", kind=WallKind.COMMUNITY, emergency=False)
    shared = new_patient(ada, "Gemeinholt", "Gerda")
    ada.write(shared, "Gelenkerguss")
    return walled, shared, erased


# --- the attack on the pages -----------------------------------------------------------------------------------------


def attack_pages(world: World) -> None:
    """Ask every route as every role about every object, and collect what should not have been answered."""
    _forget_the_erased(world)
    routes = {str(route.name): route for route in doors.routes()}
    assert missing(set(routes)) == ""
    before = _untouchable(world)
    for name, expected in EXPECTED.items():
        if world.routes is None or name in world.routes:
            for role in ROLES:
                for kind, address in _addresses(world, routes[name], expected):
                    _ask(world, Asked(name, expected, role, kind), address)
    assert world.wrong == []
    assert _untouchable(world) == before, "something that is nobody's here was changed"


def _forget_the_erased(world: World) -> None:
    """Take the erased patient out of memory as well, as an erasure does."""
    practice = world.founded.guard.opened[world.founded.ada.who.practice]
    practice.directory.names().drop(world.ids["patient"]["erased"])


def _addresses(world: World, route, expected: Expected) -> Iterator[tuple[str, str]]:
    kinds: dict[str, UUID | None] = {"": None, **world.ids.get(expected.about, {})}
    if expected.about in world.ids:
        del kinds[""]
    for kind, object_id in kinds.items():
        parts = {part: _part(world, part, expected, object_id) for part in route.pattern.converters}
        yield kind, reverse(route.name, kwargs=parts)


def _part(world: World, part: str, expected: Expected, object_id: UUID | None) -> str:
    if part == expected.about and object_id is not None:
        return str(object_id)
    if part == "record" and object_id in world.entries:
        return str(world.entries[object_id])
    return {"name": "start", "deed": "start", "wall": "00000000"}.get(part, str(uuid4()))


@dataclass(frozen=True)
class Asked:
    """One role at one route, about one object or none."""

    name: str
    expected: Expected
    role: Role | str
    kind: str

    @property
    def comes_in(self) -> bool:
        return may_come_in(self.role, self.expected.action)

    @property
    def about_foreign(self) -> bool:
        return self.expected.about in ABOUT and not self.expected.open_page and not _is_theirs(self)

    def complaints(self, method: str, response) -> Iterator[str]:
        """Yield what is wrong with an answer."""
        status = response.status_code
        if status >= 500:
            yield "an error"
        if not self.comes_in and not _turned_away(response, self.role):
            yield "came in"
        if self.comes_in and self.about_foreign and status not in REFUSALS and not _only_moves_on(response):
            yield "a foreign object"
        if self.comes_in and _is_theirs(self) and method == "GET" and status in {401, 403}:
            yield "refused what is allowed"
        body = response.content.decode(errors="replace") + str(response.headers)
        if seen := [word for word, roles in SECRETS.items() if word in body and self.role not in roles]:
            yield f"shows {seen}"


def _ask(world: World, asked: Asked, address: str) -> None:
    browser = world.browser(asked.role)
    for method, form in _questions(world, asked.name):
        if method == "POST" and asked.expected.lasting and asked.comes_in and _is_theirs(asked):
            continue
        response = getattr(browser, method.lower())(address, form)
        world.asked += 1
        where = f"{method} {asked.name} as {asked.role} ({asked.kind or 'no object'}): {response.status_code}"
        world.wrong += [f"{where}: {complaint}" for complaint in asked.complaints(method, response)]
    if asked.role != NOBODY and asked.comes_in and asked.expected.action is not None:
        _require_still_here(world, asked.name, Role(asked.role))


def _is_theirs(asked: Asked) -> bool:
    """Tell whether the object of a question belongs to those who may ask it."""
    if asked.kind in {"", "own"}:
        return True
    opens_chart = asked.expected.action is not None and Ring.TREATMENT in RINGS_FOR_ACTION[asked.expected.action]
    if asked.kind == "walled":
        return not opens_chart
    return asked.kind == "shared" and not opens_chart and asked.role in SHARED_DESK


def _questions(world: World, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield "GET", {}
    if name == "patient-wall":
        walls = world.founded.guard.opened[world.founded.ada.who.practice].walls
        yield from (("POST", {"wall": wall}) for wall in ("", *(walls.rows if walls else ())))
    else:
        yield from (("POST", form) for form in FORMS.get(name, [{}]))


def _turned_away(response, role) -> bool:
    if role == NOBODY:
        home = response.status_code == 302 and response.headers["Location"] == "/anmelden" and not response.content
        return home or response.status_code in REFUSALS
    return response.status_code in REFUSALS


def _only_moves_on(response) -> bool:
    """Tell whether an answer is an empty redirect: that a page takes forms only is no secret."""
    return response.status_code in {302, 303} and not response.content


def _require_still_here(world: World, name: str, role: Role) -> None:
    try:
        world.people[role].client.who(world.people[role].token)
    except GuardError:
        raise AssertionError(f"{name} ended the session of {role}: its line in EXPECTED is `lasting=True`") from None


def _untouchable(world: World) -> list[bytes]:
    """Return every row that nobody of this matrix may change: the other practice's, and charts behind walls."""
    mine = world.founded.ada.who.practice
    walled = {world.ids["patient"]["walled"], world.ids["patient"]["shared"]}
    rows = [
        f"{row.id} {row.wall} {row.length}".encode() + row.key.to_storage() + row.head.to_storage()
        for row in Chart.objects.order_by("id")
        if row.practice_id != mine or (row.patient_id in walled and row.ring == Ring.TREATMENT)
    ]
    for model in ("Person", "Device"):
        for row in apps.get_model("storage", model).objects.exclude(practice_id=mine).order_by("id"):
            body = row.body if model == "Person" else row.site
            rows.append(row.id.bytes + body.to_storage())
    return rows


# --- the attack below the pages --------------------------------------------------------------------------------------


def attack_guard(world: World) -> None:
    """Ask the guard itself for every action on every patient, and read with whatever comes out."""
    for role, colleague in world.people.items():
        for action in Action:
            for kind, patient in world.ids["patient"].items():
                asked = Asked("", Expected(action, "patient"), role, kind)
                got = _released(colleague, action, patient)
                world.asked += 1
                if got and not (asked.comes_in and _is_theirs(asked)):
                    world.wrong.append(f"{action} as {role} ({kind}): {got}")
        for ask in _other_questions(world, colleague):
            world.asked += 1
            if ask():
                world.wrong.append(f"{role} got {ask.__name__}")
    assert world.wrong == []


def _released(colleague: Colleague, action: Action, patient: UUID) -> list[str]:
    if action in {Action.NEW_PATIENT, Action.IMPORT_RECORDS} and not Chart.objects.filter(
        patient_id=patient, practice_id=colleague.who.practice
    ):
        return []  # an id of nobody's becomes a new patient's; W16 looks at the rows of the other practice
    try:
        grant = colleague.client.permit(colleague.token, action, patient=patient)
    except GuardError:
        return []
    found_in = [str(entry) for entry in records.read(grant).entries] if grant.has(Ring.TREATMENT) else []
    return [*(str(ring) for ring in Ring if grant.has(ring)), *found_in]


def _other_questions(world: World, colleague: Colleague) -> list[Callable[[], object]]:
    """Return further ways to the same objects; each gives something only if it went wrong."""
    client, token, ids = colleague.client, colleague.token, world.ids["patient"]
    hidden = {ids["other practice"], ids["erased"], ids["unknown"]}
    if colleague.who.role not in SHARED_DESK:
        hidden.add(ids["shared"])

    def cards() -> bool:
        return bool(_answer(lambda: client.cards(token, sorted(hidden))))

    def hits() -> bool:
        hits = [_answer(lambda text=text: client.search(token, text).hits) or () for text in NAMES_IN_SEARCH]
        return any(hit.card.patient in hidden for one in hits for hit in one)

    def batch() -> bool:
        return bool(
            _answer(lambda: client.permit_batch(token, Action.IMPORT_RECORDS, patients=[ids["walled"]]))
            or _answer(lambda: client.permit_batch(token, Action.IMPORT_RECORDS, patients=[ids["shared"]]))
        )

    def glass() -> bool:
        return any(
            _answer(lambda one=one: client.ask(_broken(token, ids[one]), p.Done)) is not None
            for one in ("walled", "shared", "erased", "unknown", "other practice")
        )

    def walls() -> bool:
        told = _answer(lambda: client.walls(token, ids["walled"]))
        return bool(told and told.behind)

    return [cards, hits, batch, glass, walls]


def _broken(token: bytes, patient: UUID) -> p.BreakGlass:
    return p.BreakGlass(token=token, patient=patient, reason="Patientin nicht ansprechbar, Allergien nötig")


def _answer(ask):
    try:
        return ask()
    except GuardError:
        return None


# --- on the product --------------------------------------------------------------------------------------------------


def test_no_route_gives_any_role_an_object_that_is_not_theirs(world, capsys):
    attack_pages(world)

    assert world.asked >= 2000
    with capsys.disabled():
        sys.stdout.write(f"\nW15: {world.asked} requests, {len(EXPECTED)} routes, {len(ROLES)} roles: 0 unexpected\n")


@pytest.mark.postgresql
def test_the_guard_itself_gives_no_role_an_object_that_is_not_theirs(world, capsys):
    _forget_the_erased(world)
    attack_guard(world)

    with capsys.disabled():
        sys.stdout.write(f"\nW15: {world.asked} questions to the guard: 0 unexpected\n")


def test_a_route_without_an_expectation_says_where_to_write_it():
    said = missing({*EXPECTED, "report"})

    assert '"report": Expected(' in said
    assert "tests/attacks/matrix.py" in said


# --- on weakened twins -----------------------------------------------------------------------------------------------


def _without_walls(monkeypatch) -> None:
    """A guard that forgets the wall's check and takes whatever ring is open in it."""
    monkeypatch.setattr(release, "require_reach", lambda *_: None)
    monkeypatch.setattr(release, "keys_for", lambda session, chart: session.practice.rings[wrapping_ring(chart)])


def _without_roles(monkeypatch) -> None:
    """A guard that asks neither role nor rings, and takes whatever ring is open in it."""
    monkeypatch.setattr(sessions.Session, "require", lambda *_: None)
    monkeypatch.setattr(release, "require_reach", lambda *_: None)
    monkeypatch.setattr(release, "keys_for", lambda session, chart: session.practice.rings[wrapping_ring(chart)])


def test_the_attack_finds_a_guard_without_walls(world, monkeypatch):
    _without_walls(monkeypatch)

    world.routes = frozenset({"chart"})
    assert_red(attack_pages, world)
    world.wrong.clear()
    assert_red(attack_guard, world)


def test_the_attack_finds_a_guard_without_roles(world, monkeypatch):
    _without_roles(monkeypatch)

    assert_red(attack_guard, world)


def test_the_attack_finds_a_search_without_walls(world, monkeypatch):
    monkeypatch.setattr(finding, "unseen_by", lambda _: None)

    world.routes = frozenset({"hits"})
    assert_red(attack_pages, world)


def _instead_of(view) -> ModuleType:
    """Return the product's routes with another page for the chart."""
    twin = ModuleType("twin")
    others = [route for route in urls.urlpatterns if route.name != "chart"]
    twin.urlpatterns = [*others, path("kartei/<uuid:patient>", view, name="chart")]
    for code in (400, 403, 404, 500):
        setattr(twin, f"handler{code}", getattr(urls, f"handler{code}"))
    return twin


def test_the_attack_finds_a_page_that_reads_without_a_permit_of_its_own(world, ada):
    @doors.door(Action.READ_PATIENT)
    def careless(request, visitor, patient):
        chart = records.read(ada.grant(Action.READ_CHART, patient))
        return HttpResponse("".join(str(line.entry.content) for line in chart.entries))

    world.routes = frozenset({"chart"})
    with override_settings(ROOT_URLCONF=_instead_of(careless)):
        clear_url_caches()
        assert_red(attack_pages, world)
    clear_url_caches()


def test_the_cast_of_the_matrix_is_everybody(world):
    assert set(world.people) == set(Role)
