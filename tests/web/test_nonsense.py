# SPDX-License-Identifier: MPL-2.0
"""Nonsense sent to every route by everybody: never a 500, never an answer without its headers."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import URLPattern

from arkanum.guard.errors import GuardError
from arkanum.web import doors, middleware
from arkanum.web.hearing import heard_by
from tests.attacks.everywhere import DESTROYS, House, address_of, back, planted
from tests.web.browser import HTMX, Browser

FORM = "application/x-www-form-urlencoded"
VALUES = (
    "%00",
    "%FF%FE",
    "%F0%9F%92%A9" * 40,
    "a" * 199,
    "a" * 100_000,
    "..%2F..%2Fetc%2Fpasswd",
    "%0D%0ASet-Cookie:%20x=1",
    "-1",
    "9" * 300,
    "%C2%B2",
    "NaN",
    "2024-02-30",
    "0000-00-00",
    "%7B%7B7*7%7D%7D",
    "'%20OR%201=1--",
    "%E2%80%AE",
    "%",
    "",
)
HEADERS: tuple[dict[str, str], ...] = (
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary=" + "x" * 200},
    {"Content-Type": "application/json"},
    {"Content-Type": f"{FORM}; charset=utf-16"},
    {"Content-Type": "\xff/\xfe"},
    {"Content-Length": "-1"},
    {"Content-Length": "a"},
    {"Cookie": "__Host-arkanum=" + "A" * 5000},
    {"Cookie": "\x01\x02;;;==; __Host-arkanum-recent=//8; __Host-arkanum-csrf=x"},
    {"X-Filename": "%ff%00" * 100, "HX-Request": "true"},
    {"X-CSRFToken": "\xff" * 64, "Referer": "http://["},
    {"Host": "a" * 300},
    {"Host": "127.0.0.1:99999999"},
    {"Origin": "null"},
    {"Accept-Language": "de" * 2000},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
)


@pytest.fixture
def house(founded) -> House:
    """A practice with somebody of each role."""
    return planted(founded)


def sitting(house: House, who: str) -> Browser:
    """Return a browser at which somebody is signed in, again if an earlier question ended the session."""
    if who == "stranger":
        return Browser()
    colleague = house.people[who]
    try:
        colleague.client.who(colleague.token)
    except GuardError:
        colleague = back(house, who)
    return Browser().sit_down(colleague.token)


def bodies(route: URLPattern, chance: random.Random) -> Iterator[str]:
    """Yield bodies of a form: each field with something odd in it, all of them odd, twice, and unknown ones."""
    names = [name.replace("-N-", "-0-") for name in heard_by(route.callback).form] or ["x"]
    odd = chance.sample(VALUES, len(VALUES))
    yield from (f"{name}={odd[at % len(odd)]}" for at, name in enumerate(chance.sample(names, min(4, len(names)))))
    yield "&".join(f"{name}={chance.choice(VALUES)}" for name in names)
    yield "&".join(f"{name}=x&{name}=y" for name in names)
    yield "&".join(f"x{at}=1" for at in range(1200))
    yield "=&;&==" + "&" * 50


def complaint(place: str, response: HttpResponse) -> str:
    """Return what is wrong with an answer, or nothing."""
    missing = [name for name in middleware.HEADERS if name not in response.headers]
    if response.status_code >= 500 or missing:
        return f"{place}: {response.status_code} {missing}"
    return ""


def test_no_body_breaks_a_route(house):
    chance = random.Random(312)
    found = []
    for route in doors.routes():
        if route.name in DESTROYS:
            continue
        address = address_of(route, house.known)
        for body in bodies(route, chance):
            browser = sitting(house, chance.choice([*house.people, "doctor", "stranger"]))
            response = browser.generic("POST", address, body, content_type=FORM)
            found.append(complaint(f"{route.name} {body[:60]}", response))

    assert len(found) > 200
    assert [one for one in found if one] == []


def test_no_header_breaks_a_route(house):
    chance = random.Random(313)
    found = []
    for route in doors.routes():
        if route.name in DESTROYS:
            continue
        address = address_of(route, house.known)
        for headers in chance.sample(HEADERS, 5):
            browser = sitting(house, chance.choice(["doctor", "assistant", "stranger"]))
            method, kind = chance.choice(["GET", "POST"]), headers.get("Content-Type", FORM)
            rest = {name: value for name, value in headers.items() if name != "Content-Type"}
            environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in rest.items()}
            if "HTTP_CONTENT_LENGTH" in environ:
                environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH")
            response = browser.generic(method, address, b"--x\r\n\xff\x00", content_type=kind, **environ)
            found.append(complaint(f"{route.name} {headers}", response))

    assert len(found) > 150
    assert [one for one in found if one] == []


def test_no_address_breaks_the_server(house):
    addresses = [
        "/%00",
        "/%ff%fe",
        "/kartei/" + "a" * 5000,
        "/kartei/00000000-0000-0000-0000-000000000000",
        "/kartei/../../etc/passwd",
        "//evil.example/",
        "/static/..%2f..%2fsettings.py",
        "/static/%00",
        "/?" + "a=1&" * 2000,
        "/?%ff=%00",
        "/uebernahme/00000000-0000-0000-0000-000000000000/%E2%80%AE",
        "/;/",
        "/.git/config",
        "/KARTEI",
    ]
    browser = sitting(house, "doctor")

    found = [complaint(address[:60], browser.get(address, headers=one)) for address in addresses for one in ({}, HTMX)]

    assert [one for one in found if one] == []


def test_no_other_method_is_heard_anywhere(house):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X" * 300):
        for route in doors.routes():
            response = sitting(house, "doctor").generic(method, address_of(route, house.known))

            assert response.status_code in {403, 405}, (method, route.name)
