# SPDX-License-Identifier: MPL-2.0
"""W13: the client switches encryption off. Whatever it sends: rows stay sealed, headers and cookies as they are."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import pytest
from django.db import connection
from django.test import override_settings

from arkanum.charts.errors import RecordDamaged
from arkanum.guard import Role, wire
from arkanum.guard import protocol as p
from arkanum.guard.errors import Damaged
from arkanum.guard.people import cost_of
from arkanum.storage.charts import records_of
from arkanum.storage.models import Chart, Practice
from arkanum.vault import VaultError
from arkanum.vault.header import FORMAT
from arkanum.web import cookies, middleware
from arkanum.web.chart import views as chart_views
from tests.attacks.everywhere import House, ask_everywhere, planted
from tests.attacks.thief import plain_cells
from tests.attacks.twin import assert_red
from tests.web.browser import Browser

OFF = ("plain", "encryption", "encrypt", "sealed", "tls", "secure", "debug", "format", "version", "v", "legacy")
VALUES = ("1", "0", "off", "none", "false", "plain", "null")
QUERIES = tuple(f"?{'&'.join(f'{name}={value}' for name in OFF)}" for value in VALUES)
HEADERS: tuple[Mapping[str, str], ...] = (
    {"X-Encryption": "off", "X-Plain": "1", "X-Debug": "1", "X-Arkanum-Format": "0", "X-API-Version": "0"},
    {"X-Forwarded-Proto": "http", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "a.example", "X-Real-IP": "::1"},
    {"Accept": "application/json", "Accept-Encoding": "identity", "Upgrade-Insecure-Requests": "0", "DNT": "0"},
    {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT", "X-Requested-With": "XMLHttpRequest"},
    {"HX-Request": "true", "HX-Boosted": "true", "HX-History-Restore-Request": "true", "HX-Target": "main"},
    {"Cookie": "plain=1; encryption=off; format=0; debug=1"},
)
WORD = "kanarienvogelsturz"


@dataclass
class Product:
    """A practice, and the ways in which somebody asks it to protect less."""

    house: House
    wishes: tuple[tuple[str, Mapping[str, str]], ...]


@pytest.fixture
def product(founded):
    """A practice that is asked for less protection, in every way we could think of."""
    return Product(planted(founded), (*((query, {}) for query in QUERIES), *(("", headers) for headers in HEADERS)))


def attack(product: Product) -> None:
    """Ask for less protection everywhere, write with the same wish, and look at every answer, cookie, row and cell."""
    house = product.house
    # One wish on all routes at once would hide none of the others: each route hears all of them together.
    together = {name: value for headers in HEADERS for name, value in headers.items() if name != "Cookie"}
    weak = [*_unprotected(house, QUERIES[0], {}), *_unprotected(house, QUERIES[2], together)]
    for query, headers in product.wishes:
        weak += _written(house, query, headers)
    assert weak + _open_cells() == []


def _unprotected(house: House, query: str, headers: Mapping[str, str]) -> list[str]:
    """Return every protecting header and cookie that is not as it must be, by where."""
    weak = []
    for asked in ask_everywhere(house, query=query, headers=headers, methods="GET"):
        answer, cached = asked.response, asked.route.name == "asset"
        weak += [
            f"{asked.place}: {name}"
            for name, value in middleware.HEADERS.items()
            if answer.headers.get(name) != value and not (cached and name == "Cache-Control")
        ]
        weak += [f"{asked.place}: {name}" for name, one in answer.cookies.items() if not _is_closed(name, one)]
    return weak


def _is_closed(name: str, morsel: Mapping[str, object]) -> bool:
    flags = all(morsel[flag] for flag in ("secure", "httponly")) and morsel["samesite"] == "Strict"
    return bool(flags and not morsel["domain"] and name.startswith(("__Host-", "__Secure-")))


def _written(house: House, query: str, headers: Mapping[str, str]) -> list[str]:
    """Write into the chart, take in a patient and sign in, each with the wish; return the open cookies."""
    ada = house.people["doctor"]
    browser = Browser().sit_down(ada.token)
    own = {name: value for name, value in headers.items() if name != "Cookie"}
    wish = dict.fromkeys(OFF, "off")
    browser.post(f"/kartei/{house.known['patient']}/eintrag{query}", {"line": f"n {WORD}", **wish}, headers=own)
    form = {"first": WORD, "last": WORD, "sex": "W", "birth": "1.1.1970", "sure": "yes", **wish}
    browser.post(f"/patient/neu{query}", form, headers=own)
    at_door = Browser().own_device(ada.device_secret)
    for name in {*OFF} - {"secure", "version"} if "Cookie" in headers else ():
        at_door.cookies[name] = "off"
    answer = at_door.post(f"/anmelden{query}", {"login": ada.login, "passphrase": ada.passphrase, **wish}, headers=own)
    names = {cookies.SESSION, cookies.DEVICE}
    assert names <= set(answer.cookies.keys())
    return [f"sign-in: {name}" for name in names if not _is_closed(name, answer.cookies[name])]


def _open_cells() -> list[str]:
    """Return every cell that holds the planted word, and every record that is not of today's format."""
    cells = [f"{table}.{column}" for table, column, value in plain_cells() if WORD.encode() in _raw(value)]
    bodies = [row[4].to_storage() for chart in Chart.objects.all() for row in records_of(chart.id)]
    assert len(bodies) > 10
    return cells + ["record" for body in bodies if body[1] != FORMAT]


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_no_parameter_header_or_cookie_changes_what_protects(product):
    assert len(product.wishes) >= 12
    assert len(QUERIES) * len(OFF) + sum(len(one) for one in HEADERS) > 90
    attack(product)


def test_a_question_with_fields_that_ask_for_less_is_the_question_without_them(founded, ada):
    plain = msgspec.msgpack.decode(msgspec.msgpack.encode(p.AskStaff(token=ada.token)))
    wishful = {**plain, **dict.fromkeys(OFF, 0), "keys": "all", "role": "doctor"}

    question = wire._decode(wire._QUESTIONS, msgspec.msgpack.encode(wishful))

    assert question == p.AskStaff(token=ada.token)


@pytest.mark.parametrize("missing", ["token", "type"])
def test_a_question_of_an_older_shape_is_no_question(ada, missing):
    plain = msgspec.msgpack.decode(msgspec.msgpack.encode(p.AskStaff(token=ada.token)))
    del plain[missing]

    with pytest.raises(wire.WireBroken):
        wire._decode(wire._QUESTIONS, msgspec.msgpack.encode(plain))


@pytest.mark.parametrize("older", [0, 2, 0x7F, 0xFF])
def test_an_envelope_that_calls_itself_another_format_does_not_open(ada, dora, older):
    for table in ("storage_record", "storage_chart"):
        _rewrite_format(table, older)

    with pytest.raises((Damaged, RecordDamaged, VaultError)):
        ada.chart(dora)


def _rewrite_format(table: str, version: int) -> None:
    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        for column in {"body", "key"} & set(columns):
            cursor.execute(f'SELECT id, "{column}" FROM "{table}"')  # noqa: S608 - names of our own tables
            for row, raw in cursor.fetchall():
                changed = bytes(raw)[:1] + struct.pack("B", version) + bytes(raw)[2:]
                cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [changed, row])  # noqa: S608


def test_a_cheaper_pass_phrase_in_the_open_columns_is_not_believed(founded, ada):
    (practice,) = founded.guard.opened.values()
    before = cost_of(practice.site, practice.id)
    Practice.objects.update(argon2_memory_kib=8, argon2_passes=1, argon2_lanes=1)

    after = cost_of(practice.site, practice.id)
    cora = founded.add("Cora Feddersen", "cora", Role.ASSISTANT)

    assert after == before
    assert cora.sign_in().who.name == "Cora Feddersen"


# --- weakened twins --------------------------------------------------------------------------------------------------


def obliging(get_response):
    """Leave the policy out for whoever asks for it."""

    def answer(request):
        response = middleware.headers(get_response)(request)
        if request.GET.get("plain") or request.headers.get("X-Encryption") == "off":
            del response.headers["Content-Security-Policy"]
        return response

    return answer


def test_the_attack_finds_a_header_that_goes_with_a_parameter(product, settings):
    weak = [f"{__name__}.obliging", *settings.MIDDLEWARE[1:]]
    product.house.only = frozenset({"sealed"})
    with override_settings(MIDDLEWARE=weak):
        assert_red(attack, product)


def test_the_attack_finds_a_cookie_that_goes_in_the_clear_for_a_forwarded_request(product, monkeypatch):
    begin = cookies.begin_session

    def forwarded(response, token):
        begin(response, token)
        response.cookies[cookies.SESSION]["secure"] = ""

    monkeypatch.setattr(cookies, "begin_session", forwarded)
    product.house.only = frozenset({"sealed"})

    assert_red(attack, product)


def test_the_attack_finds_a_row_that_was_written_in_the_clear(product, monkeypatch):
    new_entry = chart_views.new_entry

    def plain(content, happened, by):
        with connection.cursor() as cursor:
            one = "id = (SELECT id FROM storage_chart ORDER BY id LIMIT 1)"
            cursor.execute(f"UPDATE storage_chart SET ring = %s WHERE {one}", [content.text])  # noqa: S608
        return new_entry(content, happened, by)

    monkeypatch.setattr(chart_views, "new_entry", plain)
    product.house.only = frozenset({"sealed"})

    assert_red(attack, product)
